"""G2xx: is every person, organisation, product, ticker and place in the source?

Scripts without capitals show names only where a word has a capital inside ("USDC", "iPhone"). So
does German, which capitalises every noun. Other names are not checked there; `unchecked` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import STOP_WORDS, Mention, is_capital
from rewriter.checks.evidence.naming import CAPITALISED, Names, is_title_case
from rewriter.checks.evidence.reading import Flag, Statement, stem
from rewriter.checks.evidence.variants import singular, spelling
from rewriter.checks.lexicon import (
    aliases,
    areas,
    before_places,
    common_words,
    countries,
    feasts,
    first_names,
    is_common,
    is_common_plural,
    is_compound,
    lands_of,
    metonyms,
    name_set,
    nationalities,
    people,
    regions,
    wholes_of,
    word_set,
)
from rewriter.text.quantities import LANGUAGES
from rewriter.text.tokens import Token

# Words before a name that make it a place.
_PLACING = frozenset({"in", "at", "near", "from", "outside", "around", "across"})
# "The government in Moscow" is that of the country.
_GOVERNING = frozenset({"government", "leadership", "regime", "authorities"})
# Words in the name of a city at most, of those that speak for a country.
_LONGEST_CITY = 2
# Words of a name and of one word before it.
_WITH_FIRST_NAME = 3
# Letters of the words that a heading in title case does not capitalise, and of the shortest town.
_SMALL_WORD, _TOWN = 3, 4
# How the names of the people of a town end that can hardly be those of a person: "Londoners".
_CITIZENS = frozenset({"ers", "ians", "ites", "aars"})
# A numbered thing by its letter: "D44".
_CODED = re.compile(r"([A-Z])(\d{1,4})")
_NUMBER_BEHIND = re.compile(r" (\d{1,4})\b")
# Words that begin the name of a town.
_ARTICLES = frozenset({"den", "la", "el", "las", "los", "le", "les", "san", "santa", "são", "bad"})
# How a name ends that is one of a place, or of its people: "Veluwse", "Tilburgers", "İzmir'de".
_PLACE_ENDS = {
    "nl": re.compile(r"\w+(?:se|ers)\b"),
    "tr": re.compile(r"\w+['’][dt][ae](?:ki|n)?\b"),
}
# Prepositions before those who are paid, too.
_PAYING = frozenset({"à", "au", "aux"})
# Letters of the shortest root of a name, and those that an ending adds or changes at most.
_MIN_ROOT, _LONGEST_ENDING = 4, 6
# Languages in whose script every word in Latin letters is a name, an acronym or a loan.
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
    heading = heading or statement.heading or is_title_case(statement)
    for name in statement.names:
        for flag in _check(name, statement, evidence, heading):
            place = statement.text[flag.start : flag.end].lower().removesuffix("'s")
            general = comments and flag.code == "G201" and _is_in_known_land(place, evidence)
            yield flag._replace(code="G203") if general else flag


def _is_in_known_land(place: str, evidence: Evidence) -> bool:
    """Whether a name is that of a part of the world, or of a town in a country of the source."""
    return place in regions() or any(map(evidence.names.tells_of, wholes_of().get(place, ())))


def _check(
    mention: Mention, statement: Statement, evidence: Evidence, heading: bool
) -> Iterator[Flag]:
    unknown = _unknown(mention, evidence, heading)
    if not unknown or evidence.names.knows_mention(mention):
        yield from _check_known(mention, statement, evidence)
        return
    parts = evidence.names.known_parts(mention) | _spoken_for(mention, statement, evidence)
    parts |= _roads(mention[-1], statement, evidence)
    unknown = [token for token in unknown if token not in parts]
    if not unknown or _speaks_for_land(mention, statement, evidence):
        return
    if heading and all(_is_plain(token.lower, evidence) for token in unknown):
        return
    if _is_capitalised_heading(mention, statement) or _is_area(mention, statement, evidence):
        return
    start, end = mention[0].start, mention[-1].end
    if _is_known_person(mention, evidence) or _is_feast(mention, evidence):
        return
    if _is_coded(mention, statement, evidence) or _opens_before_name(mention, unknown, evidence):
        return
    if _is_opening_participle(mention, statement, evidence):
        return
    general = _leads_known_name(mention, unknown, evidence) or all(
        token.lower.removesuffix("'s") in name_set("institutions") for token in unknown
    )
    general = (
        general
        or _is_place_of_story(unknown, evidence)
        or _is_half_known(mention, unknown, statement)
        or _goes_on_known_name(mention, unknown, evidence)
        or _may_be_a_place(mention, statement)
    )
    message = f"{statement.text[start:end]!r} is not in the source"
    unsure = _may_be_a_form(mention, statement.lang, evidence)
    if statement.lang != "en" and len(unknown) < len(mention):  # "МЧС России", "ONG Oceana"
        unsure = all(t.text.isupper() or _is_country(t.lower, statement.lang) for t in unknown)
    namesake = _namesake(mention, evidence)
    yield Flag("G203" if general else "G201", start, end, message, namesake, unsure)


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


def _is_country(word: str, lang: str) -> bool:
    """Whether a word is the name of a country, in any case: that of a body of the source."""
    return word in countries() or any(word.startswith(land) for land, _ in lands_of(lang))


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


def _is_area(mention: Mention, statement: Statement, evidence: Evidence) -> bool:
    """Whether a name is that of the land or people of a town, "nel Salernitano", or the town's."""
    at = statement.place_at(mention[0].start)
    before = statement.tokens[at - 1].lower if at else ""
    endings = areas().get(statement.lang, ((), ()))
    word = mention[0].lower
    if len(mention) == 1 and evidence.names.has_land_around(word, endings[1]):
        return True
    ends = [end for end in endings[1] if before in endings[0] or end in _CITIZENS]
    if len(mention) > 1:
        return False
    cut = [word.removesuffix(ending) for ending in ends if word.endswith(ending)]
    towns = [*cut, *(f"{town[:-1]}z" for town in cut if town[-1:] == "t")]  # "nel Piacentino"
    return any(len(town) >= _TOWN and evidence.names.has_name_like(town) for town in towns)


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


