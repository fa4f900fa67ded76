"""The source's figures, indexed by what they measure, and when one supports another."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from rewriter.checks.lexicon import pattern, word_set
from rewriter.text.quantities import Quantity

# "About 400,000" for 412,345 is honest, "about 20" for 23 is not: the error a reader forgives after
# "about" is one in twenty (the editor's rule of two significant digits); after "more than" the
# statement stays true further away.
_ABOUT = Decimal("0.05")
_ROUNDED = Decimal("0.1")
_BEYOND = Decimal("0.2")
# Without a word such as "about", only rounding to at least two digits is honest: 2.6 for 2.56.
_MIN_DIGITS = 2
_NEIGHBOURS = 12
# A sentence with more figures is a table.
MOST_FIGURES = 12
_ONE = Decimal(1)
_MAGNITUDES = tuple(Decimal(10) ** power for power in (12, 9, 6, 3))
_SHARE_OF = pattern("share_of")
# What stands between a figure and the one that it is compared with.
_COMPARED_WITH = re.compile(
    rf"[^.;:\d]{{0,24}}\b(?:{'|'.join(sorted(word_set('against')))})(?: \w{{1,3}}){{0,2}} [$€£]?",
    re.IGNORECASE,
)
_SCALED = frozenset({"count", "money"})
# Places kept of a figure that the source repeats.
_REPEATS = 20
# What English news gives in feet and miles, pounds and acres, too.
_CONVERTED = frozenset({"length", "mass", "area", "volume", "speed"})
_POUND = Decimal("0.45359237")
# Spelled-out shares stand for a neighbourhood: "two-thirds" for 66 or 67 percent.
# "Nearly six in ten" may be 58 percent. A small share is not off by more than a quarter of itself.
_SHARE_TOLERANCE, _BOUND_SHARE, _SMALL_SHARE = Decimal("1.5"), Decimal(4), Decimal("0.25")


class Figure(NamedTuple):
    """A quantity of the source and the index of its statement."""

    quantity: Quantity
    statement: int


class FigureKey(NamedTuple):
    """What is compared with what: a family such as "money USD" or "count time", and the value."""

    family: str
    value: Decimal
    step: Decimal


class Figures:
    """All figures of a source, found by family and value in logarithmic time."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        by_family: dict[str, list[tuple[Decimal, Figure]]] = defaultdict(list)
        counts: Counter[tuple[str, Decimal]] = Counter()
        self.by_value: dict[Decimal, list[Figure]] = defaultdict(list)
        for figure in figures:
            for key in keys_of(figure.quantity):
                if counts[key.family, key.value] < _REPEATS:
                    counts[key.family, key.value] += 1
                    by_family[key.family].append((key.value, figure))
            same = self.by_value[bare_value(figure.quantity)]
            if len(same) < _REPEATS and figure.quantity.unit != "vague":
                same.append(figure)
        self._rows = {
            family: sorted(rows, key=lambda row: row[0]) for family, rows in by_family.items()
        }
        self._values = {family: [row[0] for row in rows] for family, rows in self._rows.items()}

    def families(self, prefix: str) -> Iterator[str]:
        """The families in use that begin with `prefix`."""
        return (family for family in self._rows if family.startswith(prefix))

    def rows(self, family: str) -> list[tuple[Decimal, Figure]]:
        """All figures of a family with their values, ascending."""
        return self._rows.get(family, [])

    def near(self, family: str, value: Decimal) -> list[Figure]:
        """Some figures of a family around a value, the nearest first."""
        values = self._values.get(family, [])
        at = bisect_left(values, value)
        rows = self._rows.get(family, [])[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS]
        return [figure for _, figure in sorted(rows, key=lambda row: abs(row[0] - value))]

    def between(self, low: Decimal, high: Decimal) -> list[Figure]:
        """One figure of each family that has some from `low` to below `high`."""
        found = []
        for family, values in self._values.items():
            at = bisect_left(values, low)
            if at < len(values) and values[at] < high:
                found.append(self._rows[family][at][1])
        return found

    def equal(self, family: str, value: Decimal) -> list[Figure]:
        """All figures of a family with exactly this value."""
        values = self._values.get(family, [])
        at = bisect_left(values, value)
        found = []
        while at < len(values) and values[at] == value:
            found.append(self._rows[family][at][1])
            at += 1
        return found

    def supporting(self, quantity: Quantity, family: str | None = None) -> list[Figure]:
        """The figures that a quantity states or honestly rounds, in its own family or another."""
        found = []
        for key in keys_of(quantity):
            name = family or key.family
            found += self.equal(name, key.value)
            if not found or quantity.bound:
                found += [
                    figure
                    for figure in self.near(name, key.value)
                    if is_honest(quantity, key, figure.quantity, _key_in(figure.quantity, name))
                ]
        return found


