"""In which year a source was written, as far as its dates and weekdays tell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise, permutations

from rewriter.checks.evidence.figures import MOST_FIGURES
from rewriter.checks.evidence.index import Evidence, of_source
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import pattern
from rewriter.text.quantities import Moment

# Characters between a weekday and its date at most: ", the ".
_NEXT = 6
# After so many years every date has had each weekday.
_CYCLE = range(2000, 2028)
# Years before and behind the last one that a source names in which it was published, at most.
_BEFORE, _BEHIND = 6, 2
# The year before or behind another one, as texts name it.
_YEARS_BESIDE = {-1: pattern("year_before"), 1: pattern("year_after")}


def years_beside(statement: Statement, evidence: Evidence) -> set[int]:
    """The years that a source names by another one: 2013 of "2014 ... the previous year".

    The statement has the figure that stands nearest to those words or, where it has no figure, two
    words of their sentence.
    """
    content, own = statement.content, {q.number for q in statement.facts.quantities}
    return {
        year
        for year, number, said in _beside(evidence)
        if (number in own if own else len(content & said.content) > 1)
    }


@of_source
def _beside(evidence: Evidence) -> list[tuple[int, Decimal | None, Statement]]:
    """The years beside another one, which stands in the sentence, before it, or is the only one.

    With each goes the number that stands nearest to the words, and their sentence.
    """
    only = _only_year(evidence)
    named: list[set[int]] = []
    found = []
    for said in evidence.statements:
        named.append({m.year for m in said.facts.moments if m.year is not None})
        small = len(said.facts.quantities) <= MOST_FIGURES
        for step, beside in _YEARS_BESIDE.items() if small else ():
            for words in beside.finditer(said.text):
                gaps = [
                    (max(q.start - words.end(), words.start() - q.end), q.number)
                    for q in said.facts.quantities
                    if q.number > 1 or not q.spelled  # "bir önceki yıl"
                ]
                number = min(gaps, default=(0, None))[1]
                years = set().union(*named[-2:]) or only
                found += [(year + step, number, said) for year in years]
    return found


@of_source
def years_of_today(evidence: Evidence) -> frozenset[int]:
    """The years in which a source may have been published; none where it names one year only."""
    if evidence.published is not None:
        return frozenset({evidence.published.year})
    if len(evidence.years) == 1:
        return frozenset()
    last = max(evidence.years, default=0)
    fitting = calendars(evidence) & set(range(last - _BEFORE, last + _BEHIND))
    return fitting or frozenset(range(last - _BEHIND, last + _BEHIND))


@of_source
def calendars(evidence: Evidence) -> frozenset[int]:
    """The years whose calendar is the source's: of publication, or that its weekdays and dates fit.

    Without such a pair the date that the source begins with is that of its first weekday: "LECCO,
    5 November. The slide on Thursday ...".
    """
    if evidence.published is not None:
        return frozenset({evidence.published.year})
    pairs = [
        (one, other)
        for statement in evidence.statements
        for one, other in pairwise(statement.facts.moments)
        if are_beside(one, other)
    ]
    opening = [m for statement in evidence.statements[:3] for m in statement.facts.moments]
    named = [m for m in opening if m.weekday is not None and not m.day][:1]
    first = [m for m in opening[:1] if m.day]
    for known in (pairs, [(*first, *named)]):
        days = {
            (date_.month, date_.day, weekday.weekday)
            for pair in known
            for date_, weekday in permutations(pair, 2)
            if date_.day and date_.month and not date_.year and weekday.weekday is not None
        }
        years = (y for y in _CYCLE if all(weekday_of(y, m, d) == weekday for m, d, weekday in days))
        if days and (fitting := frozenset(years)):
            return fitting
    return _only_year(evidence)


def _only_year(evidence: Evidence) -> frozenset[int]:
    return years if len(years := years_of(evidence)) == 1 else frozenset()


def are_beside(one: Moment, other: Moment) -> bool:
    """Whether a weekday and a date stand next to each other."""
    first, second = sorted((one, other), key=lambda moment: moment.start)
    return one is not other and second.start <= first.end + _NEXT


@of_source
def years_of(evidence: Evidence) -> frozenset[int]:
    """The year of publication or, where that is not known, those that the source names."""
    if evidence.published is not None:
        return frozenset({evidence.published.year})
    years = (said.moment.year for said in evidence.moments.all)
    return frozenset(year for year in years if year is not None)


def weekday_of(year: int, month: int, day: int) -> int | None:
    """The weekday of a date, 0 for Monday; None for a day that no month has."""
    try:
        return date(year, month, day).weekday()
    except ValueError:
        return None
