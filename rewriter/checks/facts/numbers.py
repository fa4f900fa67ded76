"""G1xx: is every figure in the source, with the same unit, currency and magnitude?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise, takewhile

from rewriter.checks.evidence.figures import (
    MOST_FIGURES,
    Figure,
    Figures,
    bare_value,
    keys_of,
    shared_scales,
)
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement, stem
from rewriter.checks.facts.derivation import derived_from, is_worked_out
from rewriter.checks.facts.notations import (
    BELOW_ZERO,
    code_of_counted,
    ends_event,
    is_bare,
    is_no_figure,
    is_other_score,
    is_written_otherwise,
    noun_of,
)
from rewriter.checks.lexicon import directions
from rewriter.text.quantities import LANGUAGES, Quantity

_POWERS = tuple(Decimal(10) ** power for power in (-9, -6, -3, -2, -1, 1, 2, 3, 6, 9))
_CODES = {"money": "G102", "percent": "G103", "points": "G103"}
# Counts in words below are often the writer's own ("both", "two exchanges" for two names).
_SMALL = 100
_MONTHS_A_YEAR = 12
# What a writer counts or works out from the dates of the source: "two days later".
_COUNTED = frozenset({"", "time", "calendar", "vague"})
# "Tens of thousands" is said of 10,000 to some 200,000.
_VAGUE = 20
# "Two points" may be said of two percentage points.
_POINTS = frozenset(
    ["point", "points", "punto", "puntos", "punkte", "punkten", "ponto", "pontos", "пункта"]
)
# Seconds of a minute, by which a count of minutes is known, and how words for minutes begin.
_MINUTE = 60
_MINUTES = ("min", "мин", "dakika", "хвил")
# The magnitudes that are written with one letter, and the units that have the same one.
_LETTERS = (
    (Decimal(10**6), frozenset({"length", "time"})),
    (Decimal(10**12), frozenset({"mass"})),
)
_WARMTH = frozenset({"celsius", "fahrenheit"})
_DEGREES = frozenset({"degree", "degrees", "gradi", "grado", "derece"})
# How the words for a thousand, a million and a billion begin in languages that are not read.
_MAGNITUDES = (
    (Decimal(10**3), re.compile("duiz|tys|tus|tis|tuh|ezer|ribu|mii|тис|χιλι|nghìn")),
    (Decimal(10**6), re.compile("mil(?:jo|io|ió|lion)|mln|mio|juta|мільйон|млн|εκατ|triệu")),
    (Decimal(10**9), re.compile("mil(?:jar|iar|liar)d|ml?r?d|mia|мільярд|млрд|δισ|tỷ")),
)
# Languages in which what is counted follows its number directly, so that a missing unit is told
# from another one.
_NOUN_BEHIND = frozenset({"en"})
# A number that may be one of money without its currency.
_LARGE = 100_000
# What stands between the figures of a list.
_IN_LIST = re.compile(r",? ?(?:and |or |y |o |u |et |ou |und |oder |e |и |или )?")


def check_numbers(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G101 to G109 for the figures of one sentence."""
    for quantity in statement.facts.quantities:
        flag = _check(quantity, statement, evidence)
        if flag:
            yield flag


def _check(quantity: Quantity, statement: Statement, evidence: Evidence) -> Flag | None:
    if is_no_figure(quantity, statement, evidence):
        return None
    supporting = _supporting(quantity, statement, evidence)
    if supporting and _sign_is_lost(quantity, supporting, statement, evidence):
        written = statement.text[quantity.start : quantity.end]
        message = f"{written!r} has the other sign in the source"
        where = evidence.statements[supporting[0].statement].text
        kind = _CODES.get(quantity.kind, "G101")
        return Flag(kind, quantity.start, quantity.end, message, where)
    if supporting:
        return _bound_reversed(quantity, supporting, statement, evidence)
    written = statement.text[quantity.start : quantity.end]
    if is_worked_out(quantity, statement) or is_written_otherwise(quantity, statement, evidence):
        return None
    explained = _explain(quantity, statement, evidence)
    if explained is None:
        return None
    code, message, figure = explained
    code = code_of_counted(quantity, statement, evidence) or code
    source = evidence.statements[figure.statement].text if figure else None
    return Flag(code, quantity.start, quantity.end, f"{written!r} {message}", source)


def _supporting(quantity: Quantity, statement: Statement, evidence: Evidence) -> list[Figure]:
    """The figures of the source that a quantity in a sentence may stand on."""
    supporting = supporting_figures(quantity, evidence)
    if not supporting and evidence.lang not in LANGUAGES and not quantity.bound:
        supporting = supporting_figures(quantity._replace(bound="about"), evidence)
    if not supporting:
        wholes = (_in_scale_of_neighbour(quantity, statement), _listed(quantity, statement))
        found = (supporting_figures(whole, evidence) for whole in wholes if whole)
        supporting = next(filter(None, found), [])
    return _without_other_scores(supporting, quantity, statement, evidence)


