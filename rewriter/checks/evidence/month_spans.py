"""Spans of months, which may be said as quarters, halves or months: Q1, January to March."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from rewriter.checks.evidence.figures import MOST_FIGURES
from rewriter.checks.evidence.index import Evidence, of_source
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import pattern
from rewriter.text.quantities import LANGUAGES, Moment, Quantity

# What stands between the two months of a span, or between "three months" and the last of them.
_BETWEEN = re.compile(r"[^\d.,;:!?()]{1,20}")
_FIRST = pattern("first_months")
_FIRST_REACH = 12
_FIRST_INSIDE = re.compile(r" pr(?:im|em)\w+ (?:mes|mois|trimestr)")
_FISCAL = pattern("fiscal")
_UNREAD = pattern("unread_quarters")
_QUARTER, _HALF, _YEAR = 3, 6, 12


class MonthSpan(NamedTuple):
    """The first and the last month of a span, its year if it is said, and its place."""

    first: int
    last: int
    year: int | None
    start: int
    end: int


def is_known_span(place: Moment | Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a month or a number of months belongs to a span of the source, said in other words.

    A year must be that of the span or, where the span has none, one that the source names.
    """
    known = _known(evidence)
    if evidence.lang not in LANGUAGES and any(map(_UNREAD.search, evidence.texts)):
        return any(
            span.start <= place.start and place.end <= span.end
            for span in _spans_in(statement)
            if (span.last - span.first + 1, span.last % _QUARTER) in ((_QUARTER, 0), (_HALF, 0))
            and (span.year is None or evidence.moments.having("year", span.year))
        )
    return any(
        span.start <= place.start and place.end <= span.end
        for span in _spans_in(statement)
        for year in known.get((span.first, span.last), ())
        if span.year in (None, year)
        or (year is None and evidence.moments.having("year", span.year or 0))
    )


@of_source
def _known(evidence: Evidence) -> dict[tuple[int, int], set[int | None]]:
    """The years of each span of the source."""
    found: dict[tuple[int, int], set[int | None]] = {}
    for statement in evidence.statements:
        for span in _spans_in(statement):
            if not _FISCAL.match(statement.text, span.end):
                found.setdefault((span.first, span.last), set()).add(span.year)
    return found


def _spans_in(statement: Statement) -> Iterator[MonthSpan]:
    moments, text = statement.facts.moments, statement.text
    if len(moments) > MOST_FIGURES:
        return
    for moment in moments:
        number, length = (moment.quarter, _QUARTER) if moment.quarter else (moment.half, _HALF)
        if number and moment.month is None:
            last = number * length
            yield MonthSpan(last - length + 1, last, moment.year, moment.start, moment.end)
    for one, other in pairwise(moments):
        if not (_is_month(one) and _is_month(other)):
            continue
        first, last = one.month or 0, other.month or 0
        if first < last and _BETWEEN.fullmatch(text, one.end, other.start):
            yield MonthSpan(first, last, other.year or one.year, one.start, other.end)
    for quantity in statement.facts.quantities[:MOST_FIGURES]:
        yield from _counted(quantity, statement)


def _is_month(moment: Moment) -> bool:
    return moment.month is not None and moment.day is None


def _counted(quantity: Quantity, statement: Statement) -> Iterator[MonthSpan]:
    """The span of "first nine months" and of "three months to March"."""
    text, behind = statement.text, [m for m in statement.facts.moments if m.start >= quantity.end]
    inside = _FIRST_INSIDE.match(text, quantity.end)  # "neuf premiers mois"
    months = int(quantity.value) * (_QUARTER if inside and inside[0].endswith("trimestr") else 1)
    if not (quantity.unit == "calendar" or inside) or quantity.value % 1 or not 1 < months < _YEAR:
        return
    near = behind[0] if behind and _BETWEEN.fullmatch(text, quantity.end, behind[0].start) else None
    before = text[max(0, quantity.start - _FIRST_REACH) : quantity.end].lower()
    if inside or _FIRST.search(before):
        year = near.year if near and near.month is None else None
        yield MonthSpan(1, months, year, quantity.start, quantity.end)
    elif near and near.month and near.month >= months:
        first = near.month - months + 1
        yield MonthSpan(first, near.month, near.year, quantity.start, near.end)
