"""G2xx: is every person, organisation, product, ticker and place in the source?

Scripts without capitals show names only where a word has a capital inside ("USDC", "iPhone"). So
does German, which capitalises every noun. Other names are not checked there; `unchecked` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from rewriter.checks.evidence.acronyms import AND
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import CAPITALISED, DECLINED, STOP_WORDS, Mention, is_capital
from rewriter.checks.evidence.naming import MIN_PREFIX, Names
from rewriter.checks.evidence.reading import Flag, Statement, stem
from rewriter.checks.evidence.variants import singular, spelling
from rewriter.checks.lexicon import (
    aliases,
    feasts,
    first_names,
    name_set,
    nationalities,
    people,
    word_set,
)
from rewriter.checks.lexicon.common import (
    common_words,
    is_common,
    is_common_plural,
    is_compound,
    is_inflected,
)
from rewriter.checks.names.first_names import check_first_names
from rewriter.checks.names.known import known_parts, knows, knows_mention, namesake
from rewriter.checks.names.lands import has_alias
from rewriter.checks.names.story_places import (
    is_area,
    is_country,
    is_in_known_land,
    is_land,
    is_place_of_story,
    may_be_a_place,
    speaks_for_land,
    spoken_for,
)
from rewriter.text.quantities import LANGUAGES
from rewriter.text.tokens import Token

# Words of a name and of one word before it.
_WITH_FIRST_NAME = 3
# Letters of the words that a heading in title case does not capitalise.
_SMALL_WORD = 3
# A numbered thing by its letter: "D44".
_CODED = re.compile(r"([A-Z])(\d{1,4})")
_NUMBER_BEHIND = re.compile(r" (\d{1,4})\b")
# Letters of the shortest root of a name, and those that an ending adds or changes at most.
_MIN_ROOT, _LONGEST_ENDING = 4, 6
# Languages in whose script every word in Latin letters is a name, an acronym or a loan.
# Letters of a first name that is a short form: "Nic", "Alex"; not "Marie" of "Marietta".
_SHORT_NAME = 4
_OTHER_SCRIPTS = frozenset({"zh", "ja", "ko", "th", "ar"})


def check_names(
    statement: Statement, evidence: Evidence, *, heading: bool = False, comments: bool = False
) -> Iterator[Flag]:
    """Yield G201 to G203 for the names of one sentence.

    In a `heading`, as in a sentence in title case, a capital alone makes no name of a common word.
    Where a sentence `comments`, a part of the world is only warned about.
    """
    if not statement.names:
        return
    heading = heading or statement.heading or statement.is_title_case
    for name in statement.names:
        for flag in _check(name, statement, evidence, heading):
            place = statement.written(flag).lower().removesuffix("'s")
            general = comments and flag.code == "G201" and is_in_known_land(place, evidence)
            yield flag._replace(code="G203") if general else flag


def _check(
    mention: Mention, statement: Statement, evidence: Evidence, heading: bool
) -> Iterator[Flag]:
    unknown = _unknown(mention, evidence, heading)
    if not unknown or knows_mention(mention, evidence.names):
        yield from _check_known(mention, statement, evidence)
        return
    parts = known_parts(mention, evidence.names) | spoken_for(mention, statement, evidence)
    parts |= _roads(mention[-1], statement, evidence)
    parts |= _written_out(mention, statement, evidence) | _in_full(mention, evidence.names)
    unknown = [token for token in unknown if token not in parts]
    if not unknown or speaks_for_land(mention, statement, evidence):
        return
    if heading and all(_is_plain(token.lower, evidence) for token in unknown):
        return
    if _is_capitalised_heading(mention, statement) or is_area(mention, statement, evidence):
        return
    start, end = mention[0].start, mention[-1].end
    if _is_known_person(mention, evidence) or _is_feast(mention, evidence):
        return
    if _is_coded(mention, statement, evidence) or _opens_before_name(mention, unknown, evidence):
        return
    if _opens_as_word(mention, statement, evidence):
        return
    part = not _are_two(mention, statement) and (
        _leads_known_name(mention, unknown, evidence)
        or _goes_on_known_name(mention, unknown, evidence)
        or _is_half_known(mention, unknown, statement)
    )
    institutions = name_set("institutions")
    general = (
        part
        or all(token.lower.removesuffix("'s") in institutions for token in unknown)
        or is_place_of_story(unknown, evidence)
        or may_be_a_place(mention, statement)
    )
    message = f"{statement.text[start:end]!r} is not in the source"
    unsure = _may_be_a_form(mention, statement.lang, evidence)
    if statement.lang != "en" and len(unknown) < len(mention):  # "МЧС России", "ONG Oceana"
        unsure = all(t.text.isupper() or is_country(t.lower, statement.lang) for t in unknown)
    if any(is_land(t.lower, statement.lang) and not _names_a_body(t, mention) for t in unknown):
        unsure = False
    code = "G203" if general else "G201"
    yield Flag(code, start, end, message, namesake(mention, evidence), unsure)


def _are_two(mention: Mention, statement: Statement) -> bool:
    """Whether a word for and stands between the words of a name: "Pakistán y Egipto"."""
    between = (statement.text[a.end : b.start].strip() for a, b in pairwise(mention))
    return any(word in AND for word in between)


def _names_a_body(land: Token, mention: Mention) -> bool:
    """Whether a country stands behind the capitals of its authority: "МЧС России"."""
    return mention[0] is not land and mention[0].text.isupper()


def _may_be_a_form(mention: Mention, lang: str, evidence: Evidence) -> bool:
    """Whether a word may be made of one of the source by the means of a language: its people, land.

    It begins as a name of the source does, is an acronym of words in a row, or is said of a nation.
    """
    word, names = mention[0].lower, evidence.names
    if lang == "en" or len(mention) > 1:
        return False
    if mention[0].text.isupper():
        return names.has_initials(word)
    if nationalities(lang)(word):
        return True
    root = max(_MIN_ROOT, len(word) - _LONGEST_ENDING)
    return len(word) > _MIN_ROOT and (
        names.has_name_like(word[:root]) or names.has_beginning(word[: root + 2])
    )


def _is_capitalised_heading(mention: Mention, statement: Statement) -> bool:
    """Whether a heading capitalises all its words, and is not English: "Olayın Ayrıntıları".

    No list of common words says there what is a name; a name would come again in the text.
    """
    if not statement.heading or statement.lang == "en":
        return False
    words = [token for token in statement.tokens if token.kind == "word"]
    return all(is_capital(t) or len(t.text) <= _SMALL_WORD for t in words) and all(
        token.text[1:].islower() for token in mention
    )


def _is_known_person(mention: Mention, evidence: Evidence) -> bool:
    """Whether a name is that of a public figure whom the source calls by the last name."""
    name = " ".join(singular(token.lower) for token in mention)
    person = any(name.endswith(known) for known in name_set("known_people"))
    return person and singular(mention[-1].lower) in evidence.names.capitals


def _is_coded(mention: Mention, statement: Statement, evidence: Evidence) -> bool:
    """Whether a letter stands for a word before its number: "D44", or the source's "T2"."""
    if len(mention) > 1:
        return False
    if number := _NUMBER_BEHIND.match(statement.text, mention[0].end):
        return f"{mention[0].lower[0]}{number[1]}" in evidence.names.words
    found = _CODED.fullmatch(mention[0].text)
    if found is None:
        return False
    whole = re.compile(rf"\b{found[1]}[^\W\d]+ {found[2]}\b", re.IGNORECASE)
    return any(map(whole.search, evidence.texts))


