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
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain, combinations, islice, pairwise, permutations, product
from typing import NamedTuple

from rewriter.checks.evidence.figures import MOST_FIGURES, Figure, coarsest, keys_of
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.facts.notations import is_bare
from rewriter.checks.facts.supporting import factor_of
from rewriter.checks.lexicon import directions, negations, word_set
from rewriter.text.quantities import LANGUAGES, Quantity

# More figures than this in one family are a table, in which every difference can be found.
_MAX_OPERANDS = 40
# So few figures give hardly any difference by chance.
_FEW = 4
_HUNDRED, _THOUSAND = Decimal(100), Decimal(1000)
# What a reader forgives after "about", and in a figure that is rounded by itself.
_ABOUT = Decimal("0.05")
# The part of itself that a figure may lie below the one that it is said to be exceeded by.
_OVER = 5
# How far a sum of figures that stand apart may lie from a rounded one.
_NEAR = Decimal("0.02")
# "They get 25,000 each" of 50,000 that so many share at most.
_EACH = frozenset(
    {"each", "apiece", "jeweils", "chacun", "chacune", "cada", "ciascuno", "ciascuna", "elk"}
)
_SHARERS = 4
# What says that a figure is another one in other words.
_RESTATES = re.compile(
    r"\b(?:that is|in other words|i\.e\.|das heißt|d\.h\.|also|mithin|soit|c[’']est-à-dire"
    r"|autrement dit|es decir|o sea|ou seja|isto é|cioè|ossia|ovvero|vale a dire|oftewel|ofwel|dus"
    r"|то есть|т\. ?е\.|czyli|to jest|yani|başka deyişle|det vill säga|alltså)\b"
    r"|即|也就是|相当于|つまり|すなわち|즉",
    re.IGNORECASE,
)
# How many days, weeks, months or years there are in a longer time by which an amount is said.
_CYCLES = (7, 12, 24, 30, 52, 60, 365)
# How far a share may lie above the one that it is said to exceed: "more than 60 percent" for 62.
_ABOVE_SHARE = 4
# A smaller count that nothing says was worked out is rather the writer's slip.
_SMALL = 10
# Numbers up to here are mostly said in words.
_SPELLED = 20
# Sentences in a row that a list may go through.
_LISTED = 4
# What is left of a whole of a hundred percent.
_REST = "100% -"
# What a percentage or a multiple makes of a figure, up or down.
_CHANGED, _MULTIPLIED = "and", "x"
# "108 percent of last year's" is 8 percent more, "108 percent full" compares nothing.
_ABOVE = "- 100%"
_COMPARED = re.compile(
    r"\s?(?:(?:of|de[slrm]?|du|d[ao]s?|vom|von|van|di|del(?:la|lo)|dei|delle|av|af|от|к"
    r"|плана|уровня|прошлогодн\w+)\b|d['’]|dell['’]|['’][ıiuü])\s?(?P<next>\w*)",
    re.IGNORECASE,
)
_COMPARED_BEFORE = re.compile(r"(?:[的の의比]|대비)\s?$")
# Characters before a share in which that word stands.
_REACH = 4
# A sentence with more figures is a table; a source with more outcomes is no article. Outcomes
# that are tried for a figure, from the nearest one below.
_MOST_OPERANDS = 8
_MOST_OUTCOMES = 20_000
_TRIED = 4
# What only differs, and is neither added up nor a part of the other.
_DEGREES = frozenset({"celsius", "fahrenheit"})
# "Three times as much"; more than that is rather a score or a list.
_MOST_TIMES = 10
# "A quarter point", "half of a percentage point".
_POINT = re.compile(r"[ -](?:of a )?(?:percentage )?points?\b")
# Families of counts, which a figure without a unit may leave out.
_COUNT = "count "


# Units of which a bare number beside them need not be one, and those of which each has a part.
_TIMES = frozenset({"", "time", "calendar"})
_SHARED = frozenset({"power", "energy", "mass", "area", "volume"})


class Derived(NamedTuple):
    """How a figure follows from two of the source; it is `sure` where the sentence says so, too.

    An `excess` says one figure in another way: "30 percent more" for "130 percent of".
    """

    shown: str
    sure: bool
    excess: bool = False