def shared_scales(text: str, quantities: Sequence[Quantity]) -> Iterator[Quantity]:
    """The figures that mean the magnitude of the one beside them, too, read in it.

    "Eight of the 28 million" may mean eight million; so may "8 million out of 28" 28 million, and
    "890 million euros, against 640" 640 million euros.
    """
    for one, other in pairwise(quantities):
        if one.kind not in _SCALED or other.kind not in _SCALED:
            continue
        scales = _magnitude(one, text), _magnitude(other, text)
        scale = max(scales)
        if min(scales) != 1 or scale == 1:
            continue
        if _SHARE_OF.fullmatch(text, one.end, other.start):
            if one.kind == other.kind and one.value / scales[0] < other.value / scales[1]:
                bare = one if scales[0] == 1 else other
                yield bare._replace(value=bare.value * scale, step=bare.step * scale)
        elif other.unit in ("", one.unit) and _COMPARED_WITH.fullmatch(text, one.end, other.start):
            number, step = other.number * scale, other.step * scale
            factor = one.value / one.number if one.number else _ONE
            yield one._replace(
                value=number * factor,
                number=number,
                step=step * factor,
                start=other.start,
                end=other.end,
            )


def _magnitude(quantity: Quantity, text: str) -> Decimal:
    """The magnitude that is written in words: a million of "28 million"; otherwise 1."""
    if not any(map(str.isalpha, text[quantity.start : quantity.end])):
        return _ONE
    return next((scale for scale in _MAGNITUDES if quantity.value >= scale), _ONE)


def keys_of(quantity: Quantity) -> list[FigureKey]:
    """The keys of a quantity: one for each reading of an ambiguous unit ("¥", "pounds")."""
    value, step = quantity.value, quantity.step
    if quantity.kind != "money":
        family = f"count {quantity.unit}" if quantity.kind == "count" else quantity.kind
        return [FigureKey(family, value, step)]
    return [
        FigureKey("count mass", value * _POUND, step * _POUND)
        if code == "mass"
        else FigureKey(f"money {code}", value, step)
        for code in quantity.unit.split("|")
    ]


def _key_in(quantity: Quantity, family: str) -> FigureKey:
    return next((key for key in keys_of(quantity) if key.family == family), keys_of(quantity)[0])


def bare_value(quantity: Quantity) -> Decimal:
    """The number as written before its unit, for comparing across units."""
    return quantity.number.normalize()


def is_honest(stated: Quantity, key: FigureKey, figure: Quantity, source: FigureKey) -> bool:
    """Whether a stated figure is an honest rounding of the source's.

    It must be coarser than the source's figure and within half of its own last digit; after
    "about" within 5 percent and one unit of it; "more than" must not exceed the source, "nearly"
    must not fall below it.

    2.56 may become 2.6, "about 2.5", "more than 2.5" or "nearly 2.6"; never 2.65, 2.5 or 2.
    """
    off = abs(key.value - source.value)
    if stated.kind == "percent" and (stated.share or figure.share):
        above = key.value > source.value
        bounded = {"over": not above, "under": above, "about": True}.get(stated.bound, False)
        most = _BOUND_SHARE if bounded and stated.share else _SHARE_TOLERANCE
        return off <= min(most, _SMALL_SHARE * source.value)
    coarse = coarsest(key)
    if not source.value or not off:
        return not off
    if stated.spelled and stated.kind == "percent" and key.step < 1:  # "a third of a percent"
        return off <= _ROUNDED * source.value
    if coarse <= source.step and not stated.bound and not _is_converted(stated, figure):
        return False
    share = off / abs(source.value)
    if stated.bound == "about":
        rounded = off * 2 <= key.step and share <= _ROUNDED
        return rounded or (off < coarse and share <= _ABOUT)
    near = (off < coarse and share <= _BEYOND) or (off == coarse and share <= _ABOUT)
    if stated.bound == "over":
        return key.value <= source.value and near
    if stated.bound == "under":
        # "Less than two years" for 14 months: no whole number of years is nearer.
        near = near or (stated.unit in ("time", "calendar") and off < key.step)
        return key.value >= source.value and near
    up = key.value > source.value
    step = coarse if _is_converted(stated, figure) else key.step
    rounded = off * 2 < step or (up and off * 2 == step)
    # "Three degrees" for 3.1: words are as rough as "about". "0.6 percent" for 0.62.
    decimal = stated.kind == "percent" and key.step < 1
    exact = _digits(key) >= _MIN_DIGITS or stated.spelled or decimal
    return rounded and share <= (_ROUNDED if decimal else _ABOUT) and exact


def _is_converted(stated: Quantity, figure: Quantity) -> bool:
    """Whether two measures are in different units of one family: miles and kilometres."""
    measured = stated.kind == "count" and stated.unit in _CONVERTED and figure.unit == stated.unit
    return measured and stated.value * figure.number != figure.value * stated.number


def coarsest(key: FigureKey) -> Decimal:
    """The weight of the last digit that is not zero: 100,000 of 400,000."""
    if not key.value or not key.step:
        return key.step
    count = int(key.value / key.step)
    zeros = len(text := str(count)) - len(text.rstrip("0"))
    return key.step.scaleb(zeros)


def _digits(key: FigureKey) -> int:
    return len(str(int(key.value / key.step))) if key.step else 0