def _is_feast(mention: Mention, evidence: Evidence) -> bool:
    """Whether a name is that of a feast whose date the source has: "Valentine's Day"."""
    day = feasts().get(" ".join(token.lower for token in mention))
    if day is None:
        return False
    if any(said.moment.month == day[0] for said in evidence.moments.having("day", day[1])):
        return True
    unread = evidence.lang not in LANGUAGES  # whose months are not read
    return unread and day[1] in evidence.figures.by_value


def _is_half_known(mention: Mention, unknown: list[Token], statement: Statement) -> bool:
    """Whether the source has one half of a double name: "Miami-Dade", of "South Dade"."""
    return any(
        (one in unknown) != (other in unknown)
        for one, other in pairwise(mention)
        if statement.text[one.end : other.start] == "-"
    )


def _opens_before_name(mention: Mention, unknown: list[Token], evidence: Evidence) -> bool:
    """Whether a word that opens a sentence says what somebody is, whose whole name is the source's.

    Such as "Goaltender Alex Stalock"; a name before a whole name is no first name.
    """
    if unknown != mention[:1] or mention[0].start or len(mention) != _WITH_FIRST_NAME:
        return False
    first, last = (singular(token.lower) for token in mention[1:])
    return first in evidence.names.before.get(last, ()) and first not in name_set("titles")


