"""A quick look at the words of a sentence: in what languages it may be an order.

The patterns of a language cost more than all other cleaning. Each list of `words.toml` is reduced
to words that its patterns cannot do without. A word of a sentence is
looked up once for all lists, and what its words can add up to bounds what the patterns can find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache, reduce
from operator import or_
from statistics import fmean
from typing import Final

from rewriter.cleaning.orders import weights
from rewriter.cleaning.orders.patterns import Classes, alternatives
from rewriter.cleaning.orders.tables import SCRIPTS, common, lists
from rewriter.cleaning.orders.turns import COMMON, TURNS, Turn, may_be_of
from rewriter.remembering import Lookup, looked_up
from rewriter.text.tokens import DENSE_LANGUAGES

# This many letters tell a word from others; the rest of a pattern is not looked at.
LETTERS: Final = 12
_AROUND = re.compile(r"\(\?<?[=!]")
_SIGN = re.compile(r"\\[^wdS]|[^\w\\\[(.]|\[[^\w\\^]*\]")
# Letters that are not repeated: the last one may be.
_LETTERS_ALONE = re.compile(r"\w+(?![\w?*{+])")
_ANY_LETTER = re.compile(r"\\[wdS]|\.|\[[^\]]*\]")
_REPEAT = re.compile(r"([?*]|\{0,\d*\})\??|(?:\+|\{[1-9][\d,]*\})\??")
# Words that need not be there, between others; alternatives of more than one word.
_ASIDE = re.compile(
    r"(?:(?<=[ ?}])|^)\(\?:(?:[^()|]*[ ,]\??\|)*[^()|]* \)(?:\?|\{0,\d+\})\??"
    r"|\(\?: [^()|]*(?:\| [^()|]*)*\)(?:\?|\{0,\d+\})\??(?= |$)"
)
_WORD = re.compile(r"\w+")
_LONGEST_WORD, _MOST_WORDS = 100, 1 << 14
FEATURES = (
    *("verbs", "duty", "lift", "orders", "machine", "address", "task", "product", "own"),
    *("here", "must", "amends", "role", "label", "sure", "colon"),
)
# What stands for a word of the list "colon": it, or a word of courtesy behind a comma.
_COLONS = re.compile(rf"[:：]|, (?:{'|'.join(common()['polite'].split())})\b")
Words = frozenset[str]


@looked_up(1024, longest=2_000)  # a paragraph is asked about once for orders, and for turns
def _told_by(text: str) -> int:
    return _index().told_by(text)


def hints_of(text: str) -> Iterator[tuple[str, Classes]]:
    """The languages of which a folded text may have words, each with the lists that they are of.

    A language without spaces between words may have all of them.
    """
    told, index = _told_by(text), _index()
    signs = _COLON_BIT if _COLONS.search(text) else 0
    for lang, first in index.first.items():
        if names := told >> first & _ALL:
            yield lang, _named(names | signs)
    if not text.isascii():
        yield from ((lang, _named(_ALL)) for lang in DENSE_LANGUAGES if SCRIPTS[lang].search(text))


def turns_of(text: str) -> Iterator[Turn]:
    """The turns of which a folded text may have words."""
    told = _told_by(text) >> _index().turned_from
    return (turn for n, turn in enumerate(TURNS) if told >> n & 1)


class _WordIndex:
    """Of which lists a text may have words, by the words that their patterns need.

    `langs` has the lists of each language, in the order of `FEATURES`. Each word has a number with
    a bit for each list of a language; `first` is the place of the language's first one.
    """

    def __init__(self, langs: Mapping[str, Sequence[Sequence[str]]]) -> None:
        spaced = (lang for lang in langs if lang not in DENSE_LANGUAGES)
        self.first = {lang: n * len(FEATURES) for n, lang in enumerate(spaced)}
        self._whole, self._begun = dict[str, int](), dict[str, int]()
        for lang, name, words in _needs_of(langs):
            bit = 1 << self.first[lang] + name
            for word in words:
                index = self._begun if word.endswith("*") else self._whole
                index[word[:-1]] = index.get(word[:-1], 0) | bit
        # The bits of turns stand behind those of lists.
        self.turned_from = len(self.first) * len(FEATURES)
        self._bits = Lookup(self._look_up, _MOST_WORDS, _LONGEST_WORD)

    def told_by(self, text: str) -> int:
        told = filter(None, map(self._bits.__getitem__, _WORD.findall(text)))  # most tell nothing
        return reduce(or_, told, 0)

    def _look_up(self, word: str) -> int:
        found = self._whole.get(word, 0)
        for length in range(min(LETTERS, len(word)) + 1):
            found |= self._begun.get(word[:length], 0)
        turned = sum(may_be_of(word, turn) << n for n, turn in enumerate(TURNS))
        return found | turned << self.turned_from


def _needs_of(
    langs: Mapping[str, Sequence[Sequence[str]]],
) -> Iterator[tuple[str, int, Words]]:
    """What the patterns of each list need, with its language and its place."""
    for lang, lists_of_lang in langs.items():
        if lang not in DENSE_LANGUAGES:
            for name, patterns in enumerate(lists_of_lang):
                for pattern in patterns:
                    yield from ((lang, name, words) for words in needs(pattern))


@cache
def _index() -> _WordIndex:
    return _WordIndex(
        {lang: [words.get(name, ()) for name in FEATURES] for lang, words in lists().items()}
    )


# Combinations of lists that are kept: a stranger chooses the words.
_MOST_COMBINATIONS = 1 << 12
_COLON_BIT, _ALL = 1 << FEATURES.index("colon"), (1 << len(FEATURES)) - 1


@lru_cache(maxsize=_MOST_COMBINATIONS)
def _named(bits: int) -> Classes:
    return frozenset(name for n, name in enumerate(FEATURES) if bits >> n & 1)


def features_of(text: str, least: int) -> Iterator[tuple[str, Classes]]:
    """The languages in which a folded sentence may have this much of an order as `least`.

    Each with the features that its words may begin.
    """
    for lang, features in hints_of(text):
        if lang in DENSE_LANGUAGES or most_of(features) >= least:
            yield lang, features


@lru_cache(maxsize=_MOST_COMBINATIONS)
def most_of(has: Classes) -> int:
    """The most that patterns can find in a sentence whose words begin the features that it has."""
    verb, here, product = "verbs" in has, "here" in has, bool(has & {"product", "task"})
    addressed = "machine" in has and bool(has & {"colon", "address", "must", "here"})
    return sum(
        weight
        for weight, possible in (
            (weights.LABEL, has >= {"colon", "label"}),
            (weights.LIFT, has >= {"lift", "orders"}),
            (weights.VERB, verb),
            (weights.OBJECT, verb and here),
            (weights.ADDRESSED if addressed else weights.MACHINE, "machine" in has),
            (weights.TASK, "task" in has),
            (weights.OWN, "own" in has and product),
            (weights.MUST, "must" in has and product),
            (weights.DUTY, "duty" in has),
            (weights.ROLE, "role" in has),
            (weights.HERE, here),
            (weights.AMENDS, "amends" in has),
            (weights.SURE, "sure" in has),
        )
        if possible
    )


def needs(pattern: str) -> Iterator[Words]:
    """For each alternative of a pattern the words of which it needs one.

    They are the longest, since those are rare in other texts: "$" stands for the end of a word,
    "*" for more letters.
    """
    for one in alternatives(_ASIDE.sub("", pattern)):
        yield max(_slots(one), key=_rarity, default=frozenset("*"))


def _slots(pattern: str) -> Iterator[Words]:
    """The words of a pattern without alternatives on the whole, each with its own alternatives."""
    slots, heads, done, at = list[set[str]](), {""}, set[str](), 0
    if pattern.isalpha() and len(pattern) < LETTERS:
        heads, at = {pattern}, len(pattern)
    while at < len(pattern):
        heads, done, at, closed = _grown(pattern, at, heads, done)
        if closed:
            slots, heads, done = [*slots, done], {""}, set()
    slots.append(done | {f"{head}$" for head in heads})
    return (frozenset(slot) for slot in slots if not slot & {"", "$", "*"})


def _rarity(words: Words) -> tuple[int, float]:
    """The letters of the word that tells least, and of all on average."""
    letters = [0 if word.rstrip("$*") in COMMON else len(word) for word in words]
    return min(letters), fmean(letters)


def _branches(pattern: str, at: int) -> tuple[set[str], set[str], int]:
    """What the alternatives in a group begin with: words that may grow, those done, the end."""
    heads, done, ended = set[str](), set[str](), set[str]()
    growing = {""}
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            heads, growing, at = heads | growing, {""}, at + 1
            continue
        growing, ended, at, closed = _grown(pattern, at, growing, set())
        done, growing = done | ended, set() if closed else growing
    return heads | growing, done, at + 1


def _grown(
    pattern: str, at: int, heads: set[str], done: set[str]
) -> tuple[set[str], set[str], int, bool]:
    """The words with the next part of a pattern: growing, done, its end, whether a word ends."""
    more, finished, at = _part(pattern, at)
    repeat = _REPEAT.match(pattern, at)
    optional = repeat is not None and repeat[1] is not None
    grown = {head + end for head in heads for end in more}
    done = done | {head + end for head in heads for end in finished}
    done |= {f"{head[:LETTERS]}*" for head in grown if len(head) >= LETTERS}
    grown = {head for head in grown if len(head) < LETTERS}
    closed = finished == {"$"} and not more and not optional
    return grown | heads if optional else grown, done, repeat.end() if repeat else at, closed


def _part(pattern: str, at: int) -> tuple[set[str], set[str], int]:
    """One part of a pattern: the letters that it adds, how it ends a word ("$", "*"), its end."""
    if pattern.startswith("(?:", at):
        return _branches(pattern, at + 3)
    if found := _AROUND.match(pattern, at):
        return {""}, set(), _branches(pattern, found.end())[2]
    if found := _SIGN.match(pattern, at):
        return set(), {"$"}, found.end()
    if found := _ANY_LETTER.match(pattern, at):
        return set(), {"*"}, found.end()
    found = _LETTERS_ALONE.match(pattern, at)
    return {found[0] if found else pattern[at]}, set(), found.end() if found else at + 1