class _Outcome(NamedTuple):
    """What two figures give: the family of the result and its value."""

    family: str
    value: Decimal
    one: Figure
    other: Figure
    sign: str


_Outcomes = dict[str, list[_Outcome]]


def is_worked_out(quantity: Quantity, statement: Statement) -> bool:
    """Whether the sentence itself gives the figures that a figure is worked out of.

    It is the sum, difference, ratio or share of two, or one of them by another stretch of time:
    "500 million a day, 3.5 billion a week".
    """
    figures = statement.facts.quantities
    if len(figures) > MOST_FIGURES:
        return False
    all_others = [q for q in figures if q is not quantity and not q.label and q.value]
    amounts = [q for q in all_others if q.kind in ("money", "count")]
    whole = len(amounts) == 2 and amounts[0].unit == amounts[1].unit
    if whole and _is_share(quantity, *sorted(abs(amount.value) for amount in amounts)):
        return True
    others = [q for q in all_others if q.unit == quantity.unit]
    if quantity.kind == "percent" and _HUNDRED - quantity.value in {
        q.value for q in others if q.kind == "percent"
    }:
        return True  # "50.4 percent from one, 49.6 from the other"
    if any(
        quantity.value in (abs(one.value - other.value), one.value + other.value)
        for one, other in combinations(others, 2)
    ):
        return True
    if quantity.kind not in ("count", "money", "percent", "multiple") or len(figures) > _FEW + 1:
        return False
    if not _RESTATES.search(statement.text, 0, quantity.start):
        return False
    ratios = {a.value / b.value for a, b in permutations(others, 2)}
    found = {100 * ratio for ratio in ratios} if quantity.kind == "percent" else ratios
    if quantity.value >= _SMALL:
        paid = (q for q in all_others if q.kind == "money" or (q.kind == "count" and not q.unit))
        found |= {q.value * n for q in paid for n in _CYCLES}
    near = coarsest(keys_of(quantity)[0]) / 2
    return any(abs(value - quantity.value) <= min(near, _ABOUT * value) for value in found)


def _is_share(quantity: Quantity, part: Decimal, whole: Decimal) -> bool:
    """Whether a percentage is the share of one amount in another, rounded, or the rest."""
    if quantity.kind != "percent" or not part or part == whole:
        return False
    share = part / whole * _HUNDRED
    if quantity.bound == "over":
        return any(0 <= each - quantity.value < _ABOVE_SHARE for each in (share, _HUNDRED - share))
    near = max(quantity.step / 2, Decimal(1) if quantity.bound else Decimal(0))
    return any(abs(quantity.value - each) <= near for each in (share, _HUNDRED - share))


def derived_from(quantity: Quantity, statement: Statement, evidence: Evidence) -> Derived | None:
    """The derivation of a quantity, such as "59 + 36", or None."""
    # Asked for each figure of a sentence, which may have thousands.
    says_so = evidence.once(("says so", statement.text), partial(_says_so, statement))
    if quantity.label or quantity.kind == "ordinal" or not quantity.value:
        return None
    plain = quantity.kind == "count" and not quantity.unit
    if quantity.value >= _SMALL or not plain or says_so:
        outcomes = evidence.once("outcomes", partial(_by_family, evidence))
        found = _outcome_of(quantity, outcomes)
        if found and found.sign == _REST and not _leaves_out(statement):
            found = None
        if found and found.sign in (_ABOVE, _CHANGED) and not says_so:
            found = None
        if found:
            rounded = found.sign == "of" and quantity.bound == "about"
            given = {q.value for q in statement.facts.quantities if q is not quantity}
            clear = not plain or quantity.value >= _SMALL or quantity.value % 1 != 0
            clear = clear or bool(given & {found.one.quantity.value, found.other.quantity.value})
            sure = clear and (says_so or rounded) and found.sign not in (_REST, _ABOVE)
            return Derived(_shown(found, evidence), sure, excess=found.sign == _ABOVE)
        if quantity.value >= _SMALL and not _EACH.isdisjoint(statement.words):
            return _for_each(quantity, evidence)
    if says_so and quantity.kind not in ("percent", "multiple", "points"):
        return _far_apart(quantity, statement, evidence)
    return None


