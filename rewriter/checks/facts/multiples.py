"""Figures that follow from one that stands anywhere in the source: a multiple or a share."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import chain, islice

from rewriter.checks.evidence.figures import MOST_FIGURES, coarsest, keys_of
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.facts.combined import COUNT, MAX_OPERANDS
from rewriter.checks.lexicon import word_set
from rewriter.text.quantities import Quantity

_HUNDRED, _MILLION = Decimal(100), Decimal(10**6)
# What a reader forgives in a figure that is rounded by itself.
_ABOUT = Decimal("0.05")
# "They get 25,000 each" of 50,000 that so many share at most.
EACH = frozenset(
    {"each", "apiece", "jeweils", "chacun", "chacune", "cada", "ciascuno", "ciascuna", "elk"}
)
SHARERS = 4
_BOTH = frozenset(
    {"both", "beide", "beiden", "ambos", "ambas", "deux", "entrambi", "entrambe", "оба", "обе"}
)
# "The first time in 16 meetings".
_FIRST_IN = re.compile(
    r"\b(?:first|erste[nrs]?|primer[ao]?|première?|prim[oa]|primeir[oa])(?: [^\W\d]+){1,5} $",
    re.IGNORECASE,
)
# What says that figures are added up.
_IN_ALL = re.compile(r"\bin all\b", re.IGNORECASE)


def follows_from_afar(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a figure follows from one that stands anywhere in the source."""
    ways = (_is_of_given, _is_of_several, _is_fraction, _ends_streak)
    return any(follows(quantity, statement, evidence) for follows in ways)


def _is_of_several(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a sum is a multiple of what the source says of each, or of both."""
    key = keys_of(quantity)[0]
    return adds_up(statement) and any(
        not (EACH | _BOTH).isdisjoint(evidence.statements[found.statement].words)
        for number in range(2, SHARERS + 1)
        for found in evidence.figures.equal(key.family, key.value / number)
    )


def _is_of_given(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a share or a price of the sentence gives an amount with one from anywhere.

    "140 million for his 18 percent" of 780 million, "220 euros for each sheep, 5,940 in all", and
    "51 percent, which values all of it at 1.2 billion" for 600 million.
    """
    if quantity.kind not in ("count", "money") or quantity not in statement.facts.quantities:
        return False
    families = evidence.figures.families("money ")
    if quantity.kind == "money":
        families = iter([keys_of(quantity)[0].family])
    elif quantity.step < _MILLION / 10 or quantity.unit:
        return False
    each = quantity.kind == "money" and not EACH.isdisjoint(statement.words)
    key = keys_of(quantity)[0]
    near = min(coarsest(key) / 2, _ABOUT * key.value)
    rows = (evidence.figures.rows(family)[:MAX_OPERANDS] for family in families)
    amounts = [value for value, _ in islice(chain.from_iterable(rows), MAX_OPERANDS)]
    counts = [value for value, _ in evidence.figures.rows(COUNT)[:MAX_OPERANDS]] if each else []
    for own in statement.facts.quantities[:MOST_FIGURES]:
        found: list[Decimal] = []
        if own.kind == "percent" and own.value:
            part = own.value / _HUNDRED
            found = [result for v in amounts for result in (v * part, v / part)]
        elif own.kind == "money" and own.unit == quantity.unit:
            found = [value * own.value for value in counts if value > 1]
        if any(abs(result - key.value) <= near for result in found):
            return True
    return False


def _is_fraction(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a large figure is exactly the fraction in words of one that stands elsewhere."""
    key = keys_of(quantity)[0]
    if quantity.kind not in ("count", "money") or key.value < _HUNDRED:
        return False
    percents = evidence.figures.rows("percent")[:MAX_OPERANDS]
    shares = [f.quantity for _, f in percents if f.quantity.share]
    return any(
        evidence.figures.equal(key.family, key.value * _HUNDRED / share.value)
        for share in shares[:MOST_FIGURES]
        if share.value
    )


def _ends_streak(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a figure counts one more than the source: "first win in 16 games" after 15 losses."""
    if quantity.kind != "count" or not _FIRST_IN.search(statement.text, 0, quantity.start):
        return False
    return any(not f.quantity.unit for f in evidence.figures.by_value.get(quantity.number - 1, ()))


def adds_up(statement: Statement) -> bool:
    """Whether a sentence says that it sums up: "together", "17 in all"."""
    return not word_set("worked_out").isdisjoint(statement.plain) or bool(
        _IN_ALL.search(statement.text)
    )
