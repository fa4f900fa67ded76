"""Whether a source has a name, or a word of one, in any form: inflected, shortened, respelled."""

from __future__ import annotations

from rewriter.checks.evidence.acronyms import MIN_ACRONYM, is_acronym
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import DECLINED, STOP_WORDS, Mention
from rewriter.checks.evidence.naming import INFLECTION, MIN_PREFIX, Names
from rewriter.checks.evidence.reading import stem
from rewriter.checks.evidence.variants import (
    LAND_ENDINGS,
    case_root,
    lands,
    name_key,
    singular,
    spelling,
    unaccented,
    with_e,
    without_case,
)
from rewriter.checks.lexicon import aliases, first_names, name_set, people
from rewriter.checks.lexicon.common import is_common
from rewriter.checks.names.lands import has_adjective_of, has_alias, has_people_of
from rewriter.text.tokens import Token

# Words that an alias stands for, at most.
_LONGEST_ALIAS = 4
# Letters of a case ending in a short word at most, and of what all cases of a name have.
_CASE_ENDING, _SHORTEST_FRAME = 2, 3
# Letters from which on the beginning of a word tells it: "appenninico", "Appennino".
_LONG_WORD = 8
# The sides of the world, of which one letter is enough.
_SIDES = frozenset({"north", "south", "east", "west"})


def knows(token: Token, names: Names) -> bool:
    """Whether a source has this word, inflected, respelled, or under another name."""
    word, lang = name_key(token), names.lang
    return (
        not names.words.isdisjoint((token.lower, word))
        or word in STOP_WORDS
        or spelling(word) in names.spellings
        or (word.endswith(LAND_ENDINGS) and not names.lands.isdisjoint(lands(word)))
        or (lang == "es" and word[0] == "j" and spelling(f"kh{word[1:]}") in names.spellings)
        or _is_abbreviation(token, word, names)
        or has_people_of(token.lower, names)
        or (lang not in ("en", "zh") and inflects(word, names))
        or (lang in DECLINED and declines(word, names))
        or has_adjective_of(word, names)
        or word in names.joined
        or _is_parted(word, names)
        or (word in _SIDES and (word[0] in names.lone_initials or f"{word}ern" in names.words))
        or has_alias(word, names)
        or has_alias(token.lower.removesuffix("'s"), names)  # "Illinois" is no plural
        or (is_common(word) and stem(word) in names.stems)
    )


def _is_abbreviation(token: Token, word: str, names: Names) -> bool:
    """Whether a word stands for the first letters of words of the source, or is another acronym.

    One for words in lower case ("SPAC") is of four letters at least: one of three might be any.
    """
    if len(word) > 1 and is_acronym(token.text):
        if word in names.initials or word in names.acronyms:
            return True
        if len(word) >= MIN_ACRONYM and any(word in letters for letters in names.letters):
            return True
    if len(word) > MIN_ACRONYM and word in names.initials:  # "Nupes"
        return True
    if not token.text.isupper():
        return False
    short = 1 < len(word) < MIN_ACRONYM and names.lang != "en"
    return (short and names.abbreviates(word)) or any(map(names.says, aliases().get(word, ())))


def inflects(word: str, names: Names) -> bool:
    """Whether a name of the source, or a long word in lower case, begins as `word` does."""
    word = with_e(word)
    cut = INFLECTION if len(word) >= _LONG_WORD else _CASE_ENDING
    if word[: max(MIN_PREFIX, len(word) - cut)] in names.prefixes:
        return True
    return len(word) >= _LONG_WORD and names.has_beginning(word[: _LONG_WORD - 1])


def declines(word: str, names: Names) -> bool:
    """Whether a name is one of the source in another case, in a Slavic language.

    It is a town of which the source has the adjective, or abbreviates two words: "Минздрав", of
    "Министр здравоохранения".
    """
    if unaccented(case_root(word)) in names.towns:
        return True
    frame = without_case(word)
    if len(frame) >= _SHORTEST_FRAME and frame in names.frames:  # "Pavlovi" for Pavel
        return True
    base = unaccented(word)
    last = len(base) - _CASE_ENDING
    return any(
        names.has_beginnings([base[:at], base[at:last]])
        for at in range(MIN_PREFIX, last - MIN_PREFIX + 1)
    )


def _is_parted(word: str, names: Names) -> bool:
    """Whether the source writes a word as two: "half-time" for "Halftime"."""
    places = range(MIN_PREFIX, len(word) - MIN_PREFIX + 1)
    return any(names.says(f"{word[:at]} {word[at:]}") for at in places)


def known_parts(mention: Mention, names: Names) -> set[Token]:
    """The words of a name that together are another name of something in the source."""
    return {
        token
        for size in range(2, _LONGEST_ALIAS + 1)
        for at in range(len(mention) - size + 1)
        if has_alias(_phrase(mention[at : at + size]), names)
        for token in mention[at : at + size]
    }


def _phrase(mention: Mention) -> str:
    return " ".join(token.lower.removesuffix("'s") for token in mention)


def knows_mention(mention: Mention, names: Names) -> bool:
    """Whether a name as a whole is another form of a name of the source."""
    phrase = _phrase(mention)
    words, joined = phrase.split(), phrase.replace(" ", "")
    others = (name for word in names.acronyms for name in aliases().get(word, ()))
    if any(f" {phrase} " in f" {name} " for name in others):
        return True
    if has_alias(phrase, names) or has_alias(joined, names):
        return True
    if len(words) == 1:
        return False
    letters = "".join(word[0] for word in words)
    return (
        _shortens(words, names)
        or (letters in names.acronyms and _may_be_an_institution(mention))
        or joined in names.words
        or joined in names.initials
    )


def _shortens(words: list[str], names: Names) -> bool:
    """Whether the source has the first letters of each word of a name: "Lib Dems"."""
    singulars = [singular(word) for word in words]
    return any(
        all(
            MIN_PREFIX <= len(short) < len(word) and word.startswith(short.rstrip("s"))
            for short, word in zip(phrase, singulars, strict=True)
        )
        for phrase in names.phrases_by_start.get((words[0][0], len(words)), ())
    )


def _may_be_an_institution(mention: Mention) -> bool:
    """Whether a name can be what an acronym stands for: "Andrew Petrenko" is no AP."""
    words = {singular(token.lower) for token in mention}
    if singular(mention[0].lower) in people() | first_names():
        return False
    return any(
        is_common(word) or word in name_set("institutions") or word in aliases() for word in words
    )


def namesake(mention: Mention, evidence: Evidence) -> str | None:
    """The source sentence that has a part of the name."""
    for token in reversed(mention):
        index = evidence.names.first_place.get(singular(token.lower))
        if index is not None and index < len(evidence.statements):
            return evidence.statements[index].text
    return None
