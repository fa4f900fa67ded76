"""Two figures that belong together: ranges ("$5 to 10 million"), sums ("2 hours 30 minutes")."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from rewriter.text.quantities.facts import Quantity

DASHES = frozenset("-–—~〜至到")
# How many times as large the first figure of a fall with one magnitude may be.
_FALLEN = 2
_POUND = Decimal("0.45359237")
_CENT, _THOUSAND = Decimal("0.01"), 1000
# Kinds that a bare first figure takes over from the second.
_LENDING = frozenset({"money", "percent", "points", "count", "multiple"})


class RangeEnd(NamedTuple):
    """A quantity with what a range needs: magnitude, factor of its unit, token index behind it."""

    quantity: Quantity
    scale: Decimal
    factor: Decimal
    end: int

    @property
    def is_bare(self) -> bool:
        """Whether the number stands without currency, percent sign or unit."""
        return self.quantity.kind == "count" and not self.quantity.unit


def complete(first: RangeEnd, second: RangeEnd, *, dash: bool) -> tuple[RangeEnd, RangeEnd]:
    """Give each figure of a range what the other one says; a dash binds closer than a word."""
    # "7 % y superaron 2 millones", "27 months and 15 million crowns".
    measured = first.quantity.kind != "money" and not first.is_bare
    apart = measured and first.scale == 1 != second.scale
    if second.is_bare and not first.is_bare and (dash or second.scale != 1) and not apart:
        second = _measured_like(second, first)
        if first.scale != 1 == second.scale:
            second = _times(second, first.scale)
    elif first.is_bare and not second.is_bare and second.quantity.kind in _LENDING:
        first = _measured_like(first, second)
    one, other = first.quantity, second.quantity
    same = (one.kind, one.unit) == (other.kind, other.unit)
    most = other.value / second.scale * (1 if dash else _FALLEN)  # "fell from 24 to 21 million"
    if same and first.scale == 1 != second.scale and one.value < most:
        first = _times(first, second.scale)
    return first, second


def _measured_like(figure: RangeEnd, model: RangeEnd) -> RangeEnd:
    """The same number in the unit of another figure."""
    quantity = figure.quantity._replace(
        kind=model.quantity.kind,
        unit=model.quantity.unit,
        noun="",
        value=figure.quantity.value * model.factor,
        step=figure.quantity.step * model.factor,
    )
    return figure._replace(quantity=quantity, factor=model.factor)


def _times(figure: RangeEnd, scale: Decimal) -> RangeEnd:
    """The same number with a magnitude."""
    q = figure.quantity
    scaled = q._replace(value=q.value * scale, step=q.step * scale, number=q.number * scale)
    return figure._replace(quantity=scaled, scale=scale)


def added(first: RangeEnd, second: RangeEnd) -> RangeEnd | None:
    """One figure for an amount said in two units ("one dollar and 25 cents"), or None.

    The second unit must be the smaller one and its amount less than one of the first; so must the
    magnitude of "1 bilhão e 513 milhões de reais".
    """
    one, other = first.quantity, second.quantity
    if one.unit == "mass" and other.unit == "GBP|mass":  # "12 stone 7 pounds"
        weight = other._replace(
            kind="count", unit="mass", value=other.number * _POUND, step=other.step * _POUND
        )
        second, other = second._replace(quantity=weight, factor=_POUND), weight
    if one.unit == "length" and first.factor == 1 and _is_rest_of_metre(second):  # "1 mètre 66"
        rest = other._replace(unit="length", value=other.number * _CENT, step=_CENT)
        second, other = second._replace(quantity=rest, factor=_CENT), rest
    if first.is_bare and first.scale > second.scale >= _THOUSAND:
        return _in_magnitudes(first, second)
    if one.kind != other.kind or first.scale != 1 or second.scale != 1:
        return None
    cents = one.kind == "money" and first.factor == 1 and second.factor == _CENT
    same = one.kind == "count" and one.unit == other.unit != "" and not other.bound
    if not (cents or same) or not 0 < other.value < first.factor or first.factor <= second.factor:
        return None
    total = one._replace(
        unit=other.unit if "|" in one.unit else one.unit,  # "5 pounds 20 pence" is money
        value=one.value + other.value,
        step=other.step,
        number=one.number + other.value / first.factor,
        spelled=one.spelled and other.spelled,
        end=other.end,
    )
    return RangeEnd(total, first.scale, second.factor, second.end)


def _is_rest_of_metre(second: RangeEnd) -> bool:
    """Whether a figure behind metres may be the centimetres of a height."""
    quantity = second.quantity
    return quantity.kind == "count" and not quantity.unit and quantity.end - quantity.start == 2


def _in_magnitudes(first: RangeEnd, second: RangeEnd) -> RangeEnd | None:
    """One figure for a number said in two magnitudes, the larger one first."""
    one, other = first.quantity, second.quantity
    if other.bound or other.value >= first.scale * second.factor:
        return None
    whole = one.number + other.number
    total = other._replace(
        value=whole * second.factor, number=whole, start=one.start, bound=one.bound
    )
    return second._replace(quantity=total)
