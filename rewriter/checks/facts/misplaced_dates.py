"""G406: is a date of the source said of the same thing in the rewrite?

Every date is compared by the words around it with the dates of its kind in the source. When another
one stands among clearly more of these words than the same one does, the rewrite has probably taken
one for the other.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.placements import Placed, Placements, placed_in
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.facts.dates import SINCE

# By how much another date's surroundings must match better. Chosen on exchanged figures in news
# and earnings reports against people's faithful summaries of the same reports
# (docs/reference/findings.md has the numbers).
ADVANTAGE = 1.5
MARGIN = 2.0
# Characters between the ends of a range.
_BETWEEN = 6


def check_placement(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G406 for dates that stand in the wrong place."""
    placements, source = evidence.placements, evidence.statements
    here = list(placed_in(statement, 0))
    for placed in here:
        if not placed.family.startswith("date") or not placements.has(placed):
            continue
        if _begins(placed, statement):
            continue
        matches = placements.matches(placed)
        own = matches.pop(placed.value, None)
        if not matches:
            continue
        score, other = max(matches.values(), key=lambda match: (match[0], -match[1].start))
        if score < ADVANTAGE * (own[0] if own else 0.0) + MARGIN:
            continue
        if any(each.value == other.value for each in here):
            continue  # "twice as many as in 2023, three times as many as in 2022"
        if _is_counted_there(placed, statement, evidence):
            continue
        if _end_a_range(placed, other, placements) or _is_in_decade(placed, other, source):
            continue
        today = evidence.published
        if today and placed.value in _counted(source[other.statement], today.year):
            continue
        there = source[other.statement].text
        written = statement.written(placed)
        message = f"{written!r} is in the source, but there it is not said of this"
        instead = there[other.start : other.end]
        yield Flag("G406", placed.start, placed.end, f"{message}; {instead!r} is", there)


def _begins(placed: Placed, statement: Statement) -> bool:
    """Whether a year is the first of some: "since 2023" holds what is told of 2025."""
    before = statement.plain[statement.place_at(placed.start) - 1]
    return before in SINCE and isinstance(placed.value, tuple) and not any(placed.value[1:])


def _is_counted_there(placed: Placed, statement: Statement, evidence: Evidence) -> bool:
    """Whether a sentence about the same means the date by counting: "next month" for December.

    A decade is no date.
    """
    moment = next(m for m in statement.facts.moments if m.start == placed.start)
    return moment.decade or any(
        said.moment.relative and len(statement.content & place.content) > 1
        for said in evidence.moments.supporting(moment)
        for place in [evidence.statements[said.statement]]
    )


def _is_in_decade(placed: Placed, other: Placed, source: tuple[Statement, ...]) -> bool:
    """Whether a year lies in the decade that the source says: 1997 in the 1990s."""
    years = {
        year
        for moment in source[other.statement].facts.moments
        if moment.start == other.start and moment.decade and moment.year is not None
        for year in range(moment.year, moment.year + 10)
    }
    return isinstance(placed.value, tuple) and placed.value[0] in years


def _counted(there: Statement, today: int) -> set[Hashable]:
    """The years, without a day, that a sentence counts from today: "vor zwei Jahren"."""
    spans = (q.number for q in there.facts.quantities if q.unit == "calendar")
    return {(today - int(span), None, None, None, None) for span in spans}


def _end_a_range(placed: Placed, other: Placed, placements: Placements) -> bool:
    """Whether a date ends a range of the source with another one: "dal 2023 al 2025"."""
    return any(
        own.value == placed.value
        and own.family == placed.family
        and own.statement == other.statement
        and max(own.start, other.start) - min(own.end, other.end) <= _BETWEEN
        for own in placements.placed
    )
