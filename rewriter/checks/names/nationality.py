"""G206: is somebody of the nationality that the source gives them?

"A Brazilian officer" is no Paraguayan one. Adjectives of countries are compared by the noun beside
them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import takewhile
from typing import NamedTuple

from rewriter.checks.evidence.index import Evidence, of_source
from rewriter.checks.evidence.mentions import is_capital
from rewriter.checks.evidence.naming import Names
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.evidence.support import support_of
from rewriter.checks.evidence.variants import are_forms
from rewriter.checks.lexicon import (
    lands_of,
    metonyms,
    nationalities,
    without_article,
    word_set,
    words_of_lands,
)
from rewriter.checks.names.known import knows
from rewriter.text.tokens import DENSE_LANGUAGES, Token

# Languages in which the adjective follows its noun.
_NOUN_FIRST = frozenset({"es", "fr", "pt", "it", "ro", "id", "ar", "fa"})
# What stands between a country and the noun in Chinese and Japanese, and what is no noun there.
_BETWEEN, _PARTICLES = "国國籍人的の", frozenset("はがをもでにとやへ、，。（）「」")
# In these a word is told by its first two letters or characters.
_SHORT = frozenset({"zh", "ja", "ko"})
# "Le constructeur suédois de camions Volvo": what may stand between the adjective and the name.
_OF = frozenset({"de", "des", "du", "d'", "di", "do", "da"})
_ONE_STATE = tuple(word_set("one_state"))
# Share of a sentence's content that the source sentence with another nationality must hold.
_RESTATED = 0.3
# Letters of the shortest noun that is compared, and those by which a short one is told.
_LEAST, _SHORTEST = 4, 2


class _Said(NamedTuple):
    land: str
    noun: str
    adjective: Token


def check_nationality(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G206 for a nationality where the supporting sentence gives another one.

    A country that the source does not have at all is compared with every sentence.
    """
    support = support_of(statement, evidence)
    if len(statement.tokens) > LONGEST_SENTENCE:
        return
    own = [evidence.statements[index] for index in support.statements]
    restated = support.share >= _RESTATED
    for said in _nationalities(statement):
        for place in own if restated else _strange(said, evidence):
            there = [known for known in _nationalities(place) if _is_same(known.noun, said.noun)]
            if not there or _names_land(place, said.land) or _names_capital(own, said.land):
                continue
            if _is_one_state(said.land) and _is_one_state(there[0].land):
                continue  # "English" for "British"
            dense = statement.lang in DENSE_LANGUAGES
            if not dense and knows(said.adjective, Names((place,), statement.lang)):
                continue  # "U.S." for "American"
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
    if statement.lang in DENSE_LANGUAGES:
        yield from _attributes(statement)
        return
    tokens, land_of = statement.tokens, nationalities(statement.lang)
    step = -1 if statement.lang in _NOUN_FIRST else 1
    for place, token in enumerate(tokens):
        if token.kind != "word" or not (land := land_of(token.lower)):
            continue
        surname = statement.lang == "hu" and is_capital(token)  # "Magyar", "Horváth"
        if surname or land in word_set("continents"):
            continue
        if noun := _noun(statement, place, step) or _noun(statement, place, -step):
            yield _Said(land, noun, token)


def _noun(statement: Statement, place: int, step: int) -> str:
    """The noun before or behind a word, behind a number, too: "svensk 19-åring"."""
    least = 2 if statement.lang in _SHORT else 3 if statement.lang in ("ar", "fa") else _LEAST
    for at in range(place + step, place + 4 * step, step):
        if not 0 <= at < len(statement.tokens):
            return ""
        token = statement.tokens[at]
        if token.kind != "number" and token.text != "-":
            return token.lower if len(statement.stems[at]) >= least else ""
    return ""


def _attributes(statement: Statement) -> Iterator[_Said]:
    """Each country in a Chinese or Japanese sentence, with what stands behind it: "中国籍の男"."""
    for found in _countries(statement.lang).finditer(statement.text):
        behind = statement.text[found.end() :].lstrip(_BETWEEN)[:_SHORTEST]
        if len(behind) == _SHORTEST and behind[0] not in _PARTICLES:
            token = Token("han", found.group(), found.group(), *found.span())
            yield _Said(nationalities(statement.lang)(found.group()), behind, token)


@cache
def _countries(lang: str) -> re.Pattern[str]:
    words = {word for _, adjectives in lands_of(lang) for word in adjectives}
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


def _is_same(one: str, other: str) -> bool:
    """Whether two nouns are one; Korean, Chinese and Japanese ones are told by two characters."""
    short = "\u3000" < one[0] < "\ud7a4" and one[:_SHORTEST] == other[:_SHORTEST]
    return short or are_forms(one, other)


def _has(known: Statement, said: _Said) -> bool:
    """Whether a sentence of the source gives the noun this nationality."""
    return any(
        own.land == said.land and _is_same(own.noun, said.noun) for own in _nationalities(known)
    )


def _names_land(place: Statement, land: str) -> bool:
    """Whether a sentence has a country, its people or one of its cities."""
    beginnings, others = words_of_lands(place.lang).get(land, ((land,), frozenset()))
    if place.lang in DENSE_LANGUAGES:
        return any(word in place.text for word in (*beginnings, *others))
    words = {without_article(word, place.lang) for word in place.words} - {""}
    return not words.isdisjoint(others) or any(word.startswith(beginnings) for word in words)


def _names_capital(places: Iterable[Statement], land: str) -> bool:
    """Whether a sentence has a city that speaks for a country: "Beijing"."""
    cities = {city for city, own in metonyms().items() if own.startswith(land)}
    return any(not cities.isdisjoint(place.words) for place in places)
