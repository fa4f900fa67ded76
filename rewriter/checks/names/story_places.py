"""Whether a name that a source does not have is that of a place where its story plays."""

from __future__ import annotations

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import CAPITALISED, Mention, is_capital
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import (
    aliases,
    countries,
    land_names,
    lands_of,
    metonyms,
    names_by,
    nationalities,
    pattern_of,
    people,
    regions,
    wholes_of,
)
from rewriter.checks.names.lands import has_country, has_land_around, has_land_of, tells_of
from rewriter.text.tokens import Token

# Words before a name that make it a place.
_PLACING = frozenset({"in", "at", "near", "from", "outside", "around", "across"})
# "The government in Moscow" is that of the country.
_GOVERNING = frozenset({"government", "leadership", "regime", "authorities"})
_SENT = frozenset({"ambassador", "envoy", "embassy", "ambassadors"})
# Words in the name of a city at most, of those that speak for a country.
_LONGEST_CITY = 2
# Letters of a short word that opens a sentence, and of the shortest town.
_SMALL_WORD, _TOWN = 3, 4
# Letters of a word above which a town may be shorter by one: "Åboborna".
_WHOLE = 6
# How the names of the people of a town end that can hardly be those of a person: "Londoners".
_CITIZENS = frozenset({"ers", "ians", "ites", "aars", "bor", "borna", "boere", "boerne"})
# Words that begin the name of a town.
_ARTICLES = frozenset({"den", "la", "el", "las", "los", "le", "les", "san", "santa", "são", "bad"})
# Prepositions before those who are paid, too.
_PAYING = frozenset({"à", "au", "aux"})


def is_in_known_land(place: str, evidence: Evidence) -> bool:
    """Whether a name is that of a part of the world, or of a town in a country of the source."""
    return place in regions() or any(
        tells_of(land, evidence.names) for land in wholes_of().get(place, ())
    )


def is_area(mention: Mention, statement: Statement, evidence: Evidence) -> bool:
    """Whether a name is that of the land or people of a town, "nel Salernitano", or the town's."""
    at = statement.place_at(mention[0].start)
    before = statement.tokens[at - 1].lower if at else ""
    endings = names_by("areas").get(statement.lang, ())
    leading = names_by("before_areas").get(statement.lang, ())
    word = mention[0].lower
    if len(mention) == 1 and has_land_around(word, endings, evidence.names):
        return True
    ends = [end for end in endings if before in leading or end in _CITIZENS]
    if len(mention) > 1:
        return False
    cut = [word.removesuffix(ending) for ending in ends if word.endswith(ending)]
    towns = [*cut, *(f"{town[:-1]}z" for town in cut if town[-1:] == "t")]  # "nel Piacentino"
    return any(
        len(town) >= _TOWN - (len(word) > _WHOLE) and evidence.names.has_name_like(town)
        for town in towns
    )


def may_be_a_place(mention: Mention, statement: Statement) -> bool:
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
    place_ends = pattern_of("place_ends", lang)
    if lang in CAPITALISED and not (
        (before and _leads_to_place(before.lower, statement))
        or (place_ends and place_ends.match(statement.text, mention[-1].start))
    ):
        return False
    if word in people():
        return False
    return not nationalities(lang)(word) and not is_country(word, lang)


def _leads_to_place(word: str, statement: Statement) -> bool:
    """Whether a preposition says where, not to whom money goes: "verser 3 millions à Tarneau"."""
    pays = word in _PAYING and any(q.kind == "money" for q in statement.facts.quantities)
    return word in names_by("before_places").get(statement.lang, ()) and not pays


def speaks_for_land(mention: Mention, statement: Statement, evidence: Evidence) -> bool:
    """Whether a capital stands for a country of the source; "in Moscow" is a place instead."""
    phrase = " ".join(token.lower.removesuffix("'s") for token in mention)
    at = statement.place_at(mention[0].start)
    placed = at > 0 and statement.tokens[at - 1].lower in _PLACING
    ruler = "".join(statement.plain[at - 2 : at - 1])
    if ruler in _SENT:
        placed = False
    elif placed and ruler in _GOVERNING:
        placed = _is_ruled_elsewhere(metonyms().get(phrase, ""), evidence)
    return has_land_of(phrase, evidence.names) and not placed


def _is_ruled_elsewhere(land: str, evidence: Evidence) -> bool:
    """Whether the source has "the government in Moscow", and none of a land: "Norway's government".

    A capital then stands for no other government.
    """
    seats = {(ruler, "in", city) for ruler in _GOVERNING for city in metonyms()}
    lands = [name + end for name in aliases().get(land, {land}) for end in ("", "'s")]
    own = {(name, ruler) for name in lands for ruler in _GOVERNING}
    return not seats.isdisjoint(evidence.grams(3)) and own.isdisjoint(evidence.grams(2))


def spoken_for(mention: Mention, statement: Statement, evidence: Evidence) -> set[Token]:
    """The capital that begins a name and stands for its country: "Tokyo's Nikkei"."""
    heads = (mention[:size] for size in range(1, min(_LONGEST_CITY, len(mention) - 1) + 1))
    return {
        token
        for head in heads
        if head[-1].text.endswith("'s") and speaks_for_land(head, statement, evidence)
        for token in head
    }


def is_place_of_story(unknown: list[Token], evidence: Evidence) -> bool:
    """Whether only the capital of a country of the source is new, or the country of a story.

    News for the readers of one country rarely names it; a rewrite for all readers does.
    """
    phrase = " ".join(token.lower.removesuffix("'s") for token in unknown)
    if has_land_of(phrase, evidence.names):
        return True
    return phrase in countries() and not has_country(evidence)


def is_country(word: str, lang: str) -> bool:
    """Whether a word is the name of a country, in any case: that of a body of the source."""
    return word in countries() or any(word.startswith(land) for land, _ in lands_of(lang))


def is_land(word: str, lang: str) -> bool:
    """Whether a word is the name of a country, in its own form or on -s: "Pakistan", "Irans"."""
    return not land_names(lang).isdisjoint((word, word.removesuffix("s")))
