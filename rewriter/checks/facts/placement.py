"""G110 and G406: is a figure or date of the source said of the same thing in the rewrite?

Every figure is compared by the words around it with the figures of its kind in the source. When a
different figure stands among clearly more of these words than the same figure does, the rewrite has
probably taken one for the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.checks.evidence.placements import Placements, placed_in
from rewriter.checks.evidence.reading import Flag, Statement

# By how much another figure's surroundings must match better. Chosen on exchanged figures in news
# and earnings reports against people's faithful summaries of the same reports
# (docs/reference/findings.md has the numbers).
ADVANTAGE = 1.5
MARGIN = 1.6
# Warnings about dates, which are told, need more: one of 283 faithful rewrites has a false one.
DATE_MARGIN = 2.0
# Tokens that the end of a clause counts for, and by how many one figure must be nearer to a word.
_CLAUSE_LENGTH = 4
_CLEAR = 3
# Net votes at which the figures have changed places.
_AGAINST = -1
# "Grew by 2% and 5%, respectively": nearness says nothing here.
_IN_ORDER = frozenset({"respectively", "correspondingly"})


def check_placement(
    statement: Statement, placements: Placements, source: tuple[Statement, ...]
) -> Iterator[Flag]:
    """Yield G110 for figures and G406 for dates that stand in the wrong place."""
    for placed in placed_in(statement, 0):
        if not placements.has(placed):
            continue
        matches = placements.matches(placed)
        own = matches.pop(placed.value, None)
        if not matches:
            continue
        score, other = max(matches.values(), key=lambda match: (match[0], -match[1].start))
        is_date = placed.family.startswith("date")
        margin = DATE_MARGIN if is_date else MARGIN
        if score < ADVANTAGE * (own[0] if own else 0.0) + margin:
            continue
        there = source[other.statement].text
        written = statement.text[placed.start : placed.end]
        message = f"{written!r} is in the source, but there it is not said of this"
        code = "G406" if is_date else "G110"
        instead = there[other.start : other.end]
        yield Flag(code, placed.start, placed.end, f"{message}; {instead!r} is", there)