def _for_each(quantity: Quantity, evidence: Evidence) -> Derived | None:
    """The figure of the source of which a figure is an equal share."""
    key = keys_of(quantity)[0]
    for number in range(2, _SHARERS + 1):
        if whole := evidence.figures.equal(key.family, key.value * number):
            found = whole[0]
            text = evidence.statements[found.statement].text
            return Derived(
                f"{text[found.quantity.start : found.quantity.end]} / {number}", sure=False
            )
    return None


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
    if len(values) > _MAX_OPERANDS:
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


def _says_so(statement: Statement) -> bool:
    """Whether a sentence says that it sums up, compares, or tells a part of a whole."""
    if not word_set("worked_out").isdisjoint(statement.plain):
        return True
    moves, lang = directions(statement.lang), statement.lang
    return any(map(moves, statement.words)) or not negations(lang).isdisjoint(statement.words)


def _leaves_out(statement: Statement) -> bool:
    """Whether a sentence speaks of the rest, or denies."""
    words = set(statement.plain)
    return not (word_set("the_rest") | negations(statement.lang)).isdisjoint(words)


def _outcome_of(quantity: Quantity, outcomes: _Outcomes) -> _Outcome | None:
    """The outcome that a figure states or rounds."""
    key = keys_of(quantity)[0]
    near = coarsest(key) / 2
    reach = max(near, _ABOUT * key.value) if quantity.bound else near
    # "More than 5,000" for 5,700.
    above = min(coarsest(key), key.value / _OVER) if quantity.bound == "over" else Decimal(0)
    for family, rows in outcomes.items():
        loose = key.family == _COUNT and family.startswith((_COUNT, "money "))
        loose = loose or (key.family == _COUNT and family == "points" and _is_gap(quantity))
        if family != key.family and not loose:
            continue
        at = bisect_left(rows, key.value - reach, key=lambda outcome: outcome.value)
        for outcome in rows[at : at + _TRIED]:
            off, most = outcome.value - key.value, min(reach, _ABOUT * outcome.value)
            if -most <= off <= max(above, most):
                return outcome
    return None


def _is_gap(quantity: Quantity) -> bool:
    """Whether a figure counts points, of percent as it may be."""
    return quantity.noun.startswith(("point", "punt", "punkt", "pont", "пункт", "pkt"))


def _by_family(evidence: Evidence) -> _Outcomes:
    """The outcomes of a source by what they measure, ascending."""
    found: _Outcomes = defaultdict(list)
    for outcome in islice(_outcomes(evidence), _MOST_OUTCOMES):
        found[outcome.family].append(outcome)
    return {
        family: sorted(rows, key=lambda outcome: outcome.value) for family, rows in found.items()
    }


def _outcomes(evidence: Evidence) -> Iterator[_Outcome]:
    """What the figures of each sentence give with those of the same and the next one."""
    figures = [_figures_of(evidence, index) for index in range(len(evidence.statements))]
    for own, behind in pairwise([*figures, []]):
        yield from (_rest(figure) for figure in own if figure.quantity.kind == "percent")
        above = (figure for figure in own if _is_compared(figure, evidence))
        yield from (_Outcome("percent", f.quantity.value - _HUNDRED, f, f, _ABOVE) for f in above)
        for one, other in chain(combinations(own, 2), product(own, behind)):
            if not _are_of_scores(one, other, evidence):
                yield from _of_two(one, other)
            elif one.statement == other.statement and other.quantity.start <= one.quantity.end + 2:
                value = abs(one.quantity.value - other.quantity.value)
                yield _Outcome(_family(one), value, one, other, "-")
    counts = [list(_counts_of(evidence, index)) for index in range(len(evidence.statements))]
    for index, more in product(range(len(counts)), range(_LISTED)):
        listed = [f for own in counts[index : index + more + 1] for f in own][:_MAX_OPERANDS]
        for added in (listed, [figure for figure in listed if figure.quantity.value >= _SMALL]):
            if len(added) > 2 and len({figure.quantity.unit for figure in added}) == 1:
                total = sum((figure.quantity.value for figure in added), Decimal(0))
                yield _Outcome(_family(added[0]), total, added[0], added[-1], "+ ... +")


