"""How long it is between two dates of a source, or from one of them to today."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from math import ceil

from rewriter.checks.evidence.calendars import years_of_today
from rewriter.checks.evidence.index import Evidence, minutes_in, of_source, set_of_source
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import pattern
from rewriter.text.quantities import LANGUAGES, Quantity

# Seconds of a minute and a day, months of a year, years of a decade.
_MINUTE, _DAY, _MONTHS, _DECADE = 60, 86_400, 12, 10
# From how many years on a span is none by chance where the day of publication is not known.
_LONG = 10
# Numbers that may be years, and how many digits they have.
_MAYBE_YEARS, _DIGITS = range(1000, 2200), 4
# A leap year, for dates without a year.
_ANY_YEAR = 2020
# The spans that round years stand for: "more than 200 years", "almost 500", "about 60".
_ROUND_YEARS = {"over": (1.0, 1.2), "under": (0.8, 1.0), "about": (0.95, 1.05)}
# Dates of a source that are compared, and by how many days a number of weeks may be rough.
_MOST_DATES, _ROUGH = 24, 3
# A day of a month without the month, and what says so where it stands: "28일부터", not "28일 만에".
_BARE_DAY = re.compile(r"(?<![\d月월]) ?(?<!\d)(\d{1,2})[日일](?![間간本])")
_IS_DAY = pattern("eastern_is_day")

_UNITS = pattern("units_of_time")
# The year before, as a comparison has it, and what says behind a year that it is that one.
_YEAR_BEFORE = re.compile(r"同期|同比|前年|昨年|去年|지난해|전년|작년")
_BEFORE = re.compile(r" ?[年년]? ?(?:以?前|이?전|사이)")
# Characters and words between the two times of a range at most, what lists times, and how "between"
# begins.
_REACH, _LINK = 24, 2
_LISTS = pattern("lists")
_BETWEEN = pattern("between")
_SIZES = {
    "years": ("calendar", _MONTHS),
    "months": ("calendar", 1),
    "weeks": ("time", 7 * _DAY),
    "days": ("time", _DAY),
    "": ("", 1),
}


def is_elapsed(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether so much time lies between two dates of the source, or between one and today.

    Or the source has it in days and the sentence in weeks.
    """
    quantity = _with_unit(quantity, statement, evidence.lang)
    if quantity.unit == "calendar":
        year_before = quantity.value == _MONTHS and _BEFORE.match(statement.text, quantity.end)
        if year_before and any(map(_YEAR_BEFORE.search, evidence.texts)):
            return True
        years, rest = divmod(quantity.value, _MONTHS)
        if (rest or evidence.published is not None) and quantity.value in _months(evidence):
            return True
        known = _years(evidence)
        long = years >= (_LONG if evidence.published is None else 1)
        return not rest and long and (int(years) in known or _rounds(int(years), quantity, known))
    if quantity.unit == "time" and quantity.value < _DAY:
        return _is_gap(int(quantity.value), statement, evidence)
    if quantity.unit != "time" or quantity.value % _DAY:
        return False
    days = int(quantity.value) // _DAY
    if days != quantity.number and days in _spans(evidence):
        return True
    rough = (_ROUGH if quantity.bound else 1) if quantity.number * _DAY != quantity.value else 0
    return any(days + step in _days(evidence) for step in range(-rough, rough + 1))


def _is_gap(length: int, statement: Statement, evidence: Evidence) -> bool:
    """Whether a length lies between two times of day in one sentence of the same words.

    Where the times are no range ("at 9:15 and at 11:45"), that sentence must have the first word
    of meaning, of what so much is told, and the source no other length of it.
    """
    gaps = _gaps(evidence).get(length, [])
    near = [gap for gap in gaps if gap[0].content & statement.content]
    if any(is_range for _, is_range in near):
        return True
    first = next(filter(None, statement.stems), "")
    if not any(first in other.content for other, _ in near):
        return False
    return all(s.content.isdisjoint(statement.content) for s in _timed(evidence))


@of_source
def _timed(evidence: Evidence) -> list[Statement]:
    """The sentences that give a length of time below a day."""
    return [statement for statement in evidence.statements if minutes_in(statement)]


@of_source
def _gaps(evidence: Evidence) -> dict[int, list[tuple[Statement, bool]]]:
    """By seconds the sentences with two times of day so far apart, and whether they are a range.

    A range may end on the next day: "from 10 p.m. to 6 a.m.".
    """
    found: dict[int, list[tuple[Statement, bool]]] = defaultdict(list)
    for statement in evidence.statements:
        times = [m for m in statement.facts.moments if m.minute is not None][:_MOST_DATES]
        for one, other in combinations(times, 2):
            gap = ((other.minute or 0) - (one.minute or 0)) * _MINUTE
            link = statement.text[one.end : other.start].lower()
            before = statement.before(one, _REACH).lower()
            listed = _LISTS.search(link) and not _BETWEEN.search(before)
            near = len(link) <= _REACH and len(link.split()) <= _LINK
            is_range = near and not listed
            found[gap % _DAY if is_range else abs(gap)].append((statement, is_range))
    return found


