"""Whether a weekday is that of a date of the source, or of a night that begins or ends on it."""

from __future__ import annotations

from collections import defaultdict

from rewriter.checks.evidence.calendars import are_beside, calendars, weekday_of
from rewriter.checks.evidence.figures import MOST_FIGURES
from rewriter.checks.evidence.index import Evidence, of_source
from rewriter.checks.evidence.reading import Statement, stem
from rewriter.checks.lexicon import pattern, word_set
from rewriter.text.quantities import Moment

# Characters between the two weekdays of a night at most.
_NIGHT = 8
_NOON = 12 * 60
_MORNING = pattern("morning")


def is_weekday_of_date(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a weekday is that of a date with its year in the source, which is about the same.

    That sentence has a content word in common, or this one has none: "It was a Wednesday".
    """
    own = statement.content - {stem(statement.written(moment).lower())}
    about = _dated_weekdays(evidence).get(-1 if moment.weekday is None else moment.weekday, set())
    return any(not own or own & evidence.statements[index].content for index in about)


@of_source
def _dated_weekdays(evidence: Evidence) -> dict[int, set[int]]:
    """For each weekday the statements with a date that falls on it."""
    found: dict[int, set[int]] = defaultdict(set)
    nearest: dict[tuple[int, int | None, int | None], list[Moment]] = defaultdict(list)
    for moment, index in evidence.moments.all:
        nearest[index, moment.month, moment.day].append(moment)
    for (index, _, _), moments in nearest.items():
        moment = min(moments, key=lambda one: _months_away(one, evidence))
        for weekday in _weekdays_of(moment, evidence):
            found[weekday].add(index)
    return found


def _months_away(moment: Moment, evidence: Evidence) -> int:
    """How far a date lies from publication: one without a year may be of the last or the next."""
    today = evidence.published
    if today is None or moment.year is None:
        return 0
    return abs(12 * (moment.year - today.year) + (moment.month or today.month) - today.month)


def _weekdays_of(moment: Moment, evidence: Evidence) -> set[int]:
    """The weekday of a date; none without its day, several where the year may be a leap year."""
    if moment.month is None or moment.day is None:
        return set()
    years = {moment.year} if moment.year else calendars(evidence)
    days = (weekday_of(year, moment.month, moment.day) for year in years)
    return {day for day in days if day is not None}


def is_weekday_of(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a weekday is that of the date beside it, where the source's year is known."""
    if len(statement.facts.moments) > MOST_FIGURES:
        return False
    beside = (m for m in statement.facts.moments if m.day and are_beside(moment, m))
    dated = next((m for m in beside if evidence.moments.supporting(m)), None)
    if dated is None:
        return False
    possible = _weekdays_of(dated, evidence)
    return moment.weekday in possible or not possible


def is_night(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a weekday begins or ends the night of one of the source: "tra sabato e domenica"."""
    return any(
        other.weekday is not None
        and ((moment.weekday or 0) - other.weekday) % 7 in (1, 6)
        and max(moment.start, other.start) - min(moment.end, other.end) <= _NIGHT
        and evidence.moments.having("weekday", other.weekday)
        for other in statement.facts.moments[:MOST_FIGURES]
    )


def is_morning(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a time is noon, and what is said to lie before it is a morning of the source."""
    before = statement.text[: moment.start].lower().rstrip()
    noon = moment.minute == _NOON and before.endswith(tuple(word_set("clock_before")))
    return noon and any(map(_MORNING.search, evidence.texts))
