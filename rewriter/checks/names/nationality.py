"""G206: is somebody of the nationality that the source gives them?

"A Brazilian officer" is no Paraguayan one. Adjectives of countries are compared by the noun beside
them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from rewriter.checks.evidence.index import Evidence, of_source
from rewriter.checks.evidence.mentions import is_capital
from rewriter.checks.evidence.naming import Names
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.evidence.support import Support
from rewriter.checks.evidence.variants import are_forms
from rewriter.checks.lexicon import lands_of, metonyms, nationalities, word_set
from rewriter.checks.names.known import knows
from rewriter.text.tokens import Token

# Languages in which the adjective follows its noun.
_NOUN_FIRST = frozenset({"es", "fr", "pt", "it"})
# "Le constructeur suédois de camions Volvo": what may stand between the adjective and the name.
_OF = frozenset({"de", "des", "du", "d'", "di", "do", "da"})
_ONE_STATE = tuple(word_set("one_state"))
# Share of a sentence's content that the source sentence with another nationality must hold.
_RESTATED = 0.3
# Letters of the shortest noun that is compared.
_LEAST = 4


class _Said(NamedTuple):
    land: str
    noun: str
    adjective: Token


def check_nationality(statement: Statement, support: Support, evidence: Evidence) -> Iterator[Flag]:
    """Yield G206 for a nationality where the supporting sentence gives another one.

    A country that the source does not have at all is compared with every sentence.
    """
    if len(statement.tokens) > LONGEST_SENTENCE:
        return
    own = [evidence.statements[index] for index in support.statements]
    restated = support.share >= _RESTATED
    for said in _nationalities(statement):
        for place in own if restated else _strange(said, evidence):
            there = [known for known in _nationalities(place) if are_forms(known.noun, said.noun)]
            if not there or _names_land(place, said.land) or _names_capital(own, said.land):
                continue
            if _is_one_state(said.land) and _is_one_state(there[0].land):
                continue  # "English" for "British"
            if knows(said.adjective, Names((place,), statement.lang)):  # "U.S." for "American"
                continue
            if _is_of_figure(said, statement, evidence):
                continue
            if not any(_has(known, said) for known in evidence.statements):
                message = f"{said.adjective.text!r} is {there[0].adjective.text!r} in the source"
                start, end = said.adjective.start, said.adjective.end
                yield Flag("G206", start, end, message, place.text)
                return


def _is_of_figure(said: _Said, statement: Statement, evidence: Evidence) -> bool:
    """Whether a sentence of the source has the country beside a figure of this one.

    "More than 39,000, according to Palestinian tallies".
    """
    values = {quantity.value for quantity in statement.facts.quantities}
    return any(
        _names_land(place, said.land) and any(q.value in values for q in place.facts.quantities)
        for place in evidence.sharing(statement)
    )


def _strange(said: _Said, evidence: Evidence) -> Iterable[Statement]:
    """The sentences with the noun of a nationality of whose country the source has no word."""
    found = (*evidence.statements, evidence.title)
    if any(_names_land(place, said.land) for place in found) or _names_capital(found, said.land):
        return ()
    return (place for place in evidence.statements if said.noun[:_LEAST] in place.text.lower())


def check_bearers(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G206 for a name whose nationality is another one in the source: "le suédois Nokia".

    No sentence of the source with the name has a word of the country.
    """
    for land, name, adjective in _bearers(statement):
        known = _known_bearers(evidence).get(name, {})
        if not known or land in known or (_is_one_state(land) and any(map(_is_one_state, known))):
            continue
        places = [place for place in evidence.statements if name in place.words]
        if any(_names_land(place, land) for place in places) or _names_capital(places, land):
            continue
        instead, place = next(iter(known.values()))
        message = f"{adjective.text!r} is {instead!r} in the source"
        yield Flag("G206", adjective.start, adjective.end, message, place.text)
        return


def _is_one_state(land: str) -> bool:
    return land.startswith(_ONE_STATE)


def _bearers(statement: Statement) -> Iterator[tuple[str, str, Token]]:
    """The country, the last word of the name and the adjective of "le finlandais Nokia"."""
    tokens, land_of = statement.tokens, nationalities(statement.lang)
    if len(tokens) > LONGEST_SENTENCE:
        return
    for place, token in enumerate(tokens):
        if token.kind != "word" or not (land := land_of(token.lower)):
            continue
        first = place + 1
        if first < len(tokens) and tokens[first].lower in _OF:
            first += 2
        run = list(takewhile(_may_be_name, tokens[first:]))
        others = 1 if statement.lang == "de" else 0  # whose noun before the name has a capital, too
        if len(run) > others and land not in word_set("continents"):
            yield land, run[-1].lower, token


def _may_be_name(token: Token) -> bool:
    return token.kind == "word" and is_capital(token)


@of_source
def _known_bearers(evidence: Evidence) -> dict[str, dict[str, tuple[str, Statement]]]:
    """For each name its countries in the source, each with its adjective and a sentence."""
    found: dict[str, dict[str, tuple[str, Statement]]] = defaultdict(dict)
    for place in evidence.statements:
        for land, name, adjective in _bearers(place):
            found[name].setdefault(land, (adjective.text, place))
    return found


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


def _names_capital(places: Iterable[Statement], land: str) -> bool:
    """Whether a sentence has a city that speaks for a country: "Beijing"."""
    cities = {city for city, own in metonyms().items() if own.startswith(land)}
    return any(not cities.isdisjoint(place.words) for place in places)
