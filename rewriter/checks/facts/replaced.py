"""G112: does a figure stand in the place of another one of the source?

A sentence that restates one sentence of the source has its figures. Here one of them is missing,
and in its place is a figure of its kind. Only other sentences have that figure, and nothing else
was taken over from them. So one figure was put in the place of the other. The model erred, or a
sentence of the article says "read 64 instead of 46".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations, pairwise

from rewriter.checks.evidence.figures import MOST_FIGURES, bare_value, keys_of
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.support import support_of
from rewriter.checks.facts.derivation import derived_from
from rewriter.checks.facts.supporting import supporting_figures
from rewriter.checks.lexicon import directions, word_set
from rewriter.text.quantities import Quantity

# Share of the content of a sentence that is restated, and of one that is told beside another.
_RESTATED, _TOLD = 0.6, 0.5
# Share that does where a number in words counts the same noun: few words are common to both then.
_SAME_THING = 0.35
_DECADE, _YEAR = 120, 12  # months
# What a number in words may be off by, from which number on.
_ROUNDED, _LARGE = Decimal("0.1"), 100
# The same for a proportion, which is rounded to few words; the whole of a share.
_ROUGHLY, _WHOLE = Decimal("0.25"), 100
# Sentences from the one that is restated in which its story goes on ("The new total is ...").
_NEAR = 2
# Words of a share that can be of one thing only: "one in three", not "half a point".
_IN_SO_MANY = 3
_TO = word_set("moved_to")
# A smaller number in words is rather a writer's own count.
_COUNTED = 3


def check_replaced(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G112 for the first figure of a sentence that replaces one of its source sentence."""
    quantities = statement.facts.quantities
    if not quantities or len(quantities) > MOST_FIGURES:
        return
    for quantity in quantities:
        counted = quantity.kind == "count"
        if quantity.label or (quantity.spelled and counted and quantity.value < _COUNTED):
            continue
        written = statement.written(quantity)
        counts = quantity.spelled and (
            quantity.kind == "multiple"
            or (quantity.share and len(written.split()) > 1)
            or (counted and (quantity.noun or quantity.unit))
        )
        find = _otherwise_counted if counts else _otherwise_told
        if found := find(quantity, statement, evidence):
            rival, source = found
            message = f"{written!r} stands here in the place of {source.written(rival)!r}"
            yield Flag("G112", quantity.start, quantity.end, message, source.text)
            return


def _otherwise_told(
    quantity: Quantity, statement: Statement, evidence: Evidence
) -> tuple[Quantity, Statement] | None:
    """The missing figure of the restated sentence for which one of another sentence stands."""
    support = support_of(statement, evidence)
    if support.share < _RESTATED:
        return None
    place = support.statements[0]
    source = evidence.statements[place]
    rival = _missing(quantity, statement, source)
    if rival is None or bare_value(quantity) in map(bare_value, source.facts.quantities):
        return None
    values = [q.value for q in source.facts.quantities[:MOST_FIGURES]]
    if any(quantity.value in (a + b, abs(a - b)) for a, b in combinations(values, 2)):
        return None  # "fell by 12 degrees", from 9 to -3
    places = {figure.statement for figure in supporting_figures(quantity, evidence)}
    told = any(_is_told(at, place, statement, evidence) for at in places)
    return (rival, source) if places and not told else None


