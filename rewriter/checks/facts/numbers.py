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
    coarsest,
    keys_of,
    shared_scales,
)
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.facts.derivation import derived_from, is_worked_out
from rewriter.checks.facts.notations import (
    BELOW_ZERO,
    code_of_counted,
    ends_event,
    is_no_figure,
    is_written_otherwise,
    noun_of,
)
from rewriter.checks.facts.possible import may_be_derived, may_have_word_in_it
from rewriter.checks.facts.score_pairs import check_scores
from rewriter.checks.facts.scores import is_other_score, is_tally
from rewriter.checks.facts.supporting import (
    factor_of,
    magnitude_of,
    supporting_figures,
    without_its_currency,
)
from rewriter.checks.lexicon import directions, negations, pattern, word_set
from rewriter.text.quantities import LANGUAGES, Quantity

_POWERS = tuple(Decimal(10) ** power for power in (-9, -6, -3, -2, -1, 1, 2, 3, 6, 9))
_CODES = {"money": "G102", "percent": "G103", "points": "G103"}
# Counts in words below are often the writer's own ("both", "two exchanges" for two names).
_SMALL = 100
# What a writer counts or works out from the dates of the source: "two days later".
_COUNTED = frozenset({"", "time", "calendar", "vague"})
# Codes that say what the source has instead: another currency or magnitude.
_SAME_DIGITS = frozenset({"G105", "G106"})
# The beginning of the word behind a figure.
_BEHIND = re.compile(r"[\d.,]+[ºª°]?[ -]?([^\W\d_]{4})")
# Sentences about the same whose figures a writer adds and subtracts.
_CLOSEST = 3
# Letters of a noun in all its cases.
_NOUN_STEM = 4
# Magnitudes that a sentence takes over from the one before: "849 millones. ... apenas 35."
_LEFT_OUT = (Decimal(10**6), Decimal(10**9))
# What is counted without a unit.
_COUNT = "count "
_DERIVED = "G108"
_TO = pattern("up_to")
_WITHOUT = word_set("without")
# What says that a figure lies above zero.
_PLUS = ("plus ", "плюс ", "+")
# Figures before one in which the unit of both may stand.
_BACK = 2
_IN_LIST = pattern("in_list")