def _opens_as_word(mention: Mention, statement: Statement, evidence: Evidence) -> bool:
    """Whether a word that opens an English sentence is no name: "Theatregoers", "Aerating".

    So is one that begins as a word of the source and goes on as another: "Hydropower".
    """
    word = mention[0].lower
    if statement.lang != "en" or len(mention) > 1 or mention[0].start:
        return False
    if not mention[0].text[1:].islower():
        return False
    roots = [word.removesuffix("ing")]
    if word not in people() | first_names() and not is_land(word, "en"):
        roots += [word[:at] for at in range(_MIN_ROOT + 1, len(word) - 3) if is_common(word[at:])]
    return (
        is_common_plural(word)
        or is_inflected(word)
        or any(
            _MIN_ROOT < len(root) < len(word)
            and any(known.startswith(root) for known in evidence.names.uncapitalised)
            for root in roots
        )
    )


def _leads_known_name(mention: Mention, unknown: list[Token], evidence: Evidence) -> bool:
    """Whether only the words before a name of the source are new, and it has none there."""
    first = mention.index(unknown[-1]) + 1
    if first == len(mention) or unknown[0] is not mention[0]:
        return False
    word = singular(mention[first].lower)
    before = evidence.names.before.get(word)
    return before is not None and not is_common(word) and before <= {"", *name_set("titles")}


def _goes_on_known_name(mention: Mention, unknown: list[Token], evidence: Evidence) -> bool:
    """Whether a name that the source only has alone gets a second word: "Ars Technica"."""
    word = singular(mention[0].lower)
    if mention[0] in unknown or is_common(word) or word not in evidence.names.capitals:
        return False
    return word not in people() | first_names() | name_set("titles") | evidence.names.continued


def _is_plain(word: str, evidence: Evidence) -> bool:
    """Whether a word of a heading need not be a name, whatever its capital."""
    if is_common(word) or is_common_plural(word) or is_compound(word):
        return True
    return word in common_words() or stem(word) in evidence.names.stems


def _unknown(mention: Mention, evidence: Evidence, heading: bool) -> list[Token]:
    """The words of a name that the source does not have, or not as a name."""
    unknown = [token for token in mention if not _is_known(token, evidence)]
    unknown = unknown or _abbreviation(mention, evidence.names)
    if unknown or heading:
        return unknown
    opens = len(mention) == 1 and mention[0].start == 0
    return [token for token in mention if _is_new_name(token, evidence) and not opens]


