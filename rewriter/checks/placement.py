"""G110 and G406: is a figure or date of the source said of the same thing in the rewrite?

Every figure is compared by the words around it, the nearer the weightier, with the figures of its
kind in the source. When a different figure stands among clearly more of these words than the same
figure does, the rewrite has probably taken one for the other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

from rewriter.checks.figures import keys_of
from rewriter.checks.reading import Flag, Statement
from rewriter.quantities import Moment, Quantity

# Content words on each side of a figure that are its surroundings, and by how much another figure's
# surroundings must match better. Chosen on exchanged figures in news and earnings reports against
# people's faithful summaries of the same reports (docs/reference/findings.md has the numbers).
REACH = 5
ADVANTAGE = 1.3
MARGIN = 1.6
# A word around more figures of one kind than this tells none of them from another.
_MOST = 60


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
        self._by_word: dict[tuple[str, str], list[Placed]] = defaultdict(list)
        self._values: set[tuple[str, Hashable]] = set()
        for index, statement in enumerate(statements):
            for placed in placed_in(statement, index):
                self._values.add((placed.family, placed.value))
                for word in placed.around:
                    self._by_word[placed.family, word].append(placed)

    def has(self, placed: Placed) -> bool:
        """Whether the source has this very value somewhere."""
        return (placed.family, placed.value) in self._values

    def matches(self, placed: Placed) -> dict[Hashable, tuple[float, Placed]]:
        """For each value of the same kind how well its surroundings match, and where."""
        scores: dict[int, float] = defaultdict(float)
        holders: dict[int, Placed] = {}
        for word, weight in placed.around.items():
            worth = self._weights.get(word, 0.0)
            for other in self._by_word.get((placed.family, word), ())[:_MOST]:
                scores[id(other)] += worth * min(weight, other.around[word])
                holders[id(other)] = other
        best: dict[Hashable, tuple[float, Placed]] = {}
        for key, score in scores.items():
            held = best.get(holders[key].value)
            if held is None or score > held[0]:
                best[holders[key].value] = score, holders[key]
        return best


def check_placement(
    statement: Statement, placements: Placements, source: tuple[Statement, ...]
) -> Iterator[Flag]:
    """Yield G110 for figures and G406 for dates that stand in the wrong place."""
    for placed in placed_in(statement, 0):
        if not placements.has(placed):
            continue
        matches = placements.matches(placed)
        own = matches.pop(placed.value, None)
        if not matches:
            continue
        score, other = max(matches.values(), key=lambda match: (match[0], -match[1].start))
        if score < ADVANTAGE * (own[0] if own else 0.0) + MARGIN:
            continue
        there = source[other.statement].text
        written = statement.text[placed.start : placed.end]
        message = f"{written!r} is in the source, but there it is not said of this"
        code = "G406" if placed.family.startswith("date") else "G110"
        instead = there[other.start : other.end]
        yield Flag(code, placed.start, placed.end, f"{message}; {instead!r} is", there)


def placed_in(statement: Statement, index: int) -> Iterator[Placed]:
    """The figures and dates of one sentence with their surroundings."""
    if not (statement.facts.quantities or statement.facts.moments):
        return
    starts = [token.start for token in statement.tokens]
    for quantity in statement.facts.quantities:
        if quantity.label or (quantity.spelled and quantity.value < 3):
            continue
        key = keys_of(quantity)[0]
        around = _around(statement, starts, quantity)
        yield Placed(key.family, key.value, quantity.start, quantity.end, around, index)
    for moment in statement.facts.moments:
        said = (moment.year, moment.month, moment.day, moment.weekday, moment.quarter)
        if any(part is not None for part in said):
            kind = "date " + "".join("01"[part is not None] for part in said)
            around = _around(statement, starts, moment)
            yield Placed(kind, said, moment.start, moment.end, around, index)


def _around(statement: Statement, starts: list[int], fact: Quantity | Moment) -> dict[str, float]:
    before = range(bisect_left(starts, fact.start) - 1, -1, -1)
    behind = range(bisect_left(starts, fact.end), len(starts))
    around: dict[str, float] = {}
    for places in (before, behind):
        distance = 0
        for place in places:
            stem = statement.stems[place]
            if not stem:
                continue
            weight = 1 - distance / (REACH + 1)
            around[stem] = max(weight, around.get(stem, 0.0))
            distance += 1
            if distance == REACH:
                break
    return around
