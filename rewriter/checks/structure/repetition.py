"""S2xx: is anything said twice?

Two sentences are near-duplicates when the Jaccard similarity of their word 3-gram sets ("shingles",
Broder, "On the resemblance and containment of documents", 1997) reaches the rule's threshold. An
inverted index over the shingles keeps the search linear in practice.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from rewriter.article import Finding, Passage, Rewrite, Source
from rewriter.rules import Rules
from rewriter.text.sentences import split_sentences

# A character of a script without spaces (Han, kana) is a word of its own.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
# Shorter sentences ("Analysts disagree.") share all their words too easily to be called repeats.
_MIN_WORDS = 4


class _KnownSentence(NamedTuple):
    passage: Passage
    text: str
    words: tuple[str, ...]
    shingles: frozenset[tuple[str, ...]]


def check_repetition(rewrite: Rewrite, source: Source, rules: Rules) -> Iterator[Finding]:
    """Yield S201 for a sentence said twice and S202 for a near-duplicate, at its second place.

    The source's own answers, carried over into the Q&A, may repeat the body.
    """
    said: list[_KnownSentence] = []
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    own = {_words(pair.answer) for pair in source.qa}
    for sentence in _sentences(rewrite, source.lang, own):
        finding = _repeat_of(sentence, said, holders, rules.near_duplicate)
        if finding:
            yield finding
        for shingle in sentence.shingles:
            holders[shingle].append(len(said))
        said.append(sentence)


def similarity(one: str, other: str) -> float:
    """Jaccard similarity (0 to 1) of the word 3-gram sets of two sentences."""
    left, right = _shingles(_words(one)), _shingles(_words(other))
    return len(left & right) / len(left | right) if left or right else 0.0


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


def _repeat_of(
    sentence: _KnownSentence,
    said: list[_KnownSentence],
    holders: dict[tuple[str, ...], list[int]],
    threshold: float,
) -> Finding | None:
    shared: Counter[int] = Counter()
    for shingle in sentence.shingles:
        shared.update(holders[shingle])
    ratios = {
        index: common / len(sentence.shingles | said[index].shingles)
        for index, common in shared.items()
    }
    nearest = max(ratios, key=ratios.__getitem__, default=None)
    if nearest is None or ratios[nearest] < threshold:
        return None
    return _finding(sentence, said[nearest], ratios[nearest])


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
