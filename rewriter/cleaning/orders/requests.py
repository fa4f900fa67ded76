"""Sentences that ask for something in a text, by broad classes of words in fourteen languages.

`words.toml` lists what orders to a model say. These classes are broader, and a sentence of news may
have them too. So most of what they find counts only where it brings in a name or a figure that the
rest of the article has not (see `judge`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from rewriter.cleaning.orders.hints import Classes, WordIndex
from rewriter.cleaning.orders.tables import DENSE, read_lists

# Where a clause begins: an order does so with its verb.
_CLAUSE = (
    r"(?:^|[:;(\[]\s{0,3}|(?<!\w)[—–>*#-]\s{0,3}|[.!?]\s+"
    r"|(?:^|[,;:] ?)(?:please|pls|kindly|also|then|now|bitte|auch"
    r"|merci de|veuillez|por favor|tambien|per favore|graag|prosze|пожалуйста|будь ласка"
    r"|lutfen),? )"
)
# Where a sentence or a speech begins.
_START = r"(?:^\W{0,4}|[:.!?]\s+)(?:please,? |pls |also,? |then,? |bitte |merci de |por favor,? )?"
# What a word of writing weighs, and the sum that makes a request of it and of other words.
_STRONG, _LEAST = 2, 4
# Characters between the words of a request; between a text and what is wrong in it.
_NEAR, _BESIDE = 60, 90
# A word of a report of this many letters is one in no other language.
_SURE_LETTERS = 5
# A name that is not the first word of a sentence, or a figure.
_FIGURE = re.compile(r"(?<!\d)(?:\d[\d.,]*\d|\d)(?!\d)")
_NEWS = re.compile(
    rf"(?:(?<=[^.!?\s]\s)|(?<=\s[\"'«„“‘(]))[A-ZÀ-ÞА-ЯІЇЄ]\w{{2,}}|{_FIGURE.pattern}"
)
# Scripts without capitals show no names.
_CASELESS = re.compile("[\u0600-\u06ff\u3040-\u30ff\u4e00-\u9fff]")
# Classes of words of which a request has one, and all that a quick look tells apart.
_PARTS = (
    *("strong", "texts", "writers", "rewords", "labels", "reuse", "here", "spelled", "titles"),
    *("bare", "amends", "so"),
)
_CLASSES = (*_PARTS, "orders", "must", "your", "please", "says", "only")
# Signs without which a class of words asks for nothing.
_SIGNS = {"break": ":：—–", "question": "?？"}
# The classes and signs that a request has, one set for each of its kinds: a quick look, without the
# patterns. It lets through all that `_asks` finds.
_WAYS = tuple(
    frozenset(way.split())
    for way in (
        *("rewords", "labels break", "spelled", "titles question", "writers break"),
        *("writers orders", "writers must says", "your texts", "orders so", "bare", "orders texts"),
        *("texts must", "please says", "must only says", "reuse", "strong", "here orders"),
        "here amends",
    )
)


class FoundRequest(NamedTuple):
    """What a sentence asks for: in which languages, and whether it is `sure` to be an order."""

    langs: frozenset[str]
    sure: bool


class _Words(NamedTuple):
    """The patterns of one language.

    `alone` finds what needs nothing else: an order to write anew or to say so, a writer who is
    spoken to, a label in front of a colon, a spelling.
    """

    alone: re.Pattern[str]
    bare: re.Pattern[str]
    order: re.Pattern[str]
    clause: re.Pattern[str]
    texts: re.Pattern[str]
    done: re.Pattern[str]
    says: re.Pattern[str]
    must: re.Pattern[str]
    who: re.Pattern[str]
    yours: re.Pattern[str]
    writers: re.Pattern[str]
    reuse: re.Pattern[str]
    please: re.Pattern[str]
    strong: re.Pattern[str]
    only: re.Pattern[str]
    you: re.Pattern[str]
    here: re.Pattern[str]
    amends: re.Pattern[str]
    told: re.Pattern[str]
    reports: re.Pattern[str]


def request_of(text: str) -> FoundRequest | None:
    """What a folded sentence asks for in a text; nothing where it reports somebody who asks."""
    read = {lang: _InLanguage(_words(lang), has, text) for lang, has in _possible(text)}
    found = {lang: _asks(sentence) for lang, sentence in read.items()}
    langs = frozenset(lang for lang, asks in found.items() if asks is not None)
    if not langs or is_reported(text):
        return None
    return FoundRequest(langs, any(found[lang] for lang in langs))


def is_request(text: str) -> bool:
    """Whether a folded sentence asks for something in a text, and reports no one who asks."""
    return request_of(text) is not None


def is_reported(text: str) -> bool:
    """Whether a folded sentence says who says so: "said" is a word of one language only."""
    return any(_words(lang).reports.search(text) for lang in _languages_of(text))


class _InLanguage(NamedTuple):
    """A folded sentence that is read in one language, and the classes that it may have."""

    words: _Words
    has: Classes
    text: str

    def finds(self, name: str) -> bool:
        """Whether the pattern `name` finds something."""
        return self._may_find(name) and self._pattern(name).search(self.text) is not None

    def starts(self, name: str) -> list[int]:
        """Where what the pattern `name` finds begins."""
        return [start for start, _ in self.spans(name)]

    def spans(self, name: str) -> list[tuple[int, int]]:
        """Where what the pattern `name` finds begins and ends."""
        if not self._may_find(name):
            return []
        return [found.span() for found in self._pattern(name).finditer(self.text)]

    def orders(self) -> list[int]:
        """Where orders end."""
        return [end for _, end in self.spans("order")] if self._may_find("orders") else []

    def _may_find(self, name: str) -> bool:
        return name in self.has or name not in _CLASSES

    def _pattern(self, name: str) -> re.Pattern[str]:
        pattern: re.Pattern[str] = getattr(self.words, name)
        return pattern


def _asks(sentence: _InLanguage) -> bool | None:
    """Whether a request is sure; None where there is none."""
    alone = sentence.finds("alone")
    together = any(_together(sentence))
    # A note that also says what a copy must say is an order, whatever it brings in.
    sure = (alone and together) or sentence.finds("bare")
    if not (alone or together or sure) or sentence.finds("told"):
        return None
    return sure


def _together(sentence: _InLanguage) -> Iterator[bool]:
    """For each kind of request whether its words stand near one another."""
    orders, starts = sentence.orders(), sentence.starts
    texts, must, says = starts("texts"), starts("must"), starts("says")
    yield any(_between(texts, at, at + _BESIDE) for at in orders)
    yield bool(texts and must) and _near(must, texts, starts("done"))
    if must:
        yield _near(starts("writers"), must, says)
    reuse = starts("reuse")
    clauses = starts("clause") if reuse else []
    yield bool(reuse) and _near(reuse, [*must, *orders, *clauses, *starts("who")])
    yield any(_between(says, at, at + _BESIDE) for at in starts("please"))
    only = starts("only") if must else []
    yield bool(only) and _near(must, only, says)
    if yours := starts("yours"):
        yield _near(yours, [*must, *orders, *says, *starts("only"), *starts("amends")])
    if strong := sentence.spans("strong"):
        # "This story" is one thing.
        others = [at for at in texts if not any(first <= at < end for first, end in strong)]
        yield _STRONG + _mood(sentence, bool(orders), bool(must), bool(others)) >= _LEAST
    here = starts("here")
    yield bool(here) and (
        any(_between(here, at, at + _BESIDE) for at in orders)
        or any(_apart(starts("amends"), at, _BESIDE) for at in here)
    )


def _mood(sentence: _InLanguage, orders: bool, must: bool, texts: bool) -> int:
    """How many classes of words say that something is to be done; none of them is no request."""
    moods = orders + must + sum(map(sentence.finds, ("only", "amends", "you", "who")))
    return moods and moods + texts + sentence.finds("says")


def _near(places: Sequence[int], *others: Sequence[int]) -> bool:
    """Whether one of the places has one of each of the others near it, at another place."""
    ordered = [sorted(other) for other in others]
    return any(all(_apart(other, at, _NEAR) for other in ordered) for at in places)


def _apart(places: Sequence[int], at: int, reach: int) -> bool:
    """Whether one of the sorted places is near `at`, and not there."""
    return _between(places, at - reach, at - 1) or _between(places, at + 1, at + reach)


def _between(places: Sequence[int], first: int, last: int) -> bool:
    """Whether one of the sorted places is from `first` to `last`."""
    at = bisect_left(places, first)
    return at < len(places) and places[at] <= last


def brings_in(article: str, start: int, end: int) -> bool:
    """Whether a part of an article has a name or a figure that the rest of it has not.

    Scripts without capitals show no names: there it always may.
    """
    if _CASELESS.search(article, start, end):
        return True
    figures = _figures(article)
    for found in _NEWS.finditer(article, start, end):
        if found[0][0].isdigit():
            first, last = figures.get(found[0], found.span())
            if start <= first and last < end:
                return True
        elif article.find(found[0], 0, start) < 0 and article.find(found[0], end) < 0:
            return True
    return False


@lru_cache(maxsize=2)
def _figures(article: str) -> dict[str, tuple[int, int]]:
    """The figures of a text, and where each stands first and last."""
    places = dict[str, tuple[int, int]]()
    for found in _FIGURE.finditer(article):
        places[found[0]] = (places.get(found[0], found.span())[0], found.start())
    return places


def _possible(text: str) -> Iterator[tuple[str, Classes]]:
    """The languages in which a folded sentence may have the words of a request, and which."""
    signs = frozenset(name for name, marks in _SIGNS.items() if any(m in text for m in marks))
    return ((lang, has) for lang, has in _index().classes_of(text) if _may_ask(has | signs))


def _languages_of(text: str) -> list[str]:
    """The languages of which a folded sentence has a word that a request may have."""
    return [lang for lang, has in _index().classes_of(text) if not has.isdisjoint(_PARTS)]


@cache
def _may_ask(has: Classes) -> bool:
    return not has.isdisjoint(_PARTS) and any(has >= way for way in _WAYS)


@cache
def _index() -> WordIndex:
    return WordIndex(
        {lang: {key: own.get(key, [key]) for key in _CLASSES} for lang, own in _lists().items()}
    )


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    return read_lists("requests.toml")


@cache
def _words(lang: str) -> _Words:
    lists = _lists()[lang]
    dense = lang in DENSE
    begin, end, clause = ("", "", "") if dense else (r"(?<!\w)", r"(?!\w)", _CLAUSE)
    start = "" if dense else _START
    words = {
        **lists,
        "done": [*lists["says"], *lists["places"]],
        "reports": [word for word in lists["told"] if dense or len(word) >= _SURE_LETTERS],
    }
    one = {key: f"{begin}(?:{'|'.join(found)}){end}" for key, found in words.items()}
    order = f"{clause}{one['orders']}"
    gap = r".{0,10}?" if dense else r"(?:[ ,'(/]{1,2}\w+\)?){0,3}?"
    alone = (
        f"{order} so(?!\\w)",
        f"{clause}{one['rewords']}",
        rf"{clause}(?:\w+ ){{0,3}}?{one['writers']}(?: ?:|,? (?:\w+ )?{one['orders']})",
        rf"^\W{{0,4}}(?:\w+[ ,'/-]{{1,2}}){{0,4}}?{one['labels']}{gap}\s?(?:[:：]|\s[—–]\s)\s*\S",
        one["spelled"],
        rf"{one['titles']}[^?？]{{0,60}}[?？]\W*$",
    )
    patterns = {
        **one,
        "alone": "|".join(alone),
        "bare": f"{start}{one['bare']}",
        "order": order,
        "yours": rf"{one['your']} ?(?:\w+ ){{0,2}}?{one['texts']}",
        "clause": rf"[,;:]\s{{0,3}}(?:{one['orders']}|{one['bare']})",
    }
    return _Words(**{name: re.compile(patterns[name]) for name in _Words._fields})
