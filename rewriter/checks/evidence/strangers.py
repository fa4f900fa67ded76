"""Paragraphs of a source that have hardly a word in common with the others.

Whoever writes into an article for purposes of his own writes about something else than it does.
News has such paragraphs, too, and their facts may be reported. But they tell neither what the
article is about nor where its readers may turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rewriter.checks.evidence.reading import Statement

# An article of fewer paragraphs has no common subject yet.
_PARAGRAPHS = 5
# A paragraph is a stranger if it shares at most so many stems with the others and the title, or at
# most this part of its own.
_SHARED, _SHARED_PART = 1, 0.2


class Strangers(NamedTuple):
    """Strange paragraphs: their texts, and the words that no other paragraph has."""

    texts: frozenset[str]
    words: frozenset[str]


def strangers(title: Statement, paragraphs: Sequence[tuple[str, Sequence[Statement]]]) -> Strangers:
    """The strange ones among an article's paragraphs, each given with its statements."""
    if len(paragraphs) < _PARAGRAPHS:
        return Strangers(frozenset(), frozenset())
    contents = [set(_stems(read)) for _, read in paragraphs]
    times = Counter(stem for content in (title.content, *contents) for stem in content)
    strange = [
        sum(times[stem] > 1 for stem in content) <= max(_SHARED, _SHARED_PART * len(content))
        for content in contents
    ]
    own, others = (
        {
            word
            for (_, read), odd in zip(paragraphs, strange, strict=True)
            if odd is wanted
            for word in _words(read)
        }
        for wanted in (True, False)
    )
    texts = (text for (text, _), odd in zip(paragraphs, strange, strict=True) if odd)
    return Strangers(frozenset(texts), frozenset(own - others - set(title.wording)))


def _stems(read: Sequence[Statement]) -> Iterator[str]:
    for statement in read:
        yield from statement.content


def _words(read: Sequence[Statement]) -> Iterator[str]:
    for statement in read:
        yield from statement.wording
