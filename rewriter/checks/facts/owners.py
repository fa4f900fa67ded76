"""G111: is a figure said of another name than in the source, or beside another figure?

What stands behind a name that begins a clause belongs to it, up to the next such name. A figure is
somebody else's where the source only has it behind another name, and has another figure of the same
thing behind this one. Two figures of different kinds belong together where each is the other's
nearest; the source must have each of them with another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from decimal import Decimal
from typing import NamedTuple

from rewriter.checks.evidence.figures import MOST_FIGURES, keys_of
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import Mention
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement, stem
from rewriter.checks.evidence.variants import singular
from rewriter.checks.facts.notations import noun_of
from rewriter.checks.names.actors import names_in
from rewriter.checks.names.exchange import begins_clause
from rewriter.text.quantities import Quantity

# Tokens between two figures that belong together, at most.
_TOGETHER = 9
# Languages of signs, and those whose verb stands far from what is counted.
_VERB_FAR = frozenset({"zh", "ja", "ko"})
# Tokens behind a count in which its noun and the verb stand: "30 people had been injured".
_VERB_REACH = 5
_STOPS = frozenset({";", ":", "while", "whereas", "but", "though", "although", "as", "than"})
_NO_VERB = _STOPS | {"and", "or", "of", "in", "from", "for", "at", "on", "with", "to", "by"}


class _Owned(NamedTuple):
    """A figure, the last word of the name before it, and the number of the statement."""

    quantity: Quantity
    owner: str
    statement: int


def check_owners(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G111 for the first figure that is said of another name than in the source."""
    own = _owned(statement, 0) if statement.facts.quantities and statement.names else []
    known = evidence.once("owned", lambda: _known(evidence)) if own else {}
    for quantity, owner, _ in own:
        kind = _kind(quantity)
        said = known.get((kind, quantity.value), [])
        rivals = [o for o in known.get((kind, None), []) if o.owner == owner]
        figures = evidence.figures.supporting(quantity)
        if not said or not rivals or len(said) < len(figures):
            continue
        if any(owner in _words(evidence.statements[one.statement]) for one in said):
            continue
        written = statement.text[quantity.start : quantity.end]
        place = evidence.statements[said[0].statement]
        other = rivals[0].quantity
        instead = evidence.statements[rivals[0].statement].text[other.start : other.end]
        message = (
            f"{written!r} is said of {said[0].owner.title()} in the source, of this {instead!r}"
        )
        yield Flag("G111", quantity.start, quantity.end, message, place.text)
        return


