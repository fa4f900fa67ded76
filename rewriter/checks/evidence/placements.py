"""The figures and dates of a source with the words around each, the nearer the weightier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

from rewriter.checks.evidence.figures import keys_of
from rewriter.checks.evidence.moments import date_key
from rewriter.checks.evidence.reading import CLAUSE_ENDS, Statement
from rewriter.text.quantities import Moment, Quantity

# Content words on each side of a figure that are its surroundings.
_REACH = 6
# A word in another clause counts this much.
_BEYOND_CLAUSE = 0.5
# Tokens on each side that are looked at, however few of them carry meaning.
_MOST_TOKENS = 40
# A word around more figures of one kind than this tells none of them from another.
_MOST = 25


class Placed(NamedTuple):
    """A figure or date, and the words around it with their weights (1 for the nearest)."""

    family: str
    value: Hashable
    start: int
    end: int
    around: dict[str, float]
    statement: int


class Placements:
    """The placed figures of a source by the words around them."""

    def __init__(self, statements: Iterable[Statement], weights: dict[str, float]) -> None:
        self._weights = weights
        self.placed: list[Placed] = []
        self._by_word: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
        self._values: set[tuple[str, Hashable]] = set()
        for index, statement in enumerate(statements):
            for placed in placed_in(statement, index):
                self._values.add((placed.family, placed.value))
                for word, weight in placed.around.items():
                    self._by_word[placed.family, word].append((len(self.placed), weight))
                self.placed.append(placed)

    def has(self, placed: Placed) -> bool:
        """Whether the source has this very value somewhere."""
        return (placed.family, placed.value) in self._values

    def matches(self, placed: Placed) -> dict[Hashable, tuple[float, Placed]]:
        """For each value of the same kind how well its surroundings match, and where."""
        scores: dict[int, float] = defaultdict(float)
        for word, weight in placed.around.items():
            worth = self._weights.get(word, 0.0)
            for number, other in self._by_word.get((placed.family, word), ())[:_MOST]:
                scores[number] += worth * min(other, weight)
        best: dict[Hashable, tuple[float, Placed]] = {}
        for number, score in scores.items():
            other_placed = self.placed[number]
            held = best.get(other_placed.value)
            if held is None or score > held[0]:
                best[other_placed.value] = score, other_placed
        return best


def placed_in(statement: Statement, index: int) -> Iterator[Placed]:
    """The figures and dates of one sentence with their surroundings."""
    if not (statement.facts.quantities or statement.facts.moments):
        return
    for quantity in statement.facts.quantities:
        if quantity.label or (quantity.spelled and quantity.value < 3):
            continue
        key = keys_of(quantity)[0]
        around = _around(statement, quantity)
        yield Placed(key.family, key.value, quantity.start, quantity.end, around, index)
    for moment in statement.facts.moments:
        if dated := date_key(moment):
            yield Placed(*dated, moment.start, moment.end, _around(statement, moment), index)


def _around(statement: Statement, fact: Quantity | Moment) -> dict[str, float]:
    left, right = statement.place_at(fact.start), statement.place_at(fact.end)
    before = range(left - 1, max(-1, left - 1 - _MOST_TOKENS), -1)
    behind = range(right, min(len(statement.tokens), right + _MOST_TOKENS))
    around: dict[str, float] = {}
    for places in (before, behind):
        distance, share = 0, 1.0
        for place in places:
            stem = statement.stems[place]
            if not stem:
                share *= _BEYOND_CLAUSE if statement.tokens[place].lower in CLAUSE_ENDS else 1.0
                continue
            weight = share * (1 - distance / (_REACH + 1))
            if around.get(stem, 0.0) < weight:
                around[stem] = weight
            distance += 1
            if distance == _REACH:
                break
    return around
