"""G110: does a figure belong to the same name, and count the same thing, as in the source?

"Norvik lost $36 million, Baltic $59 million" does not support "Baltic lost $36 million".
A figure belongs to the name that stands in its clause, the nearest before it where there are
several. Who only says or judges something ("Lind said", "according to Forbes") owns no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from rewriter.checks.evidence.figures import Figure
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import STOP_WORDS, Mention
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement, stem
from rewriter.checks.lexicon import word_set
from rewriter.checks.names.actors import is_same, names_in
from rewriter.text.quantities import Quantity
from rewriter.text.tokens import Token

_SPEECH = word_set("speech")
# Beside one of these a name is the source of a statement: "according to Forbes", "told Reuters".
_SOURCES = frozenset({"to", "by", "from", "told"})
# A figure that the source repeats in more places has no one owner.
_MOST_PLACES = 4
# Smaller counts are said of anything ("2-1", "three of them").
_LEAST = 10
_ANYBODY = frozenset({"people", "person", "persons", "cases"})
# Letters that a noun and a verb of one root have in common.
_ROOT = 5
_KINDS = frozenset({"money", "percent", "points", "count", "multiple"})


def check_owners(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G110 for the figures of one sentence that the source gives to somebody else."""
    if not statement.facts.quantities or len(statement.tokens) > LONGEST_SENTENCE:
        return
    named = _named(statement)
    if not named:
        return
    for quantity in statement.facts.quantities:
        if quantity.label or quantity.kind not in _KINDS:
            continue
        if quantity.kind == "count" and quantity.value < _LEAST:
            continue
        owner = _owner(statement, quantity, named)
        if owner is None:
            continue
        figures = evidence.figures.supporting(quantity)
        if not 0 < len(figures) <= _MOST_PLACES:
            continue
        others = [_other_owner(owner, figure, named, evidence) for figure in figures]
        if all(others):
            written = statement.text[quantity.start : quantity.end]
            name = statement.text[owner[0].start : owner[-1].end]
            message = f"{written!r} is said of {name}, in the source of {others[0]}"
            place = evidence.statements[figures[0].statement]
            yield Flag("G110", quantity.start, quantity.end, message, place.text)


def check_counted(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G110 for a count of one thing that in the source counts another thing it names, too.

    A noun that the source does not count may be another word for the same ("staff", "employees").
    """
    for quantity in statement.facts.quantities:
        noun = stem(quantity.noun)
        if quantity.kind != "count" or quantity.label or not noun or quantity.value < _LEAST:
            continue
        figures = evidence.figures.equal("count ", quantity.value)
        nouns = {
            "" if figure.quantity.noun in STOP_WORDS else stem(figure.quantity.noun)
            for figure in figures
        }
        if not nouns or "" in nouns or noun in nouns or noun not in evidence.counted:
            continue
        source = evidence.statements[figures[0].statement]
        if nouns & statement.content or _is_restated(quantity.noun, source):
            continue
        written = statement.text[quantity.start : quantity.end]
        counted = figures[0].quantity.noun
        message = f"{written!r} counts {quantity.noun}, in the source it counts {counted}"
        yield Flag("G110", quantity.start, quantity.end, message, source.text)


def _is_restated(noun: str, source: Statement) -> bool:
    """Whether a noun may be another word for what is counted: infected people, infections."""
    if stem(noun) in {stem(quantity.noun) for quantity in source.facts.quantities}:
        return False
    return noun in _ANYBODY or any(word.startswith(noun[:_ROOT]) for word in source.words)


def _other_owner(
    owner: Mention, figure: Figure, here: list[Mention], evidence: Evidence
) -> str | None:
    """Who owns a figure of the source instead, None where it may be one of the names `here`."""
    there = evidence.statements[figure.statement]
    if len(there.tokens) > LONGEST_SENTENCE:
        return None
    named = _named(there)
    other = _owner(there, figure.quantity, named)
    if other is None or is_same(owner, other) or any(is_same(other, m) for m in here):
        return None
    if any(is_same(owner, mention) for mention in named):
        owners = [_owner(there, q, named) for q in there.facts.quantities if q != figure.quantity]
        if not any(o is not None and is_same(owner, o) for o in owners):
            return None
    return there.text[other[0].start : other[-1].end]


def _named(statement: Statement) -> list[Mention]:
    """The names in a sentence that may own a figure."""
    speech = {i for i, token in enumerate(statement.tokens) if token.lower in _SPEECH}
    places = {token.start: i for i, token in enumerate(statement.tokens)}
    found = []
    for mention in names_in(statement):
        first, last = places[mention[0].start], places[mention[-1].start]
        speaks = {first - 1, last + 1} & speech or (
            first and statement.tokens[first - 1].lower in _SOURCES
        )
        if not speaks:
            found.append(mention)
    return found


def _owner(statement: Statement, quantity: Quantity, named: Iterable[Mention]) -> Mention | None:
    """The one name in the clause of a figure, or the nearest before it in that clause."""
    tokens, clauses = statement.tokens, statement.clauses
    clause = {token.start: number for token, number in zip(tokens, clauses, strict=True)}
    at = next((clause[t.start] for t in tokens if t.start >= quantity.start), None)
    near = [mention for mention in named if clause[mention[-1].start] == at]
    before = [mention for mention in near if mention[-1].end <= quantity.start]
    if len(near) == 1:
        return near[0]
    if not near and at is not None and _is_relative(tokens, clauses, at):
        before = [mention for mention in named if clause[mention[-1].start] < at]
    return before[-1] if before else None


def _is_relative(tokens: list[Token], clauses: list[int], at: int) -> bool:
    """Whether a clause begins with "who" or "which", and so speaks of the name before it."""
    words = (t.lower for t, number in zip(tokens, clauses, strict=True) if number == at)
    return {"who", "which", "that"} & set(islice(words, 3)) != set()
