"""Reading a text once for all checks: sentences with their tokens, facts and word stems."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import accumulate, zip_longest
from operator import itemgetter
from typing import NamedTuple, Protocol

from rewriter.checks.evidence.mentions import (
    STOP_WORDS,
    Mention,
    capital_places,
    is_capital,
    mentions_in,
)
from rewriter.checks.lexicon import stop_words, word_set
from rewriter.remembering import looked_up
from rewriter.text.quantities import Facts, facts_of
from rewriter.text.quotations import MARKS
from rewriter.text.sentences import split_sentences
from rewriter.text.tokens import Token, tokenize

# Endings that English takes on and off without a change of meaning; the longest comes first. It is
# a light stemmer in the manner of Harman, "How effective is suffixing?" (1991).
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "ly", "s", "e")
_MIN_STEM = 3
_MEANING = frozenset({"word", "han"})
_WORDS = _MEANING | {"number"}
# Words whose stems are remembered: the vocabulary of some thousand articles, in a few megabytes.
_WORDS_KEPT = 30_000
_LONGEST_KEPT = 100  # characters
# A longer sentence, in tokens, is a table or no sentence at all: who does what in it is not told.
LONGEST_SENTENCE = 300
_BULLETS = frozenset({"-", "*", "•", "–"})
# A longer line without a mark at its end is a bullet or a paragraph that lacks one.
_HEADING_WORDS = 16
# A statement in which most words are capitalised is a heading in title case.
_TITLE_CASE_SHARE, _TITLE_CASE_WORDS = 0.6, 4
_SENTENCE_ENDS = frozenset(f".!?…。！？{MARKS}")
_LINE_ENDS = _SENTENCE_ENDS | frozenset(";,；)")
CLAUSE_ENDS = word_set("clause_ends")


class Flag(NamedTuple):
    """What a check found in one sentence; `start` and `end` are offsets into its text.

    An `unsure` one is a warning where its code is an error: the source does not say otherwise.
    """

    code: str
    start: int
    end: int
    message: str
    evidence: str | None = None
    unsure: bool = False


class Spanned(Protocol):
    """What stands from one offset to before another one of its sentence."""

    @property
    def start(self) -> int:
        """The offset of its first character."""

    @property
    def end(self) -> int:
        """The offset behind its last character."""


@dataclass(frozen=True)
class Statement:
    """One sentence, read: its tokens, facts and the stems of its content words.

    `offset` is where the sentence begins in its passage. `id` is the source's id for it, empty in
    a rewrite. A `heading` is a line of its own without a mark at its end.
    """

    text: str
    tokens: list[Token]
    facts: Facts
    stems: list[str]
    offset: int = 0
    id: str = ""
    lang: str = field(default="en")
    heading: bool = False

    def written(self, fact: Spanned) -> str:
        """A figure, a date or the like as it stands in the sentence."""
        return self.text[fact.start : fact.end]

    def before(self, fact: Spanned, reach: int) -> str:
        """The characters before one, so many at most."""
        return self.text[max(0, fact.start - reach) : fact.start]

    @cached_property
    def content(self) -> set[str]:
        """The stems that carry meaning, each once."""
        return {stem for stem in self.stems if stem}

    @cached_property
    def starts(self) -> list[int]:
        """Where each token begins."""
        return [start for _, _, _, start, _ in self.tokens]

    def place_at(self, offset: int) -> int:
        """The number of the first token that begins at an offset or behind it."""
        return bisect_left(self.starts, offset)

    @cached_property
    def wording(self) -> list[str]:
        """The words and numerals in order, lower case."""
        return [lower for kind, _, lower, _, _ in self.tokens if kind in _WORDS]

    @cached_property
    def capitals(self) -> list[int]:
        """The places of the words with a capital anywhere."""
        return capital_places(self.tokens)

    @cached_property
    def is_title_case(self) -> bool:
        """Whether the sentence is a heading that capitalises most of its words."""
        words = [t for t in self.tokens if t.kind == "word" and t.lower not in STOP_WORDS]
        capitals = sum(map(is_capital, words))
        return (
            not self.text.rstrip().endswith(".")
            and len(words) >= _TITLE_CASE_WORDS
            and capitals >= _TITLE_CASE_SHARE * len(words)
        )

    @cached_property
    def mentions(self) -> list[Mention]:
        """The names in the sentence."""
        return list(mentions_in(self.tokens, self.capitals, self.lang))

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
    def weekday_ends(self) -> frozenset[int]:
        """Where the weekdays of the sentence end."""
        return frozenset(m.end for m in self.facts.moments if m.weekday is not None)

    @cached_property
    def clauses(self) -> list[int]:
        """For each token the number of its clause, counted from 0."""
        return list(accumulate(int(token.lower in CLAUSE_ENDS) for token in self.tokens))

    @cached_property
    def plain(self) -> list[str]:
        """For each token its word in lower case, "n't" for a negated auxiliary, "" for a mark."""
        return [
            (_plain(lower) if "'" in lower else lower) if kind in _MEANING else ""
            for kind, _, lower, _, _ in self.tokens
        ]

    @cached_property
    def words(self) -> set[str]:
        """The words of the sentence, each once."""
        return set(self.plain)


def read_statement(text: str, lang: str, offset: int = 0, name: str = "") -> Statement:
    """Read one sentence."""
    tokens = tokenize(text, lang)
    known, stop = _stems_in(lang), stop_words(lang)
    stems = [
        known[lower] if kind == "word" else text if kind == "han" and lower not in stop else ""
        for kind, text, lower, _, _ in tokens
    ]
    return Statement(text, tokens, facts_of(text, tokens, lang), stems, offset, name, lang)


def read_passage(text: str, lang: str) -> Iterator[Statement]:
    """The sentences of a passage, each with its place in it; no sentence goes over a line's end.

    A line that was only wrapped goes on in the next one.
    """
    lines = list(_lines(text))
    for begin, line in lines:
        heading = len(lines) > 1 and _is_heading(line)
        at = _behind_bullet(line)
        for sentence in split_sentences(line[at:], lang):
            at = max(line.find(sentence, at), 0)
            statement = read_statement(sentence, lang, begin + at)
            yield replace(statement, heading=True) if heading else statement
            at += len(sentence)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that an author ended, with their places.

    A line was wrapped, not ended, where the next one's first word would have made it the longest,
    and where no sentence ends with it.
    """
    lines = text.splitlines(keepends=True)
    width = max((len(line.rstrip()) for line in lines), default=0)
    start = at = 0
    for line, behind in zip_longest(lines, lines[1:], fillvalue=""):
        at += len(line)
        first = behind.split(maxsplit=1)[:1]
        wrapped = first and len(line.rstrip()) + 1 + len(first[0]) > width
        wrapped = wrapped and line.rstrip()[-1:] not in _SENTENCE_ENDS
        if not wrapped or first[0] in _BULLETS or not line.strip():
            yield start, text[start:at]
            start = at


