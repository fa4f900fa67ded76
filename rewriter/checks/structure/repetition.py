"""S2xx: is anything said twice?

Two sentences are near-duplicates when the Jaccard similarity of their word 3-gram sets ("shingles",
Broder, "On the resemblance and containment of documents", 1997) reaches the rule's threshold. Each
sentence is compared with a bounded number of others, so the check is linear.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from rewriter.article import Finding, Passage, Rewrite, Source
from rewriter.rules import Rules
from rewriter.text.sentences import split_sentences

# A character of a script without spaces (Han, kana) is a word of its own.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
# Shorter sentences ("Analysts disagree.") share all their words too easily to be called repeats.
_MIN_WORDS = 4
# Sentences that one is compared with: more share a rare part only where a text is made to be slow.
_MOST_CANDIDATES = 100


class _KnownSentence(NamedTuple):
    passage: Passage
    text: str
    words: tuple[str, ...]
    shingles: frozenset[tuple[str, ...]]


def check_repetition(rewrite: Rewrite, source: Source, rules: Rules) -> Iterator[Finding]:
    """Yield S201 for a sentence said twice and S202 for a near-duplicate, at its second place.

    The source's own answers, carried over into the Q&A, may repeat the body.
    """
    own = {_words(pair.answer) for pair in source.qa}
    sentences = list(_sentences(rewrite, source.lang, own))
    said = _Earlier(sentences, rules.near_duplicate)
    for sentence in sentences:
        nearest = said.nearest(sentence)
        if nearest is not None:
            yield _finding(sentence, *nearest)


class _Earlier:
    """The sentences up to now, found by their rarest shingles.

    Two sentences that are alike enough share one of their rarest: with a similarity of t, of n
    shingles all but t x n are enough to look for (prefix filtering: Bayardo, Ma and Srikant,
    "Scaling up all pairs similarity search", 2007). What many sentences share leads to nobody.
    """

    def __init__(self, sentences: Iterable[_KnownSentence], threshold: float) -> None:
        self._threshold = threshold
        self._counts = Counter(shingle for one in sentences for shingle in one.shingles)
        self._by_words: dict[tuple[str, ...], _KnownSentence] = {}
        self._by_shingle: dict[tuple[str, ...], list[_KnownSentence]] = defaultdict(list)

    def nearest(self, sentence: _KnownSentence) -> tuple[_KnownSentence, float] | None:
        """The sentence said before that is most like this one, if it is like enough; adds this."""
        same = self._by_words.get(sentence.words)
        if same is not None:
            return same, 1.0
        self._by_words[sentence.words] = sentence
        found: tuple[_KnownSentence, float] | None = None
        rarest = self._rarest(sentence.shingles)
        for other in self._candidates(rarest):
            ratio = _jaccard(sentence.shingles, other.shingles)
            if ratio >= self._threshold and (found is None or ratio > found[1]):
                found = other, ratio
        for shingle in rarest:
            self._by_shingle[shingle].append(sentence)
        return found

    def _rarest(self, shingles: frozenset[tuple[str, ...]]) -> list[tuple[str, ...]]:
        wanted = len(shingles) - math.ceil(self._threshold * len(shingles)) + 1
        return sorted(shingles, key=lambda one: (self._counts[one], one))[:wanted]

    def _candidates(self, shingles: Iterable[tuple[str, ...]]) -> Iterable[_KnownSentence]:
        found = (one for shingle in shingles for one in self._by_shingle[shingle])
        return dict.fromkeys(islice(found, _MOST_CANDIDATES))


def _jaccard(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def similarity(one: str, other: str) -> float:
    """Jaccard similarity (0 to 1) of the word 3-gram sets of two sentences."""
    return _jaccard(_shingles(_words(one)), _shingles(_words(other)))


def _sentences(rewrite: Rewrite, lang: str, own: set[tuple[str, ...]]) -> Iterator[_KnownSentence]:
    for passage in rewrite.passages():
        carried_over = passage.section == "qa" and (
            passage.place.startswith("question") or _words(passage.text) in own
        )
        if passage.place == "heading" or carried_over:
            continue
        for text in split_sentences(passage.text, lang):
            words = _words(text)
            if len(words) >= _MIN_WORDS:
                yield _KnownSentence(passage, text, words, _shingles(words))


def _finding(sentence: _KnownSentence, first: _KnownSentence, ratio: float) -> Finding:
    start = sentence.passage.text.find(sentence.text)
    exact = sentence.words == first.words
    where = f"{first.passage.section}, {first.passage.place}"
    return Finding(
        code="S201" if exact else "S202",
        severity="error",
        section=sentence.passage.section,
        place=sentence.passage.place,
        span=(start, start + len(sentence.text)),
        message=(
            f"says again what stands in {where}"
            if exact
            else f"{ratio:.0%} the same as a sentence in {where}"
        )
        + f": {first.text!r}",
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _shingles(words: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    if len(words) < 3:
        return frozenset({words} if words else ())
    return frozenset(zip(words, words[1:], words[2:], strict=False))
