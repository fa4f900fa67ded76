"""The figures of a source that a figure may stand on: with its unit, or with one left out.

A unit may stand with another figure of the sentence, a currency with one of the next sentence.
"""

from __future__ import annotations

import re
from decimal import Decimal

from rewriter.checks.evidence.figures import Figure, bare_value
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement, stem
from rewriter.checks.evidence.variants import singular
from rewriter.checks.facts.notations import is_bare, noun_of
from rewriter.checks.lexicon import directions, pattern, word_set
from rewriter.text.quantities import LANGUAGES, Quantity
from rewriter.text.quantities.vocabulary import vocabulary_of

_MONTHS_A_YEAR, _HUNDRED = 12, 100
# "Tens of thousands" is said of 10,000 to some 200,000.
_VAGUE = 20
_POINTS = word_set("points")
# Seconds of a minute, by which a count of minutes is known, and how words for minutes begin.
_MINUTE = 60
_MINUTES = tuple(word_set("minutes"))
_POINT = tuple(word_set("table_points"))
# The magnitudes that are written with one letter, and the units that have the same one.
_LETTERS = ((Decimal(10**6), frozenset({"length", "time"})), (Decimal(10**12), frozenset({"mass"})))
_WARMTH = frozenset({"celsius", "fahrenheit"})
_DEGREES = frozenset({"degree", "degrees", "gradi", "grado", "derece"})
_SIGN = pattern("sign")
# Languages in which what is counted follows its number directly, so that a missing unit is told
# from another one.
_NOUN_BEHIND = frozenset({"en"})
_AGES = re.compile(r"\bage[sd] (?:(?:between |from )?\d{1,3}\W{0,2}(?:to|and|through|-|–)? ?)?$")
_PART_OF = pattern("part_of")
_REACH = 16
# What parts the cells of a table.
_CELLS = " | "
# A number that may be one of money without its currency.
_LARGE = 100_000


def magnitude_of(quantity: Quantity) -> Decimal:
    """A million of "3 million": the largest power of a thousand that a figure is written in.

    What its unit counts is none: 1 of "46,797 megawatts".
    """
    powers = (Decimal(10) ** power for power in (12, 9, 6, 3))
    step = quantity.step if not quantity.spelled else quantity.value
    factor = factor_of(quantity) or 1
    return next((power for power in powers if step >= power * factor), Decimal(1))


def factor_of(quantity: Quantity) -> Decimal:
    """What the unit of a figure counts: a hundredth for cents."""
    return quantity.value / quantity.number if quantity.number else Decimal(1)


