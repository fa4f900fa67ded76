"""G206: is somebody of the nationality that the source gives them?

"A Brazilian officer" is no Paraguayan one. Adjectives of countries are compared by the noun beside
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.naming import Names
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.evidence.support import Support
from rewriter.checks.evidence.variants import are_forms
from rewriter.checks.lexicon import lands_of, metonyms, nationalities, word_set
from rewriter.text.tokens import Token

# Languages in which the adjective follows its noun.
_NOUN_FIRST = frozenset({"es", "fr", "pt", "it"})
# Share of a sentence's content that the source sentence with another nationality must hold.
_RESTATED = 0.3
# Letters of the shortest noun that is compared.
_LEAST = 4


class _Said(NamedTuple):
    land: str
    noun: str
    adjective: Token


def check_nationality(statement: Statement, support: Support, evidence: Evidence) -> Iterator[Flag]:
    """Yield G206 for a nationality where the supporting sentence gives another one."""
    if support.share < _RESTATED or len(statement.tokens) > LONGEST_SENTENCE:
        return
    places = [evidence.statements[index] for index in support.statements]
    for said in _nationalities(statement):
        for index in support.statements:
            place = evidence.statements[index]
            there = [known for known in _nationalities(place) if are_forms(known.noun, said.noun)]
            if not there or _names_land(place, said.land) or _names_capital(places, said.land):
                continue
            if Names((place,)).knows(said.adjective, statement.lang):  # "U.S." for "American"
                continue
            if not any(_has(known, said) for known in evidence.statements):
                message = f"{said.adjective.text!r} is {there[0].adjective.text!r} in the source"
                start, end = said.adjective.start, said.adjective.end
                yield Flag("G206", start, end, message, place.text)
                return


def _nationalities(statement: Statement) -> Iterator[_Said]:
    """Each adjective of a country in a sentence, with the noun beside it."""
    tokens, land_of = statement.tokens, nationalities(statement.lang)
    step = -1 if statement.lang in _NOUN_FIRST else 1
    for place, token in enumerate(tokens):
        if token.kind != "word" or not (land := land_of(token.lower)):
            continue
        if land in word_set("continents"):
            continue
        beside = place + step
        if 0 <= beside < len(tokens) and len(statement.stems[beside]) >= _LEAST:
            yield _Said(land, tokens[beside].lower, token)


def _has(known: Statement, said: _Said) -> bool:
    """Whether a sentence of the source gives the noun this nationality."""
    return any(
        own.land == said.land and are_forms(own.noun, said.noun) for own in _nationalities(known)
    )


def _names_land(place: Statement, land: str) -> bool:
    """Whether a sentence has a country or its people."""
    beginnings = dict(lands_of(place.lang)).get(land, ())
    return any(word.startswith((land, *beginnings)) for word in place.plain if word)


def _names_capital(places: list[Statement], land: str) -> bool:
    """Whether a sentence has a city that speaks for a country: "Beijing"."""
    cities = {city for city, own in metonyms().items() if own.startswith(land)}
    return any(not cities.isdisjoint(place.words) for place in places)