def _is_opening_participle(mention: Mention, statement: Statement, evidence: Evidence) -> bool:
    """Whether a word that opens an English sentence is of the source: "Aerating" of aeration."""
    root = mention[0].lower.removesuffix("ing")
    if statement.lang != "en" or len(mention) > 1 or mention[0].start or root == mention[0].lower:
        return False
    known = evidence.names.uncapitalised
    return len(root) > _MIN_ROOT and any(word.startswith(root) for word in known)


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


def _may_be_a_place(mention: Mention, statement: Statement) -> bool:
    """Whether a name of one word is none of a country, in a language without a list of names.

    It may be that of the region of a town, of its people, or of a part of it. A preposition or its
    ending tells it where the language has capitals.
    """
    articled = len(mention) == 2 and mention[0].lower in _ARTICLES  # "Den Haag", "La Paz"
    word, lang = mention[-1].lower, statement.lang
    if lang == "en" or len(mention) > 1 + articled or not mention[-1].text[1:].islower():
        return False
    at = statement.place_at(mention[0].start)
    before = statement.tokens[at - 1] if at else None
    if before and is_capital(before) and len(before.text) > _SMALL_WORD:
        return False  # a first name that begins the sentence
    if lang in CAPITALISED and not (
        (before and _leads_to_place(before.lower, statement))
        or (lang in _PLACE_ENDS and _PLACE_ENDS[lang].match(statement.text, mention[-1].start))
    ):
        return False
    if word in people():
        return False
    return not nationalities(lang)(word) and not any(
        word.startswith(land) for land, _ in lands_of(lang)
    )


def _leads_to_place(word: str, statement: Statement) -> bool:
    """Whether a preposition says where, not to whom money goes: "verser 3 millions à Tarneau"."""
    pays = word in _PAYING and any(q.kind == "money" for q in statement.facts.quantities)
    return word in before_places(statement.lang) and not pays


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
    yield from _first_names(mention, statement, evidence)
    yield from _numbered(mention[-1], statement, evidence)