def _otherwise_counted(
    quantity: Quantity, statement: Statement, evidence: Evidence
) -> tuple[Quantity, Statement] | None:
    """The count of the same noun for which a number in words stands: "five people" for three.

    A number in words is rarely checked alone: a writer counts what the source lists. None where the
    source has it with the noun, or in the same sentence, or two counts near add up to it.
    """
    support = support_of(statement, evidence)
    # "A decade" for 19 years, and a year that the source says without a number.
    free = quantity.value == _YEAR or quantity.value % _DECADE == 0
    if support.share < _SAME_THING or (quantity.unit == "calendar" and free):
        return None
    place, figures = support.statements[0], supporting_figures(quantity, evidence)
    if any(f.statement == place or _is_alike(f.quantity, quantity) for f in figures):
        return None
    source = evidence.statements[place]
    near = evidence.statements[max(0, place - _NEAR) : place + _NEAR + 1]
    rival = _missing(quantity, statement, source)
    if rival is None or quantity.value in _sums(near) or _is_rounded(quantity, rival):
        return None
    written = statement.text[quantity.start : quantity.end].split()
    if quantity.share and len(written) < _IN_SO_MANY and not (rival.spelled and rival.share):
        return None  # "half a point"
    if _may_be_total(quantity, rival, source):
        return None
    if _is_proportion(quantity) and derived_from(quantity, statement, evidence):
        return None
    if quantity.unit == "calendar" and _lies_between(quantity.number, source.facts.quantities):
        return None
    told = {q.number for q in statement.facts.quantities}
    either = [q for q in source.facts.quantities if q.number in told]
    if _lies_between(quantity.number, [rival, *either]):
        return None  # "by five days to 17", from 12 to 17
    return rival, source


def _is_proportion(quantity: Quantity) -> bool:
    """Whether a figure is a multiple, or a share in words such as "one in three"."""
    return quantity.kind == "multiple" or quantity.share


def _may_be_total(quantity: Quantity, other: Quantity, source: Statement) -> bool:
    """Whether a number of times adds up what the source lists by date: "twice in 2019"."""
    more = quantity.kind == "multiple" and quantity.value > other.value
    return more and len(source.facts.moments) > 1


def _is_rounded(quantity: Quantity, other: Quantity) -> bool:
    """Whether a large number in words is about another one: a thousand for 1,100.

    So is a proportion, where it may be that of the rest: "a third" for 35 percent or 65.
    """
    if quantity.share and other.share and quantity.spelled and other.spelled:
        return abs(_WHOLE - other.value - quantity.value) < 1  # "a third" beside "two thirds"
    if _is_proportion(quantity):
        others = (other.value, _WHOLE - other.value) if quantity.share else (other.value,)
        return any(abs(quantity.value - value) <= _ROUGHLY * value for value in others)
    near = abs(quantity.value - other.value) <= _ROUNDED * other.value
    return near and quantity.value >= _LARGE


def _missing(quantity: Quantity, statement: Statement, source: Statement) -> Quantity | None:
    """The figure of the source's sentence of the same kind as `quantity` that is not told."""
    had = {bare_value(own) for own in statement.facts.quantities}
    missing = (q for q in source.facts.quantities if bare_value(q) not in had and not q.label)
    return next((q for q in missing if _is_alike(q, quantity)), None)


def _sums(places: Iterable[Statement]) -> set[Decimal]:
    """What two counts of neighbouring sentences add up to: "three ... two more"."""
    counts = [q.value for place in places for q in place.facts.quantities if q.kind == "count"]
    return {a + b for a, b in combinations(counts[:MOST_FIGURES], 2)}


def _lies_between(number: Decimal, figures: Iterable[Quantity]) -> bool:
    """Whether a number is the difference of two counts: "five years younger"."""
    counts = [q.number for q in figures if q.kind == "count"]
    return any(abs(a - b) == number for a, b in combinations(counts[:MOST_FIGURES], 2))


def _is_alike(one: Quantity, other: Quantity) -> bool:
    """Whether two figures measure the same kind of thing, in the same unit."""
    return keys_of(one)[0].family == keys_of(other)[0].family and one.noun == other.noun


def _is_told(at: int, place: int, statement: Statement, evidence: Evidence) -> bool:
    """Whether the sentence that has the figure is told as well, or is that one or beside it.

    It is also where two of the figures are its own, and where it tells how the figure has moved:
    the newest one is the news ("by Tuesday the toll had risen to 13").
    """
    other, source = evidence.statements[at], evidence.statements[place]
    if abs(at - place) <= _NEAR:
        return True
    own = map(bare_value, statement.facts.quantities)
    moves = directions(other.lang)
    if any(moves(word) and then in _TO for word, then in pairwise(other.plain)):
        return True
    if len(set(own).intersection(map(bare_value, other.facts.quantities))) > 1:
        return True
    shared = statement.content & other.content
    return bool(shared - source.content) or len(shared) >= _TOLD * len(other.content)
