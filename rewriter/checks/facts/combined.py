"""What the figures of a source give: sums, differences, ratios, changes, shares and rests.

Only figures of one sentence or of two neighbouring ones are combined, since chance yields almost
every small number among the figures of an article.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, combinations, islice, pairwise, product
from typing import NamedTuple

from rewriter.checks.evidence.figures import Figure, keys_of
from rewriter.checks.evidence.index import Evidence, of_source
from rewriter.checks.facts.notations import is_bare
from rewriter.checks.facts.supporting import factor_of
from rewriter.checks.lexicon import directions, pattern
from rewriter.text.quantities import Quantity

# More figures than this in one family are a table, in which every difference can be found.
MAX_OPERANDS = 40
_HUNDRED, _THOUSAND = Decimal(100), Decimal(1000)
# A smaller count that nothing says was worked out is rather the writer's slip.
SMALL = 10
# Sentences in a row that a list may go through.
_LISTED = 4
# What is left of a whole of a hundred percent.
REST = "100% -"
# What a list adds up to.
SUM = "+ ... +"
# What a percentage or a multiple makes of a figure, up or down.
CHANGED, _MULTIPLIED = "and", "x"
# "108 percent of last year's" is 8 percent more, "108 percent full" compares nothing.
ABOVE = "- 100%"
_COMPARED = pattern("share_compared")
_COMPARED_BEFORE = re.compile(r"(?:[的の의比]|대비)\s?$")
# Characters before a share in which that word stands.
_REACH = 4
# A sentence with more figures is a table; a source with more results is no article.
_MOST_OPERANDS = 8
_MOST_RESULTS = 20_000
# What only differs, and is neither added up nor a part of the other.
DEGREES = frozenset({"celsius", "fahrenheit"})
# "Three times as much"; more than that is rather a score or a list.
_MOST_TIMES = 10
# "A quarter point", "half of a percentage point".
_POINT = re.compile(r"[ -](?:of a )?(?:percentage )?points?\b")
# Families of counts, which a figure without a unit may leave out.
COUNT = "count "
# Units of which a bare number beside them need not be one, and those of which each has a part.
_TIMES = frozenset({"", "calendar"})
_SHARED = frozenset({"power", "energy", "mass", "area", "volume"})


class Combined(NamedTuple):
    """What two figures give: the family of the result and its value."""

    family: str
    value: Decimal
    one: Figure
    other: Figure
    sign: str


CombinedByFamily = dict[str, list[Combined]]


@of_source
def combined_by_family(evidence: Evidence) -> CombinedByFamily:
    """What the figures of a source give, by what it measures, ascending."""
    found: CombinedByFamily = defaultdict(list)
    for result in islice(_combined(evidence), _MOST_RESULTS):
        found[result.family].append(result)
    return {family: sorted(rows, key=lambda result: result.value) for family, rows in found.items()}


def _combined(evidence: Evidence) -> Iterator[Combined]:
    """What the figures of each sentence give with those of the same and the next one."""
    figures = [_figures_of(evidence, index) for index in range(len(evidence.statements))]
    for own, behind in pairwise([*figures, []]):
        yield from (rest_of(figure) for figure in own if figure.quantity.kind == "percent")
        above = (figure for figure in own if _is_compared(figure, evidence))
        yield from (Combined("percent", f.quantity.value - _HUNDRED, f, f, ABOVE) for f in above)
        for one, other in chain(combinations(own, 2), product(own, behind)):
            if not _are_of_scores(one, other, evidence):
                yield from of_two(one, other)
            elif one.statement == other.statement and other.quantity.start <= one.quantity.end + 2:
                value = abs(one.quantity.value - other.quantity.value)
                yield Combined(_family(one), value, one, other, "-")
    for kind in ("count", "percent"):
        yield from _sums_of(kind, evidence)


def _sums_of(kind: str, evidence: Evidence) -> Iterator[Combined]:
    """What the figures of a list add up to, that goes through some sentences in a row."""
    rows = [list(_digits_of(kind, evidence, index)) for index in range(len(evidence.statements))]
    if kind == "percent" and sum(map(len, rows)) > _MOST_OPERANDS:
        return
    for index, more in product(range(len(rows)), range(_LISTED)):
        listed = [f for own in rows[index : index + more + 1] for f in own][:MAX_OPERANDS]
        for added in (listed, [figure for figure in listed if figure.quantity.value >= SMALL]):
            if len(added) > 2 and len({figure.quantity.unit for figure in added}) == 1:
                total = sum((figure.quantity.value for figure in added), Decimal(0))
                yield Combined(_family(added[0]), total, added[0], added[-1], SUM)


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
    return [Figure(_in_points(q, text) if shares else _as_count(q), index) for q in plain]


def _as_count(quantity: Quantity) -> Quantity:
    """A figure; so many times that nothing is a multiple of: "happened 5,120 times"."""
    often = quantity.kind == "multiple" and quantity.value > _HUNDRED
    return quantity._replace(kind="count") if often else quantity


def _in_points(quantity: Quantity, text: str) -> Quantity:
    """A figure of points beside a percentage, in points: "five points less", "half a point"."""
    if quantity.share and _POINT.match(text, quantity.end):
        return quantity._replace(kind="points", value=quantity.value / _HUNDRED)
    gap = quantity.kind == "count" and not quantity.unit and is_gap(quantity)
    return quantity._replace(kind="points") if gap else quantity


def is_gap(quantity: Quantity) -> bool:
    """Whether a figure counts points, of percent as it may be."""
    return quantity.noun.startswith(("point", "punt", "punkt", "pont", "пункт", "pkt"))


def _digits_of(kind: str, evidence: Evidence, index: int) -> Iterator[Figure]:
    """What a sentence counts in digits, behind a name, too: "Ankara 1213, Bursa 532"."""
    for quantity in evidence.statements[index].facts.quantities:
        plain = quantity.kind == kind and quantity.unit not in DEGREES
        if plain and not quantity.spelled:
            yield Figure(quantity, index)


def of_two(one: Figure, other: Figure) -> Iterator[Combined]:
    """The sum, difference, ratio and change of two figures of a kind, or a share of the other."""
    one, other = _in_unit_of(one, other), _in_unit_of(other, one)
    a, b = one.quantity.value, other.quantity.value
    yield from chain(_by_share(one, other), _by_share(other, one))
    family = _family(one)
    for money, count in ((one, other), (other, one)):
        shared = money.quantity.kind == "money" or money.quantity.unit in _SHARED
        if shared and _family(count) == COUNT and count.quantity.value:
            each = money.quantity.value / count.quantity.value
            yield Combined(_family(money), each, money, count, "/")
    if _shares_currency(one, other):  # "31.6 million euros, 9.2 million more"
        paid = family if one.quantity.kind == "money" else _family(other)
        yield Combined(paid, a + b, one, other, "+")
        yield Combined(paid, abs(a - b), one, other, "-")
    if {one.quantity.kind, other.quantity.kind} == {"percent", "points"}:
        yield Combined("percent", a + b, one, other, "+")
        yield Combined("percent", abs(a - b), one, other, "-")
    if family != _family(other) or not a or not b:
        return
    if one.quantity.unit in DEGREES:
        if one.quantity.negative is not other.quantity.negative:
            yield Combined(family, a + b, one, other, "+")
        else:
            yield Combined(family, abs(a - b), one, other, "-")
        return
    gap = "points" if family == "percent" else family
    yield Combined(gap, abs(a - b), one, other, "-")
    if a == b:
        return
    yield Combined(family, a + b, one, other, "+")
    if family == "percent":
        yield Combined(family, abs(a - b), one, other, "-")
        return
    less, more = (one, other) if abs(a) < abs(b) else (other, one)
    low, high = sorted((abs(a), abs(b)))
    yield Combined("multiple", high / low, more, less, "/")
    yield Combined("percent", (high / low - 1) * _HUNDRED, more, less, "/")
    for part in (low / high, 1 - low / high):
        yield Combined("percent", part * _HUNDRED, less, more, "/")
    for own, rest in ((less, more), (more, less)):
        share = abs(own.quantity.value) / (low + high)
        yield Combined("percent", share * _HUNDRED, own, rest, "as a part of both, with")


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
    exact = quantity.step * factor == named.step
    share = named.kind == "percent" and (exact or quantity.step < 1)
    if not (unnamed and (share or (measured and exact))):
        return figure
    scaled = quantity._replace(
        kind=named.kind, unit=named.unit, value=quantity.value * factor, step=named.step
    )
    return Figure(scaled, figure.statement)


def rest_of(share: Figure) -> Combined:
    """What a share leaves of a hundred percent."""
    return Combined("percent", _HUNDRED - share.quantity.value, share, share, REST)


def _is_compared(figure: Figure, evidence: Evidence) -> bool:
    """Whether a share above a hundred percent is one of something else: "125 percent of plan"."""
    quantity, statement = figure.quantity, evidence.statements[figure.statement]
    if quantity.kind != "percent" or quantity.value <= _HUNDRED:
        return False
    if _COMPARED_BEFORE.search(statement.before(quantity, _REACH)):
        return True
    behind = _COMPARED.match(statement.text, quantity.end)
    return behind is not None and not directions(statement.lang)(behind["next"].lower())


def _by_share(share: Figure, whole: Figure) -> Iterator[Combined]:
    """A share of a figure, and what lies that share or so many times below or above it."""
    kind, value, quantity = share.quantity.kind, share.quantity.value, whole.quantity
    if quantity.kind not in ("count", "money"):
        return
    factors, sign = list[Decimal](), CHANGED
    if kind == "percent" and 0 < value < _HUNDRED:
        part = value / _HUNDRED
        yield Combined(_family(whole), part * quantity.value, share, whole, "of")
        factors = [1 + part, 1 - part, 1 / (1 + part), 1 / (1 - part)]
    elif kind == "multiple" and 1 < value <= _MOST_TIMES:
        factors, sign = [value, 1 / value], _MULTIPLIED
    for factor in factors:
        yield Combined(_family(whole), quantity.value * factor, share, whole, sign)
        if quantity.value != quantity.number:  # "1.2 million tonnes, a third less than 1.8 million"
            yield Combined(COUNT, quantity.number * factor, share, whole, sign)


def _family(figure: Figure) -> str:
    return keys_of(figure.quantity)[0].family
