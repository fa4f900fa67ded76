"""Dates in figures: 2025-03-04, 04.03.2025, 4/3/2025, the German 4.3., and 2025年3月4日."""

from __future__ import annotations

from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.scan import FIRST_YEAR, LAST_YEAR, MomentAt, Scan

_SEPARATORS = ("-", "/", ".")


def numeric_date(scan: Scan, index: int) -> MomentAt | None:
    """The date in figures at `index`; day first unless that is impossible.

    In English "4/3/2025" leaves day and month open, so only its year is a fact.
    """
    if "." not in scan.written(index) and scan.at(index + 1) not in _SEPARATORS:
        return None
    parts, end = _date_parts(scan, index)
    if len(parts) != 3 or not all(part.isdigit() and len(part) <= 4 for part in parts):
        return _day_and_month(scan, index)
    first, second, third = (int(part) for part in parts)
    start, stop = scan.span(index, end)
    if len(parts[0]) == 4 and 1 <= second <= 12 and 1 <= third <= 31:
        return Moment(start, stop, year=first, month=second, day=third), end
    if len(parts[2]) != 4 or not FIRST_YEAR <= third <= LAST_YEAR:
        return None
    if first <= 12 < second <= 31:
        first, second = second, first
    if not (1 <= second <= 12 and 1 <= first <= 31):
        return None
    slashed = scan.at(index + 1) == "/" and scan.lang == "en"
    if slashed and first <= 12 and first != second:
        return Moment(start, stop, year=third), end
    return Moment(start, stop, year=third, month=second, day=first), end


def _day_and_month(scan: Scan, index: int) -> MomentAt | None:
    """4.3., where a decimal has a comma."""
    day, dot, month = scan.written(index).partition(".")
    closed = scan.at(index + 1) == "." and scan.glued(index + 1)
    if not (scan.lang == "de" and closed and dot and day.isdigit() and month.isdigit()):
        return None
    if len(day) > 2 or len(month) > 2 or not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return None
    return Moment(*scan.span(index, index + 2), month=int(month), day=int(day)), index + 2


def _date_parts(scan: Scan, index: int) -> tuple[list[str], int]:
    text = scan.written(index)
    if text.count(".") == 2:
        return text.split("."), index + 1
    separator = scan.at(index + 1)
    if separator not in _SEPARATORS:
        return [], index
    pieces, end = scan.tokens[index : index + 5], index + 5
    whole = len(pieces) == 5 and pieces[3].text == separator
    if not whole or not all(scan.glued(i) for i in range(index + 1, end)):
        return [], index
    return [piece.text for piece in pieces[::2]], end


def han_date(scan: Scan, index: int) -> MomentAt | None:
    """2025年3月4日, 2025年, 3月4日, 3月, 二〇二五年三月四日."""
    year, at = _marked(scan, index, "年", (FIRST_YEAR, LAST_YEAR))
    month, at = _marked(scan, at, "月", (1, 12))
    day, at = _marked(scan, at, "日号號", (1, 31)) if month else (None, at)
    if at == index:
        return None
    found = scan.words.seasons.match(scan.tokens, at) if year and not month else None  # 2020年春季
    season, at = found or (None, at)
    return Moment(*scan.span(index, at), year, month, day, season=season), at


def _marked(scan: Scan, index: int, marks: str, limits: tuple[int, int]) -> tuple[int | None, int]:
    """The number before one of the marks and the index behind the mark; None and `index`."""
    text = scan.at(index)
    if scan.kind(index) == "number" and text.isdigit() and len(text) <= 4:
        number, at = int(text), index + 1
    elif found := scan.han_integer(index):
        number, at = found
    else:
        return None, index
    marked = scan.at(at) and scan.at(at) in marks
    return (number, at + 1) if marked and limits[0] <= number <= limits[1] else (None, index)
