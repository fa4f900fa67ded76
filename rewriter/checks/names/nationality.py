"""G206: is somebody of the nationality that the source gives them?

"A Brazilian officer" is no Paraguayan one. Adjectives of countries are compared by the noun beside
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from rewriter.checks.evidence.index import Evidence
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
_ONE_STATE = tuple(word_set("one_state"))
# Share of a sentence's content that the source sentence with another nationality must hold.
_RESTATED = 0.3
# The share from which on a neighbour of that sentence does not explain the nationality.
_CLOSE = 0.5
# Languages that write the adjective of a country with a capital: "polish" is no country there.
_CAPITALS = frozenset({"en", "nl"})
# Letters by which the adjective of a country is clear, and the languages that need fewer.
_PLAIN, _FEW = 5, _SHORT | {"ar", "fa"}
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
    if len(statement.tokens) > LONGEST_SENTENCE:
        return
    for said in _nationalities(statement):
        if found := _other(said, statement, evidence):
            known, place = found
            message = f"{said.adjective.text!r} is {known.adjective.text!r} in the source"
            yield Flag("G206", said.adjective.start, said.adjective.end, message, place.text)
            return


def _other(said: _Said, statement: Statement, evidence: Evidence) -> tuple[_Said, Statement] | None:
    """The nationality that the source gives instead, and its sentence."""
    support = support_of(statement, evidence)
    own = [evidence.statements[index] for index in support.statements]
    restated, strange = support.share >= _RESTATED, _is_strange(said, evidence)
    beginning = said.noun[:_LEAST]
    places = own if restated else evidence.statements if strange and beginning else ()
    for place in (place for place in places if restated or beginning in place.text.lower()):
        near = [place] if support.share >= _CLOSE else [place, *own]
        for known in _nationalities(place):
            # "The Egyptian president met his French colleague": the sentence has both.
            both = not strange and _names_land(statement, known.land, cities=False)
            if both or not _is_same(known.noun, said.noun):
                continue
            if not (_is_known(near, said.land) or _names_capital(own, said.land)) and not (
                _is_borne_out(said, known, statement, place, evidence)
            ):
                return known, place
            break
    plain = strange and restated and _is_plain(said, statement.lang)
    return _instead(said, statement, own[0]) if plain else None


def _is_borne_out(
    said: _Said, known: _Said, statement: Statement, place: Statement, evidence: Evidence
) -> bool:
    """Whether a nationality beside the noun of another one is right all the same."""
    if _is_one_state(said.land) and _is_one_state(known.land):
        return True  # "English" for "British"
    dense = statement.lang in DENSE_LANGUAGES
    if not dense and knows(said.adjective, Names((place,), statement.lang)):
        return True  # "U.S." for "American"
    return _is_of_figure(said, statement, evidence) or any(
        _has(one, said) for one in evidence.statements
    )


def _is_plain(said: _Said, lang: str) -> bool:
    """Whether a word is clearly the adjective of a country, not a name or a word like "danza"."""
    beginnings, _ = words_of_lands(lang)[said.land]
    long = max(len(one) for one in (*beginnings, "") if said.adjective.lower.startswith(one))
    small = not is_capital(said.adjective) and lang not in _CAPITALS
    return small and (long >= _PLAIN or lang in _FEW)


def _instead(said: _Said, statement: Statement, place: Statement) -> tuple[_Said, Statement] | None:
    """The only nationality of a sentence of the source, where one about the same leaves it out."""
    others = {known.land: known for known in _nationalities(place)}
    left = [land for land in others if not _names_land(statement, land, cities=False)]
    if len(left) != 1 or (_is_one_state(said.land) and _is_one_state(left[0])):
        return None
    return others[left[0]], place


def _is_of_figure(said: _Said, statement: Statement, evidence: Evidence) -> bool:
    """Whether a sentence of the source has the country beside a figure of this one.

    "More than 39,000, according to Palestinian tallies".
    """
    values = {quantity.value for quantity in statement.facts.quantities}
    return any(
        _names_land(place, said.land) and any(q.value in values for q in place.facts.quantities)
        for place in evidence.sharing(statement)
    )


def _is_strange(said: _Said, evidence: Evidence) -> bool:
    """Whether the source has no word of a country."""
    places = (*evidence.statements, evidence.title)
    return evidence.once(("strange", said.land), lambda: not _is_known(places, said.land))


def _is_known(places: Sequence[Statement], land: str) -> bool:
    """Whether sentences have a country, its people, or a city that speaks for it."""
    return any(_names_land(place, land) for place in places) or _names_capital(places, land)


def _is_one_state(land: str) -> bool:
    return land.startswith(_ONE_STATE)


def _nationalities(statement: Statement) -> Iterator[_Said]:
    """Each adjective of a country in a sentence, with the noun beside it, if there is one."""
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
        noun = _noun(statement, place, step) or _noun(statement, place, -step)
        yield _Said(land, noun, token)


def _noun(statement: Statement, place: int, step: int) -> str:
    """The noun before or behind a word, behind a number, too: "svensk 19-åring"."""
    least = 2 if statement.lang in _SHORT else 3 if statement.lang in ("ar", "fa") else _LEAST
    for at in range(place + step, place + 4 * step, step):
        if not 0 <= at < len(statement.tokens):
            return ""
        token = statement.tokens[at]
        if token.kind != "number" and token.text != "-":
            noun = without_article(token.lower, statement.lang)
            return noun if len(statement.stems[at]) >= least else ""
    return ""


def _attributes(statement: Statement) -> Iterator[_Said]:
    """Each country in a Chinese or Japanese sentence, with what stands behind it: "中国籍の男"."""
    for found in _countries(statement.lang).finditer(statement.text):
        behind = statement.text[found.end() :].lstrip(_BETWEEN)[:_SHORTEST]
        noun = "" if len(behind) < _SHORTEST or behind[0] in _PARTICLES else behind
        token = Token("han", found.group(), found.group(), *found.span())
        yield _Said(nationalities(statement.lang)(found.group()), noun, token)


@cache
def _countries(lang: str) -> re.Pattern[str]:
    words = {word for _, adjectives in lands_of(lang) for word in adjectives}
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


def _is_same(one: str, other: str) -> bool:
    """Whether two nouns are one; Korean, Chinese and Japanese ones are told by two characters."""
    if not one or not other:
        return False
    short = "\u3000" < one[0] < "\ud7a4" and one[:_SHORTEST] == other[:_SHORTEST]
    return short or are_forms(one, other)


def _has(known: Statement, said: _Said) -> bool:
    """Whether a sentence of the source gives the noun this nationality."""
    return any(
        own.land == said.land and _is_same(own.noun, said.noun) for own in _nationalities(known)
    )


def _names_land(place: Statement, land: str, *, cities: bool = True) -> bool:
    """Whether a sentence has a country, its people or one of its cities."""
    beginnings, others = words_of_lands(place.lang).get(land, ((land,), ()))
    others = others if cities else ()
    if place.lang in DENSE_LANGUAGES:
        short = "".join(word for word in others if len(word) == 1)
        told = (word in place.text for word in (*beginnings, *others) if len(word) > 1)
        return any(told) or bool(short and _short_for(short).search(place.text))
    joined = place.lang in ("ar", "tr")
    words = {without_article(word, place.lang) for word in place.words} if joined else place.words
    return not words.isdisjoint(others) or any(word.startswith(beginnings) for word in words)


@cache
def _short_for(letters: str) -> re.Pattern[str]:
    """What finds a country by one character: "美方", "訪米"."""
    return re.compile(
        rf"[中美日米对對驻駐访訪赴対在][{letters}]|[{letters}](?:[方媒军軍中美日米总總外企籍首]|大統領|政府)"
    )


def _names_capital(places: Iterable[Statement], land: str) -> bool:
    """Whether a sentence has a city that speaks for a country: "Beijing"."""
    cities = {city for city, own in metonyms().items() if own.startswith(land)}
    return any(not cities.isdisjoint(place.words) for place in places)