def supporting_figures(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The figures of the source that a quantity may stand on; leaving out a unit is allowed."""
    figures = evidence.figures
    found = figures.supporting(quantity)
    if not found and quantity.unit == "vague":
        found = figures.between(quantity.value, quantity.value * _VAGUE)
    return (
        found
        or _said_otherwise(quantity, evidence)
        or _without_currency(quantity, evidence)
        or _in_table(quantity, evidence)
        or _as_multiple(quantity, evidence)
    )


def _as_multiple(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The multiples that an increase says in percent: "1.4 times as heavy" is 40 percent more."""
    if quantity.kind != "percent":
        return []
    value = 1 + quantity.value / _HUNDRED
    return [figure for near, figure in evidence.figures.rows("multiple") if near == value]


def _in_table(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The bare numbers of a table that an amount of money may be, in the source's only currency."""
    if quantity.kind != "money":
        return []
    figures = evidence.figures
    if list(figures.families("money ")) != [f"money {quantity.unit}"]:
        return []
    same = figures.by_value.get(bare_value(quantity), [])
    rows = (f for f in same if _CELLS in evidence.statements[f.statement].text)
    return [figure for figure in rows if is_bare(figure.quantity)]


def _without_currency(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The amounts of money that a large number rounds without naming the currency."""
    if quantity.kind != "count" or quantity.unit or quantity.label or quantity.value < _LARGE:
        return []
    if evidence.lang in _NOUN_BEHIND and not is_bare(quantity):
        return []
    figures = evidence.figures
    found = (figures.supporting(quantity, family) for family in figures.families("money "))
    return next(filter(None, found), [])


def _said_otherwise(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The figures of the same number that the source gives as another kind, or with its unit."""
    value = bare_value(quantity)
    same = evidence.figures.by_value.get(value, [])
    if quantity.label or quantity.kind in ("multiple", "ordinal"):
        return same or evidence.year_figures(value)
    if quantity.noun in _DEGREES and (warm := [f for f in same if f.quantity.unit in _WARMTH]):
        return warm
    if quantity.kind == "count":
        if parts := _parts_of_shares(quantity, evidence):
            return parts
        multiples = [f for f in same if f.quantity.kind == "multiple"]
        if quantity.spelled and multiples:  # "scored twice": two goals
            return multiples
        if measured := _one_letter(quantity, evidence):
            return measured
        if not quantity.unit:
            return _counting(quantity, same, evidence) or evidence.year_figures(value)
    if quantity.kind == "points":
        counts = [f for f in same if f.quantity.kind == "count" and not f.quantity.unit]
        return [f for f in counts if f.quantity.noun in _POINTS or _tells(_POINT, f, evidence)]
    if quantity.unit in _WARMTH:
        return [
            figure
            for figure in same
            if figure.quantity.noun in _DEGREES
            or figure.quantity.unit == "degree"
            or _is_signed(figure, evidence)
        ]
    if quantity.unit == "time" and quantity.value == quantity.number * _MINUTE:
        turns = [f for f in same if f.quantity.kind == "ordinal" and _tells(_MINUTES, f, evidence)]
        if turns:  # "after 12 minutes", "in the 12th and 55th minutes"
            return turns
    if quantity.unit == "degree":  # Italian writes "79°" for the 79th, too
        units = {*_WARMTH, "time"}
        return [f for f in same if f.quantity.unit in units or _is_signed(f, evidence)]
    if quantity.unit == "calendar" and quantity.value == quantity.number * _MONTHS_A_YEAR:
        return [f for f in same if is_bare(f.quantity) or _is_aged(f, evidence)]  # "Smith, 34,"
    return [f for f in same if _is_unread(f, evidence) or _leaves_out(f, quantity, evidence)]


def _parts_of_shares(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The shares whose upper or lower part a count is: 8 and 10 of "8 out of 10"."""
    if quantity.unit or quantity.step != 1:
        return []
    number = re.compile(rf"\b{quantity.number}\b")
    return [
        figure
        for _, figure in evidence.figures.rows("percent")
        if figure.quantity.share
        and number.search(
            evidence.statements[figure.statement].text,
            figure.quantity.start,
            figure.quantity.end,
        )
    ]


def _is_aged(figure: Figure, evidence: Evidence) -> bool:
    """Whether a figure of the source is one of the ages before it: "kids ages 5 to 12 are"."""
    text = evidence.statements[figure.statement].text
    return _AGES.search(text, 0, figure.quantity.start) is not None


def _one_letter(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The metres, minutes or tonnes of "45m" and "3t", or the millions and trillions."""
    by_value = evidence.figures.by_value
    for scale, units in _LETTERS:
        if quantity.unit in units:
            scaled = by_value.get((bare_value(quantity) * scale).normalize(), [])
            return [f for f in scaled if _is_short(f.quantity, scale)]
        if not quantity.unit and _is_short(quantity, scale):
            single = by_value.get((quantity.value / scale).normalize(), [])
            if found := [f for f in single if f.quantity.unit in units or _is_unread(f, evidence)]:
                return found
    return []


def _is_signed(figure: Figure, evidence: Evidence) -> bool:
    """Whether a figure without a unit has a sign, as those of the weather have: "it was plus 3"."""
    if not is_bare(figure.quantity):
        return False
    text = evidence.statements[figure.statement].text
    return _SIGN.search(text, 0, figure.quantity.start) is not None


def _is_unread(figure: Figure, evidence: Evidence) -> bool:
    """Whether a figure may have a unit in a language whose units are not read: "1톤"."""
    return evidence.lang not in LANGUAGES and not figure.quantity.unit


def _is_short(quantity: Quantity, scale: Decimal) -> bool:
    """Whether millions or trillions are written with one letter: "45m"."""
    if quantity.value < scale:
        return False
    return quantity.end - quantity.start <= len(f"{quantity.value / scale:f}") + 1


def _leaves_out(figure: Figure, quantity: Quantity, evidence: Evidence) -> bool:
    """Whether a figure's unit stands elsewhere in its sentence: "74 days, down from 112".

    Or what is measured is named by it: "opening hours fall from 41 to 29".
    """
    there = evidence.statements[figure.statement]
    part = _PART_OF.search(
        there.text, max(0, figure.quantity.start - _REACH), figure.quantity.start
    )
    if not (part or _may_leave_out(figure, quantity)):
        return False
    others = there.facts.quantities
    if any((other.kind, other.unit) == (quantity.kind, quantity.unit) for other in others):
        return True
    words = vocabulary_of(there.lang)
    places = range(len(there.tokens))
    if quantity.kind == "money":  # "the yen stood at 108.55 to the dollar"
        money = (words.currency.match(there.tokens, at) for at in places)
        return any(found and found[0] == quantity.unit for found in money)
    measure = (quantity.unit, factor_of(quantity))
    units = (words.unit.match(there.tokens, at) for at in places)
    return bool(quantity.unit) and any(unit and unit[0] == measure for unit in units)


def _may_leave_out(figure: Figure, quantity: Quantity) -> bool:
    """Whether a figure of the source has no unit and a figure with the same number has one."""
    measured = quantity.kind != "count" or bool(quantity.unit)
    bare = figure.quantity.kind == "count" and not figure.quantity.unit
    return bare and measured and (quantity.kind == "percent" or is_bare(figure.quantity))


def _tells(beginnings: tuple[str, ...], figure: Figure, evidence: Evidence) -> bool:
    """Whether the sentence of a figure speaks of minutes, or points: "in the 12th minute"."""
    words = evidence.statements[figure.statement].words
    return any(word.startswith(beginnings) for word in words)


def without_its_currency(
    quantity: Quantity, same: list[Figure], statement: Statement, evidence: Evidence
) -> Figure | None:
    """The amount whose currency the source leaves out, in a sentence with a word in common.

    The source names no currency, or a sentence beside it has it with an amount of its magnitude.
    Words for rising and falling are said of anything.
    """
    if quantity.kind != "money":
        return None
    moves = directions(statement.lang)
    amount = {stem(word) for word in statement.written(quantity).lower().split()}
    said = {stem(word) for word in statement.words if not moves(word)} & statement.content - amount
    return next(
        (
            figure
            for figure in same
            if _may_leave_out(figure, quantity)
            and said & evidence.statements[figure.statement].content
            and _has_currency_near(figure, quantity, evidence)
        ),
        None,
    )


def _has_currency_near(figure: Figure, quantity: Quantity, evidence: Evidence) -> bool:
    size = magnitude_of(figure.quantity)
    if size == 1:
        return False
    return not any(evidence.figures.families("money ")) or any(
        (other.kind, other.unit) == (quantity.kind, quantity.unit) and magnitude_of(other) == size
        for place in evidence.neighbours(figure.statement)
        for other in place.facts.quantities
    )


def _counting(quantity: Quantity, same: list[Figure], evidence: Evidence) -> list[Figure]:
    """Those of the figures with the same number that a count without a unit may stand on."""
    if quantity.noun in _POINTS and any(f.quantity.kind == "points" for f in same):
        return same
    if not noun_of(quantity) or evidence.lang not in _NOUN_BEHIND:
        return same
    return [f for f in same if f.quantity.label or _is_last_of(f, quantity, evidence)]


def _is_last_of(figure: Figure, quantity: Quantity, evidence: Evidence) -> bool:
    """Whether an ordinal of the source is the last of what is counted: 8 rounds, "the eighth"."""
    if figure.quantity.kind != "ordinal":
        return False
    behind = evidence.statements[figure.statement].text[figure.quantity.end :].lstrip(" -")
    return behind.lower().startswith(singular(noun_of(quantity)))
