"""Two days or times that share what only one of them says: June 5-7, 5 to 7 June, 9-11 a.m."""

from __future__ import annotations

from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.named_dates import day_at, read_moment
from rewriter.text.quantities.periods import is_short_period, short_period
from rewriter.text.quantities.ranges import DASHES
from rewriter.text.quantities.scan import Scan

_HOUR = 60
_LONGEST = len("04.03.2025")
_HALF_DAY = 12 * _HOUR
_ENDS = frozenset(",.;:)?!")


def read_moments(scan: Scan, index: int) -> tuple[list[Moment], int] | None:
    """The moment at `index`, or the two of a span that begins there, and the index behind."""
    token = scan.tokens[index]
    if token.kind == "number":
        if len(token.text) > _LONGEST or "," in token.text:
            return None
        span = _first_borrows(scan, index) if len(token.text) <= 2 else None
        if span:
            return span
    elif token.kind == "word" and token.lower not in scan.words.moment_starters:
        period = short_period(scan, index) if is_short_period(token.lower) else None
        return ([period[0]], period[1]) if period else None
    found = read_moment(scan, index)
    if found is None:
        return None
    moment, end = found
    if moment.month and moment.day and (later := _later_day(scan, moment, end)):
        return later
    return [moment], end


def _first_borrows(scan: Scan, index: int) -> tuple[list[Moment], int] | None:
    """5-7 June, 5. bis 7. Juni, du 5 au 7 juin; 9-11 a.m."""
    if scan.integer(index, 1, 31) is None:
        return None
    day, at = day_at(scan, index)
    at += scan.at(at) == "." and scan.lang == "de"
    if not _is_link(scan, at):
        return None
    behind = at + 1 + (scan.means(at + 1, "before_second_day"))  # "entre le 3 et le 5 janvier"
    if scan.kind(behind) != "number":
        return None
    found = read_moment(scan, behind)
    if found is None:
        return None
    last, end = found
    start, stop = scan.span(index, at)
    if last.month and last.day and day < last.day and last.start == scan.tokens[behind].start:
        return [Moment(start, stop, last.year, last.month, day), last], end
    months = last.month is not None and last.day is None and scan.lang == "zh"  # 1-6月
    if months and last.year is None and day < (last.month or 0):
        return [Moment(start, stop, last.year, day), last], end
    if last.minute is None or last.twelve or day > 12:
        return None
    minute = day * _HOUR % _HALF_DAY
    if minute < last.minute % _HALF_DAY:  # otherwise the span crosses noon: "9-5 p.m."
        minute += last.minute // _HALF_DAY * _HALF_DAY
    return [Moment(start, stop, minute=minute), last], end


def _later_day(scan: Scan, moment: Moment, end: int) -> tuple[list[Moment], int] | None:
    """June 5-7, June 5 to 7, 2024; 6月5日至7日."""
    if not _is_link(scan, end):
        return None
    day, at = day_at(scan, end + 1)
    if not (moment.day and day > moment.day) or scan.kind(end + 1) != "number":
        return None
    if scan.words.months.match(scan.tokens, at):  # "2 January-4 February"
        return None
    at += scan.at(at) in ("日", "号")
    closed = scan.at(at) in _ENDS or scan.kind(at) in ("han", "number", "")
    closed = closed or (scan.lang == "en" and scan.means(at, "count_nothing"))
    if not closed and scan.written(end) not in DASHES:
        return None
    start, stop = scan.span(end + 1, at)
    later = moment._replace(start=start, end=stop, day=day)
    behind = at + (scan.at(at) == ",")
    year = scan.year(behind) if moment.year is None else None
    if year:
        later = later._replace(year=year, end=scan.tokens[behind].end)
        return [moment._replace(year=year), later], behind + 1
    return [moment, later], at


def _is_link(scan: Scan, index: int) -> bool:
    said = scan.means(index, "range") or scan.means(index, "span_links")
    return said or scan.at(index) in DASHES
