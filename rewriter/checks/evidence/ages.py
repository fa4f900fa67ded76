"""How old somebody is or was, worked out of a year of birth, another age or a number of years."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.text.quantities import Quantity

# A year of birth, near the word for it.
_BORN = re.compile(
    r"\b(?:born|geboren|nacid[oa]|née?|nat[oa]|nascid[oa]|родил\w+|urodzon\w+)\b"
    r"[^.;\d]{0,40}(?:\d{1,2}[ .]{1,2}\w{2,12},? (?:de )?)?\b(1[89]\d\d|20[012]\d)\b",
    re.IGNORECASE,
)
# What stands before or behind an age.
_BEFORE = re.compile(
    r"\b(?:age[ds]?(?: of)?|at|is|was|still|turned|being|when)(?: just| only| now)? $"
)
_BEHIND = re.compile(r"[- ](?:years?[- ])?old\b| (?:when|as|then|at the time)\b")
# "Turns 18 in three days".
_TURNS = re.compile(r"\b(?:turns?|turning) $")
_REACH = 20
_YOUNGEST, _OLDEST = 1, 110


def is_age_worked_out(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether somebody is as old as the source says in another way.

    A year of birth gives an age of today, and in a year of the source where the sentence speaks of
    an age. So does another age, of today or some years before. A birthday may be to come.
    """
    if quantity.kind != "count" or quantity.unit not in ("", "calendar"):
        return False
    age, today = quantity.number, evidence.published
    born = evidence.once("years of birth", lambda: _years_of_birth(evidence))
    if (
        today
        and not quantity.unit
        and not born.isdisjoint((today.year - age, today.year - age - 1))
    ):
        return True
    if not _is_age(quantity, statement):
        return False
    return int(age) in evidence.once("other ages", lambda: frozenset(_other_ages(born, evidence)))


def _is_age(quantity: Quantity, statement: Statement) -> bool:
    """Whether the words beside a number make it an age."""
    begin = max(0, quantity.start - _REACH)
    if _BEFORE.search(statement.text[begin : quantity.start].lower()):
        return True
    return _BEHIND.match(statement.text, quantity.end) is not None


def _other_ages(born: frozenset[int], evidence: Evidence) -> Iterator[int]:
    """The ages of people of the source in its years, and as many years before as it says."""
    figures = [(q, s) for s in evidence.statements for q in s.facts.quantities]
    counts = [(q, s) for q, s in figures if q.kind == "count" and _YOUNGEST <= q.number <= _OLDEST]
    ages = {int(q.number) for q, s in counts if _is_told_age(q, s)}
    yield from (int(q.number) - 1 for q, s in counts if _TURNS.search(s.text, 0, q.start))
    spans = {int(q.number) for q, _ in counts if q.unit == "calendar"}
    yield from (age - span for age in ages for span in spans if age > span)
    if today := evidence.published:
        born = born | {today.year - age - step for age in ages for step in (0, 1)}
    for year in born:
        yield from (later - year - step for later in evidence.years for step in (0, 1))


def _is_told_age(quantity: Quantity, statement: Statement) -> bool:
    """Whether a number of the source is an age: "Lind, 31,", "at 78", "a 78-year-old"."""
    around = statement.text[max(0, quantity.start - 2) : quantity.end + 1]
    return (around[:2] == ", " and around[-1:] in ",.") or _is_age(quantity, statement)


def _years_of_birth(evidence: Evidence) -> frozenset[int]:
    return frozenset(int(year) for text in evidence.texts for year in _BORN.findall(text))