def _rounds(years: int, quantity: Quantity, known: frozenset[int]) -> bool:
    """Whether round years bound one of the spans, or are about one: "more than 200" for 217."""
    digits = str(years).rstrip("0")
    below, above = _ROUND_YEARS.get(quantity.bound, (1, 1))
    unit = 10 ** (len(str(years)) - len(digits))
    near = range(
        max(ceil(years * below), years - unit + 1), min(int(years * above), years + unit - 1) + 1
    )
    return unit > 1 and not known.isdisjoint(near)


def _with_unit(quantity: Quantity, statement: Statement, lang: str) -> Quantity:
    """A figure with its unit of time, in a language whose units are not read: "6日後"."""
    if lang in LANGUAGES or quantity.kind != "count" or quantity.unit:
        return quantity
    if _IS_DAY.match(statement.text, quantity.end):
        return quantity
    found = _UNITS.match(statement.text, quantity.end)
    unit, size = _SIZES[found.lastgroup or ""] if found else ("", 1)
    return quantity._replace(unit=unit, value=quantity.number * size)


@set_of_source
def _spans(evidence: Evidence) -> Iterator[int]:
    """The lengths of time of the source in days."""
    units = (
        _with_unit(quantity, statement, evidence.lang)
        for statement in evidence.statements
        for quantity in statement.facts.quantities
    )
    return (int(q.value) // _DAY for q in units if q.unit == "time" and not q.value % _DAY)


@of_source
def _years(evidence: Evidence) -> frozenset[int]:
    """The years between the years of each sentence, and from each year to that of publication.

    A birthday may be to come, and a decade has ten years.
    """
    moments = [m for statement in evidence.statements for m in statement.facts.moments]
    said = {m.year + step for m in moments if m.year for step in range(_DECADE if m.decade else 1)}
    said |= set(_bare_years(evidence))
    spans = {now - year for now in years_of_today(evidence) for year in said}
    for statement in evidence.statements:
        own = sorted({m.year for m in statement.facts.moments if m.year is not None})
        spans |= {late - early for early, late in combinations(own, 2)}
    return frozenset({*map(abs, spans), *(abs(span) - 1 for span in spans)})


def _bare_years(evidence: Evidence) -> Iterator[int]:
    """The numbers of four digits that count nothing known: "wurde 1809 gebaut"."""
    for statement in evidence.statements:
        for q in statement.facts.quantities:
            counts = q.kind == "count" and not (q.unit or q.label or q.spelled)
            if counts and q.end - q.start == _DIGITS and q.value in _MAYBE_YEARS:
                yield int(q.value)


@set_of_source
def _months(evidence: Evidence) -> Iterator[int]:
    named = {
        m.year * _MONTHS + m.month
        for m, _ in evidence.moments.all
        if m.year and m.month is not None
    }
    today = evidence.published
    own = {today.year * _MONTHS + today.month} if today else set[int]()
    for one, other in combinations(sorted(named)[:_MOST_DATES] + sorted(own - named), 2):
        yield abs(other - one)


@set_of_source
def _days(evidence: Evidence) -> Iterator[int]:
    """The days between two dates; a day more where both are counted."""
    named = {(m.year, m.month, m.day) for m, _ in evidence.moments.all if m.month and m.day}
    dates = {day for key in sorted(named, key=str)[:_MOST_DATES] if (day := _date(*key))}
    if today := evidence.published:
        dates |= {today} | {day for n in _bare_days(evidence) if (day := _coming(n, today))}
    for one, other in combinations(dates, 2):
        yield abs((other - one).days)


def _bare_days(evidence: Evidence) -> set[int]:
    """The days of a month that a Japanese or Korean source names without it: "20日に迫る"."""
    return {int(day) for text in evidence.texts for day in _BARE_DAY.findall(text)}


def _coming(day: int, today: date) -> date | None:
    """The first such day of a month from today on."""
    later = today.month % _MONTHS + 1 if day < today.day else today.month
    return _date(today.year + (later < today.month), later, day)


def _date(year: int | None, month: int | None, day: int | None) -> date | None:
    try:
        return date(year or _ANY_YEAR, month or 1, day or 1)
    except ValueError:
        return None
