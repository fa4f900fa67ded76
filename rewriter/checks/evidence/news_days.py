"""Dates that follow from the day of publication and what a source counts from it.

A rewrite is read on later days: "ten days ago" becomes a date, "last week" a month, "the third
quarter" one of a year, "the end of the year" a day of December.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from rewriter.checks.evidence.figures import MOST_FIGURES
from rewriter.checks.evidence.index import Evidence, set_of_source
from rewriter.checks.evidence.moments import parts_of
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import pattern
from rewriter.text.quantities import Moment

_DAY, _MONTHS, _WEEK = 86_400, 12, timedelta(days=7)
# Days that a report counts from its own, at most.
_FAR = 60
_DECEMBER, _LAST = 12, 31
_CALENDAR = frozenset({"year", "month", "quarter", "half"})
_AGO = pattern("ago")
_END_OF_YEAR = pattern("end_of_year")
_WEEKEND = pattern("weekend")
_SATURDAY = 5
# The day after that of publication, in a language that has the word for "morning", too.
_TOMORROW = re.compile(r"(?<!\bheute )(?<!\bgestern )\bmorgen\b")


def follows_from_news(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a date follows from the day of publication, and the source tells no other of it."""
    today, parts = evidence.published, parts_of(moment)
    if today is None or moment.relative or parts.keys() - {*_CALENDAR, "day"} or moment.decade:
        return False
    if (moment.year or today.year, moment.month, moment.day) in _days(evidence):
        return True
    if moment.quarter or moment.half:
        rest = moment._replace(year=None)
        last = (moment.quarter or 0) * 3 or (moment.half or 0) * 6
        years = (today.year, today.year - 1 if last >= today.month else today.year)
        bare = (said.moment.year is None for said in evidence.moments.supporting(rest))
        return moment.year in years and any(bare)
    if moment.day is not None or _has_rival(statement, evidence):
        return False
    if moment.month is None:
        return moment.year == today.year
    near = {(day.year, day.month) for day in (today - _WEEK, today, today + _WEEK)}
    return (moment.year or today.year, moment.month) in near


def is_of_weekend(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a weekday is one of the weekend that a sentence about the same speaks of."""
    weekend = moment.weekday is not None and moment.weekday >= _SATURDAY
    said = (place.text for place in evidence.sharing(statement))
    return weekend and any(map(_WEEKEND.search, said))


def _has_rival(statement: Statement, evidence: Evidence) -> bool:
    """Whether a sentence about the same has a month or a year of its own."""
    said = (m for place in evidence.sharing(statement) for m in place.facts.moments)
    return any(m.year is not None or m.month is not None for m in said)


@set_of_source
def _days(evidence: Evidence) -> Iterator[tuple[int, int | None, int | None]]:
    """Year, month and day of what the source counts from today, the latter as far as it says."""
    if (today := evidence.published) is None:
        return
    for statement in evidence.statements:
        if _END_OF_YEAR.search(statement.text):
            yield from ((today.year, _DECEMBER, day) for day in (_LAST, None))
            yield today.year, None, None
        if evidence.lang == "de" and _TOMORROW.search(statement.text):
            day = today + timedelta(days=1)
            yield day.year, day.month, day.day
        monday = today - timedelta(days=today.weekday())
        moments = statement.facts.moments[:MOST_FIGURES]
        weeks = (m.relative for m in moments if m.relative.startswith("week"))
        mondays = [monday + int(week.split()[1]) * _WEEK for week in weeks]
        weekdays = {m.weekday or 0 for m in moments if m.weekday is not None}  # "Friday last week"
        named = [first + timedelta(days=day) for first in mondays for day in {0, *weekdays}]
        if _WEEKEND.search(statement.text):
            ends = (monday + timedelta(days=_SATURDAY + n) for n in (-7, -6, 0, 1))
            named += ends
        yield from ((day.year, day.month, day.day) for day in named)
        if not _AGO.search(statement.text):
            continue
        for quantity in statement.facts.quantities:
            if quantity.unit == "time" and not quantity.value % _DAY:
                days = int(quantity.value) // _DAY
                if 0 < days <= _FAR:
                    day = today - timedelta(days=days)
                    yield from ((day.year, day.month, each) for each in (day.day, None))
            elif quantity.unit == "calendar" and not quantity.value % 1:
                months = today.year * _MONTHS + today.month - 1 - int(quantity.value)
                year, month = divmod(months, _MONTHS)
                yield year, None, None
                if quantity.value < _MONTHS:
                    yield year, month + 1, None
