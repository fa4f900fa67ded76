"""Sharing the sentences of a source out among the sections of the format."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rewriter.article import count_words
from rewriter.rules import Range

# Scripts that put no space between sentences.
_UNSPACED = ("zh", "ja", "th")


class Candidate(NamedTuple):
    """A sentence that may be used: its order in the source, its paragraph there, its measures.

    `weight` is larger the earlier it comes and the more it shares with the title. A `dependent`
    sentence is not understood without the one before it, a `fragment` is a part of something.
    """

    order: int
    paragraph: int
    text: str
    words: int
    weight: float
    dependent: bool
    fragment: bool

    @property
    def has_figure(self) -> bool:
        """Whether it names a figure."""
        return any(map(str.isdigit, self.text))


Worth = Callable[[Candidate], tuple[float, ...]]
Condition = Callable[[Candidate], bool]


class Selection:
    """The sentences chosen for one section, in source order.

    It takes the best of the sentences that `suit` it. Beyond its goal it takes only `welcome`
    sentences. `most` bounds the sum of `measure`: words, or sentences where each is a bullet of its
    own.
    """

    def __init__(
        self,
        *,
        worth: Worth,
        most: int,
        measure: Callable[[Candidate], int] = lambda c: c.words,
        suits: Condition = lambda _: True,
        welcome: Condition = lambda _: True,
    ) -> None:
        self.chosen: list[Candidate] = []
        self._worth = worth
        self._most = most
        self._measure = measure
        self._suits = suits
        self._welcome = welcome

    @property
    def texts(self) -> tuple[str, ...]:
        """The sentences."""
        return tuple(c.text for c in self.chosen)

    def take(self, left: list[Candidate], goal: int, *, must: bool) -> None:
        """Move sentences from `left` here until the section measures `goal`.

        With `must` it takes any sentence. Sentences that depend on their neighbours come last.
        """
        while self._size < goal and (choice := self._choice(left, must=must)):
            best = max(choice, key=self._worth)
            left.remove(best)
            insort(self.chosen, best)

    @property
    def _size(self) -> int:
        return sum(self._measure(c) for c in self.chosen)

    def _choice(self, left: Sequence[Candidate], *, must: bool) -> list[Candidate]:
        room = self._most - self._size
        suiting = [c for c in left if self._measure(c) <= room and self._suits(c)]
        clear = [c for c in suiting if self._reads_alone(c)]
        if must:
            return clear or suiting
        return [c for c in clear if self._welcome(c)]

    def _reads_alone(self, candidate: Candidate) -> bool:
        if candidate.fragment:
            return False
        follows = any(c.order == candidate.order - 1 for c in self.chosen)
        return follows or not candidate.dependent


def arrange(
    sentences: Sequence[Candidate], paragraphs: Range, words: Range, lang: str
) -> tuple[str, ...]:
    """`sentences` in as many paragraphs as fit both ranges, broken where the source is if possible.

    Where no division fits, the paragraphs are fewer or shorter than the ranges ask, never longer.
    """
    usual = sum(c.words for c in sentences) / (sum(words) / 2)
    counts = sorted(
        range(1, min(paragraphs[1], len(sentences)) + 1),
        key=lambda count: (count < paragraphs[0], abs(count - usual)),
    )
    for least in (words[0], 1):
        for count in counts:
            ends = _divide(sentences, count, (least, words[1]))
            if ends:
                starts = (0, *ends[:-1])
                return tuple(
                    joined([c.text for c in sentences[start:end]], lang)
                    for start, end in zip(starts, ends, strict=True)
                )
    return ()


def joined(texts: Sequence[str], lang: str) -> str:
    """The sentences as one paragraph."""
    return ("" if lang.split("-")[0] in _UNSPACED else " ").join(texts)


def cut(text: str, most: int) -> str:
    """`text` in at most `most` characters, cut at a word boundary with an ellipsis."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    at_word = kept.rsplit(None, 1)[0] if " " in kept else kept
    return at_word.rstrip(" ,;:–-") + "…"


def _divide(sentences: Sequence[Candidate], count: int, words: Range) -> tuple[int, ...] | None:
    """The ends of `count` runs, divided as evenly as possible, each with a length in `words`.

    Dynamic programming over (runs, end): a run costs its squared distance from the mean length,
    twice the mean squared more when it breaks a paragraph of the source.
    """
    total = sum(c.words for c in sentences)
    mean = total / count
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for _ in range(count):
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, ends) in best.items():
            length = 0
            for end in range(start + 1, len(sentences) + 1):
                length += sentences[end - 1].words
                if length > words[1]:
                    break
                if length < words[0]:
                    continue
                tried = cost + (length - mean) ** 2 + _break_cost(sentences, end, mean)
                if end not in following or tried < following[end][0]:
                    following[end] = (tried, (*ends, end))
        best = following
    return best[len(sentences)][1] if len(sentences) in best else None


def _break_cost(sentences: Sequence[Candidate], end: int, mean: float) -> float:
    inside = end < len(sentences) and sentences[end - 1].paragraph == sentences[end].paragraph
    return 2 * mean**2 if inside else 0.0


def shortened(text: str, most: int, sentences: Sequence[str], lang: str) -> str:
    """As many of the first `sentences` of `text` as have at most `most` words together."""
    if count_words(text) <= most:
        return text
    kept: list[str] = []
    for sentence in sentences:
        if count_words(joined([*kept, sentence], lang)) > most:
            break
        kept.append(sentence)
    return joined(kept, lang)
