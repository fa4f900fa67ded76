"""G111: have two figures or dates of one sentence changed places since the source?

Every word of a sentence belongs to the figure that is nearest to it. Two figures are exchanged when
the source has words of the first one beside the second, and words of the second beside the first.
One of these alone says little: "3,870 before the change against 4,215 after it" may be told the
other way round.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from itertools import combinations, pairwise
from math import fsum
from typing import NamedTuple

from rewriter.checks.evidence.figures import MOST_FIGURES, bare_value
from rewriter.checks.evidence.mentions import is_capital
from rewriter.checks.evidence.moments import date_key
from rewriter.checks.evidence.reading import CLAUSE_ENDS, LONGEST_SENTENCE, Flag, Statement, stem
from rewriter.checks.facts.scores import is_tally
from rewriter.checks.lexicon import contraries, word_set
from rewriter.text.quantities import Moment, Quantity
from rewriter.text.tokens import Token

# "Grew by 2% and 5%, respectively": nearness says nothing here.
_IN_ORDER = word_set("in_order")
# Tokens that the end of a clause counts for, and how far away a word says nothing.
_CLAUSE_LENGTH = 4
_FAR = 12
# Where one of two compared figures ends and the other begins, beside the ends of clauses.
_AGAINST = word_set("against")
# What a name counts, a Chinese character, and any other word. A word counts less the farther it is.
_NAME, _CHARACTER, _WORD = 2.0, 0.5, 1.0
# The words beside the wrong one of two figures must weigh this many times as much as the others,
# and this much more.
_TIMES, _LEAD = 2.0, 0.4
_TO = word_set("joins_figures")
_FROM = word_set("from_old")
# Tokens between that word and the old value at most: "from just $8 billion".
_FROM_REACH = 2
# A score may be told from either side; the digits of its numbers.
_DASHES, _GOALS = frozenset("-–—"), 2
_OPEN, _CLOSED = frozenset("(["), frozenset(")]")
_GROUPS = {"percent": "share", "points": "share", "money": "money"}
# An age between commas.
_AGE = re.compile(r", \d{1,3},")
_Weights = dict[str, float]


class _Item(NamedTuple):
    """A figure or date: what it may be exchanged with, its value, and where it stands."""

    group: str
    unit: str
    value: Hashable
    first: int
    behind: int
    fact: Quantity | Moment


def check_exchange(
    statement: Statement, support: Iterable[int], source: tuple[Statement, ...]
) -> Iterator[Flag]:
    """Yield G111 for the first two figures of a sentence that have changed places."""
    if sum(map(len, statement.facts)) < 2:
        return
    items = list(_items(statement))
    if not 1 < len(items) <= MOST_FIGURES or _IN_ORDER & statement.words:
        return
    places = [source[i] for i in support if len(source[i].tokens) <= LONGEST_SENTENCE]
    said = [(place, list(_items(place))) for place in places]
    values = {item.value for _, found in said for item in found}
    known = [item for item in items if item.value in values]
    if not any(_may_swap(one, other) for one, other in combinations(known, 2)):
        return
    # Only figures that have another one of their group here can be exchanged.
    counts = Counter(item.group for item in items)
    groups = frozenset(group for group, count in counts.items() if count > 1)
    here = list(_words_of(statement, items, groups))
    there = [
        (place, found)
        for place, own in said
        if not _IN_ORDER & place.words
        for found in _words_of(place, own, groups)
    ]
    names = {stem(token.lower) for name in statement.names for token in name}
    for (one, words), (other, others) in combinations(here, 2):
        if not _may_swap(one, other) or _is_score(statement, one, other):
            continue
        if _is_in_score(one, statement) != _is_in_score(other, statement):
            continue
        first = _first_of_two(statement, one, other)
        if first and any(_is_same(first, begun) for begun in _begun(said)):
            continue
        mine, theirs = _beside(one, there), _beside(other, there)
        pairs = [words, others], [mine, theirs]
        told = one.group == "count"
        exchanged = mine and theirs and _exchanged(*pairs, names, counts=told)
        if exchanged or _is_turned(statement, one, other, places):
            start, end = one.fact.start, one.fact.end
            instead = statement.written(other.fact)
            message = f"{statement.text[start:end]!r} has changed places with {instead!r}"
            place = next(place for place, (item, _) in there if _is_same(item, one))
            yield Flag("G111", start, end, message, place.text)
            return


def _first_of_two(statement: Statement, one: _Item, other: _Item) -> _Item | None:
    """The one of two figures from which something went to the other, None where neither is."""
    begun = [item for item in (one, other) if _begins(statement, item)]
    return begun[0] if len(begun) == 1 else None


def _begun(said: list[tuple[Statement, list[_Item]]]) -> Iterator[_Item]:
    return (item for place, items in said for item in items if _begins(place, item))


def _begins(statement: Statement, item: _Item) -> bool:
    """Whether "from" stands before a figure."""
    before = statement.tokens[max(0, item.first - _FROM_REACH) : item.first]
    return any(token.lower in _FROM for token in before)


def _is_turned(statement: Statement, one: _Item, other: _Item, places: list[Statement]) -> bool:
    """Whether "90 to 100" has become "100 to 90": the figures join the other way round."""
    if not _joins(statement, one, other):
        return False
    ranges = [
        (first, second)
        for place in places
        for first, second in pairwise(_items(place))
        if _joins(place, first, second)
    ]
    same = any(_is_same(first, one) and _is_same(second, other) for first, second in ranges)
    return not same and any(
        _is_same(first, other) and _is_same(second, one) for first, second in ranges
    )


def _joins(statement: Statement, one: _Item, other: _Item) -> bool:
    """Whether only a word such as "to" stands between two figures."""
    between = [token.lower for token in statement.tokens[one.behind : other.first]]
    return len(between) == 1 and between[0] in _TO


def _is_score(statement: Statement, one: _Item, other: _Item) -> bool:
    """Whether two numbers are a score, which may be told from either side: "1-2"."""
    between = statement.text[one.fact.end : other.fact.start]
    digits = max(one.fact.end - one.fact.start, other.fact.end - other.fact.start)
    return between in _DASHES and digits <= _GOALS and not (one.unit or other.unit)


def _is_in_score(item: _Item, statement: Statement) -> bool:
    return isinstance(item.fact, Quantity) and is_tally(item.fact, statement)


def _beside(wanted: _Item, there: list[tuple[Statement, tuple[_Item, _Weights]]]) -> _Weights:
    """The words that the source has beside a figure, wherever it stands."""
    found: _Weights = {}
    for _, (item, words) in there:
        if _is_same(item, wanted):
            found.update({word: max(w, found.get(word, 0.0)) for word, w in words.items()})
    return found


def _may_swap(one: _Item, other: _Item) -> bool:
    return one.value != other.value and _alike(one, other)


def _is_same(one: _Item, other: _Item) -> bool:
    return one.value == other.value and _alike(one, other)


def _items(statement: Statement) -> Iterator[_Item]:
    """The figures and dates of a sentence."""
    for quantity in statement.facts.quantities:
        coded = quantity.label and (_is_coded(quantity, statement) or is_tally(quantity, statement))
        if not (coded or _is_age(quantity, statement)):
            group = _GROUPS.get(quantity.kind, quantity.kind)
            unit = quantity.unit if quantity.kind == "count" else ""
            yield _item(group, unit, bare_value(quantity), statement, quantity)
    for moment in statement.facts.moments:
        if dated := date_key(moment):
            yield _item(dated[0], "", dated[1], statement, moment)


def _is_age(quantity: Quantity, statement: Statement) -> bool:
    """Whether a number between commas only says how old somebody is: "Lind, 31, leads"."""
    around = statement.text[max(0, quantity.start - 2) : quantity.end + 1]
    return _AGE.fullmatch(around) is not None


def _is_coded(quantity: Quantity, statement: Statement) -> bool:
    """Whether a number behind a word is hardly a count: "Boeing 787", "Article 5", "A 12"."""
    at = statement.place_at(quantity.start)
    behind = "".join(statement.plain[statement.place_at(quantity.end) :][:1])
    return at < 2 or not is_capital(statement.tokens[at - 2]) or behind.isalpha()


def _item(
    group: str, unit: str, value: Hashable, statement: Statement, fact: Quantity | Moment
) -> _Item:
    first, behind = statement.place_at(fact.start), statement.place_at(fact.end)
    return _Item(group, unit, value, first, behind, fact)


def _alike(one: _Item, other: _Item) -> bool:
    """Whether two figures may be taken for each other; a unit may be left out."""
    units = one.unit == other.unit or "" in (one.unit, other.unit)
    return one.group == other.group and units


def _exchanged(
    mine: list[_Weights], theirs: list[_Weights], names: set[str], *, counts: bool
) -> bool:
    """Whether the words beside two figures stand beside the other one of them in the source.

    Two names that have changed places say it alone, and so do two words that contradict each other.
    A writer's own count counts what the source does not: "three people in two cases".
    """
    both = (mine[0].keys() & mine[1].keys()) | (theirs[0].keys() & theirs[1].keys())
    shared = [[(here.keys() & there.keys()) - both for there in theirs] for here in mine]
    (own, taken), (given, others) = shared
    counted = all(max(words.values(), default=0.0) >= _WORD for words in (*mine, *theirs))
    if (
        counted
        and not (own or others)
        and (_is_beside(taken, mine[0], theirs[1]) or _is_beside(given, mine[1], theirs[0]))
    ):
        return True
    if not (taken and given) or (counts and any(_counts_new(words, theirs) for words in mine)):
        return False
    if taken & names and given & names and not (own | others) & names:
        return True
    if any(contraries(word) & given for word in taken):
        return True
    straight = _common(mine[0], theirs[0], own) + _common(mine[1], theirs[1], others)
    across = _common(mine[0], theirs[1], taken) + _common(mine[1], theirs[0], given)
    return across >= _TIMES * straight + _LEAD


def _counts_new(here: _Weights, theirs: list[_Weights]) -> bool:
    """Whether what stands right beside a figure stands beside neither in the source."""
    closest = {word for word, weight in here.items() if weight >= _WORD}
    return bool(closest) and closest.isdisjoint(theirs[0].keys() | theirs[1].keys())


def _is_beside(words: set[str], here: _Weights, there: _Weights) -> bool:
    """Whether a word stands right beside two figures: "ten animals", "46 animal cases"."""
    return any(here[word] >= _WORD and there[word] >= _WORD for word in words)


def _common(here: _Weights, there: _Weights, words: set[str]) -> float:
    return fsum(min(here[word], there[word]) for word in words)


def _words_of(
    statement: Statement, items: list[_Item], wanted: frozenset[str]
) -> Iterator[tuple[_Item, _Weights]]:
    """Each figure of `wanted` groups with the words that are nearer to it than to any like it."""
    inside = {place for item in items for place in range(item.first, item.behind)}
    places = _places(statement)
    found: list[_Weights] = [{} for _ in items]
    groups: dict[str, list[tuple[int, _Item]]] = defaultdict(list)
    for number, item in enumerate(items):
        if item.group in wanted:
            groups[item.group].append((number, item))
    for place, word in enumerate(statement.stems):
        if not word or place in inside:
            continue
        for members in groups.values():
            gaps = sorted([(_gap(place, item, places), number) for number, item in members])
            if gaps[0][0] <= _FAR and (len(gaps) == 1 or gaps[0][0] < gaps[1][0]):
                weight = _weight(statement.tokens[place]) / gaps[0][0]
                words = found[gaps[0][1]]
                words[word] = max(weight, words.get(word, 0.0))
    return zip(items, found, strict=True)


def _places(statement: Statement) -> list[int]:
    """The distance of each token from the first one, in tokens.

    What is in brackets is skipped. The end of a clause counts for several tokens.
    """
    found, at, depth = [], 0, 0
    for token in statement.tokens:
        depth += (token.text in _OPEN) - (token.text in _CLOSED)
        if depth <= 0 and token.text not in _CLOSED:
            ends = token.lower in CLAUSE_ENDS or token.lower in _AGAINST
            at += 1 + _CLAUSE_LENGTH * ends
        found.append(at)
    return found


def _gap(place: int, item: _Item, places: list[int]) -> int:
    """How far a word is from a figure."""
    at = item.first if place < item.first else item.behind - 1
    return max(1, abs(places[place] - places[at]))


def _weight(token: Token) -> float:
    if token.kind == "han":
        return _CHARACTER
    return _NAME if is_capital(token) else _WORD