def _without_other_scores(
    figures: list[Figure], quantity: Quantity, statement: Statement, evidence: Evidence
) -> list[Figure]:
    if quantity.kind != "ratio":
        return figures
    places = evidence.statements
    return [
        figure
        for figure in figures
        if not is_other_score(quantity, statement, figure.quantity, places[figure.statement])
    ]


def _listed(quantity: Quantity, statement: Statement) -> Quantity | None:
    """The figure in the unit of the one that ends its list: 17 of "17, 12 or 3 million dollars".

    The unit may also stand with the figure before: "745 millones para ... y 150 para ...".
    """
    figures = statement.facts.quantities
    if len(figures) > MOST_FIGURES or _magnitude_of(quantity) > 1:
        return None
    at = figures.index(quantity)
    links = takewhile(
        lambda pair: _IN_LIST.fullmatch(statement.text, pair[0].end, pair[1].start),
        pairwise(figures[at:]),
    )
    ends = [other for _, other in links] or figures[max(0, at - 1) : at]
    if not ends or quantity.unit not in ("", ends[-1].unit):
        return None
    scale = _magnitude_of(ends[-1])
    value, step = quantity.number * scale, quantity.step * scale
    return ends[-1]._replace(value=value, step=step, number=value, start=quantity.start)


def _magnitude_of(quantity: Quantity) -> Decimal:
    """A million of "3 million": the largest power of a thousand that a figure is written in."""
    powers = (Decimal(10) ** power for power in (12, 9, 6, 3))
    step = quantity.step if not quantity.spelled else quantity.value
    return next((power for power in powers if step >= power), Decimal(1))


def _in_scale_of_neighbour(quantity: Quantity, statement: Statement) -> Quantity | None:
    """The figure in the magnitude of the one that it is a part or the whole of.

    "Eight of the 28 million" are eight million; of "8 million of 28" the 28 are millions, too.
    """
    if len(statement.facts.quantities) > MOST_FIGURES:
        return None
    return next(
        (
            meant
            for meant in shared_scales(statement.text, statement.facts.quantities)
            if meant.start == quantity.start
        ),
        None,
    )


def _sign_is_lost(
    quantity: Quantity, supporting: list[Figure], statement: Statement, evidence: Evidence
) -> bool:
    """Whether a minus stands in one text only, and no word of falling makes up for it."""
    if quantity.label or quantity.kind == "ordinal":
        return False
    if any(figure.quantity.negative == quantity.negative for figure in supporting):
        return False
    places = [evidence.statements[figure.statement] for figure in supporting]
    return not any(_falls(text) for text in (places if quantity.negative else [statement]))


def _falls(statement: Statement) -> bool:
    """Whether a sentence has a word that may stand for a minus."""
    moves = directions(statement.lang)
    return any(word in BELOW_ZERO or moves(word) == "down" for word in statement.words)


def supporting_figures(quantity: Quantity, evidence: Evidence) -> list[Figure]:
    """The figures of the source that a quantity may stand on; leaving out a unit is allowed."""
    figures = evidence.figures
    found = figures.supporting(quantity)
    if not found and quantity.unit == "vague":
        found = figures.between(quantity.value, quantity.value * _VAGUE)
    return found or _said_otherwise(quantity, evidence) or _without_currency(quantity, evidence)


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
        multiples = [f for f in same if f.quantity.kind == "multiple"]
        if quantity.spelled and multiples:  # "scored twice": two goals
            return multiples
        if measured := _one_letter(quantity, evidence):
            return measured
        if not quantity.unit:
            return _counting(quantity, same, evidence.lang) or evidence.year_figures(value)
    if quantity.kind == "points":
        return [f for f in same if f.quantity.kind == "count" and f.quantity.noun in _POINTS]
    if quantity.unit in _WARMTH:
        return [f for f in same if f.quantity.noun in _DEGREES or f.quantity.unit == "degree"]
    if quantity.unit == "time" and quantity.value == quantity.number * _MINUTE:
        turns = [f for f in same if f.quantity.kind == "ordinal" and _tells_minutes(f, evidence)]
        if turns:  # "after 12 minutes", "in the 12th and 55th minutes"
            return turns
    if quantity.unit == "degree":  # Italian writes "79°" for the 79th, too
        return [f for f in same if f.quantity.unit in {*_WARMTH, "time"}]
    if quantity.unit == "calendar" and quantity.value == quantity.number * _MONTHS_A_YEAR:
        return [f for f in same if is_bare(f.quantity)]  # "Smith, 34,"
    return [f for f in same if _is_unread(f, evidence) or _leaves_out(f, quantity, evidence)]


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


def _is_unread(figure: Figure, evidence: Evidence) -> bool:
    """Whether a figure may have a unit in a language whose units are not read: "1톤"."""
    return evidence.lang not in LANGUAGES and not figure.quantity.unit


def _is_short(quantity: Quantity, scale: Decimal) -> bool:
    """Whether millions or trillions are written with one letter: "45m"."""
    if quantity.value < scale:
        return False
    return quantity.end - quantity.start <= len(f"{quantity.value / scale:f}") + 1