def check_numbers(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G101 to G109 for the figures of one sentence, G112 for its scores."""
    checked = (_check(quantity, statement, evidence) for quantity in statement.facts.quantities)
    flags = [flag for flag in checked if flag]
    for score in check_scores(statement, evidence):
        inside = [flag for flag in flags if score.start < flag.end and flag.start < score.end]
        if all(flag.code == _DERIVED for flag in inside):  # two numbers that can both be derived
            flags = [score, *(flag for flag in flags if flag not in inside)]
    yield from flags


def _check(quantity: Quantity, statement: Statement, evidence: Evidence) -> Flag | None:
    if is_no_figure(quantity, statement, evidence):
        return None
    supporting = _supporting(quantity, statement, evidence)
    if supporting and _sign_is_lost(quantity, supporting, statement, evidence):
        written = statement.written(quantity)
        message = f"{written!r} has the other sign in the source"
        where = evidence.statements[supporting[0].statement].text
        kind = _CODES.get(quantity.kind, "G101")
        return Flag(kind, quantity.start, quantity.end, message, where)
    if supporting:
        return _bound_reversed(quantity, supporting, statement, evidence)
    written = statement.written(quantity)
    if is_worked_out(quantity, statement) or is_written_otherwise(quantity, statement, evidence):
        return None
    explained = _explain(quantity, statement, evidence)
    if explained is None:
        return None
    code, message, figure = explained
    code = code_of_counted(quantity, statement, evidence) or code
    source = evidence.statements[figure.statement].text if figure else None
    unsure = _may_be_right(code, quantity, statement, evidence)
    return Flag(code, quantity.start, quantity.end, f"{written!r} {message}", source, unsure)


def _may_be_right(code: str, quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source gives no other figure for the same, and this one may follow from it.

    A count of one or two digits may where the source speaks of the same, but no score. English is
    read well enough to know.
    """
    if code in _SAME_DIGITS or evidence.lang == "en" or is_tally(quantity, statement):
        return False
    if may_have_word_in_it(quantity, evidence):
        return True
    bare = quantity.kind == "count" and not quantity.unit and magnitude_of(quantity) == 1
    if bare and any(evidence.figures.supporting(_scaled(quantity, power)) for power in _LEFT_OUT):
        return True
    about = evidence.sharing(statement)
    close = [about[:_CLOSEST], *([place] for place in about[_CLOSEST:])] if about else []
    if any(may_be_derived(quantity, evidence, places) for places in close):
        return True
    if any(_has_rival(quantity, statement, place) for place in about):
        return False
    if about and quantity.kind not in ("money", "percent"):
        return quantity.value < _SMALL * coarsest(keys_of(quantity)[0])
    return may_be_derived(quantity, evidence)


def _has_rival(quantity: Quantity, statement: Statement, place: Statement) -> bool:
    """Whether a sentence of the source has a figure for the same that this sentence has not."""
    noun = noun_of(quantity)[:_NOUN_STEM]
    own = {(keys_of(q)[0].family, q.value) for q in statement.facts.quantities}
    keys = [(keys_of(q)[0], noun_of(q)[:_NOUN_STEM]) for q in place.facts.quantities]
    return any(
        key.family == keys_of(quantity)[0].family
        and (key.family, key.value) not in own
        and (noun == other or key.family != _COUNT)
        for key, other in keys
    )


def _supporting(quantity: Quantity, statement: Statement, evidence: Evidence) -> list[Figure]:
    """The figures of the source that a quantity in a sentence may stand on."""
    supporting = supporting_figures(quantity, evidence)
    if not supporting and evidence.lang not in LANGUAGES and not quantity.bound:
        supporting = supporting_figures(quantity._replace(bound="about"), evidence)
    if not supporting:
        wholes = (_in_scale_of_neighbour(quantity, statement), _listed(quantity, statement))
        found = (
            supporting_figures(whole, evidence)
            for whole in (*wholes, *_in_scale_of_sentence(quantity, statement))
            if whole
        )
        supporting = next(filter(None, found), [])
    return _without_other_scores(supporting, quantity, statement, evidence)


def _scaled(quantity: Quantity, power: Decimal) -> Quantity:
    return quantity._replace(
        value=quantity.value * power, number=quantity.number * power, step=quantity.step * power
    )


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

    The unit may also stand with a figure before: "745 millones para ... y 150 para ...", "2
    million rupees ... and another 4 million", "36 cents, eight more than before and 11 above".
    """
    figures = statement.facts.quantities
    if len(figures) > MOST_FIGURES:
        return None
    at = figures.index(quantity)
    links = takewhile(
        lambda pair: _IN_LIST.fullmatch(statement.text, pair[0].end, pair[1].start),
        pairwise(figures[at:]),
    )
    before = figures[max(0, at - _BACK) : at]
    if before and before[-1].kind == "count" and not before[-1].unit:
        before = before[:-1] or before
    ends = [other for _, other in links] or before
    if not ends or quantity.unit not in ("", ends[-1].unit):
        return None
    last = ends[-1]
    scale = 1 if magnitude_of(quantity) > 1 else magnitude_of(last)
    number, factor = quantity.number * scale, factor_of(last)
    value, step = number * factor, quantity.step * scale * factor
    return last._replace(value=value, step=step, number=number, start=quantity.start)


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


def _in_scale_of_sentence(quantity: Quantity, statement: Statement) -> Iterator[Quantity]:
    """The figure in the magnitudes of its sentence: "1.813 millones: 1.627 de principal"."""
    figures = statement.facts.quantities
    if quantity.unit or quantity.kind != "count" or len(figures) > MOST_FIGURES:
        return
    for other in figures:
        power = next((power for power in _LEFT_OUT if 1 < other.step <= power), None)
        if power and magnitude_of(quantity) == 1:
            yield _scaled(quantity, power)._replace(kind=other.kind, unit=other.unit)


def _sign_is_lost(
    quantity: Quantity, supporting: list[Figure], statement: Statement, evidence: Evidence
) -> bool:
    """Whether a minus stands in one text only, and no word of falling makes up for it."""
    if quantity.label or quantity.kind == "ordinal":
        return False
    if any(figure.quantity.negative == quantity.negative for figure in supporting):
        return False
    places = [evidence.statements[figure.statement] for figure in supporting]
    before = statement.text[: quantity.start].lower()
    if before.endswith(_PLUS) and not quantity.negative:  # "fell to plus 3"
        return True
    return not any(_falls(text) for text in (places if quantity.negative else [statement]))


def _falls(statement: Statement) -> bool:
    """Whether a sentence has a word that may stand for a minus."""
    moves = directions(statement.lang)
    return any(word in BELOW_ZERO or moves(word) == "down" for word in statement.words)


def _explain(
    quantity: Quantity, statement: Statement, evidence: Evidence
) -> tuple[str, str, Figure | None] | None:
    """Code, message and nearest figure for a quantity that the source does not support.

    None where the sentence says that it works the figure out of two that stand together.
    """
    figures = evidence.figures
    listed = _listed(quantity, statement)
    derivation = derived_from(quantity, statement, evidence) or (
        derived_from(listed, statement, evidence) if listed else None
    )
    if derivation and derivation.sure:
        return None
    if other := _in_other_currency(quantity, figures):
        return "G105", "has another currency in the source", other
    same = figures.by_value.get(bare_value(quantity), [])
    if any(_has_word_behind(f, quantity, statement, evidence) for f in same):
        return None
    same = _without_other_scores(same, quantity, statement, evidence)
    if amount := without_its_currency(quantity, same, statement, evidence):
        return "G108", "has no currency in the source", amount
    if ends_event(quantity, statement, evidence):
        return (
            "G108",
            "is not in the source, but can be derived from a time and a length there",
            None,
        )
    if same and not (quantity.spelled and quantity.number < _SMALL):
        return "G104", "counts something else in the source", same[0]
    if scaled := _of_other_magnitude(quantity, figures):
        return "G106", "has another magnitude in the source", scaled
    if derivation and not _is_own_count(quantity):
        code = "G107" if derivation.excess else _DERIVED
        return code, f"is not in the source, but can be derived: {derivation.shown}", None
    key = keys_of(quantity)[0]
    rival = evidence.rival(key.family, key.value, statement.content)
    code = "G107" if _is_own_count(quantity) else _CODES.get(quantity.kind, "G101")
    return code, "is not in the source", rival


def _has_word_behind(
    figure: Figure, quantity: Quantity, statement: Statement, evidence: Evidence
) -> bool:
    """Whether the same unit of time stands behind the same number: "34 hafta" for "34. hafta"."""
    if evidence.lang == "en" or quantity.unit not in ("time", "calendar"):
        return False
    there = evidence.statements[figure.statement]
    words = (
        _BEHIND.match(text, q.start)
        for text, q in ((statement.text, quantity), (there.text, figure.quantity))
    )
    one, other = (match[1].lower() if match else "" for match in words)
    return bool(one) and one == other


def _in_other_currency(quantity: Quantity, figures: Figures) -> Figure | None:
    if quantity.kind != "money":
        return None
    found = (figures.supporting(quantity, family) for family in figures.families("money "))
    return next((others[0] for others in found if others), None)


def _of_other_magnitude(quantity: Quantity, figures: Figures) -> Figure | None:
    if (
        not quantity.value
        or quantity.share
        or (quantity.number < _SMALL and quantity.kind in ("count", "ordinal"))
    ):
        return None  # "одну десятую" is a tenth of a percent as well, "second in his own house"
    key = keys_of(quantity)[0]
    found = (figures.equal(key.family, key.value * power) for power in _POWERS)
    return next((scaled[0] for scaled in found if scaled), None)


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
    texts = [evidence.statements[f.statement].text for f in supporting]
    bounds = [
        "" if _TO.search(text, 0, f.quantity.start) else f.quantity.bound
        for text, f in zip(texts, supporting, strict=True)
    ]
    if not opposite or any(bound != opposite for bound in bounds):
        return None
    values = [f.quantity.value for f in supporting]
    if (max(values) < quantity.value) if opposite == "over" else (min(values) > quantity.value):
        return None  # rounded towards the bound: "nearly 30,000", of "more than 29,000"
    denied = {_is_denied(evidence.statements[f.statement], f.quantity) for f in supporting}
    if (not _is_denied(statement, quantity)) in denied:  # "without at least 25": "less than 25"
        return None
    written = statement.written(quantity)
    message = f"{written!r} is a bound on the other side in the source"
    return Flag("G109", quantity.start, quantity.end, message, texts[0])


def _is_denied(statement: Statement, quantity: Quantity) -> bool:
    """Whether an odd number of negations or the like stands before a figure in its clause."""
    at = statement.place_at(quantity.start)
    denying = negations(statement.lang) | _WITHOUT
    before = zip(statement.tokens[:at], statement.clauses[:at], strict=True)
    said = (t for t, clause in before if clause == statement.clauses[at])
    return sum(token.lower in denying for token in said) % 2 == 1
