"""G204: does the one who wins here lose in the source?

A sentence has a verb of winning or losing behind a name, and perhaps the name of the other side
behind it. Where the source has these two the other way round only, or tells the same score of the
same name as a defeat, the sentence has turned the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import CLAUSE_ENDS, LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.evidence.variants import names_of
from rewriter.checks.facts.scores import signed_scores
from rewriter.checks.lexicon import claim_words, denials, negations, result_patterns
from rewriter.text.tokens import Token

# Tokens between a verb and a name at most, and those behind it in which a preposition stands.
_REACH, _BEHIND = 6, 6
_KINDS = ("beat", "past", "win", "lose", "over", "against")
# Tokens before a verb in which it is denied, and those in which its auxiliary stands.
_DENIED, _AUXILIARY = 4, 3
_AHEAD, _TRAILING = frozenset({"led", "leads", "ahead"}), frozenset({"trailed", "behind", "down"})
_OPEN, _CLOSED = frozenset("(["), frozenset(")]")

# Letters by which a name is known in all its cases, and languages whose names have cases.
_ROOT, _CASES = 4, frozenset({"ru", "pl", "uk", "cs"})

_Names = frozenset[str]


class MatchResult(NamedTuple):
    """The names of the winner and of the loser, empty where one is not named.

    `score` is the one that stands nearest to the verb, empty where there is none.
    """

    winner: _Names
    loser: _Names
    verb: Token
    score: frozenset[int]


def check_winners(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G204 for a result that the source has the other way round only."""
    if statement.facts.quantities:
        yield from _lesser_first(statement, evidence)
    for own in _results(statement):
        known = evidence.once("results", lambda: _known(evidence))
        told = [
            (said, place)
            for said, place in known
            if (own.score and own.score == said.score)
            or (not (own.score and said.score) and all((*own[:2], *said[:2])))
        ]
        turned = next((place for said, place in told if _is_turned(own, said)), None)
        if turned and not any(_agrees(own, said) for said, _ in told):
            start, end = own.verb.start, own.verb.end
            message = f"{own.verb.text!r} turns round who won in the source"
            yield Flag("G204", start, end, message, turned.text)
            return


