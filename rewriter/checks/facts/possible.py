"""Whether a figure may follow from two of the source, in whatever way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from rewriter.checks.evidence.figures import coarsest, keys_of
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.facts.combined import MAX_OPERANDS
from rewriter.text.quantities import LANGUAGES, Quantity

_HUNDRED = Decimal(100)
# How far a result may lie from a figure.
_NEAR = Decimal("0.02")
# Numbers up to here are mostly said in words.
_SPELLED = 20


def may_be_derived(
    quantity: Quantity, evidence: Evidence, places: Sequence[Statement] = ()
) -> bool:
    """Whether two figures of a kind, wherever they stand or in `places`, give a figure."""
    if quantity.label or quantity.kind == "ordinal" or quantity.value <= 0:
        return False
    key = keys_of(quantity)[0]
    near = min(coarsest(key) / 2, _NEAR * key.value)
    families = [key.family]
    if quantity.kind in ("multiple", "percent"):
        families += evidence.figures.families("count ")
    rows = [row for family in families for row in evidence.figures.rows(family)]
    there = {id(q) for place in places for q in place.facts.quantities}
    values = sorted({v for v, f in rows if not places or id(f.quantity) in there})
    if len(values) > MAX_OPERANDS:
        return True
    found = (result for a, b in combinations(values, 2) for result in _results(a, b, quantity))
    return any(abs(value - key.value) <= near for value in found)


def may_have_word_in_it(quantity: Quantity, evidence: Evidence) -> bool:
    """Whether a figure differs from one of the source by what may be a number in words, not read.

    "214 pasażerów i pięcioro członków załogi" are 219 people.
    """
    if evidence.lang in LANGUAGES or quantity.kind != "count" or quantity.value < _HUNDRED:
        return False
    rows = evidence.figures.rows(keys_of(quantity)[0].family)
    return any(abs(value - quantity.value) <= _SPELLED for value, _ in rows)


def _results(a: Decimal, b: Decimal, quantity: Quantity) -> Iterator[Decimal]:
    yield from (a + b, b - a)
    if quantity.kind == "percent" and a:
        yield from ((b - a) / a * _HUNDRED, a / b * _HUNDRED)
    if quantity.kind == "multiple" and a:
        yield b / a
