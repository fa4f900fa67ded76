"""Scores of matches: told from either side, and counted up from the goals."""

from __future__ import annotations

import re

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.text.quantities import Quantity

# "3-0", "3:0", "3 a 0", and the words by which a source tells the goals one by one.
_SCORE = re.compile(r"(?<![\w.,:-])\d{1,2} ?(?:[-–:]|a|à) ?\d{1,2}(?![\w:-]|[.,]\d)")
_SIDES = re.compile(r"(?<![\w.,:-])(\d{1,3}) ?[-–:] ?(\d{1,3})(?![\w:-]|[.,]\d)")
_SCORE_REACH = 8
_GOAL = re.compile(
    r"\b(?:scor(?:e|ed|er|es|ing)|goals?|gol(?:es|s|ü)?|marcó|marcou|anotó|segnato|segna|traf|Tore?"
    r"|Treffer|marqué|buts?|забил[аи]?|гол[аы]?)\b|进球|得分"
)
# What is said of a score on the way: "a 2-0 lead".
_LEAD = re.compile(
    r"\b(?:lead|led|ahead|trail|up|down|führ|ging|vorn|ventaja|arriba|avance|mené|menai|vantagg|vantagem"
    r"|вед|вёл|вел|voor|prowad)",
    re.IGNORECASE,
)
_LEAD_REACH = 20


def may_be_counted_up(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a figure is part of a score, and the source only tells its goals one by one."""
    if not is_tally(quantity, statement):
        return False
    return evidence.once("tallies", lambda: _counts_up(evidence)) or _is_between(
        quantity, statement, evidence
    )


def _is_between(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a score is that of a lead on the way to one of the source, which tells the goals."""
    begin = max(0, quantity.start - _SCORE_REACH)
    near = statement.text[max(0, begin - _LEAD_REACH) : quantity.end + _LEAD_REACH]
    found = _SIDES.search(statement.text, begin, quantity.end + _SCORE_REACH)
    if found is None or not _LEAD.search(near) or not any(map(_GOAL.search, evidence.texts)):
        return False
    own = sorted(map(int, found.groups()))
    known = evidence.once("scores", lambda: _scores(evidence))
    return any(all(a <= b for a, b in zip(own, sorted(other), strict=True)) for other in known)


def is_tally(quantity: Quantity, statement: Statement) -> bool:
    """Whether a figure is part of a score."""
    begin = max(0, quantity.start - _SCORE_REACH)
    near = statement.text[begin : quantity.end + _SCORE_REACH]
    at = quantity.start - begin
    return any(match.start() <= at < match.end() for match in _SCORE.finditer(near))


def is_score(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a score in digits is one of the source, told from either side.

    A time of day is no score.
    """
    found = _SIDES.search(statement.text[quantity.start : quantity.end])
    if quantity.kind != "ratio" or not found:
        return False
    own = int(found[1]), int(found[2])
    scores = evidence.once("scores", lambda: _scores(evidence))
    return own in scores or own[::-1] in scores


def _scores(evidence: Evidence) -> frozenset[tuple[int, int]]:
    """The scores of the source: two numbers that are no time of day."""
    return frozenset(
        (int(found[1]), int(found[2]))
        for statement in evidence.statements
        for found in _SIDES.finditer(statement.text)
        if not any(m.start < found.end() and found.start() < m.end for m in statement.facts.moments)
    )


def _counts_up(evidence: Evidence) -> bool:
    """Whether the source tells goals one by one and gives no score."""
    texts = evidence.texts
    return any(map(_GOAL.search, texts)) and not any(map(_SCORE.search, texts))
