"""G605 to G608: how sure, how many, who says so, and what the law has found.

Each rule compares a sentence with the sentences of the source that it stands on, and is silent
where one of them may bear it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import chain

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.evidence.support import Support
from rewriter.checks.lexicon import claim_words, legal_statuses, negations, word_set
from rewriter.text.tokens import Token

# Content words behind "will" or "all" that say what it is about, of which some must be behind "may"
# or "some" in the source, and the share of the content that the source sentences must hold.
_ABOUT = 3
_RESTATED = 0.4
# Share of a sentence's content in one source sentence where it restates that one alone.
_CLOSE = 0.5
# Share of a sentence's content in one source sentence where it repeats an accusation.
_REPEATED = 0.5
# Words at the beginning of a sentence that say whose statement it is.
_OPENING = 8
_WINDOW = 12
_MIN_STEM = 4
# Characters before a legal status in which a negation lifts it.
_BEFORE = 30


def check_claims(statement: Statement, support: Support, evidence: Evidence) -> Iterator[Flag]:
    """Yield G605 to G607 for one sentence, given what it stands on."""
    if not support.statements or len(statement.tokens) > LONGEST_SENTENCE:
        return
    places = [evidence.statements[index] for index in support.statements]
    if support.together >= _RESTATED:
        yield from _certainty(statement, places, close=support.share >= _CLOSE)
        yield from _scope(statement, places)


def _certainty(statement: Statement, places: list[Statement], *, close: bool) -> Iterator[Flag]:
    """What "will" happen here and only "may" in the source."""
    lang = statement.lang
    certain, hedged = claim_words("certain", lang), claim_words("hedged", lang)
    futures = tuple(claim_words("future", lang))
    if hedged & statement.words:
        return
    for index, word in enumerate(statement.plain):
        if word in certain:
            about = _behind(statement, index)
            place = _said_with(about, hedged, certain, places[: 1 if close else None], close=close)
        elif futures and word.endswith(futures) and len(word) > _MIN_STEM + 2:
            place = _future_of(word, futures, hedged, places)
        else:
            continue
        if place:
            token = statement.tokens[index]
            message = f"{token.text!r} is certain, its source is not"
            yield Flag("G605", token.start, token.end, message, place.text)
            return


def _future_of(
    word: str, futures: tuple[str, ...], hedged: frozenset[str], places: list[Statement]
) -> Statement | None:
    """The sentence where a verb stands behind a word such as "podría"; here it is in the future."""
    ending = max((end for end in futures if word.endswith(end)), key=len)
    root = word[: len(word) - len(ending)][: max(_MIN_STEM, len(word) - len(ending) - 1)]
    for place in places:
        if any(own.startswith(root) and own.endswith(futures) for own in place.plain):
            return None
    for place in places:
        for index, own in enumerate(place.plain):
            if own in hedged and any(
                w.startswith(root) for w in place.plain[index + 1 : index + 4]
            ):
                return place
    return None


def _scope(statement: Statement, places: list[Statement]) -> Iterator[Flag]:
    """What is said of "all" here and of "most", "some" or a few in the source."""
    whole, part = claim_words("all", statement.lang), claim_words("some", statement.lang)
    if part & statement.words:
        return
    for index, word in enumerate(statement.plain):
        if word not in whole:
            continue
        place = _said_with(_behind(statement, index)[:2], part, whole, places)
        if place:
            token = statement.tokens[index]
            message = f"{token.text!r} is said of more than in the source"
            yield Flag("G606", token.start, token.end, message, place.text)
            return


def _behind(statement: Statement, index: int) -> list[str]:
    """The next content words of the same clause, and numbers."""
    clause = statement.clauses[index]
    found = []
    for at in range(index + 1, min(len(statement.tokens), index + 1 + _WINDOW)):
        if statement.clauses[at] != clause:
            break
        found.append(_meaning(statement, at))
    return [stem for stem in found if stem][:_ABOUT]


def _meaning(statement: Statement, at: int) -> str:
    token: Token = statement.tokens[at]
    return token.text if token.kind == "number" else statement.stems[at]


def _said_with(
    about: list[str],
    wanted: frozenset[str],
    other: frozenset[str],
    places: list[Statement],
    *,
    close: bool = False,
) -> Statement | None:
    """The sentence with one of `wanted` before these words, where none has one of `other` there.

    In a `close` restatement one word is enough, else two.
    """
    if not about:
        return None
    found = None
    least = 1 if close else min(2, len(about))
    for place in places:
        for index, word in enumerate(place.plain):
            if word not in wanted and word not in other:
                continue
            if len(set(about) & set(_behind(place, index))) < least:
                continue
            if word in other:
                return None
            found = found or place
    return found


def check_attribution(statement: Statement, support: Support, evidence: Evidence) -> Iterator[Flag]:
    """Yield G607 for an accusation of the source that a sentence tells as a fact."""
    if support.share < _REPEATED or not statement.names:
        return
    lang = statement.lang
    accusers = claim_words("accusers", lang)
    telling = accusers | claim_words("telling", lang) | claim_words("hedged", lang)
    place = evidence.statements[support.statements[0]]
    opening = set(place.plain[:_OPENING])
    told = opening & (claim_words("telling", lang) | word_set("speech"))
    if not told or not accusers & opening or telling & statement.words:
        return
    message = "the source says whose accusation this is, the sentence does not"
    yield Flag("G607", 0, len(statement.text), message, place.text)


def check_legal(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G608 for a legal status that no sentence of the source bears out."""
    for name, found, borne in legal_statuses():
        match = found.search(statement.text)
        if match is None or _is_denied(statement, match.start()):
            continue
        if not evidence.once(("legal", name), partial(_bears, borne, evidence)):
            message = f"{match.group().strip()!r} is a legal status that the source does not have"
            yield Flag("G608", match.start(), match.end(), message)
            return


def _bears(borne: re.Pattern[str], evidence: Evidence) -> bool:
    texts = chain((evidence.source.title,), (known.text for known in evidence.statements))
    return any(borne.search(text) for text in texts)


def _is_denied(statement: Statement, start: int) -> bool:
    near = [
        word
        for token, word in zip(statement.tokens, statement.plain, strict=True)
        if start - _BEFORE <= token.start < start
    ]
    return bool(negations(statement.lang) & set(near))