def _are_of_scores(one: Figure, other: Figure, evidence: Evidence) -> bool:
    """Whether one of two figures is a side of a score in Chinese: "25比19"."""
    return evidence.lang == "zh" and any(
        "比" in (text[figure.quantity.end : figure.quantity.end + 1], text[:start][-1:])
        for figure in (one, other)
        for text, start in [(evidence.statements[figure.statement].text, figure.quantity.start)]
    )


def _figures_of(evidence: Evidence, index: int) -> list[Figure]:
    quantities = evidence.statements[index].facts.quantities
    if len(quantities) > _MOST_OPERANDS:
        return []
    plain = [q for q in quantities if not q.label and q.kind != "ordinal"]
    shares = any(q.kind == "percent" for q in plain)
    text = evidence.statements[index].text
    return [Figure(_in_points(q, text) if shares else q, index) for q in plain]


def _in_points(quantity: Quantity, text: str) -> Quantity:
    """A figure of points beside a percentage, in points: "five points less", "half a point"."""
    if quantity.share and _POINT.match(text, quantity.end):
        return quantity._replace(kind="points", value=quantity.value / _HUNDRED)
    gap = quantity.kind == "count" and not quantity.unit and _is_gap(quantity)
    return quantity._replace(kind="points") if gap else quantity


def _counts_of(evidence: Evidence, index: int) -> Iterator[Figure]:
    """What a sentence counts in digits, behind a name, too: "Ankara 1213, Bursa 532"."""
    for quantity in evidence.statements[index].facts.quantities:
        plain = quantity.kind == "count" and quantity.unit not in _DEGREES
        if plain and not quantity.spelled:
            yield Figure(quantity, index)


def _of_two(one: Figure, other: Figure) -> Iterator[_Outcome]:
    """The sum, difference, ratio and change of two figures of a kind, or a share of the other."""
    one, other = _in_unit_of(one, other), _in_unit_of(other, one)
    a, b = one.quantity.value, other.quantity.value
    yield from chain(_by_share(one, other), _by_share(other, one))
    family = _family(one)
    for money, count in ((one, other), (other, one)):
        shared = money.quantity.kind == "money" or money.quantity.unit in _SHARED
        if shared and _family(count) == _COUNT and count.quantity.value:
            each = money.quantity.value / count.quantity.value
            yield _Outcome(_family(money), each, money, count, "/")
    if _shares_currency(one, other):  # "31.6 million euros, 9.2 million more"
        paid = family if one.quantity.kind == "money" else _family(other)
        yield _Outcome(paid, a + b, one, other, "+")
        yield _Outcome(paid, abs(a - b), one, other, "-")
    if {one.quantity.kind, other.quantity.kind} == {"percent", "points"}:
        yield _Outcome("percent", a + b, one, other, "+")
        yield _Outcome("percent", abs(a - b), one, other, "-")
    if family != _family(other) or a == b or not a or not b:
        return
    if one.quantity.unit in _DEGREES:
        signs = {one.quantity.negative, other.quantity.negative}
        yield _Outcome(family, a + b if len(signs) > 1 else abs(a - b), one, other, "-")
        return
    yield _Outcome(family, a + b, one, other, "+")
    gap = "points" if family == "percent" else family
    yield _Outcome(gap, abs(a - b), one, other, "-")
    if family == "percent":
        yield _Outcome(family, abs(a - b), one, other, "-")
        return
    less, more = (one, other) if abs(a) < abs(b) else (other, one)
    low, high = sorted((abs(a), abs(b)))
    yield _Outcome("multiple", high / low, more, less, "/")
    yield _Outcome("percent", (high / low - 1) * _HUNDRED, more, less, "/")
    for part in (low / high, 1 - low / high):
        yield _Outcome("percent", part * _HUNDRED, less, more, "/")
    for own, rest in ((less, more), (more, less)):
        share = abs(own.quantity.value) / (low + high)
        yield _Outcome("percent", share * _HUNDRED, own, rest, "as a part of both, with")


def _shares_currency(one: Figure, other: Figure) -> bool:
    """Whether one of two figures is money, and the other a million or more of it, unnamed."""
    kinds = {one.quantity.kind, other.quantity.kind}
    bare = one.quantity if one.quantity.kind == "count" else other.quantity
    return kinds == {"money", "count"} and not bare.unit and bare.step >= _THOUSAND


