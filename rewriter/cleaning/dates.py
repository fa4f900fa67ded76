"""Dates as pages print them, by strict formats: what is not one of these is not a date.

Fuzzy parsers fill in the parts that a line does not give; a publication date must not be made up.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import NamedTuple

from rewriter.cleaning import phrases
from rewriter.remembering import remembered

_MONTHS = {
    name: number
    for line in phrases.lines("months")
    for number, name in enumerate(line, 1)
    if name != "-"
}
# Zones with one meaning in news text, in hours. "CST" (Chicago, China) and "ET" are left out.
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2,
    "MEZ": 1, "MESZ": 2, "BST": 1, "MSK": 3, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8,
}  # fmt: skip

_WEEKDAY = rf"(?:\b(?:{'|'.join(chain.from_iterable(phrases.lines('weekdays')))})\.?,?\s)?"
# "20262:23 PM": a space of the page got lost.
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d(?!\d?:\d\d\s?[ap]\.?m))"
_A_YEAR = re.compile(r"(?:19|20)\d\d|\b\d\d\.\d\d\.\d\d\b")
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_NUMBER = r"(?P<month>\d{1,2})"
_DAY = r"(?P<day>\d{1,2})"
# 18:32, 18h32, 18 h 32, 18h, 18時32分, and 18.32 where "Uhr" tells that it is no number.
_TIME = (
    r"(?:(?:T|,?\s{0,2}(?:[|·•–-]\s?)?(?:(?:at|um|a las|à|às|alle(?:\sore)?|ore|om|в)\s)?)"
    r"(?P<hour>\d{1,2})"
    r"(?:(?::|\s?h\s?|\.(?=\d{2}\suhr)|[時时点點]\s?)(?P<minute>\d{2})分?|\s?h\b)"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s?(?P<half>[ap]\.?m\b\.?)?(?:\s?(?:uhr|h)\b)?"
    r"\s?\(?(?P<zone>(?-i:[A-Z]{1,4})\b|[+-]\d{2}:?\d{2})?\)?)?"
)
# "9:41 AM EST, Thu": without "AM", "Uhr" or a zone it may be a score.
_EARLY = (
    r"(?:(?<![\d:.])(?P<early_hour>\d{1,2})[:.](?P<early_minute>\d{2})(?!\d)"
    r"(?=\s?(?:[ap]\.?m\b|uhr\b|\(?(?-i:[A-Z]{3,4})\b))"
    r"\s?(?P<early_half>[ap]\.?m\b\.?)?(?:\s?uhr\b)?"
    r"(?:\s?\(?(?P<early_zone>(?-i:[A-Z]{1,4}))\b\)?)?"
    r"(?:,|\s[|·•–-])?\s(?:(?:on|am|el|le|il|op)\s)?)?"
)
_FORMATS = tuple(
    re.compile(_EARLY + _WEEKDAY + day + _TIME, re.IGNORECASE)
    for day in (
        rf"(?<!\d){_YEAR}(?P<dash>[-/]){_NUMBER}(?P=dash){_DAY}(?!\d)",  # 2026-01-29
        rf"(?<!\d){_DAY}(?:st|nd|rd|th|\.|º|er)?\s(?:de\s|of\s)?{_MONTH},?\s(?:de\s|del\s)?{_YEAR}",
        rf"{_MONTH}\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}",  # January 29th, 2026
        rf"(?<!\d){_YEAR}\s?年\s?{_NUMBER}\s?月\s?{_DAY}\s?日",
        rf"(?<![\d.]){_DAY}\.{_NUMBER}\.{_YEAR}",  # 29.01.2026
        r"(?<![\d.])(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d\d)(?![\d.])",  # 29.01.26
        rf"(?<![\d/-])(?P<left>\d{{1,2}})(?P<dash>[-/])(?P<right>\d{{1,2}})(?P=dash){_YEAR}",
    )
)

# Nine digits or more, from 1973: "2026" and "20260129" are dates. Above the bound a number counts
# milliseconds; the last second is that of the year 2100.
_EPOCH = re.compile(r"\d{9,13}(?:\.\d{1,9})?")
_MILLISECONDS_FROM = 100_000_000_000
_FIRST_SECOND = 100_000_000
_LAST_SECOND = 4_102_444_800
# What programs write where they know no date: the year 1, and the first second of 1970.
_FIRST_YEAR = 1_600
_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


class FoundDate(NamedTuple):
    """A date in a line: where it stands, and the instant in UTC; a date alone means midnight.

    `when` is None for an impossible date (30 February) and for one that can be read in two ways.
    """

    start: int
    end: int
    when: datetime | None


@remembered(1024, longest=300)  # several stages ask about the same lines
def find_dates(line: str, *, day_first: bool = False) -> tuple[FoundDate, ...]:
    """Every date in `line`, left to right.

    "03/04/2026" is 3 April where `day_first` says that the language writes it so, otherwise it may
    be either; "29/01/2026" can be read in one way only.
    """
    if not _A_YEAR.search(line):
        return ()
    found: list[FoundDate] = []
    matches = (match for form in _FORMATS for match in form.finditer(line))
    for match in sorted(matches, key=re.Match.start):
        try:
            when = _instant(match, day_first)
        except (ValueError, OverflowError):
            when = None
        found.append(FoundDate(match.start(), match.end(), when))
    return tuple(found)


def parse_date(text: str) -> datetime | None:
    """The instant that `text` gives if it is one date and nothing else, in UTC."""
    text = text.strip()
    found = find_dates(text)
    whole = found and (found[0].start, found[0].end) == (0, len(text))
    return found[0].when if whole else None


def is_day(when: datetime) -> bool:
    """True for midnight in UTC, as which a date without a time of day is read."""
    return when.time() == time()


def parse_instant(value: str | float | None) -> datetime | None:
    """The instant of an API's or a feed's field: seconds or milliseconds since 1970, or text.

    Text is ISO 8601 (without a zone it is UTC), RFC 2822, or what `parse_date` reads. None where
    the value is none of these, or is nearer to 1970 than a real article.
    """
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        return _of_epoch(float(text)) if _EPOCH.fullmatch(text) else _of_text(text)
    return _of_epoch(value) if value >= _FIRST_SECOND else _of_text(str(value))


def _of_epoch(number: float) -> datetime | None:
    if number >= _LAST_SECOND * 1000:  # JSON has numbers that no division takes
        return None
    seconds = number / 1000 if number >= _MILLISECONDS_FROM else number
    return datetime.fromtimestamp(seconds, UTC) if _FIRST_SECOND <= seconds < _LAST_SECOND else None


def _of_text(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        try:
            when = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return parse_date(text)
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    return None if when.year < _FIRST_YEAR or when == _NO_DATE else _in_utc(when)


def _in_utc(when: datetime) -> datetime | None:
    try:
        return when.astimezone(UTC)
    except OverflowError:  # the year 1 or 9999 in another zone
        return None


def _instant(match: re.Match[str], day_first: bool) -> datetime:
    parts = match.groupdict()
    if parts["hour"] is None:
        parts |= {name: parts[f"early_{name}"] for name in ("hour", "minute", "half", "zone")}
    year = int(parts["year"])
    day = datetime(
        year if year > 99 else 2000 + year, *_month_and_day(parts, day_first), tzinfo=UTC
    )
    offset = _offset(parts["zone"])
    if parts["hour"] is None or offset is None:
        return day
    hour = _hour(int(parts["hour"]), parts["half"])
    clock = day.replace(
        hour=hour,
        minute=int(parts["minute"] or 0),
        second=int(parts["second"] or 0),
        microsecond=int(f"{parts['fraction'] or '':0<6.6}"),
        tzinfo=timezone(offset),
    )
    return clock.astimezone(UTC)


def _month_and_day(parts: dict[str, str], day_first: bool) -> tuple[int, int]:
    """Month and day; ValueError for numbers between slashes that can be read in two ways."""
    if parts.get("left") is None:
        month = parts["month"]
        return int(month) if month.isdigit() else _MONTHS[month.casefold()], int(parts["day"])
    left, right = int(parts["left"]), int(parts["right"])
    if left > 12 or left == right or (day_first and right <= 12):
        return right, left
    if right > 12:
        return left, right
    raise ValueError("either number may be the month")


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no such hour on a 12-hour clock")
    return hour % 12 + (12 if half[0] in "pP" else 0)


def _offset(zone: str | None) -> timedelta | None:
    """The zone's distance from UTC; a date without one is taken as UTC; None for an unknown one."""
    if zone is None:
        return timedelta(0)
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        return (1 if zone[0] == "+" else -1) * timedelta(
            hours=int(digits[:2]), minutes=int(digits[2:])
        )
    hours = _ZONES.get(zone.upper())
    return None if hours is None else timedelta(hours=hours)
