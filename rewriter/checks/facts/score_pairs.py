"""G112: do the two numbers of a score stand together in the source?

Each number alone is often there: "6-4" of a source that has "6-3, 4-6".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import eq

from rewriter.checks.evidence.figures import MOST_FIGURES
from rewriter.checks.evidence.index import Evidence, of_source, set_of_source
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.support import support_of
from rewriter.checks.facts.scores import (
    Sides,
    is_on_the_way,
    known_scores,
    may_follow,
    scores_of,
    signed_scores,
)
from rewriter.checks.lexicon import pattern

# Share of a sentence's content that the sentence of the source has which it restates.
_RESTATED = 0.5
# Sentences from that one in which its story goes on.
_NEAR = 1
# Scores of the source that a message names.
_MOST_NAMED = 2
_GOES_ON = pattern("score_goes_on")
# What says before a score, or right behind it, that a match or a vote ended so.
_ENDED_BEFORE, _ENDED_BEHIND = pattern("ended_before"), pattern("ended_behind")
_ENDED_REACH = 48
_IN_SETS = pattern("in_sets")
# What says that a score of the source is one on the way: "made it 4-2, before Ling got one back".
_SO_FAR = re.compile(r"\b(?:ma[dk]e|making) it\b", re.IGNORECASE)


def check_scores(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G112 for each score of a sentence that the source has neither way round.

    Only a score that is written with a sign and the higher number first is one for certain: "4-6"
    may be a span.
    """
    own = scores_of(statement)
    if not own or len(statement.facts.quantities) > MOST_FIGURES:
        return
    known = known_scores(evidence)
    for start, end, score in own:
        if score[0] < score[1] or not known or not {score, score[::-1]}.isdisjoint(known):
            continue
        told_otherwise = _GOES_ON.search(statement.text[:start]) or _IN_SETS.search(statement.text)
        if told_otherwise or is_on_the_way(statement, start, end):
            continue
        if may_follow(score, statement, evidence):
            continue
        place = _restated(score, statement, evidence) if len(own) == 1 else None
        final = (
            _is_final(statement, start, end)
            and not _finals(evidence).isdisjoint(score)
            and not _is_between_names(score, evidence)
        )
        if place or final or _is_recombined(score, known, evidence):
            told = [found for _, _, found in scores_of(place)] if place else _alike(score, known)
            instead = f", which has {' and '.join(f'{a}-{b}' for a, b in told)}" if told else ""
            message = f"the score {statement.text[start:end]!r} is not in the source{instead}"
            yield Flag("G112", start, end, message, place.text if place else None)


def _restated(score: Sides, statement: Statement, evidence: Evidence) -> Statement | None:
    """The sentence that is restated, where it has one score and nothing that leads to this one."""
    support = support_of(statement, evidence)
    if support.share < _RESTATED:
        return None
    at = support.statements[0]
    source = evidence.statements[at]
    scores = {found for _, _, found in scores_of(source)}
    if len(scores) != 1 or _SO_FAR.search(source.text):
        return None
    near = evidence.statements[max(0, at - _NEAR) : at + _NEAR + 1]
    alone = {number for place in near for number in _alone(place)}
    return source if alone.isdisjoint(set(score).difference(*scores)) else None


def _is_final(statement: Statement, start: int, end: int) -> bool:
    """Whether a match or a vote is said to have ended with a score."""
    text = statement.text
    return bool(
        _ENDED_BEFORE.search(text[max(0, start - _ENDED_REACH) : start])
        or _ENDED_BEHIND.match(text, end)
    )


def _is_between_names(score: Sides, evidence: Evidence) -> bool:
    """Whether the source gives each side its number: "Bruins 5, Devils 1"."""
    one, other = score
    apart = r",?(?: [^\W\d]\w*){1,4} "
    told = re.compile(rf"\b(?:{one}{apart}{other}|{other}{apart}{one})\b")
    return any(map(told.search, evidence.texts))


@set_of_source
def _finals(evidence: Evidence) -> Iterator[int]:
    """The numbers of the scores that matches or votes of the source ended with.

    One of several in a sentence may be that of a set.
    """
    for place in evidence.statements:
        scores = scores_of(place)
        if len(scores) == 1 and _is_final(place, *scores[0][:2]):
            yield from scores[0][2]


def _alike(score: Sides, known: frozenset[Sides]) -> list[Sides]:
    """Scores of the source with one of the two numbers in its place."""
    return [pair for pair in sorted(known) if any(map(eq, pair, score))][:_MOST_NAMED]


def _is_recombined(score: Sides, known: frozenset[Sides], evidence: Evidence) -> bool:
    """Whether the source has both numbers, but in scores only, and tells none on the way."""
    in_scores = {number for pair in known for number in pair}
    only = in_scores.issuperset(score) and _numbers_alone(evidence).isdisjoint(score)
    return only and not _tells_on_the_way(evidence)


@of_source
def _tells_on_the_way(evidence: Evidence) -> bool:
    return _SO_FAR.search(evidence.text) is not None


@set_of_source
def _numbers_alone(evidence: Evidence) -> Iterator[int]:
    """The whole numbers of the source that are part of no score."""
    for place in evidence.statements:
        yield from _alone(place)


def _alone(statement: Statement) -> Iterator[int]:
    """The whole numbers of a sentence that are part of no score."""
    spans = [(start, end) for start, end, _ in signed_scores(statement)]
    for quantity in statement.facts.quantities:
        within = any(start < quantity.end and quantity.start < end for start, end in spans)
        if not within and quantity.kind != "ordinal":
            yield int(quantity.number)
