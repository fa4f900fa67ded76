"""The passages of an article, and how much each has in common with the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rewriter.cleaning.orders.scoring import SENTENCE

# A text of up to so many words is one passage. A longer text is split into sentences.
_WORDS = 60
# A passage is unrelated if it shares at most so many words with the rest of its article, or at most
# this part of its own words; a short one may share a little more.
_LITTLE, _LITTLE_PART = 1, 0.2
_SOME, _SOME_PART, _FEW = 2, 0.34, 3


class TextPassage(NamedTuple):
    """A passage, and where it begins in its text and in the article."""

    text: str
    at: int
    start: int
    whole_start: int


class Shared(NamedTuple):
    """How many words of a passage other passages have, and how many it has itself."""

    words: int
    own: int

    @property
    def little(self) -> bool:
        """Whether the passage has hardly anything in common with the others."""
        return self.words <= max(_LITTLE, _LITTLE_PART * self.own)

    @property
    def few(self) -> bool:
        """Whether it has so few that a request in two words may have them."""
        return self.words <= _FEW or self.little

    @property
    def some(self) -> bool:
        """Whether it has at most a few words in common with them."""
        return self.words <= max(_SOME, _SOME_PART * self.own)


def passages_of(texts: Sequence[str]) -> Iterator[TextPassage]:
    """The short texts, and the sentences of the long ones."""
    begin = 0
    for at, text in enumerate(texts):
        if len(text.split()) <= _WORDS:
            yield TextPassage(text, at, 0, begin)
        else:
            for found in SENTENCE.finditer(text):
                yield TextPassage(found[0], at, found.start(), begin + found.start())
        begin += len(text) + 1