def _in_unit_of(figure: Figure, other: Figure) -> Figure:
    """A figure with the unit of another, as exact one: "48,000 tonnes in 2024, 36,000 in 2025"."""
    quantity, named = figure.quantity, other.quantity
    factor = factor_of(named)
    unnamed = figure.statement == other.statement and is_bare(quantity) and not quantity.spelled
    measured = named.kind == "money" or (named.kind == "count" and named.unit not in _TIMES)
    if not (unnamed and measured and quantity.step * factor == named.step):
        return figure
    scaled = quantity._replace(
        kind=named.kind, unit=named.unit, value=quantity.value * factor, step=named.step
    )
    return Figure(scaled, figure.statement)


def _rest(share: Figure) -> _Outcome:
    return _Outcome("percent", _HUNDRED - share.quantity.value, share, share, _REST)


def _is_compared(figure: Figure, evidence: Evidence) -> bool:
    """Whether a share above a hundred percent is one of something else: "125 percent of plan"."""
    quantity, statement = figure.quantity, evidence.statements[figure.statement]
    if quantity.kind != "percent" or quantity.value <= _HUNDRED:
        return False
    begin = max(0, quantity.start - _REACH)
    if _COMPARED_BEFORE.search(statement.text[begin : quantity.start]):
        return True
    behind = _COMPARED.match(statement.text, quantity.end)
    return behind is not None and not directions(statement.lang)(behind["next"].lower())


def _by_share(share: Figure, whole: Figure) -> Iterator[_Outcome]:
    """A share of a figure, and what lies that share or so many times below or above it."""
    kind, value, quantity = share.quantity.kind, share.quantity.value, whole.quantity
    if quantity.kind not in ("count", "money"):
        return
    factors, sign = list[Decimal](), _CHANGED
    if kind == "percent" and 0 < value < _HUNDRED:
        part = value / _HUNDRED
        yield _Outcome(_family(whole), part * quantity.value, share, whole, "of")
        factors = [1 + part, 1 - part, 1 / (1 + part), 1 / (1 - part)]
    elif kind == "multiple" and 1 < value <= _MOST_TIMES:
        factors, sign = [value, 1 / value], _MULTIPLIED
    for factor in factors:
        yield _Outcome(_family(whole), quantity.value * factor, share, whole, sign)
        if quantity.value != quantity.number:  # "1.2 million tonnes, a third less than 1.8 million"
            yield _Outcome(_COUNT, quantity.number * factor, share, whole, sign)


def _family(figure: Figure) -> str:
    return keys_of(figure.quantity)[0].family


def _far_apart(quantity: Quantity, statement: Statement, evidence: Evidence) -> Derived | None:
    """The sum or difference of two figures that stand anywhere in the source.

    It is sure where the sentence gives one of the two, or the source has few.
    """
    given = {q.value for q in statement.facts.quantities if q.value >= _SMALL}
    key = keys_of(quantity)[0]
    rows = [row for row in evidence.figures.rows(key.family) if not row[1].quantity.spelled]
    if len(rows) > _MAX_OPERANDS:
        return None
    few = len(rows) <= _FEW
    values = dict(rows)
    rounded = few and quantity.bound
    for value, figure in rows:
        ways = ((value - key.value, "-"), (key.value - value, "+"))
        for wanted, sign in ways[: 1 if quantity.unit in _DEGREES else 2]:
            other = values.get(wanted)
            if rounded:  # "nearly 25 billion" for 16 and 8.8
                off = max(coarsest(key) / 2, _NEAR * key.value)
                other = other or next((f for v, f in rows if abs(v - wanted) <= off), None)
            if other and other is not figure:
                outcome = _Outcome(key.family, key.value, figure, other, sign)
                sure = few or not given.isdisjoint({value, abs(wanted)})
                return Derived(_shown(outcome, evidence), sure)
    return None


def _shown(outcome: _Outcome, evidence: Evidence) -> str:
    def written(figure: Figure) -> str:
        quantity = figure.quantity
        return evidence.statements[figure.statement].text[quantity.start : quantity.end]

    if outcome.sign == _REST:
        return f"{_REST} {written(outcome.one)}"
    if outcome.sign == _ABOVE:
        return f"{written(outcome.one)} {_ABOVE}"
    return f"{written(outcome.one)} {outcome.sign} {written(outcome.other)}"
