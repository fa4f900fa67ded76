"""Days that a source counts from another date: "June 2 ... three days later", "the next day"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise, zip_longest

from rewriter.checks.evidence.moments import Said
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import pattern

_DAY = 86_400
# Days at most that a report counts from a date.
_FAR = 31
# A leap year, for dates without a year.
_ANY_YEAR = 2020
_LATER = pattern("day_after")
_EARLIER = pattern("day_before")
_COUNTED_FROM = pattern("counted_from")

# A day of the month whose month goes without saying.
_BARE_DAY = re.compile(r"(?<![\d.月월])(?<![月월] )(\d{1,2})[日일](?!本|間|间|간)")
_UNTIL = pattern("until")


def counted_days(
    statements: Sequence[Statement], moments: Iterable[Said], today: date | None
) -> frozenset[tuple[int, int]]:
    """Month and day of every date that a source gives by counting from another one nearby.

    The count stands in the same sentence as the date or in a neighbouring one. A day without its
    month is one of the month of publication.
    """
    steps = cache(lambda index: frozenset(_steps(statements[index])))
    found = set()
    dates = [(m.year or _ANY_YEAR, m.month, m.day, at) for m, at in moments if m.month and m.day]
    if today is not None:
        for at, statement in enumerate(statements):
            days = map(int, _BARE_DAY.findall(statement.text))
            dates += [(today.year, today.month, day, at) for day in days]
    for year, month, own, index in dates:
        around = range(max(0, index - 1), min(len(statements), index + 2))
        near = frozenset[int]().union(*map(steps, around))
        for step in near:
            if day := _shifted(year, month, own, step):
                found.add((day.month, day.day))
    return frozenset(found)


def counted_weekdays(statements: Sequence[Statement]) -> frozenset[int]:
    """The weekdays that a source gives by another one: "Monday ... the day before", or by two.

    That one is the nearest before the phrase in its sentence; else the next in it, the last of each
    of the two sentences before it that have one or, where none has, one of the next sentence.
    """
    found: set[int] = set()
    last: set[int] = set()
    before: int | None = None
    for statement, behind in zip_longest(statements, statements[1:]):
        own = [(m.start, m.weekday) for m in statement.facts.moments if m.weekday is not None]
        for (_, one), (at, other) in pairwise([*((0, day) for day in last), *own]):
            if _UNTIL.search(statement.text, 0, at):  # "Sunday ... closed until Wednesday"
                found.update((one + step) % 7 for step in range(1, (other - one) % 7))
        for start, steps in _phrases(statement):
            at = bisect_left(own, (start, 0))
            known = {own[at - 1][1]} if at else {*last, *(day for _, day in own[:1])}
            known = known or (_weekdays(behind) if behind else set())
            found.update((day + step) % 7 for day in known for step in steps)
        last = {own[-1][1], *([before] if before is not None else ())} if own else last
        before = own[-1][1] if own else before
    return frozenset(found)


def _phrases(statement: Statement) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Where a sentence says the day after or before, and how many days that may be.

    A day that is counted from a named thing may be that of the sentence: "Monday, the day after the
    vote" gives the day of the vote.
    """
    for phrase, step in ((_LATER, 1), (_EARLIER, -1)):
        for found in phrase.finditer(statement.text):
            named = _COUNTED_FROM.match(statement.text, found.end())
            yield found.start(), (step, -step) if named else (step,)


def _weekdays(statement: Statement) -> set[int]:
    return {m.weekday for m in statement.facts.moments if m.weekday is not None}


def _steps(statement: Statement) -> Iterator[int]:
    """How many days a sentence counts."""
    for quantity in statement.facts.quantities:
        days, rest = divmod(quantity.value, _DAY)
        if quantity.unit == "time" and not rest and 0 < days <= _FAR:
            yield from (int(days), -int(days))
    for _, steps in _phrases(statement):
        yield from steps


def _shifted(year: int, month: int, day: int, step: int) -> date | None:
    try:
        return date(year, month, day) + timedelta(days=step)
    except (ValueError, OverflowError):
        return None
