"""A quick look at the words of a sentence: in what languages it may be an order or a request.

The patterns of a language cost more than all other cleaning. Each list of `words.toml` and of
`requests.toml` is reduced to words that its patterns cannot do without. A word of a sentence is
looked up once for all lists, and what its words can add up to bounds what the patterns can find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, reduce
from operator import or_
from statistics import fmean
from typing import Final, NamedTuple

from rewriter.cleaning.orders import weights
from rewriter.cleaning.orders.patterns import Classes
from rewriter.cleaning.orders.tables import DENSE, SCRIPTS, common, lists, request_lists
from rewriter.remembering import remembered

# This many letters tell a word from others; the rest of a pattern is not looked at.
LETTERS: Final = 12
_AROUND = re.compile(r"\(\?<?[=!]")
_SIGN = re.compile(r"\\[^\w\s]|[^\w\\\[(.]|\[[^\w\\^]*\]")
# Letters that are not repeated: the last one may be.
_LETTERS_ALONE = re.compile(r"\w+(?![\w?*{+])")
_ANY_LETTER = re.compile(r"\\[wd]|\.|\[[^\]]*\]")
_REPEAT = re.compile(r"([?*]|\{0,\d*\})\??|(?:\+|\{[1-9][\d,]*\})\??")
# Words that need not be there, between others; alternatives of more than one word.
_ASIDE = re.compile(
    r"(?:(?<=[ ?}])|^)\(\?:(?:[^()|]*[ ,]\??\|)*[^()|]* \)(?:\?|\{0,\d+\})\??"
    r"|\(\?: [^()|]*(?:\| [^()|]*)*\)(?:\?|\{0,\d+\})\??(?= |$)"
)
_GROUP = re.compile(r"\(\?:([^()]*)\)(?![?*+{])")
# In nearly every text: better no hint of a pattern that has another word.
_COMMON_WORDS = """the a an to is are was were be of in for as at on it this that these from
have has can will all not and or with no by de da do la le les el en un una une que es
et e o i il lo der die das ein eine und ist van het een te bir ve na w z"""
_COMMON = frozenset(_COMMON_WORDS.split())
# Of a word that tells little the alternatives are looked at, too.
_TELLING_LETTERS = 4
_WORD = re.compile(r"\w+")
_LONGEST_WORD, _MOST_WORDS = 100, 1 << 15
FEATURES = (
    *("verbs", "duty", "lift", "orders", "machine", "address", "task", "product", "own"),
    *("here", "must", "amends", "role", "label", "sure", "that", "colon"),
)
REQUESTS = (
    *("strong", "texts", "writers", "rewords", "labels", "reuse", "here", "spelled", "titles"),
    *("bare", "amends", "so", "orders", "must", "your", "please", "says", "only", "break"),
    "question",
)
# Signs that stand for a word of a list.
_SIGNS: Mapping[str, str] = {"colon": ":：", "break": ":：—–", "question": "?？"}


class Hints(NamedTuple):
    """Of which lists a text may have words in one language: of `words.toml`, `requests.toml`."""

    lang: str
    features: Classes
    requests: Classes


@remembered(1024, longest=2_000)
def hints_of(text: str) -> tuple[Hints, ...]:
    """The languages of which a folded text may have words, and of which lists.

    A language without spaces between words may have all of them.
    """
    return _index().hints(text)


class _WordIndex:
    """Of which lists a text may have words, by the words that their patterns need.

    The lists of a language are the bits of a number, and the numbers of all languages are one.
    """

    def __init__(self, langs: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._langs = [lang for lang in langs if lang not in DENSE]
        self._size = len(FEATURES) + len(REQUESTS)
        whole, begun = dict[str, int](), dict[str, int]()
        for n, lang in enumerate(self._langs):
            for at, patterns in enumerate(langs[lang]):
                for opening in openings(patterns):
                    index, word = begun if opening.endswith("*") else whole, opening.rstrip("*")
                    index[word] = index.get(word, 0) | 1 << n * self._size + at
        self._bits = _Bits(whole, begun)

    def hints(self, text: str) -> tuple[Hints, ...]:
        found = reduce(or_, map(self._bits.__getitem__, _WORD.findall(text)), 0)
        signs = _signs_of(text)
        hints = [
            _named(lang, own | signs)
            for n, lang in enumerate(self._langs)
            if (own := found >> n * self._size & (1 << self._size) - 1)
        ]
        if not text.isascii():
            dense = (lang for lang in DENSE if SCRIPTS[lang].search(text))
            hints += [_named(lang, -1) for lang in dense]
        return tuple(hints)


class _Bits(dict[str, int]):
    """The bits of words, worked out when a word is first looked up."""

    def __init__(self, whole: Mapping[str, int], begun: Mapping[str, int]) -> None:
        super().__init__()
        self._whole, self._begun = whole, begun

    def __missing__(self, word: str) -> int:
        found = self._whole.get(word, 0)
        for length in range(min(LETTERS, len(word)) + 1):
            found |= self._begun.get(word[:length], 0)
        if len(self) >= _MOST_WORDS:
            self.clear()
        if len(word) <= _LONGEST_WORD:
            self[word] = found
        return found


@cache
def _index() -> _WordIndex:
    langs = dict[str, list[Sequence[str]]]()
    for lang, asked in request_lists().items():
        told = {**lists()[lang], "that": common()["that"].split()} if lang in lists() else {}
        langs[lang] = [told.get(name, ()) for name in FEATURES]
        langs[lang] += [{"so": ["so"], **asked}.get(name, ()) for name in REQUESTS]
    return _WordIndex(langs)


def _signs_of(text: str) -> int:
    """The bits of the signs in a text, the same in each language."""
    found = 0
    for sign, bit in _sign_bits():
        if sign in text:
            found |= bit
    return found


@cache
def _sign_bits() -> Sequence[tuple[str, int]]:
    names = (*FEATURES, *REQUESTS)
    return [(sign, 1 << names.index(name)) for name, signs in _SIGNS.items() for sign in signs]


@cache
def _named(lang: str, bits: int) -> Hints:
    features = (name for n, name in enumerate(FEATURES) if bits >> n & 1)
    requests = (name for n, name in enumerate(REQUESTS, len(FEATURES)) if bits >> n & 1)
    return Hints(lang, frozenset(features), frozenset(requests))


def features_of(text: str, least: int) -> Iterator[tuple[str, Classes]]:
    """The languages in which a folded sentence may have this much of an order as `least`.

    Each with the features that its words may begin.
    """
    for lang, features, _ in hints_of(text):
        if lang in DENSE or _most(features) >= least:
            yield lang, features


@cache
def _most(has: Classes) -> int:
    """The most that patterns can find in a sentence whose words begin the features that it has."""
    verb, here, product = "verbs" in has, "here" in has, bool(has & {"product", "task"})
    addressed = "machine" in has and bool(has & {"colon", "address", "must", "here"})
    return sum(
        weight
        for weight, possible in (
            (weights.LABEL + weights.PRODUCT, has >= {"colon", "label"}),
            (weights.LIFT, has >= {"lift", "orders"}),
            (weights.VERB + weights.CONTACT, verb),
            (weights.OBJECT, verb and here),
            (weights.THAT, "that" in has and (verb or addressed or "must" in has)),
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
    return frozenset(word.rstrip("$") for pattern in patterns for word in _needed(pattern))


def _needed(pattern: str) -> set[str]:
    """The words of a pattern of which it needs one; where they are common, of its alternatives."""
    if pattern.isalpha() and len(pattern) < LETTERS:
        return {f"{pattern}$"}
    pattern = _ASIDE.sub("", pattern)
    words, group = _required(pattern), _GROUP.search(pattern)
    if group is None or _rarity(words)[0] >= _TELLING_LETTERS:
        return words
    before, after = pattern[: group.start()], pattern[group.end() :]
    return {
        word
        for alternative in group[1].split("|")
        for word in _needed(f"{before}{alternative}{after}")
    }


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


def _rarity(words: set[str]) -> tuple[int, float]:
    """The letters of the word that tells least, and of all on average."""
    letters = [0 if word.rstrip("$*") in _COMMON else len(word) for word in words]
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
