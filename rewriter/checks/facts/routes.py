"""G204: has a way from one place to another been turned round: "from Tarn to Elm"?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import is_capital
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.text.tokens import Token

# By language the words before the place that is left and before the one that is reached.
_WAYS = {
    "en": ({"from"}, {"to"}),
    "es": ({"de", "desde"}, {"a", "hasta", "hacia"}),
    "fr": ({"de", "d'", "depuis"}, {"à", "vers"}),
    "de": ({"von", "aus", "vom"}, {"nach", "bis"}),
    "it": ({"da", "dal"}, {"a", "verso"}),
    "pt": ({"de", "do"}, {"para", "a", "até"}),
    "ru": ({"из", "с", "от"}, {"в", "на", "до"}),
    "nl": ({"van", "uit"}, {"naar"}),
    "pl": ({"z", "ze"}, {"do"}),
}
# Tokens of each of the two places at most, the words before them included.
_LONGEST = 4
_DASHES = frozenset("-–—")
# Letters that a case ending changes, and those of the shortest and the longest root.
_CASE, _SHORTEST, _ROOT = 2, 3, 5
_NUMBERED = re.compile(r"[^\W\d_]{1,2}(\d{1,3})")
_Way = tuple[str, str]


def check_routes(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G204 for a way that the source only has in the other direction."""
    for way, start, end in _ways(statement):
        known = evidence.once("ways", lambda: frozenset(_known_ways(evidence.statements)))
        if way not in known and way[::-1] in known:
            message = f"{statement.text[start:end]!r} goes the other way in the source"
            yield Flag("G204", start, end, message)


def _known_ways(statements: Iterable[Statement]) -> Iterator[_Way]:
    """The ways of the source, those written with a dash included: "Tarn-Elm"."""
    for statement in statements:
        yield from (way for way, _, _ in _ways(statement))
        tokens = statement.tokens
        for one, dash, other in zip(tokens, tokens[1:], tokens[2:], strict=False):
            if dash.text in _DASHES and is_capital(one) and is_capital(other):
                yield _root(one), _root(other)


def _ways(statement: Statement) -> Iterator[tuple[_Way, int, int]]:
    leaving, reaching = _WAYS.get(statement.lang, (set(), set()))
    tokens = statement.tokens
    if len(tokens) > LONGEST_SENTENCE:
        return
    for at, token in () if leaving.isdisjoint(statement.words) else enumerate(tokens):
        if token.lower not in leaving:
            continue
        behind = tokens[at + 1 : at + 2 + 2 * _LONGEST]
        turn = next((n for n in range(1, len(behind)) if behind[n].lower in reaching), _LONGEST + 1)
        if turn > _LONGEST:
            continue
        place, goal = _last(behind[:turn]), _last(_name(behind[turn + 1 :][:_LONGEST]))
        if place and goal and _root(place) != _root(goal):
            yield (_root(place), _root(goal)), token.start, goal.end


def _name(tokens: list[Token]) -> list[Token]:
    """The words up to the end of the first name."""
    first = next((n for n, token in enumerate(tokens) if is_capital(token)), None)
    if first is None or first > 1:
        return []
    end = first + 1
    while end < len(tokens) and (is_capital(tokens[end]) or tokens[end].kind == "number"):
        end += 1
    return tokens[:end]


def _last(tokens: list[Token]) -> Token | None:
    """The last word of a place, or its number; None where no word has a capital."""
    named = [t for t in tokens if is_capital(t) or t.kind == "number"]
    return named[-1] if any(map(is_capital, tokens)) else None


def _root(token: Token) -> str:
    """What the forms of a name share: its beginning, or its number."""
    numbered = _NUMBERED.fullmatch(token.text)
    if numbered:
        return numbered[1]
    return token.lower[: min(_ROOT, max(_SHORTEST, len(token.lower) - _CASE))]