def _check_known(mention: Mention, statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield what may be wrong with a name all of whose words the source has."""
    yield from check_first_names(mention, statement, evidence)
    yield from _numbered(mention[-1], statement, evidence)


def _abbreviation(mention: Mention, names: Names) -> list[Token]:
    """The letters of an acronym written with points that the source has in no form."""
    letters = list(takewhile(lambda token: len(token.text) == 1, mention))
    joined = "".join(token.lower for token in letters)
    whole = len(letters) == len(mention)
    if len(letters) < 2 or not (whole or joined in aliases()):
        return []
    known = {joined} & (names.acronyms | names.initials | names.words) or has_alias(joined, names)
    return [] if known else letters


def _roads(token: Token, statement: Statement, evidence: Evidence) -> set[Token]:
    """The letters before a number for which the source has a word: "SS 63" of "statale 63"."""
    at = statement.place_at(token.start) + 1
    behind = statement.tokens[at : at + 2]
    at = 1 if behind and behind[0].text == "-" else 0
    if len(behind) <= at or behind[at].kind != "number" or not token.text.isupper():
        return set()
    number = re.escape(behind[at].text)
    word = re.compile(rf"\b{token.lower[-1]}[^\W\d]{{3,}} {number}\b", re.IGNORECASE)
    return {token} if any(map(word.search, evidence.texts)) else set()


def _written_out(mention: Mention, statement: Statement, evidence: Evidence) -> set[Token]:
    """The word that begins a name in full whose syllables the source has: "Минфин"."""
    at = statement.place_at(mention[0].start)
    behind = [t.lower for t in statement.tokens[at + 1 : at + 3] if t.kind == "word"]
    known = evidence.lang in DECLINED and any(
        evidence.names.has_syllables(mention[0].lower, word) for word in behind
    )
    return {mention[0]} if known else set()


def _in_full(mention: Mention, names: Names) -> set[Token]:
    """The first names that the source shortens before the same last name: "Nic Batum"."""
    return {
        first
        for first, last in pairwise(mention)
        for short in names.before.get(singular(last.lower), ())
        if MIN_PREFIX <= len(short) <= _SHORT_NAME < len(first.lower)
        and first.lower.startswith(short)
    }


def _is_known(token: Token, evidence: Evidence) -> bool:
    word = token.lower.removesuffix("'s")
    if word.partition("'")[0] in STOP_WORDS:  # "They've"
        return True
    names = evidence.names
    # "Gusts" of "gusting", "Archeologists" of "archaeologists".
    if token.start == 0 and (
        stem(word) in names.stems or spelling(singular(word)) in names.plain_spellings
    ):
        return True
    if (
        evidence.lang == "nl"
        and word.removesuffix("'ers").removesuffix("'er") in evidence.names.words
    ):
        return True  # "VVD'er"
    if (
        word in name_set("titles")
        or len(word) == 1
        or (evidence.lang != "en" and word in word_set("bodies"))
    ):
        return True
    foreign = evidence.lang in _OTHER_SCRIPTS and token.text.isascii()
    marked = foreign or token.text[1:] != token.text[1:].lower() or is_land(word, evidence.lang)
    if evidence.lang not in CAPITALISED and not marked:
        return True
    return knows(token, evidence.names)


def _is_new_name(token: Token, evidence: Evidence) -> bool:
    """Whether the source has a person's name only as the common word that it is, too ("will")."""
    word = singular(token.lower)
    names = evidence.names
    unseen = word in people() and word not in names.capitals and not has_alias(word, names)
    return unseen and bool(names.capitals)  # a source may have no capitals at all


def _numbered(last: Token, statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """The number that a name carries behind a hyphen ("GPT-4", "SARS-CoV-2") belongs to it."""
    at = statement.place_at(last.start)
    tail = statement.tokens[at + 1 : at + 3]
    if len(tail) < 2 or tail[0].text != "-" or tail[1].kind != "number":
        return
    if tail[0].start != last.end or tail[1].start != tail[0].end:
        return
    pair = last.lower, tail[1].lower
    known = pair in evidence.grams(2) or "".join(pair) in evidence.names.words
    known = known or bool(_roads(last, statement, evidence))
    if not known and not has_alias("-".join(pair), evidence.names):
        written = statement.text[last.start : tail[1].end]
        message = f"{written!r} is not in the source"
        yield Flag("G201", last.start, tail[1].end, message, namesake([last], evidence))