def _behind_bullet(line: str) -> int:
    mark = line.split(maxsplit=1)[:1]
    return line.index(mark[0]) + 1 if mark and mark[0] in _BULLETS else 0


def _is_heading(line: str) -> bool:
    words = line.split()
    return 0 < len(words) <= _HEADING_WORDS and line.rstrip()[-1] not in _LINE_ENDS


@looked_up(_WORDS_KEPT)
def stem(word: str) -> str:
    """A word without possessive and inflection; both sides of a comparison are treated alike.

    >>> stem("liquidated") == stem("liquidations")
    True
    """
    word = word.removesuffix("'s")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
            word = word[: -len(ending)] + ("y" if ending in ("ies", "ied") else "")
            break
    return word[:-1] if len(word) > _MIN_STEM and word[-1] == word[-2] else word


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a place is in one of some spans, which are sorted and do not overlap."""
    at = bisect_right(spans, place, key=itemgetter(0)) - 1
    return at >= 0 and place < spans[at][1]


def _plain(word: str) -> str:
    return "n't" if word.endswith("n't") else word.removesuffix("'s")


class _Stems(dict[str, str]):
    """The stem of each word of a language that was asked for, "" for a stop word."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._stop_words = stop_words(lang)

    def __missing__(self, word: str) -> str:
        if len(self) >= _WORDS_KEPT:
            self.clear()
        found = "" if word in self._stop_words else stem(word)
        if len(word) <= _LONGEST_KEPT:
            self[word] = found
        return found


@lru_cache(maxsize=16)
def _stems_in(lang: str) -> _Stems:
    return _Stems(lang)
