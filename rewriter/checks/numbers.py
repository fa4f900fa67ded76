"""G1xx: is every figure in the source, with the same unit, currency and magnitude?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rewriter.checks.derivation import derived_from
from rewriter.checks.evidence import Evidence
from rewriter.checks.figures import Figure, bare_value, keys_of
from rewriter.checks.mentions import STOP_WORDS
from rewriter.checks.reading import Flag, Statement
from rewriter.quantities import Quantity

_POWERS = tuple(Decimal(10) ** power for power in (-9, -6, -3, -2, -1, 1, 2, 3, 6, 9))
_CODES = {"money": "G102", "percent": "G103", "points": "G103"}
# Counts in words below are often the writer's own ("both", "two exchanges" for two names).
_SMALL = 100
_YEAR = 12
# Languages in which what is counted follows its number directly, so that a missing unit is told
# from another one.
_NOUN_BEHIND = frozenset({"en"})


def check_numbers(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G101 to G109 for the figures of one sentence."""
    for quantity in statement.facts.quantities:
        flag = _check(quantity, statement, evidence)
        if flag:
            yield flag


def _check(quantity: Quantity, statement: Statement, evidence: Evidence) -> Flag | None:
    supporting = supporting_figures(quantity, evidence)
    if supporting:
        return _bound_reversed(quantity, supporting, statement, evidence)
    code, message, figure = _explain(quantity, statement, evidence)
    written = statement.text[quantity.start : quantity.end]
    source = evidence.statements[figure.statement].text if figure else None
    return Flag(code, quantity.start, quantity.end, f"{written!r} {message}", source)


def supporting_figures(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The figures of the source that a quantity may stand on; leaving out a unit is allowed."""
    figures = evidence.figures
    found = figures.supporting(quantity)
    if found:
        return found
    value = bare_value(quantity)
    same = figures.by_value.get(value, [])
    if quantity.label or quantity.kind in ("multiple", "ordinal"):
        return same or evidence.year_figures(value)
    if quantity.spelled and quantity.kind == "count":  # "scored twice": two goals
        same = [f for f in same if f.quantity.kind == "multiple"] or same
        if same and same[0].quantity.kind == "multiple":
            return same
    if quantity.kind == "count" and not quantity.unit:
        if not _noun(quantity) or evidence.lang not in _NOUN_BEHIND:
            return same or evidence.year_figures(value)
        return [f for f in same if f.quantity.label] or evidence.year_figures(value)
    if quantity.unit == "calendar" and quantity.value == quantity.number * _YEAR:  # "Smith, 34,"
        return [
            f
            for f in same
            if f.quantity.kind == "count" and not f.quantity.unit and not _noun(f.quantity)
        ]
    return []


def _noun(quantity: Quantity) -> str:
    return "" if quantity.noun in STOP_WORDS else quantity.noun


def _explain(
    quantity: Quantity, statement: Statement, evidence: Evidence
) -> tuple[str, str, Figure | None]:
    """Code, message and nearest figure for a quantity that the source does not support."""
    figures = evidence.figures
    if quantity.kind == "money":
        for family in figures.families("money "):
            other = figures.supporting(quantity, family)
            if other:
                return "G105", "has another currency in the source", other[0]
    same = figures.by_value.get(bare_value(quantity), [])
    if same and not (quantity.spelled and quantity.number < _SMALL):
        return "G104", "counts something else in the source", same[0]
    key = keys_of(quantity)[0]
    for power in _POWERS:
        scaled = figures.equal(key.family, key.value * power)
        if (
            scaled
            and quantity.value
            and not (quantity.number < _SMALL and quantity.kind == "count")
        ):
            return "G106", "has another magnitude in the source", scaled[0]
    derivation = derived_from(quantity, statement, evidence)
    if derivation:
        return "G108", f"is not in the source, but can be derived: {derivation}", None
    rival = evidence.rival(key.family, key.value, statement.content)
    if quantity.spelled and (quantity.kind != "money" or quantity.number < _SMALL):
        small = quantity.number < _SMALL or quantity.kind in ("percent", "multiple", "ordinal")
        if small:
            return "G107", "is not in the source", rival
    code = _CODES.get(quantity.kind, "G101")
    return code, "is not in the source", rival


def _bound_reversed(
    quantity: Quantity, supporting: list[Figure], statement: Statement, evidence: Evidence
) -> Flag | None:
    opposite = {"over": "under", "under": "over"}.get(quantity.bound)
    if not opposite or any(f.quantity.bound != opposite for f in supporting):
        return None
    written = statement.text[quantity.start : quantity.end]
    source = evidence.statements[supporting[0].statement].text
    message = f"{written!r} is a bound on the other side in the source"
    return Flag("G109", quantity.start, quantity.end, message, source)
