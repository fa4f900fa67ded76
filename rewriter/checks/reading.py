"""Reading a text once for all checks: sentences with their tokens, facts and word stems."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from rewriter.checks.lexicon import stop_words
from rewriter.checks.mentions import Mention, mentions_in
from rewriter.text.quantities import Facts, facts_of
from rewriter.text.sentences import split_sentences
from rewriter.text.tokens import Token, tokenize

# Endings that English takes on and off without a change of meaning; the longest comes first. It is
# a light stemmer in the manner of Harman, "How effective is suffixing?" (1991).
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "ly", "s", "e")
_MIN_STEM = 3
_MEANING = frozenset({"word", "han"})
# Words whose stems are remembered: the vocabulary of some thousand articles, in a few megabytes.
_WORDS_KEPT = 30_000
# A longer sentence, in tokens, is a table or no sentence at all: who does what in it is not told.
LONGEST_SENTENCE = 300
# Marks and words at which a clause ends, more or less.
CLAUSE_ENDS = frozenset({",", ";", ":", "—", "–", "(", ")", "while", "whereas", "but", "and"})


class Flag(NamedTuple):
    """What a check found in one sentence; `start` and `end` are offsets into its text."""

    code: str
    start: int
    end: int
    message: str
    evidence: str | None = None


@dataclass(frozen=True)
class Statement:
    """One sentence, read: its tokens, facts and the stems of its content words.

    `offset` is where the sentence begins in its passage; `id` is the source's id for it, empty in
    a rewrite.
    """

    text: str
    tokens: list[Token]
    facts: Facts
    stems: list[str]
    offset: int = 0
    id: str = ""
    lang: str = field(default="en")

    @cached_property
    def content(self) -> set[str]:
        """The stems that carry meaning, each once."""
        return {stem for stem in self.stems if stem}

    @cached_property
    def mentions(self) -> list[Mention]:
        """The names in the sentence."""
        return list(mentions_in(self.tokens, self.lang))

    @cached_property
    def names(self) -> list[Mention]:
        """The names in the sentence, without the words that belong to its figures and dates."""
        spans = self.spans
        if not spans:
            return self.mentions
        bare = ([t for t in m if not _inside(t.start, spans)] for m in self.mentions)
        return [mention for mention in bare if mention]

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where the figures and dates of the sentence stand, in order."""
        quantities = [(q.start, q.end) for q in self.facts.quantities]
        return sorted(quantities + [(m.start, m.end) for m in self.facts.moments])

    @cached_property
    def clauses(self) -> list[int]:
        """For each token the number of its clause, counted from 0."""
        return list(accumulate(int(token.lower in CLAUSE_ENDS) for token in self.tokens))

    @cached_property
    def plain(self) -> list[str]:
        """For each token its word in lower case, "n't" for a negated auxiliary, "" for a mark."""
        return [_plain(token) for token in self.tokens]

    @cached_property
    def words(self) -> set[str]:
        """The words of the sentence, each once."""
        return set(self.plain)


def read_statement(text: str, lang: str, offset: int = 0, name: str = "") -> Statement:
    """Read one sentence."""
    tokens = tokenize(text, lang)
    stems = [_stem_of(token, lang) for token in tokens]
    return Statement(text, tokens, facts_of(text, tokens, lang), stems, offset, name, lang)


def read_passage(text: str, lang: str) -> Iterator[Statement]:
    """The sentences of a passage, each with its place in it."""
    at = 0
    for sentence in split_sentences(text, lang):
        at = max(text.find(sentence, at), 0)
        yield read_statement(sentence, lang, at)
        at += len(sentence)


@lru_cache(maxsize=_WORDS_KEPT)
def stem(word: str) -> str:
    """A word without possessive and inflection; both sides of a comparison are treated alike.

    >>> stem("liquidated") == stem("liquidations")
    True
    """
    word = word.removesuffix("'s")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > _MIN_STEM and word[-1] == word[-2] else word


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a place is in one of some spans, which are sorted and do not overlap."""
    at = bisect_right(spans, place, key=itemgetter(0)) - 1
    return at >= 0 and place < spans[at][1]


def _plain(token: Token) -> str:
    if token.kind not in _MEANING:
        return ""
    return "n't" if token.lower.endswith("n't") else token.lower.removesuffix("'s")


def _stem_of(token: Token, lang: str) -> str:
    if token.kind not in _MEANING or token.lower in stop_words(lang):
        return ""
    if token.kind == "han":
        return token.text
    return stem(token.lower)
