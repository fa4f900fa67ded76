"""Whether a source names a country, its people, its capital or a part of the world."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from itertools import chain

from rewriter.checks.evidence.acronyms import MIN_ACRONYM
from rewriter.checks.evidence.index import Evidence, of_source
from rewriter.checks.evidence.naming import Names
from rewriter.checks.evidence.variants import lands, singular
from rewriter.checks.lexicon import (
    aliases,
    countries,
    lands_of,
    metonyms,
    names_by,
    nationalities,
    parts_of,
    words_of_lands,
)
from rewriter.checks.lexicon.common import is_common

# Languages in which the name of a country has cases.
_INFLECTED = frozenset({"ru", "pl"})
# The country whose people the news of a language names without naming the country.
_HOMES = {"fr": "france", "es": "españa", "it": "italia", "ru": "росси", "pl": "polsk"}
# Letters by which a country is told in another form, and a town in its adjective, at least.
_MIN_PREFIX, _MIN_TOWN = 3, 4
# Leagues whose clubs are known by their nicknames, and the clubs of a match.
_LEAGUES = frozenset({"nhl", "nba", "nfl", "mlb"})
_MATCH = 2


def has_alias(phrase: str, names: Names) -> bool:
    """Whether a source calls the same thing by another name."""
    others = aliases().get(phrase, frozenset({phrase}))
    if any(_bears_out(name, names) for name in others):
        return True
    lands = {*others, metonyms().get(phrase, "")}
    spoken_for = chain.from_iterable(names_by("metonyms").get(land, ()) for land in lands)
    same = others if phrase in aliases() else ()
    return any(_has(name, names) for name in chain(same, spoken_for))


def _bears_out(name: str, names: Names) -> bool:
    """Whether the source has a word that stands for a name ("tweet"), or a part of it."""
    if not names.capitals.isdisjoint(names_by("teams").get(name, ())):
        return True
    if is_league_of_clubs(name, names):
        return True
    return not names.words.isdisjoint(names_by("implied").get(name, ())) or any(
        part in names.capitals or part in names.phrases or part in names.acronyms
        for part in parts_of().get(name, ())
    )


def is_league_of_clubs(name: str, names: Names) -> bool:
    """Whether a name is that of a North American league, and the source names its clubs."""
    if name not in _LEAGUES:
        return False
    return len(names.capitals & frozenset[str]().union(*names_by("teams").values())) >= _MATCH


def _has(name: str, names: Names) -> bool:
    if name in names.phrases or name in names.acronyms:
        return True
    if " " in name and " ".join(map(singular, name.split())) in names.phrases:
        return True  # "United States"
    return name in names.words and (name in names.capitals or not is_common(name))


def has_land_of(phrase: str, names: Names) -> bool:
    """Whether the source has the country for which a city or palace speaks in the news."""
    land = metonyms().get(phrase)
    if land is not None:
        adjective = not names.lands.isdisjoint(lands(land))  # "the Australian police"
        if adjective or _has(land, names) or has_alias(land, names):
            return True
    return any(
        len(capital) >= _MIN_TOWN and phrase.startswith(capital) and _tells(beginnings, names)
        for beginnings, cities in words_of_lands(names.lang).values()
        for capital in cities[:1]
    )


def _tells(beginnings: tuple[str, ...], names: Names) -> bool:
    return any(map(names.has_beginning, beginnings))


def tells_of(land: str, names: Names) -> bool:
    """Whether the source names a country or part of the world, or its people: "Italian"."""
    return has_alias(land, names) or (len(land) > _MIN_TOWN and land[:-1] in names.text)


@of_source
def has_country(evidence: Evidence) -> bool:
    """Whether the source names any country, or the people of one."""
    names = evidence.names
    if any(adjective in names.text for adjective in _adjectives(names.lang)):
        return True
    named = names.capitals | names.phrases
    return any(not named.isdisjoint(aliases().get(land, {land})) for land in countries())


@cache
def _adjectives(lang: str) -> tuple[str, ...]:
    """How the long ones of the adjectives of countries begin: a short one begins other words."""
    ends = (end for _, adjectives in lands_of(lang) for end in adjectives)
    return tuple(f" {end}" for end in ends if len(end) > MIN_ACRONYM)


def has_people_of(word: str, names: Names) -> bool:
    """Whether the source has a country by its adjective, in a language with a table of them."""
    known = names.land_words
    inflected = names.lang in _INFLECTED
    if word in known or (inflected and any(word.startswith(land) for land in known)):
        return True
    own = nationalities(names.lang)(word)
    if not own or own == _HOMES.get(names.lang):
        return bool(own)
    first = own.split()[0]
    return first in known or (len(first) >= _MIN_PREFIX and names.has_beginning(first))


def has_adjective_of(town: str, names: Names) -> bool:
    """Whether the source has the adjective of a town: "pragois" for Prague."""
    if len(town) <= _MIN_TOWN:
        return False
    roots = [town[:end] for end in range(max(_MIN_TOWN, len(town) - 2), len(town) + 1)]
    endings = names_by("of_towns").get(names.lang, ())
    return not names.words.isdisjoint(root + end for root in roots for end in endings)


def has_land_around(town: str, endings: Collection[str], names: Names) -> bool:
    """Whether the source names the land around a town: "Palermo" for "nel Palermitano"."""
    roots = {town, town[:-1], town[:-2]} if len(town) > MIN_ACRONYM else set()
    return any(f"{root}{ending}" in names.capitals for root in roots for ending in endings)
