"""Figures that follow from one that stands anywhere in the source: a multiple or a share."""

from __future__ import annotations

from decimal import Decimal

from rewriter.checks.evidence.figures import MOST_FIGURES, coarsest, keys_of
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.facts.combined import COUNT, MAX_OPERANDS
from rewriter.checks.lexicon import pattern, word_set
from rewriter.text.quantities import Quantity

_HUNDRED = Decimal(100)
# Figures of a sentence and amounts of a source among which a share of one is no chance.
_FEW_FIGURES, _FEW_AMOUNTS = 3, 8
# What a reader forgives in a figure that is rounded by itself.
_ABOUT = Decimal("0.05")
EACH = word_set("each")
SHARERS = 4
_BOTH = word_set("both")
# "The first time in 16 meetings"; characters in which it is said.
_REACH = 80
_FIRST_IN = pattern("first_in")
# What says that figures are added up.
_IN_ALL = ("In all,", "In all ", " in all,", " in all.", " in all ")


def follows_from_afar(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a figure follows from one that stands anywhere in the source."""
    ways = (_is_of_given, _is_of_several, _is_fraction, _ends_streak)
    return any(follows(quantity, statement, evidence) for follows in ways)


def _is_of_several(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a sum is twice what the source says of both, or as often what it says of each.

    So many as share it stand in the source.
    """
    if not adds_up(statement):
        return False
    key = keys_of(quantity)[0]
    for number in range(2, SHARERS + 1):
        words = EACH if evidence.figures.by_value.get(Decimal(number)) else frozenset[str]()
        words |= _BOTH if number == 2 else frozenset()
        for found in evidence.figures.equal(key.family, key.value / number):
            if not words.isdisjoint(evidence.statements[found.statement].words):
                return True
    return False


def _is_of_given(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether a share or a price of the sentence gives an amount with one from anywhere.

    "140 million for his 18 percent" of 780 million, "220 euros for each sheep, 5,940 in all", and
    "51 percent, which values all of it at 1.2 billion" for 600 million. Among many figures chance
    would give nearly any amount.
    """
    own_figures = statement.facts.quantities
    if quantity.kind not in ("count", "money") or len(own_figures) > _FEW_FIGURES:
        return False
    key = keys_of(quantity)[0]
    families = [key.family]
    if quantity.kind == "count":  # "worth nearly 1.2 billion"
        families = [] if quantity.noun or quantity.unit else [*evidence.figures.families("money ")]
    amounts = [value for family in families for value, _ in evidence.figures.rows(family)]
    if len(amounts) > _FEW_AMOUNTS or quantity not in own_figures:
        return False
    each = not EACH.isdisjoint(statement.words)
    near = min(coarsest(key) / 2, _ABOUT * key.value)
    counts = [value for value, _ in evidence.figures.rows(COUNT)[:MAX_OPERANDS]] if each else []
    for own in own_figures:
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
    start = max(0, quantity.start - _REACH)
    if quantity.kind != "count" or not _FIRST_IN.search(statement.text, start, quantity.start):
        return False
    return any(not f.quantity.unit for f in evidence.figures.by_value.get(quantity.number - 1, ()))


def adds_up(statement: Statement) -> bool:
    """Whether a sentence says that it sums up: "together", "17 in all"."""
    said = not word_set("worked_out").isdisjoint(statement.words)
    return said or any(words in statement.text for words in _IN_ALL)
