"""G110: is a figure said of the same one as in the source?

"Binance lost $36 million, Hyperliquid $59 million" does not support "Hyperliquid lost $36 million".
A figure belongs to the name that stands in its clause, the nearest before it where there are
several. Who only says or judges something ("Meij said", "according to Forbes") owns no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate

from rewriter.checks.evidence import Evidence
from rewriter.checks.figures import Figure
from rewriter.checks.lexicon import aliases, institutions, is_common, titles, word_set
from rewriter.checks.mentions import Mention
from rewriter.checks.naming import names_of, singular
from rewriter.checks.reading import Flag, Statement
from rewriter.quantities import Quantity
from rewriter.tokens import Token

_CLAUSE_ENDS = frozenset({",", ";", ":", "—", "–", "(", ")", "while", "whereas", "but", "and"})
_SPEECH = word_set("speech")
_SOURCES = frozenset({"to", "by", "from", "told"})
# A figure that the source repeats in more places has no one owner.
_MOST_PLACES = 4
# Smaller counts are said of anything ("2-1", "three of them").
_LEAST = 10
_KINDS = frozenset({"money", "percent", "points", "count", "multiple"})


def check_subjects(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G110 for the figures of one sentence that the source gives to somebody else."""
    if not statement.facts.quantities:
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
        others = [_other_owner(owner, figure, statement, evidence) for figure in figures]
        if all(others):
            written = statement.text[quantity.start : quantity.end]
            name = statement.text[owner[0].start : owner[-1].end]
            message = f"{written!r} is said of {name}, in the source of {others[0]}"
            place = evidence.statements[figures[0].statement]
            yield Flag("G110", quantity.start, quantity.end, message, place.text)


def _other_owner(owner: Mention, figure: Figure, here: Statement, evidence: Evidence) -> str | None:
    """Who owns a figure of the source instead, None where it may be `owner`."""
    there = evidence.statements[figure.statement]
    named = _named(there)
    other = _owner(there, figure.quantity, named)
    if other is None or _same(owner, other) or any(_same(other, m) for m in _named(here)):
        return None
    if any(_same(owner, mention) for mention in named):
        owners = [_owner(there, q, named) for q in there.facts.quantities if q != figure.quantity]
        if not any(o is not None and _same(owner, o) for o in owners):
            return None
    return there.text[other[0].start : other[-1].end]


def _named(statement: Statement) -> list[Mention]:
    """The names in a sentence that may own a figure."""
    facts = statement.facts
    taken = [(q.start, q.end) for q in facts.quantities] + [(m.start, m.end) for m in facts.moments]
    speech = {i for i, token in enumerate(statement.tokens) if token.lower in _SPEECH}
    places = {token.start: i for i, token in enumerate(statement.tokens)}
    found = []
    for mention in statement.mentions:
        words = [t for t in mention if not any(s <= t.start < e for s, e in taken)]
        first, last = places[mention[0].start], places[mention[-1].start]
        speaks = {first - 1, last + 1} & speech or (
            first and statement.tokens[first - 1].lower in _SOURCES
        )
        if words and not speaks and any(map(_tells, words)):
            found.append(words)
    return found


def _tells(token: Token) -> bool:
    word = singular(token.lower)
    if word in titles() or word in institutions() or len(word) == 1:
        return False
    return word in aliases() or not is_common(word)


def _owner(statement: Statement, quantity: Quantity, named: Iterable[Mention]) -> Mention | None:
    """The one name in the clause of a figure, or the nearest before it in that clause."""
    tokens = statement.tokens
    clauses = list(accumulate(int(token.lower in _CLAUSE_ENDS) for token in tokens))
    clause = {token.start: number for token, number in zip(tokens, clauses, strict=True)}
    at = next((clause[t.start] for t in tokens if t.start >= quantity.start), None)
    near = [mention for mention in named if clause[mention[-1].start] == at]
    before = [mention for mention in near if mention[-1].end <= quantity.start]
    if len(near) == 1:
        return near[0]
    return before[-1] if before else None


def _same(one: Mention, other: Mention) -> bool:
    """Whether two names share a word, or one is an alias or the initials of the other."""
    return bool(names_of(one) & names_of(other))