def check_fates(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G111 for a count whose noun goes on with the verb of another count in the source.

    "Thirty people died" where three died and thirty people were hurt.
    """
    for quantity, noun, verb in _fates(statement):
        known = evidence.once("fates", lambda: _known_fates(evidence))
        own = known.get((noun, quantity.value), {})
        others = known.get((noun, verb), {})
        if not own or verb in own or quantity.value in others or not others:
            continue
        if len(evidence.figures.supporting(quantity)) > len(own):
            continue
        written = statement.text[quantity.start : quantity.end]
        message = f"the source tells another figure than {written!r} of this"
        yield Flag("G111", quantity.start, quantity.end, message, next(iter(others.values())))


def _known_fates(evidence: Evidence) -> dict[Hashable, dict[Hashable, str]]:
    """For a noun and its count the verbs behind it, and for a noun and a verb the counts."""
    found: dict[Hashable, dict[Hashable, str]] = defaultdict(dict)
    for place in evidence.statements:
        for quantity, noun, verb in _fates(place):
            found[noun, quantity.value][verb] = place.text
            found[noun, verb][quantity.value] = place.text
    return found


def _fates(statement: Statement) -> Iterator[tuple[Quantity, str, str]]:
    """The counts of people, with the stem of the noun and of the next content word near it."""
    figures = statement.facts.quantities[:MOST_FIGURES]
    if len(statement.tokens) > LONGEST_SENTENCE or statement.lang in _VERB_FAR:
        return
    for quantity in figures:
        if quantity.kind != "count" or quantity.unit:
            continue
        at = statement.place_at(quantity.end)
        near = statement.stems[at : at + _VERB_REACH]
        ends = (
            n
            for n, token in enumerate(statement.tokens[at : at + _VERB_REACH])
            if token.kind == "mark"
        )
        words = [own for own in near[: next(ends, _VERB_REACH)] if own]
        if len(words) > 1:
            yield quantity, words[0], words[1]


def _words(place: Statement) -> set[str]:
    """The words of a statement, without a possessive."""
    return {singular(word) for word in place.words}


def _known(evidence: Evidence) -> dict[Hashable, list[_Owned]]:
    """The figures behind a name by what they measure, with their value and without it."""
    found: dict[Hashable, list[_Owned]] = defaultdict(list)
    for index, statement in enumerate(evidence.statements):
        for owned in _owned(statement, index):
            kind = _kind(owned.quantity)
            found[kind, owned.quantity.value].append(owned)
            found[kind, None].append(owned)
    return found


def _kind(quantity: Quantity) -> tuple[str, str]:
    """What a figure measures: its unit, or what it counts."""
    return keys_of(quantity)[0].family, stem(noun_of(quantity))


def _owned(statement: Statement, index: int) -> list[_Owned]:
    """The figures with a unit or a noun behind each name that begins a clause."""
    figures = [
        quantity
        for quantity in statement.facts.quantities
        if not quantity.label
        and quantity.kind in ("count", "money", "percent")
        and (quantity.unit or quantity.kind != "count" or noun_of(quantity))
    ]
    if not 0 < len(figures) <= MOST_FIGURES or len(statement.tokens) > LONGEST_SENTENCE:
        return []
    names = [name for name in names_in(statement) if _is_subject(name, statement)]
    stops = [token.start for token in statement.tokens if token.lower in _STOPS]
    ends = [
        min(
            (at for at in (*stops, *(n[0].start for n in names)) if at > name[0].start), default=end
        )
        for name in names
        for end in [len(statement.text)]
    ]
    return [
        _Owned(quantity, singular(name[-1].lower), index)
        for name, end in zip(names, ends, strict=False)
        for quantity in figures
        if name[-1].end < quantity.start < end
    ]


def _is_subject(name: Mention, statement: Statement) -> bool:
    """Whether a name begins a clause and goes on with a word: "Lind rushed for 9 yards"."""
    behind = statement.place_at(name[-1].start) + 1
    if behind >= len(statement.tokens):
        return False
    following = statement.tokens[behind]
    goes_on = following.kind == "word" and following.lower not in _NO_VERB
    return goes_on and begins_clause(name, statement)


def check_pairs(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G111 for the first two figures that the source has each with another one."""
    for one, other in _pairs(statement):
        there = [
            place
            for index in _holding(one, evidence) & _holding(other, evidence)
            for place in [evidence.statements[index]]
        ]
        if there and all(_parts(one, other, place) for place in there):
            written = statement.text[one.start : one.end]
            beside = statement.text[other.start : other.end]
            message = f"{written!r} does not go with {beside!r} in the source"
            yield Flag("G111", one.start, one.end, message, there[0].text)
            return


def _holding(quantity: Quantity, evidence: Evidence) -> set[int]:
    return {figure.statement for figure in evidence.figures.supporting(quantity)}


def _pairs(statement: Statement) -> list[tuple[Quantity, Quantity]]:
    """The figures of different kinds of which each is the nearest one to the other."""
    figures = [q for q in statement.facts.quantities if q.kind in ("money", "percent")]
    if not 1 < len(figures) <= MOST_FIGURES or len({q.kind for q in figures}) < 2:
        return []
    nearest = {q: _nearest(q, figures, statement) for q in figures}
    return [
        (one, other)
        for one, other in nearest.items()
        if other and one.start < other.start and nearest[other] is one
    ]


def _nearest(quantity: Quantity, figures: list[Quantity], statement: Statement) -> Quantity | None:
    """The figure of another kind beside one, None where there are two or it is far."""
    gaps = sorted(
        (abs(statement.place_at(q.start) - statement.place_at(quantity.start)), q.start, q)
        for q in figures
        if q.kind != quantity.kind
    )
    if not gaps or gaps[0][0] > _TOGETHER or (len(gaps) > 1 and gaps[0][0] == gaps[1][0]):
        return None
    return gaps[0][2]


def _parts(one: Quantity, other: Quantity, place: Statement) -> bool:
    """Whether a sentence has each of two figures together with another one."""
    values = _value(one), _value(other)
    pairs = [(_value(a), _value(b)) for a, b in _pairs(place)]
    pairs += [pair[::-1] for pair in pairs]
    found = [pair for pair in pairs if pair[0] in values]
    return {pair[0] for pair in found} == {*values} and all(pair[1] not in values for pair in found)


def _value(quantity: Quantity) -> tuple[str, Decimal]:
    return quantity.kind, quantity.value
