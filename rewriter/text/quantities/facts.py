"""What the grammar reads: quantities and moments as typed facts with their place in the text."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

QuantityKind = Literal["money", "percent", "points", "count", "multiple", "ratio", "ordinal"]
Bound = Literal["", "about", "over", "under"]
Part = Literal["", "early", "mid", "late"]


class Quantity(NamedTuple):
    """A number as written, with what it counts.

    `value` is in units of the base: currency units, percent, percentage points, or base units of
    the dimension (`unit`: "time", "length", ...; seconds, metres, kilograms). `unit` is a currency
    code for money, of which an ambiguous one joins its readings with "|" ("JPY|CNY"), and "vague"
    for an order of magnitude ("tens of thousands"). `step` is the weight of the last digit written,
    on the same scale: 10,000,000 for "2.56 billion". `number` is the value before its unit: 34
    of "34 years". `noun` is the word counted, lower case, where there is no unit. A `label` is part
    of a name ("Rule 144"), a `share` a percentage said as a fraction ("two-thirds"). A
    `negative` one has a minus sign or a word for it; its `value` is without the sign.
    """

    kind: QuantityKind
    value: Decimal
    unit: str
    step: Decimal
    start: int
    end: int
    number: Decimal
    bound: Bound = ""
    noun: str = ""
    spelled: bool = False
    label: bool = False
    share: bool = False
    negative: bool = False


class Moment(NamedTuple):
    """A date or time as far as it is said; what is not said is None.

    `weekday` counts from Monday as 0, `minute` from midnight, `half` and `quarter` from 1, `season`
    from spring as 1. A `decade` holds its first year in `year`; a year before Christ is negative.
    `twelve` marks an hour that may be of either half of the day ("3:30", "half past four").
    `relative` is a unit and an offset ("week -1").
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    quarter: int | None = None
    half: int | None = None
    minute: int | None = None
    decade: bool = False
    part: Part = ""
    relative: str = ""
    season: int | None = None
    century: int | None = None
    twelve: bool = False


class Facts(NamedTuple):
    """Everything the grammar read in one text, in order of appearance."""

    quantities: tuple[Quantity, ...]
    moments: tuple[Moment, ...]
