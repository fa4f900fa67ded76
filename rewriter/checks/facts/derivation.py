"""Figures that the source does not state but that follow from two of its figures."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

from rewriter.checks.evidence.figures import MOST_FIGURES, Figure, keys_of
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.text.quantities import Quantity

# Arithmetic is looked for only where the sentence says that it was done: among the figures of any
# article chance alone yields almost every small number.
_SUM_CUES = frozenset(
    {
        "combined",
        "together",
        "total",
        "totals",
        "totaling",
        "totalling",
        "sum",
        "altogether",
        "overall",
    }
)
_DIFFERENCE_CUES = frozenset(
    {
        "difference",
        "gap",
        "more",
        "less",
        "fewer",
        "higher",
        "lower",
        "remaining",
        "rest",
        "net",
        "exceeds",
        "exceeded",
        "above",
        "below",
        "short",
    }
)
_SHARE_CUES = frozenset(
    {
        "of",
        "share",
        "portion",
        "proportion",
        "accounted",
        "accounting",
        "accounts",
        "represented",
        "representing",
    }
)
_CHANGE_CUES = frozenset(
    {
        "rose",
        "rise",
        "fell",
        "fall",
        "up",
        "down",
        "increase",
        "increased",
        "decrease",
        "decreased",
        "drop",
        "dropped",
        "gain",
        "gained",
        "growth",
        "grew",
        "decline",
        "declined",
        "jump",
        "jumped",
    }
)
# More figures than this in one family are a table, in which every difference can be found.
_MAX_OPERANDS = 40
_HUNDRED = Decimal(100)


def is_worked_out(quantity: Quantity, statement: Statement) -> bool:
    """Whether the sentence itself gives the two figures whose difference or sum a figure is."""
    figures = statement.facts.quantities
    if len(figures) > MOST_FIGURES:
        return False
    others = [q for q in figures if q is not quantity and q.unit == quantity.unit]
    return any(
        quantity.value in (abs(one.value - other.value), one.value + other.value)
        for one, other in combinations(others, 2)
    )


def derived_from(quantity: Quantity, statement: Statement, evidence: Evidence) -> str | None:
    """The derivation of a quantity, such as "59 + 36", or None.

    A sum or difference needs a word such as "combined" or "more", a ratio both "about" and a word
    such as "of", since a ratio is rarely written exactly.
    """
    cues = statement.words
    if quantity.kind in ("percent", "multiple"):
        return _ratio(quantity, cues, statement, evidence)
    key = keys_of(quantity)[0]
    operands = _operands(key.family, evidence)
    values = dict(operands)
    for value, figure in operands:
        other = values.get(key.value - value)
        if cues & _SUM_CUES and other and other is not figure:
            return f"{_shown(figure, evidence)} + {_shown(other, evidence)}"
        if cues & _DIFFERENCE_CUES and (other := values.get(value - key.value)):
            return f"{_shown(figure, evidence)} - {_shown(other, evidence)}"
    return None


def _ratio(
    quantity: Quantity, cues: set[str], statement: Statement, evidence: Evidence
) -> str | None:
    share = quantity.kind == "percent" and quantity.bound and cues & _SHARE_CUES
    change = quantity.kind == "percent" and cues & _CHANGE_CUES
    said = {q.value for q in statement.facts.quantities if q.kind == "money"}
    if not (share or change or quantity.kind == "multiple"):
        return None
    for family in evidence.figures.families("money "):
        operands = _operands(family, evidence)
        for value, figure in operands:
            for other_value, other in operands:
                if not other_value or value == other_value:
                    continue
                ratio = value / other_value
                together = {value, other_value} <= said
                outcomes = (
                    [ratio] if quantity.kind == "multiple" else [ratio * _HUNDRED] * bool(share)
                )
                if change and together:
                    outcomes.append(abs(ratio - 1) * _HUNDRED)
                if any(abs(outcome - quantity.value) <= quantity.step / 2 for outcome in outcomes):
                    return f"{_shown(figure, evidence)} / {_shown(other, evidence)}"
    return None


def _operands(family: str, evidence: Evidence) -> list[tuple[Decimal, Figure]]:
    rows = evidence.figures.rows(family)
    rows = [row for row in rows if not row[1].quantity.spelled]
    return rows if len(rows) <= _MAX_OPERANDS else []


def _shown(figure: Figure, evidence: Evidence) -> str:
    quantity = figure.quantity
    return evidence.statements[figure.statement].text[quantity.start : quantity.end]