def _leaves_out(figure: Figure, quantity: Quantity, evidence: Evidence) -> bool:
    """Whether another figure of its sentence has a figure's unit: "74 days, down from 112"."""
    if not _may_leave_out(figure, quantity):
        return False
    others = evidence.statements[figure.statement].facts.quantities
    return any((other.kind, other.unit) == (quantity.kind, quantity.unit) for other in others)


def _may_leave_out(figure: Figure, quantity: Quantity) -> bool:
    """Whether a figure of the source has no unit and a figure with the same number has one."""
    measured = quantity.kind != "count" or bool(quantity.unit)
    bare = figure.quantity.kind == "count" and not figure.quantity.unit
    return bare and measured and (quantity.kind == "percent" or is_bare(figure.quantity))


def _tells_minutes(figure: Figure, evidence: Evidence) -> bool:
    """Whether the sentence of a figure speaks of minutes: "in the 12th minute"."""
    words = evidence.statements[figure.statement].words
    return any(word.startswith(_MINUTES) for word in words)


def _without_its_currency(
    quantity: Quantity, same: list[Figure], statement: Statement, evidence: Evidence
) -> Figure | None:
    """The amount whose currency the source leaves out, in a sentence with a word in common.

    The source names no currency, or a sentence beside it has it with an amount of its magnitude.
    Words for rising and falling are said of anything.
    """
    if quantity.kind != "money":
        return None
    moves = directions(statement.lang)
    amount = {stem(word) for word in statement.text[quantity.start : quantity.end].lower().split()}
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
    size = _magnitude_of(figure.quantity)
    if size == 1:
        return False
    return not any(evidence.figures.families("money ")) or any(
        (other.kind, other.unit) == (quantity.kind, quantity.unit) and _magnitude_of(other) == size
        for place in evidence.neighbours(figure.statement)
        for other in place.facts.quantities
    )


def _counting(quantity: Quantity, same: list[Figure], lang: str) -> list[Figure]:
    """Those of the figures with the same number that a count without a unit may stand on."""
    if quantity.noun in _POINTS and any(f.quantity.kind == "points" for f in same):
        return same
    if not noun_of(quantity) or lang not in _NOUN_BEHIND:
        return same
    return [f for f in same if f.quantity.label]


def _explain(
    quantity: Quantity, statement: Statement, evidence: Evidence
) -> tuple[str, str, Figure | None] | None:
    """Code, message and nearest figure for a quantity that the source does not support.

    None where the sentence says that it works the figure out of two that stand together.
    """
    figures = evidence.figures
    derivation = derived_from(quantity, statement, evidence)
    if derivation and derivation.sure:
        return None
    if other := _in_other_currency(quantity, figures):
        return "G105", "has another currency in the source", other
    same = figures.by_value.get(bare_value(quantity), [])
    same = _without_other_scores(same, quantity, statement, evidence)
    if amount := _without_its_currency(quantity, same, statement, evidence):
        return "G108", "has no currency in the source", amount
    if ends_event(quantity, statement, evidence):
        return (
            "G108",
            "is not in the source, but can be derived from a time and a length there",
            None,
        )
    if same and not (quantity.spelled and quantity.number < _SMALL):
        return "G104", "counts something else in the source", same[0]
    if evidence.lang not in LANGUAGES and _is_scaled_in_words(quantity, figures):
        return None
    if scaled := _of_other_magnitude(quantity, figures):
        return "G106", "has another magnitude in the source", scaled
    if derivation and not _is_own_count(quantity):
        return "G108", f"is not in the source, but can be derived: {derivation.shown}", None
    key = keys_of(quantity)[0]
    rival = evidence.rival(key.family, key.value, statement.content)
    code = "G107" if _is_own_count(quantity) else _CODES.get(quantity.kind, "G101")
    return code, "is not in the source", rival


def _in_other_currency(quantity: Quantity, figures: Figures) -> Figure | None:
    if quantity.kind != "money":
        return None
    found = (figures.supporting(quantity, family) for family in figures.families("money "))
    return next((others[0] for others in found if others), None)


def _of_other_magnitude(quantity: Quantity, figures: Figures) -> Figure | None:
    if not quantity.value or (quantity.number < _SMALL and quantity.kind == "count"):
        return None
    key = keys_of(quantity)[0]
    found = (figures.equal(key.family, key.value * power) for power in _POWERS)
    return next((scaled[0] for scaled in found if scaled), None)


def _is_scaled_in_words(quantity: Quantity, figures: Figures) -> bool:
    """Whether the source writes a magnitude that is not read behind a figure: "3,2 miljoen"."""
    return any(
        begins.match(figure.quantity.noun)
        for power, begins in _MAGNITUDES
        for figure in figures.by_value.get((quantity.value / power).normalize(), ())
    )


def _is_own_count(quantity: Quantity) -> bool:
    """Whether a figure in words may be the writer's own way of putting what the source lists."""
    if not quantity.spelled or quantity.unit not in _COUNTED:
        return False
    small = quantity.kind == "count" and (quantity.number < _SMALL or quantity.unit == "vague")
    return small or quantity.share or quantity.kind in ("multiple", "ordinal")


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