def _lesser_first(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """A score with its smaller side first, of one who wins or leads: "won 1-2".

    Other languages than English put the goals of the home side first.
    """
    verbs = _verbs(statement.lang) | _AHEAD
    if statement.lang != "en" or verbs.isdisjoint(statement.words):
        return
    lost = claim_words("lose", statement.lang) | _TRAILING
    found = list(signed_scores(statement))
    if len(found) != 1 or not lost.isdisjoint(statement.words):
        return
    idle = claim_words("past", statement.lang) if "past" not in statement.words else frozenset()
    start, end, (less, more) = found[0]
    if less < more and not (verbs - idle).isdisjoint(statement.words):
        known = {s for place in evidence.statements for *_, s in signed_scores(place)}
        if (more, less) in known and (less, more) not in known:
            written = statement.text[start:end]
            yield Flag("G111", start, end, f"{written!r} stands the other way round in the source")


def _agrees(own: MatchResult, said: MatchResult) -> bool:
    won, lost = _meets(own.winner, said.winner), _meets(own.loser, said.loser)
    return (won and lost) if all((*own[:2], *said[:2])) else (won or lost)


def _meets(one: _Names, other: _Names) -> bool:
    return not one.isdisjoint(other)


def _is_turned(own: MatchResult, said: MatchResult) -> bool:
    """Whether the winner of one sentence is the loser of another, and the reverse where named."""
    won, lost = _meets(own.winner, said.loser), _meets(own.loser, said.winner)
    return (won and lost) if all((*own[:2], *said[:2])) else (won or lost)


def _known(evidence: Evidence) -> list[tuple[MatchResult, Statement]]:
    return [(result, place) for place in evidence.statements for result in _results(place)]


def _score(statement: Statement, verb: Token) -> frozenset[int]:
    """The score nearest to a verb."""
    found = ((abs(start - verb.start), score) for start, _, score in signed_scores(statement))
    return frozenset(min(found, default=(0, ()))[1])


def _results(statement: Statement) -> Iterator[MatchResult]:
    """The results that a sentence tells, by the verbs of its language."""
    told = list(_by_pattern(statement))
    yield from told
    verbs = _verbs(statement.lang)
    if verbs.isdisjoint(statement.words) or len(statement.tokens) > LONGEST_SENTENCE:
        return
    words = {kind: claim_words(kind, statement.lang) for kind in _KINDS}
    for at, word in enumerate(statement.plain):
        if word not in verbs or _is_denied(statement, at):
            continue
        if any(result.verb is statement.tokens[at] for result in told):
            continue
        one, other, verb = _before(statement, at), _behind(statement, at), statement.tokens[at]
        score = _score(statement, verb)
        following = set(statement.plain[at + 1 : at + 1 + _BEHIND])
        if word in words["beat"] and _has_by(statement, at):
            yield MatchResult(other, one, verb, score)
        elif _is_passive(statement, at):
            yield MatchResult(frozenset(), one, verb, score)
        elif word in words["beat"] or (word in words["past"] and "past" in following):
            yield MatchResult(one, other, verb, score)
        elif word in words["win"]:
            loser = other if words["over"] & following else frozenset()
            yield MatchResult(one, loser, verb, score)
        elif word in words["lose"]:
            winner = other if words["against"] & following else frozenset()
            yield MatchResult(winner, one, verb, score)


def _by_pattern(statement: Statement) -> Iterator[MatchResult]:
    """The results that a sentence tells with both names, by the patterns of its language."""
    if len(statement.tokens) > LONGEST_SENTENCE:
        return
    for found in (m for p in result_patterns(statement.lang) for m in p.finditer(statement.text)):
        parts = found.groupdict()
        kind = next(name for name in ("won", "victory", "lost") if parts.get(name))
        one, other = (_words(parts[side], statement.lang) for side in ("one", "other"))
        one, other = one - other, other - one  # "Manchester United", "Sheffield United"
        at = statement.place_at(found.start(kind))
        verb = statement.tokens[min(at, len(statement.tokens) - 1)]
        if not one or not other or _is_denied(statement, at):
            continue
        sides = (other, one) if kind == "lost" else (one, other)
        yield MatchResult(*sides, verb, _score(statement, verb))


def _words(name: str, lang: str) -> _Names:
    words = (word.lower() for word in re.findall(r"[^\W\d]{2,}", name))
    return frozenset(word[:_ROOT] if lang in _CASES else word for word in words)


@cache
def _verbs(lang: str) -> frozenset[str]:
    kinds = ("beat", "past", "win", "lose")
    return frozenset[str]().union(*(claim_words(kind, lang) for kind in kinds))


def _is_denied(statement: Statement, at: int) -> bool:
    """Whether a verb says what did not happen: "failed to beat", "n'a pas battu"."""
    lang, near = statement.lang, statement.plain[max(0, at - _DENIED) : at]
    return not (negations(lang) | denials(lang)).isdisjoint(near)


def _has_by(statement: Statement, at: int) -> bool:
    """Whether the winner stands behind the loser: "was beaten by", "derrotado por"."""
    names = (statement.place_at(name[0].start) for name in statement.names)
    first = next((place for place in names if place > at), at)
    by, word = claim_words("by", statement.lang), statement.plain[at]
    is_active = word.endswith(("ó", "eu", "ou"))  # "venceu por 3-2"
    return not is_active and not by.isdisjoint(statement.plain[at + 1 : first])


def _is_passive(statement: Statement, at: int) -> bool:
    """Whether a participle is done to the name before it: "beaten at", not "has beaten"."""
    lang, near = statement.lang, set(statement.plain[max(0, at - _AUXILIARY) : at])
    has = claim_words("have", lang) & near and not claim_words("been", lang) & near
    return statement.plain[at] in claim_words("beaten", lang) and not has


def _before(statement: Statement, at: int) -> _Names:
    """The name before a verb, with nothing but a bracket and small words between."""
    ends = [(statement.place_at(name[-1].start), name) for name in statement.names]
    last, name = max(((end, name) for end, name in ends if end < at), default=(at, []))
    near = bool(name) and _gap(statement, last + 1, at) <= _REACH
    return names_of(name) if near else frozenset()


def _behind(statement: Statement, at: int) -> _Names:
    """The name behind a verb."""
    begins = [(statement.place_at(name[0].start), name) for name in statement.names]
    first, name = min(((begin, name) for begin, name in begins if begin > at), default=(at, []))
    near = bool(name) and _gap(statement, at + 1, first) <= _REACH
    return names_of(name) if near else frozenset()


def _gap(statement: Statement, first: int, last: int) -> int:
    """The tokens between two places, what is in brackets left out; the end of a clause is far."""
    gap = depth = 0
    for token in statement.tokens[first:last]:
        depth += (token.text in _OPEN) - (token.text in _CLOSED)
        if not depth and token.text not in _CLOSED:
            gap += 1 + _REACH * (token.lower in CLAUSE_ENDS)
    return gap
