"""A quick look at the words of a sentence: in what languages it may be an order, and how much.

The patterns of a language cost more than all other cleaning. Each list of `words.toml` is reduced
to the words that its patterns begin with. A word of a sentence is looked up once, and what its
words can add up to bounds what the patterns can find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from rewriter.cleaning.orders import weights
from rewriter.cleaning.orders.tables import DENSE, SCRIPTS, lists
from rewriter.remembering import remembered

# This many letters tell a word from others; the rest of a pattern is not looked at.
LETTERS: Final = 6
_AROUND = re.compile(r"\(\?<?[=!]")
_SIGN = re.compile(r"\\[^\w\s]|[^\w\\\[(.]|\[[^\w\\^]*\]")
# Letters that are not repeated: the last one may be.
_LETTERS_ALONE = re.compile(r"\w+(?![\w?*{+])")
_ANY_LETTER = re.compile(r"\\[wd]|\.|\[[^\]]*\]")
_REPEAT = re.compile(r"([?*]|\{0,\d*\})\??|(?:\+|\{[1-9][\d,]*\})\??")
# In nearly every text: better no hint of a pattern that has another word.
_COMMON_WORDS = """the a an to is are was were be of in for as at on it you this that these from
have has can will your all not new and or with one no by de da do la le les el en un una une que es
et e o i il lo der die das ein eine und ist van het een te bir ve na w z"""
_COMMON = frozenset(_COMMON_WORDS.split())
_WORD = re.compile(r"\w+")
FEATURES = (
    *("verbs", "duty", "lift", "orders", "machine", "address", "task", "product", "own"),
    *("here", "must", "amends", "role", "label", "sure"),
)
Classes = frozenset[str]


class WordIndex:
    """Which classes of words a text may have, by the words that their patterns need.

    `classes` are the patterns of each class, by language; each language has the same classes.
    """

    def __init__(self, classes: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._langs = [lang for lang in classes if lang not in DENSE]
        self._dense = [lang for lang in classes if lang in DENSE]
        self._names = tuple(classes[self._langs[0]])
        self._whole, self._begun = dict[str, int](), dict[str, int]()
        for n, lang in enumerate(self._langs):
            for at, name in enumerate(self._names):
                for opening in openings(classes[lang][name]):
                    index = self._begun if opening.endswith("*") else self._whole
                    word = opening.rstrip("*")
                    index[word] = index.get(word, 0) | 1 << n * len(self._names) + at
        self._bits = remembered(1 << 15)(self._look_up)

    def classes_of(self, text: str) -> Iterator[tuple[str, Classes]]:
        """The languages of which a folded text may have words, each with their classes.

        A language without spaces between words may have all of them.
        """
        found, size = 0, len(self._names)
        for word in _WORD.findall(text):
            found |= self._bits(word)
        for n, lang in enumerate(self._langs):
            if own := found >> n * size & (1 << size) - 1:
                yield lang, _named(self._names, own)
        if not text.isascii():
            everything = frozenset(self._names)
            yield from ((lang, everything) for lang in self._dense if SCRIPTS[lang].search(text))

    def _look_up(self, word: str) -> int:
        found = self._whole.get(word, 0)
        for length in range(min(LETTERS, len(word)) + 1):
            found |= self._begun.get(word[:length], 0)
        return found


def features_of(text: str, least: int) -> Iterator[tuple[str, Classes]]:
    """The languages in which a folded sentence may have this much of an order as `least`.

    Each with the features that its words may begin.
    """
    colon = ":" in text or "：" in text
    for lang, features in _index().classes_of(text):
        if lang in DENSE or _most(features, colon) >= least:
            yield lang, features


@cache
def _index() -> WordIndex:
    return WordIndex(
        {lang: {name: own[name] for name in FEATURES} for lang, own in lists().items()}
    )


@cache
def _named(names: tuple[str, ...], bits: int) -> Classes:
    return frozenset(name for n, name in enumerate(names) if bits >> n & 1)


@cache
def _most(has: Classes, colon: bool) -> int:
    """The most that patterns can find in a sentence whose words begin the features that it has."""
    verb, here, product = "verbs" in has, "here" in has, bool(has & {"product", "task"})
    addressed = "machine" in has and (colon or bool(has & {"address", "must", "here"}))
    return sum(
        weight
        for weight, possible in (
            (weights.LABEL + weights.PRODUCT, colon and "label" in has),
            (weights.LIFT, has >= {"lift", "orders"}),
            (weights.VERB + weights.CONTACT, verb),
            (weights.OBJECT, verb and here),
            (weights.THAT, verb or addressed or "must" in has),
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


def openings(patterns: Iterable[str]) -> frozenset[str]:
    """For each pattern a word that is in whatever it finds, or one for each of its alternatives.

    It is the longest, since that is rare in other texts; "*" stands for more letters.
    """
    return frozenset(
        word.rstrip("$")
        for pattern in patterns
        for words in (_required(pattern),)
        for word in words
    )


def _required(pattern: str) -> set[str]:
    """The alternatives for the longest word of a pattern that has no alternatives on the whole."""
    slots, heads, done, at = list[set[str]](), {""}, set[str](), 0
    while at < len(pattern):
        heads, done, at, closed = _grown(pattern, at, heads, done)
        if closed:
            slots, heads, done = [*slots, done], {""}, set()
    slots.append(done | {f"{head}$" for head in heads})
    certain = (slot for slot in slots if not slot & {"", "$", "*"})
    return max(certain, key=_rarity, default={"*"})


def _rarity(words: set[str]) -> int:
    return min(0 if word.rstrip("$*") in _COMMON else len(word) for word in words)


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
