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

from rewriter.cleaning.orders.hints import LETTERS, openings
from rewriter.cleaning.orders.tables import DENSE, SCRIPTS, read_lists
from rewriter.remembering import remembered

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
_NEAR, _BESIDE = 120, 90
# A word of a report of this many letters is one in no other language.
_SURE_LETTERS = 5
_WORD = re.compile(r"\w+")
# A name that is not the first word of a sentence, or a figure.
_FIGURE = re.compile(r"(?<!\d)(?:\d[\d.,]*\d|\d)(?!\d)")
_NEWS = re.compile(
    rf"(?:(?<=[^.!?\s]\s)|(?<=\s[\"'«„“‘(]))[A-ZÀ-ÞА-ЯІЇЄ]\w{{2,}}|{_FIGURE.pattern}"
)
# Scripts without capitals show no names.
_CASELESS = re.compile("[\u0600-\u06ff\u3040-\u30ff\u4e00-\u9fff]")
_PARTS = (
    *(
        "strong",
        "texts",
        "writers",
        "rewords",
        "labels",
        "reuse",
        "here",
        "spelled",
        "titles",
        "bare",
    ),
    "amends",
)


class FoundRequest(NamedTuple):
    """What a sentence asks for: in which languages, and whether it is `sure` to be an order."""

    langs: frozenset[str]
    sure: bool


class _Words(NamedTuple):
    """The patterns of one language.

    `alone` finds what needs nothing else: an order to write anew or to say so, a text that is
    "yours", a writer who is spoken to, a label in front of a colon, a spelling.
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
    words = {lang: _words(lang) for lang in _languages_of(text)}
    found = {lang: _asks(own, text) for lang, own in words.items()}
    langs = frozenset(lang for lang, asks in found.items() if asks is not None)
    # "Correction" is a word of several languages, "said" of one.
    if not langs or any(own.reports.search(text) for own in words.values()):
        return None
    return FoundRequest(langs, any(found[lang] for lang in langs))


def is_request(text: str) -> bool:
    """Whether a folded sentence asks for something in a text, and reports no one who asks."""
    return request_of(text) is not None


def _asks(words: _Words, text: str) -> bool | None:
    """Whether a request is sure; None where there is none."""
    if words.told.search(text):
        return None
    alone = words.alone.search(text) is not None
    together = any(_together(words, text))
    # A note that also says what a copy must say is an order, whatever it brings in.
    sure = (alone and together) or words.bare.search(text) is not None
    return sure if alone or together or sure else None


def _together(words: _Words, text: str) -> Iterator[bool]:
    """For each kind of request whether its words stand near one another."""
    orders = [found.end() for found in words.order.finditer(text)]
    texts, must = _starts(words.texts, text), _starts(words.must, text)
    says = _starts(words.says, text)
    yield any(_between(texts, at, at + _NEAR) for at in orders)
    yield bool(texts and must) and _near(must, texts, _starts(words.done, text))
    if must:
        yield _near(_starts(words.writers, text), must, says)
    reuse = _starts(words.reuse, text)
    clauses = _starts(words.clause, text) if reuse else []
    yield bool(reuse) and _near(reuse, [*must, *orders, *clauses, *_starts(words.who, text)])
    yield any(_between(says, at, at + _BESIDE) for at in _starts(words.please, text))
    only = _starts(words.only, text)
    yield bool(must and only) and _near(must, only, says)
    if words.strong.search(text):
        yield _STRONG + _mood(words, text, bool(orders), bool(must), bool(texts)) >= _LEAST
    here = _starts(words.here, text)
    yield bool(here) and (
        any(_between(here, at, at + _BESIDE) for at in orders)
        or any(_apart(_starts(words.amends, text), at, _BESIDE) for at in here)
    )


def _mood(words: _Words, text: str, orders: bool, must: bool, texts: bool) -> int:
    """How many classes of words say that something is to be done; none of them is no request."""
    found = (words.only, words.amends, words.you, words.who)
    moods = orders + must + sum(pattern.search(text) is not None for pattern in found)
    return moods and moods + texts + (words.says.search(text) is not None)


def _starts(pattern: re.Pattern[str], text: str) -> list[int]:
    return [found.start() for found in pattern.finditer(text)]


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
            first, last = figures[found[0]]
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


def _languages_of(text: str) -> list[str]:
    """The languages in which a folded sentence has a word of a request."""
    found = 0
    for word in _WORD.findall(text):
        found |= _bits(word)
    spaced = [lang for n, lang in enumerate(_spaced()) if found >> n & 1]
    if text.isascii():
        return spaced
    return [*spaced, *(lang for lang in DENSE if SCRIPTS[lang].search(text))]


@remembered(1 << 15)
def _bits(word: str) -> int:
    whole, begun = _index()
    found = whole.get(word, 0)
    for length in range(1, min(len(word), LETTERS) + 1):
        found |= begun.get(word[:length], 0)
    return found


@cache
def _index() -> tuple[dict[str, int], dict[str, int]]:
    whole, begun = dict[str, int](), dict[str, int]()
    for n, lang in enumerate(_spaced()):
        lists = _lists()[lang]
        for part in openings([*(word for key in _PARTS for word in lists[key]), "so"]):
            index = begun if part.endswith("*") else whole
            index[part.rstrip("*")] = index.get(part.rstrip("*"), 0) | 1 << n
    return whole, begun


@cache
def _spaced() -> tuple[str, ...]:
    return tuple(lang for lang in _lists() if lang not in DENSE)


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
        rf"{one['your']} ?(?:\w+ ){{0,2}}?{one['texts']}",
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
        "clause": rf"[,;:]\s{{0,3}}(?:{one['orders']}|{one['bare']})",
    }
    return _Words(**{name: re.compile(patterns[name]) for name in _Words._fields})
