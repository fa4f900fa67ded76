"""Days that a source counts from another date: "June 2 ... three days later", "the next day"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import zip_longest

from rewriter.checks.evidence.moments import Said
from rewriter.checks.evidence.reading import Statement

_DAY = 86_400
# Days at most that a report counts from a date.
_FAR = 31
# A leap year, for dates without a year.
_ANY_YEAR = 2020
_NEXT_DAY = re.compile(
    r"\b(?:(?:next|following|previous) day|day (?:after|before|earlier|later)|the eve"
    r"|día (?:siguiente|después|antes|anterior)|víspera|lendemain|la veille"
    r"|(?:nächsten|folgenden) Tag|Folgetag|Vortag|Tags darauf|Tag (?:später|zuvor|danach|davor)"
    r"|dia (?:seguinte|depois|antes|anterior)|véspera"
    r"|giorno (?:dopo|seguente|successivo|prima|precedente)|vigilia"
    r"|следующий день|накануне|днём (?:ранее|позже)|днем (?:ранее|позже)|назавтра"
    r"|ertesi gün|bir gün (?:sonra|önce)|volgende dag|dag (?:later|eerder|ervoor|erna)"
    r"|następnego dnia|dzień (?:później|wcześniej)|nästa dag|seuraavana päivänä)"
    r"|次日|翌日|第二天|前一天|前日|이튿날|다음 ?날|전날",
    re.IGNORECASE,
)


def counted_days(
    statements: Sequence[Statement], moments: Iterable[Said]
) -> frozenset[tuple[int, int]]:
    """Month and day of every date that a source gives by counting from another one nearby.

    The count stands in the same sentence as the date or in a neighbouring one.
    """
    steps = cache(lambda index: frozenset(_steps(statements[index])))
    found = set()
    for moment, index in moments:
        if moment.month is None or moment.day is None:
            continue
        around = range(max(0, index - 1), min(len(statements), index + 2))
        near = frozenset[int]().union(*map(steps, around))
        for step in (*near, *(-days for days in near)):
            if day := _shifted(moment.year or _ANY_YEAR, moment.month, moment.day, step):
                found.add((day.month, day.day))
    return frozenset(found)


def counted_weekdays(statements: Sequence[Statement]) -> frozenset[int]:
    """The weekdays that a source gives by another one: "Monday ... the day before".

    That one is the last before the phrase, or stands in the same or the next sentence.
    """
    found: set[int] = set()
    last: set[int] = set()
    for statement, behind in zip_longest(statements, statements[1:]):
        own = _weekdays(statement)
        if _NEXT_DAY.search(statement.text):
            known = own | last | (_weekdays(behind) if behind else set())
            found.update((day + step) % 7 for day in known for step in (-1, 1))
        last = own or last
    return frozenset(found)


def _weekdays(statement: Statement) -> set[int]:
    return {m.weekday for m in statement.facts.moments if m.weekday is not None}


def _steps(statement: Statement) -> Iterator[int]:
    """How many days a sentence counts."""
    for quantity in statement.facts.quantities:
        days, rest = divmod(quantity.value, _DAY)
        if quantity.unit == "time" and not rest and 0 < days <= _FAR:
            yield int(days)
    if _NEXT_DAY.search(statement.text):
        yield 1


def _shifted(year: int, month: int, day: int, step: int) -> date | None:
    try:
        return date(year, month, day) + timedelta(days=step)
    except (ValueError, OverflowError):
        return None
