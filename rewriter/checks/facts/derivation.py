"""Figures that the source does not state but that follow from two of its figures.

A writer works out the sum, the difference or the ratio of two figures, the change from one to the
other, or a share of a whole. Chance alone yields almost every small number among the figures of an
article. So the two must stand in one sentence or in neighbouring ones, or the sentence must say
that it was worked out; only where both hold is nothing told.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from operator import attrgetter
from typing import NamedTuple

from rewriter.checks.evidence.figures import MOST_FIGURES, Figure, bare_value, coarsest, keys_of
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.facts.combined import (
    ABOVE,
    CHANGED,
    COUNT,
    DEGREES,
    MAX_OPERANDS,
    REST,
    SMALL,
    SUM,
    Combined,
    CombinedByFamily,
    combined_by_family,
    is_gap,
    of_two,
    rest_of,
)
from rewriter.checks.facts.multiples import EACH, SHARERS, adds_up, follows_from_afar
from rewriter.checks.lexicon import directions, negations, pattern, word_set
from rewriter.text.quantities import Quantity

_HUNDRED = Decimal(100)
# So few figures give hardly any difference by chance.
_FEW = 4
# Words between two figures that are joined, at most, and the last of them: "men and six women".
_LINK = 2
_AND = word_set("and")
# What stands between a part and its whole: "1,200 of its 8,000 jobs".
_PART = re.compile(r"(?: \w+)? (?:of|von|de|di|из)(?: \w{1,5}){0,2} ")
# What is a sum or a difference.
_ADDED = ("+", "-", SUM)
# What a reader forgives after "about", and in a figure that is rounded by itself.
_ABOUT = Decimal("0.05")
# The part of itself that a figure may lie below the one that it is said to be exceeded by.
_OVER = 5
# How far a sum of figures that stand apart may lie from a rounded one.
_NEAR = Decimal("0.02")
_RESTATES = pattern("restates")
# "$300 a month, or $3,600 a year".
_EACH_TIME = re.compile(r"(?:\b(?:an?|per|each|every) |/)(hour|day|week|month|year)\b")
# How many days, weeks, months or years there are in a longer time by which an amount is said.
_CYCLES = (7, 12, 24, 30, 52, 60, 365)
# Characters and words behind a figure in which it is said to be a difference: "38 million more".
_COMPARED, _NEXT = 24, 3
_PAIR = 2
# Results that are tried for a figure, from the nearest one below.
_TRIED = 4


class Derived(NamedTuple):
    """How a figure follows from two of the source; it is `sure` where the sentence says so, too.

    An `excess` says one figure in another way: "30 percent more" for "130 percent of".
    """

    shown: str
    sure: bool
    excess: bool = False


def is_worked_out(quantity: Quantity, statement: Statement) -> bool:
    """Whether the sentence itself gives the figures that a figure is worked out of.

    Two of them give it, or one of them by another stretch of time: "500 million a day, 3.5 billion
    a week".
    """
    figures, key = statement.facts.quantities, keys_of(quantity)[0]
    if len(figures) > MOST_FIGURES:
        return False
    others = [Figure(q, 0) for q in figures if q is not quantity and not q.label and q.value]
    same = [f.quantity.value for f in others if keys_of(f.quantity)[0].family == key.family]
    if len(same) > _PAIR and sum(same) == key.value and adds_up(statement):
        return True
    restated = _RESTATES.search(statement.text, 0, quantity.start)
    results: CombinedByFamily = defaultdict(list)
    for one, other in combinations(others, 2):
        for result in of_two(one, other):
            results[result.family].append(result)
            if restated and result.family == "multiple":  # "one in 2.7 games"
                results[COUNT].append(result)
    results["percent"] += [rest_of(f) for f in others if f.quantity.kind == "percent"]
    rows = {family: sorted(own, key=attrgetter("value")) for family, own in results.items()}
    if any(True for _ in _combined_as(quantity, rows)):
        return True
    if quantity.kind not in ("money", "count") or quantity.value < SMALL:
        return False
    if not (restated or len({*_EACH_TIME.findall(statement.text)}) > 1):
        return False
    paid = (f.quantity for f in others if f.quantity.kind in ("money", "count"))
    found = {each for q in paid for n in _CYCLES for each in (q.value * n, q.value / n)}
    near = coarsest(keys_of(quantity)[0]) / 2
    return any(abs(value - quantity.value) <= min(near, _ABOUT * value) for value in found)


def derived_from(quantity: Quantity, statement: Statement, evidence: Evidence) -> Derived | None:
    """The derivation of a quantity, such as "59 + 36", or None."""
    if quantity.label or quantity.kind == "ordinal" or not quantity.value:
        return None
    says_so = _says_so(statement, evidence)
    plain = quantity.kind == "count" and not quantity.unit
    if quantity.value >= SMALL or not plain or says_so:
        found = [
            (_is_sure(result, quantity, statement, evidence), result)
            for result in _combined_as(quantity, combined_by_family(evidence))
            if _is_asked_for(result, statement, evidence)
        ]
        if found:
            sure, best = max(found, key=lambda each: each[0])
            return Derived(_shown(best, evidence), sure, excess=best.sign == ABOVE)
        shared = quantity.value >= SMALL and not EACH.isdisjoint(statement.words)
        if shared and (each := _for_each(quantity, statement, evidence)):
            return each
    if follows_from_afar(quantity, statement, evidence):
        return Derived("", sure=True)
    if says_so and quantity.kind not in ("percent", "multiple"):
        return _far_apart(quantity, statement, evidence)
    return None


def _is_asked_for(result: Combined, statement: Statement, evidence: Evidence) -> bool:
    """Whether the words of a sentence go with how a figure was worked out.

    A change is told beside the figure that it changes, and what is left of a hundred percent where
    a sentence speaks of the rest.
    """
    if result.sign == REST:
        return _leaves_out(statement)
    if result.sign == SUM and result.family == "percent":
        return adds_up(statement)
    if result.sign == CHANGED:
        return result.other.quantity.value in _values(statement, evidence)
    return result.sign != ABOVE or _says_so(statement, evidence)


def _is_sure(
    result: Combined, quantity: Quantity, statement: Statement, evidence: Evidence
) -> bool:
    """Whether a figure was worked out so, and not by chance.

    The sentence says so, or has words of a sentence whose figure gives this one. For a sum or a
    difference such words are not enough: "killed 58" for 13 dead and 45 hurt has them, too. There
    the source must say that one of the two is a difference ("214 million, 38 million more"), or
    join the two.
    """
    plain, named = quantity.kind == "count" and not quantity.unit, bool(statement.names)
    small = plain and quantity.value < SMALL and not quantity.value % 1
    places = {result.one.statement, result.other.statement}
    about = _is_about(places, statement, evidence)
    if result.sign in _ADDED and result.family != "points":
        about = about and (
            _is_difference(result, evidence) or _is_both(result, statement, evidence)
        )
    # Whoever is named may have less than all percentages of the list.
    if result.sign == ABOVE or (result.sign == SUM and result.family == "percent" and named):
        return False
    exact = result.value == keys_of(quantity)[0].value
    if about and not small and (exact or quantity.bound):
        return True
    given = {result.one.quantity.value, result.other.quantity.value}
    if small and given.isdisjoint(_values(statement, evidence)):
        return False
    return (result.sign == "of" and quantity.bound == "about") or _says_so(statement, evidence)


def _is_difference(result: Combined, evidence: Evidence) -> bool:
    """Whether the source itself says that one of two figures is more or less than another."""
    words = word_set("worked_out")
    for figure in (result.one, result.other):
        end = figure.quantity.end
        behind = evidence.statements[figure.statement].text[end : end + _COMPARED]
        behind = re.split(r"[^\w\s-]|\d", behind, maxsplit=1)[0].lower()
        if not words.isdisjoint(behind.split()[:_NEXT]):
            return True
    return False


def _is_both(result: Combined, statement: Statement, evidence: Evidence) -> bool:
    """Whether a sentence sums up "14 men and six women" without a word for one of them alone.

    Or tells the rest of a whole whose part the source gives.
    """
    one, other = result.one.quantity, result.other.quantity
    if result.one.statement != result.other.statement:
        return False
    text = evidence.statements[result.one.statement].text
    if result.sign == "-":
        return _PART.fullmatch(text, one.end, other.start) is not None
    link = [word for word in text[one.end : other.start].lower().split() if word.isalpha()]
    joined = 0 < len(link) <= _LINK and link[-1] in _AND
    return joined and (one.noun in statement.words) == (other.noun in statement.words)


def _is_about(places: set[int], statement: Statement, evidence: Evidence) -> bool:
    """Whether a sentence has words of one of some statements of the source."""
    if not places.isdisjoint(evidence.sharing_places(statement)):
        return True
    best = evidence.about(statement.content)
    return any(evidence.statements[place] is best for place in places)


def _values(statement: Statement, evidence: Evidence) -> set[Decimal]:
    """The values of a sentence: read once, since it may have thousands of figures."""
    values = (quantity.value for quantity in statement.facts.quantities)
    return evidence.kept(("values", statement.text), lambda: set(values))


def _for_each(quantity: Quantity, statement: Statement, evidence: Evidence) -> Derived | None:
    """The figure of the source of which a figure is an equal share."""
    key = keys_of(quantity)[0]
    for number in range(2, SHARERS + 1):
        if whole := evidence.figures.equal(key.family, key.value * number):
            found = whole[0]
            text = evidence.statements[found.statement].text
            shown = f"{text[found.quantity.start : found.quantity.end]} / {number}"
            return Derived(shown, _is_about({found.statement}, statement, evidence))
    return None


def _says_so(statement: Statement, evidence: Evidence) -> bool:
    """Whether a sentence says that it sums up, compares, or tells a part of a whole."""

    def found() -> bool:
        if adds_up(statement):
            return True
        moves, lang = directions(statement.lang), statement.lang
        return any(map(moves, statement.words)) or not negations(lang).isdisjoint(statement.words)

    return evidence.kept(("says so", statement.text), found)


def _leaves_out(statement: Statement) -> bool:
    """Whether a sentence speaks of the rest, or denies."""
    words = set(statement.plain)
    return not (word_set("the_rest") | negations(statement.lang)).isdisjoint(words)


def _combined_as(quantity: Quantity, results: CombinedByFamily) -> Iterator[Combined]:
    """What two figures of the source give that a figure states or rounds.

    Neither of the two may be that figure itself.
    """
    key = keys_of(quantity)[0]
    rough = quantity.bound or quantity.spelled
    near = (coarsest(key) if rough else key.step) / 2
    reach = max(near, _ABOUT * key.value) if quantity.bound else near
    # "More than 5,000" for 5,700, "less than half a point" for 0.4.
    beyond = min(coarsest(key), key.value / _OVER)
    above = beyond if quantity.bound == "over" else Decimal(0)
    below = beyond if quantity.bound == "under" else Decimal(0)
    for family, rows in results.items():
        loose = key.family == COUNT and family.startswith((COUNT, "money "))
        loose = loose or (key.family == COUNT and family == "points" and is_gap(quantity))
        if family != key.family and not loose:
            continue
        at = bisect_left(rows, key.value - max(reach, below), key=lambda result: result.value)
        for result in rows[at : at + _TRIED]:
            off, most = result.value - key.value, min(reach, _ABOUT * result.value)
            operands = (result.one.quantity, result.other.quantity)
            if any(_is_same(operand, quantity, reach) for operand in operands):
                continue
            if -max(below, most) <= off <= max(above, most):
                yield result


def _is_same(operand: Quantity, quantity: Quantity, reach: Decimal) -> bool:
    """Whether a figure of the source has the number of another one, or rounds to its value."""
    if bare_value(operand) == bare_value(quantity):
        return True
    alike = (operand.kind, operand.unit) == (quantity.kind, quantity.unit)
    return alike and abs(operand.value - quantity.value) <= reach


def _far_apart(quantity: Quantity, statement: Statement, evidence: Evidence) -> Derived | None:
    """The sum or difference of two figures that stand anywhere in the source.

    It is sure where the sentence gives one of the two, or the source has few.
    """
    given = {q.value for q in statement.facts.quantities if q.value >= SMALL}
    key = keys_of(quantity)[0]
    family = "percent" if quantity.kind == "points" else key.family
    rows = [row for row in evidence.figures.rows(family) if not row[1].quantity.spelled]
    if len(rows) > MAX_OPERANDS:
        return None
    few = len(rows) <= _FEW
    values = dict(rows)
    rounded = few and quantity.bound
    for value, figure in rows:
        ways = ((value - key.value, "-"), (key.value - value, "+"))
        for wanted, sign in ways[: 1 if quantity.unit in DEGREES or family != key.family else 2]:
            other = values.get(wanted)
            if rounded:  # "nearly 25 billion" for 16 and 8.8
                off = max(coarsest(key) / 2, _NEAR * key.value)
                other = other or next((f for v, f in rows if abs(v - wanted) <= off), None)
            if other and other is not figure and wanted != value:
                result = Combined(key.family, key.value, figure, other, sign)
                sure = few or not given.isdisjoint({value, abs(wanted)})
                return Derived(_shown(result, evidence), sure)
    return None


def _shown(result: Combined, evidence: Evidence) -> str:
    def written(figure: Figure) -> str:
        quantity = figure.quantity
        return evidence.statements[figure.statement].written(quantity)

    if result.sign == REST:
        return f"{REST} {written(result.one)}"
    if result.sign == ABOVE:
        return f"{written(result.one)} {ABOVE}"
    one, other = result.one, result.other
    if result.sign == "-" and one.quantity.value < other.quantity.value:
        one, other = other, one
    return f"{written(one)} {result.sign} {written(other)}"
