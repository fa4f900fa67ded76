"""Sentences that ask for something in a text: the mood of an order, with words of writing.

`words.toml` lists what orders to a model say; these are broader classes of words in four languages.
A sentence of news may have them too, so it counts only where it brings in a name or a figure that
the rest of the article has not (see `judge`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import NamedTuple

from rewriter.cleaning.orders.hints import LETTERS, openings
from rewriter.cleaning.orders.tables import read_lists

# Where a clause begins: an order does so with its verb.
_CLAUSE = (
    r"(?:^|[:;(\[—–>*#-]\s{0,3}|[.!?]\s+|(?:^|[,;:] ?)(?:please|pls|kindly|also|then|now|bitte|auch"
    r"|merci de|veuillez|por favor|tambien),? )"
)
# Characters between what is wished and the text that it is wished of.
_NEAR = 120
_WORD = re.compile(r"\w+")
# A name that is not the first word of a sentence, or a figure.
_NEWS = re.compile(r"(?<=[^.!?:\s]\s)[A-ZÀ-ÞА-Я]\w{2,}|\d[\d.,]*\d|\d")


class _Words(NamedTuple):
    """The patterns of one language.

    `alone` finds what needs nothing else: an order to write anew or to say so, a text that is
    "yours", a writer who is spoken to.
    """

    alone: re.Pattern[str]
    order: re.Pattern[str]
    texts: re.Pattern[str]
    verbs: re.Pattern[str]
    must: re.Pattern[str]
    told: re.Pattern[str]


def is_request(text: str) -> bool:
    """Whether a folded sentence asks for something in a text, and reports no one who asks."""
    return _has_part(text) and any(
        _asks(words, text) and not words.told.search(text) for words in _languages()
    )


def _asks(words: _Words, text: str) -> bool:
    if words.alone.search(text):
        return True
    texts = _starts(words.texts, text)
    if not texts:
        return False
    if any(
        _between(texts, order.end(), order.end() + _NEAR) for order in words.order.finditer(text)
    ):
        return True
    verbs = _starts(words.verbs, text)
    return any(
        _between(texts, at - _NEAR, at + _NEAR)
        and (_between(verbs, at - _NEAR, at - 1) or _between(verbs, at + 1, at + _NEAR))
        for at in _starts(words.must, text)
    )


def _starts(pattern: re.Pattern[str], text: str) -> list[int]:
    return [found.start() for found in pattern.finditer(text)]


def _between(places: list[int], first: int, last: int) -> bool:
    """Whether one of the sorted places is from `first` to `last`."""
    at = bisect_left(places, first)
    return at < len(places) and places[at] <= last


def brings_in(article: str, start: int, end: int) -> bool:
    """Whether a part of an article has a name or a figure that the rest of it has not."""
    return any(
        article.find(found[0], 0, start) < 0 and article.find(found[0], end) < 0
        for found in _NEWS.finditer(article, start, end)
    )


def _has_part(text: str) -> bool:
    """A quick look: whether a folded sentence has a word for a text or for who writes it."""
    whole, begun = _parts()
    return any(
        word in whole
        or not begun.isdisjoint(word[:n] for n in range(1, min(len(word), LETTERS) + 1))
        for word in _WORD.findall(text)
    )


@cache
def _parts() -> tuple[frozenset[str], frozenset[str]]:
    found = [part for words in _lists().values() for part in openings(_named(words))]
    begun = frozenset(part.rstrip("*") for part in found if part.endswith("*"))
    return frozenset(found), begun


def _named(words: dict[str, list[str]]) -> list[str]:
    return [*words["texts"], *words["writers"], *words["rewords"], "so"]


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    return read_lists("requests.toml")


@cache
def _languages() -> tuple[_Words, ...]:
    return tuple(map(_compiled, _lists().values()))


def _compiled(lists: dict[str, list[str]]) -> _Words:
    one = {key: rf"(?<!\w)(?:{'|'.join(words)})(?!\w)" for key, words in lists.items()}
    order = f"{_CLAUSE}{one['orders']}"
    alone = (
        f"{order} so(?!\\w)",
        f"{_CLAUSE}{one['rewords']}",
        f"{one['your']} (?:\\w+ ){{0,2}}?{one['texts']}",
        rf"{_CLAUSE}(?:\w+ ){{0,3}}?{one['writers']}(?: ?:|,? (?:\w+ )?{one['orders']})",
    )
    patterns = ("|".join(alone), order, *(one[key] for key in ("texts", "verbs", "must", "told")))
    return _Words(*map(re.compile, patterns))
