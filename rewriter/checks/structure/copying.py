"""C1xx: how much of a rewrite is the source's own wording?

Quotes do not count, since they must be verbatim; neither do the words of names and figures, for
which there are no others; nor questions and answers that are the source's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from rewriter.article import Passage
from rewriter.checks.evidence.index import Evidence, runs
from rewriter.text.tokens import Token, tokenize

# The share of copied n-grams is counted in eights, the usual length in work on memorised text
# (Carlini et al., "Quantifying memorization", 2022, use longer ones; shorter ones are idiom).
GRAM = 8

# Headlines of this many words with this many of them in common and in order are one: one word of
# ten exchanged, or two of a dozen left out. Shorter ones may have no other words for their subject.
_HEADLINE_WORDS = 5
_SAME_HEADLINE = 0.85


class Copied(NamedTuple):
    """What a rewrite has word for word from its source.

    `longest` counts the words of the longest shared run, names and figures left out, `share` is
    the share (0 to 1) of its 8-grams that the source has.
    """

    longest: int
    share: float
    passage: Passage | None
    start: int
    end: int


def copied(passages: Iterable[Passage], evidence: Evidence) -> Copied:
    """Measure the copying in a whole rewrite."""
    own = {answer.answer for answer in evidence.source.qa}
    known = evidence.grams(GRAM)
    held = total = 0
    best = Copied(0, 0.0, None, 0, 0)
    for passage in passages:
        if passage.text in own:
            continue
        for tokens in _unquoted(passage.text, evidence):
            hits = [gram in known for gram in runs([t.lower for t in tokens], GRAM)]
            held, total = held + sum(hits), total + len(hits)
            for begin, end in streaks(hits):
                run = tokens[begin : end + GRAM - 1]
                length = sum(token.kind != "number" and token.text == token.lower for token in run)
                if length > best.longest:
                    best = Copied(length, 0.0, passage, run[0].start, run[-1].end)
    return best._replace(share=held / total if total else 0.0)


def is_same_headline(one: str, other: str, lang: str) -> bool:
    """Whether two headlines are the same except for case, punctuation and a word or two."""
    words, others = (
        [token.lower for token in tokenize(text, lang) if token.kind != "mark"]
        for text in (one, other)
    )
    if words == others:
        return True
    if min(len(words), len(others)) < _HEADLINE_WORDS:
        return False
    return SequenceMatcher(None, words, others, autojunk=False).ratio() >= _SAME_HEADLINE


def _unquoted(text: str, evidence: Evidence) -> Iterator[list[Token]]:
    """The words of a text in pieces between its quotes."""
    words = evidence.words_in(text)
    at = 0
    for quote in evidence.quotes(text):
        piece = []
        while at < len(words) and words[at].start < quote.end:
            if words[at].end <= quote.start:
                piece.append(words[at])
            at += 1
        yield piece
    yield words[at:]


def streaks(hits: list[bool]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of consecutive hits."""
    begin = None
    for index, hit in enumerate([*hits, False]):
        if hit and begin is None:
            begin = index
        elif not hit and begin is not None:
            yield begin, index
            begin = None
