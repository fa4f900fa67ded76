"""Round years beside a word for about, near one of the source: "around 1500" for 1498."""

from __future__ import annotations

from decimal import Decimal

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import pattern, pattern_of
from rewriter.text.quantities import Moment

_AROUND_BEHIND = pattern("around_behind")
# A round year stands for one that is the nearer the more recent it is: a year in ten, up to these.
_BESIDE_CENTURY, _BESIDE_DECADE, _YEARS_A_STEP = 15, 4, 10
# The year from which it is counted where a source of old years has no day of its own.
_NOW = 2020
# Characters before a year in which the word for about stands.
_ABOUT_REACH = 30


def is_rough_year(moment: Moment, statement: Statement, evidence: Evidence) -> bool:
    """Whether a round year stands beside a word for about, and the source has one near it."""
    year = moment.year or 1
    if year % 10 or not _is_about(moment, statement):
        return False
    now = evidence.published.year if evidence.published else max(evidence.years | {_NOW})
    most = _BESIDE_CENTURY if year % 100 == 0 else _BESIDE_DECADE
    reach = min(most, max(1, (now - year) // _YEARS_A_STEP))
    near = range(year - reach, year + reach + 1)
    return any(y in evidence.years or evidence.figures.by_value.get(Decimal(y)) for y in near)


def _is_about(moment: Moment, statement: Statement) -> bool:
    """Whether a word for about stands beside a moment."""
    about = pattern_of("around_year", statement.lang)
    before = statement.before(moment, _ABOUT_REACH)
    if about and about.search(before):
        return True
    return _AROUND_BEHIND.match(statement.text, moment.end) is not None
