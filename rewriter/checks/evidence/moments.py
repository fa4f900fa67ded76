"""The source's moments, and when one of them supports a moment in a rewrite."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from rewriter.checks.evidence.reading import Statement
from rewriter.text.quantities import Moment

# Days around the publication within which news calls a day by its weekday alone.
_WEEKDAY_REACH = 14
# Years around a wrong one in which the source's is looked for: slips are of a few years.
_YEARS_NEAR = 10
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}


class Said(NamedTuple):
    """A moment of the source, filled from the day of publication, and its statement."""

    moment: Moment
    statement: int


class Moments:
    """All moments of a source by each of their parts."""

    def __init__(self, statements: Iterable[Statement], published: date | None) -> None:
        self.published = published
        self._by_part: dict[tuple[str, int], list[Said]] = defaultdict(list)
        self.all: list[Said] = []
        self._first: dict[str, Said] = {}
        self._known: set[Moment] = set()
        self._ahead: set[Moment] = set()
        for index, statement in enumerate(statements):
            years = _years_of(statement, published)
            for moment in statement.facts.moments:
                for number, meant in enumerate(_meant(moment, published, years)):
                    self._keep(Said(meant, index))
                    if number and moment.weekday is not None:
                        self._ahead.add(meant)
            for quantity in statement.facts.quantities:
                if quantity.kind == "count" and quantity.value == int(quantity.value) < 2200:
                    year = Moment(quantity.start, quantity.end, year=int(quantity.value))
                    self._by_part["year", int(quantity.value)].append(Said(year, index))

    def _keep(self, said: Said) -> None:
        known = said.moment._replace(start=0, end=0)
        if known in self._known:
            return
        self._known.add(known)
        self.all.append(said)
        for part, value in parts_of(said.moment).items():
            self._by_part[part, value].append(said)
            self._first.setdefault(part, said)

    def having(self, part: str, value: int) -> list[Said]:
        """The moments with this value in this part."""
        return self._by_part.get((part, value), [])

    @property
    def has_times(self) -> bool:
        """Whether the source has a time of day."""
        return "minute" in self._first

    def nearest(self, moment: Moment) -> Said | None:
        """One that shares a part with `moment`, otherwise the nearest year, otherwise one of its
        kind.
        """
        parts = parts_of(moment)
        for part, value in parts.items():
            if said := self.having(part, value):
                return said[0]
        for years in range(1, _YEARS_NEAR + 1) if moment.year else ():
            if said := self.having("year", parts["year"] - years) or self.having(
                "year", parts["year"] + years
            ):
                return said[0]
        of_a_kind = (self._first[part] for part in parts if part in self._first)
        return next(of_a_kind, self.all[0] if self.all else None)

    def supporting(self, moment: Moment) -> list[Said]:
        """The moments that say every part of `moment`."""
        wanted = parts_of(moment)
        if not wanted:
            return []
        lists = [self.having(part, value) for part, value in wanted.items()]
        found = [
            said for said in min(lists, key=len) if wanted.items() <= parts_of(said.moment).items()
        ]
        if moment.month is None or moment.day is not None or self.published is None:
            return found
        # "On Friday", which may be one of the next month, does not name that month.
        own = self.published.month
        return [s for s in found if moment.month == own or s.moment not in self._ahead]

    def within(self, part: str, first: int, last: int) -> list[Said]:
        """The moments whose part lies between two values, both included."""
        return [said for value in range(first, last + 1) for said in self.having(part, value)]


def parts_of(moment: Moment) -> dict[str, int]:
    """The parts of a moment that are said."""
    names = ("year", "month", "day", "weekday", "quarter", "half", "minute", "season", "century")
    return {name: value for name in names if (value := getattr(moment, name)) is not None}


def date_key(moment: Moment) -> tuple[str, tuple[int | None, ...]] | None:
    """What a date is compared by: which of its parts are said, and these; None for a time."""
    said = (moment.year, moment.month, moment.day, moment.weekday, moment.quarter)
    kind = "".join("01"[part is not None] for part in said)
    return (f"date {kind}", said) if "1" in kind else None


def completed(moment: Moment, published: date | None) -> Moment:
    """The moment with what the calendar adds: a date's weekday and quarter, "yesterday"'s date."""
    if moment.relative and published:
        moment = _resolved(moment, published)
    if moment.year is None and published and moment.month and not moment.relative:
        moment = moment._replace(year=_nearest_year(moment, published))
    if moment.weekday is not None and moment.day is None and published:
        day = published - timedelta(days=(published.weekday() - moment.weekday) % 7)
        moment = moment._replace(year=day.year, month=day.month, day=day.day)
    if moment.year and moment.month and moment.day and published:
        moment = moment._replace(weekday=_weekday(moment, published))
    if moment.month and not moment.decade:
        quarter = (moment.month + 2) // 3
        moment = moment._replace(quarter=quarter, half=(quarter + 1) // 2)
    return moment


def _years_of(statement: Statement, published: date | None) -> list[int]:
    """The years that a sentence names by counting from today: "in February of last year"."""
    steps = (moment.relative.partition(" ") for moment in statement.facts.moments)
    return [published.year + int(n) for unit, _, n in steps if published and unit == "year"]


def _meant(moment: Moment, published: date | None, years: list[int]) -> list[Moment]:
    """The moment completed; a bare weekday or month may be the last one or the coming one.

    A month may also be that of one of the `years` that its sentence names.
    """
    meant = [completed(moment, published)]
    if published and moment.month and moment.year is None and not moment.relative:
        last = published.year - (moment.month > published.month)
        coming = published.year + (moment.month < published.month)
        known = sorted({_nearest_year(moment, published), last, coming, *years})
        meant = [completed(moment._replace(year=year), published) for year in known]
    if years and moment.year is None and (moment.half or moment.quarter) and not moment.month:
        meant.extend(moment._replace(year=year) for year in years)
    weekday = moment.weekday
    if weekday is not None and moment.day is None and not moment.relative and published:
        ahead = (weekday - published.weekday()) % 7 or 7
        day = published + timedelta(days=ahead)
        ahead_of = moment._replace(year=day.year, month=day.month, day=day.day)
        meant.append(completed(ahead_of, published))
    return meant


def _nearest_year(moment: Moment, published: date) -> int:
    months = (moment.month or 1) - published.month
    return published.year + (1 if months < -6 else -1 if months > 6 else 0)


def _weekday(moment: Moment, published: date) -> int | None:
    """The weekday of a date; only near the publication would anyone call it by that."""
    try:
        day = date(moment.year or 1, moment.month or 1, moment.day or 1)
    except ValueError:
        return None
    near = abs((day - published).days) <= _WEEKDAY_REACH
    return day.weekday() if near else moment.weekday


def _resolved(moment: Moment, published: date) -> Moment:
    unit, _, text = moment.relative.partition(" ")
    offset = int(text)
    if unit in ("day", "week"):
        day = published + timedelta(days=offset * (7 if unit == "week" else 1))
        if unit == "week":
            return moment._replace(year=day.year)
        return moment._replace(year=day.year, month=day.month, day=day.day)
    months = published.year * 12 + published.month - 1 + offset * _MONTHS_IN[unit]
    year, month = divmod(months, 12)
    if unit == "year":
        return moment._replace(year=year)
    if unit == "quarter":
        return moment._replace(year=year, quarter=month // 3 + 1)
    return moment._replace(year=year, month=month + 1)