def _abbreviation(mention: Mention, names: Names) -> list[Token]:
    """The letters of an acronym written with points that the source has in no form."""
    letters = list(takewhile(lambda token: len(token.text) == 1, mention))
    joined = "".join(token.lower for token in letters)
    whole = len(letters) == len(mention)
    if len(letters) < 2 or not (whole or joined in aliases()):
        return []
    known = {joined} & (names.acronyms | names.initials | names.words) or names.has_alias(joined)
    return [] if known else letters


def _speaks_for_land(mention: Mention, statement: Statement, evidence: Evidence) -> bool:
    """Whether a capital stands for a country of the source; "in Moscow" is a place instead."""
    phrase = " ".join(token.lower.removesuffix("'s") for token in mention)
    at = statement.place_at(mention[0].start)
    placed = at > 0 and statement.tokens[at - 1].lower in _PLACING
    if placed and "".join(statement.plain[at - 2 : at - 1]) in _GOVERNING:
        placed = _is_ruled_elsewhere(metonyms().get(phrase, ""), evidence)
    return evidence.names.has_land_of(phrase) and not placed


def _is_ruled_elsewhere(land: str, evidence: Evidence) -> bool:
    """Whether the source has "the government in Moscow", and none of a land: "Norway's government".

    A capital then stands for no other government.
    """
    seats = {(ruler, "in", city) for ruler in _GOVERNING for city in metonyms()}
    lands = [name + end for name in aliases().get(land, {land}) for end in ("", "'s")]
    own = {(name, ruler) for name in lands for ruler in _GOVERNING}
    return not seats.isdisjoint(evidence.grams(3)) and own.isdisjoint(evidence.grams(2))


def _is_place_of_story(unknown: list[Token], evidence: Evidence) -> bool:
    """Whether only the capital of a country of the source is new, or the country of a story.

    News for the readers of one country rarely names it; a rewrite for all readers does.
    """
    phrase = " ".join(token.lower.removesuffix("'s") for token in unknown)
    if evidence.names.has_land_of(phrase):
        return True
    return phrase in countries() and not evidence.once(
        "countries", lambda: evidence.names.has_country(evidence.lang)
    )


def _spoken_for(mention: Mention, statement: Statement, evidence: Evidence) -> set[Token]:
    """The capital that begins a name and stands for its country: "Tokyo's Nikkei"."""
    heads = (mention[:size] for size in range(1, min(_LONGEST_CITY, len(mention) - 1) + 1))
    return {
        token
        for head in heads
        if head[-1].text.endswith("'s") and _speaks_for_land(head, statement, evidence)
        for token in head
    }


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
    marked = foreign or token.text[1:] != token.text[1:].lower()
    if evidence.lang not in CAPITALISED and not marked:
        return True
    return evidence.names.knows(token, evidence.lang)


def _is_new_name(token: Token, evidence: Evidence) -> bool:
    """Whether the source has a person's name only as the common word that it is, too ("will")."""
    word = singular(token.lower)
    names = evidence.names
    unseen = word in people() and word not in names.capitals and not names.has_alias(word)
    return unseen and bool(names.capitals)  # a source may have no capitals at all


def _first_names(mention: Mention, statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    for first, last in pairwise(mention):
        if first.text.endswith("'s"):
            continue
        beside = statement.text[first.end : last.start] == " "
        others = (
            evidence.names.other_first_names(first, last, evidence.lang)
            if beside and not evidence.names.says_what(first, last)
            else set()
        )
        if others:
            written = statement.text[first.start : last.end]
            message = f"{written!r} is {min(others).title()} {last.text} in the source"
            yield Flag("G202", first.start, last.end, message, _namesake([last], evidence))


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
    if not known and not evidence.names.has_alias("-".join(pair)):
        written = statement.text[last.start : tail[1].end]
        message = f"{written!r} is not in the source"
        yield Flag("G201", last.start, tail[1].end, message, _namesake([last], evidence))


def _namesake(mention: Mention, evidence: Evidence) -> str | None:
    """The source sentence that has a part of the name."""
    for token in reversed(mention):
        index = evidence.names.first_place.get(singular(token.lower))
        if index is not None and index < len(evidence.statements):
            return evidence.statements[index].text
    return None
