"""Texts whose letters are exchanged (rot13) or reversed, told by the words that they were."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Set
from functools import cache
from typing import Final

from rewriter.cleaning.orders.patterns import one_of
from rewriter.cleaning.orders.tables import common

Turn = Callable[[str], str]
# In nearly every text: better no hint of a pattern that has another word.
_COMMON_WORDS = """the a an to is are was were be of in for as at on it this that these from
have has can will all not and or with no by de da do la le les el en un una une que es
et e o i il lo der die das ein eine und ist van het een te bir ve na w z"""
COMMON: Final = frozenset(_COMMON_WORDS.split())
# Words of every text that tell one whose letters are exchanged, of three letters at least.
_LEAST, _LONG_COMMON = 2, frozenset(word for word in COMMON if len(word) > 2)
_WORD = re.compile(r"[^\W\d_]+")
_ENDS = re.compile(r"[.!?\n]")


TURNS: Final[tuple[Turn, ...]] = (
    lambda text: codecs.encode(text, "rot13"),
    lambda text: text[::-1],
)


def may_tell(text: str, turn: Turn = str) -> bool:
    """Whether a text has a part of a word of a model's task, in any of the languages.

    A quick look at nonsense that may be a sentence in a code: `turn` is what that does to a word.
    """
    return _code_part(turn).search(text) is not None


def may_be_of(word: str, turn: Turn) -> bool:
    """Whether a word is one of a turned text: no other word makes one likely."""
    return not _turned(turn).isdisjoint(_WORD.findall(word)) or may_tell(word, turn)


def is_turned(text: str, turn: Turn) -> bool:
    """Whether the words that stand in every text come of one of its sentences only by `turn`."""
    turned = _turned(turn)
    return any(_are_turned(set(_WORD.findall(part)), turned) for part in _ENDS.split(text))


def _are_turned(words: Set[str], turned: Set[str]) -> bool:
    return len(words & turned) >= _LEAST and not words & _LONG_COMMON


@cache
def _turned(turn: Turn) -> frozenset[str]:
    return frozenset(map(turn, _LONG_COMMON)) - COMMON


@cache
def _code_part(turn: Turn) -> re.Pattern[str]:
    return re.compile(one_of(map(turn, common()["code_parts"].split())))
