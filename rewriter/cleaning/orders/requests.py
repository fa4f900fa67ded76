"""Sentences that ask for something in a text, by broad classes of words in fourteen languages.

`words.toml` lists what orders to a model say. These classes are broader, and a sentence of news may
have them too. So most of what they find counts only where it brings in a name or a figure that the
rest of the article has not (see `judge`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from rewriter.cleaning.orders.hints import REQUESTS, hints_of
from rewriter.cleaning.orders.patterns import Classes, Patterns, ReadSentence, one_of
from rewriter.cleaning.orders.tables import request_lists
from rewriter.text.tokens import DENSE_LANGUAGES

# A word between spaces in a script that has few has at most this many characters.
_DENSE_WORD = 30
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
# A shorter one is a pronoun: "I", "my".
_LETTERS_OF_SAYING = 4
# A name that is not the first word of a sentence, or a figure.
_FIGURE = re.compile(r"(?<!\d)(?:\d[\d.,]*\d|\d)(?!\d)")
_NEWS = re.compile(
    rf"(?:(?<=[^.!?\s]\s)|(?<=\s[\"'«„“‘(]))[A-ZÀ-ÞА-ЯІЇЄ]\w{{2,}}|{_FIGURE.pattern}"
)
# Scripts without capitals show no names.
CASELESS = re.compile("[\u0600-\u06ff\u3040-\u30ff\u4e00-\u9fff]")
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
# What a pattern needs: for those of a list a word of the list.
_NEEDS: Mapping[str, Classes] = {
    **{name: frozenset({name}) for name in REQUESTS},
    "order": frozenset({"orders"}),
    "order so": frozenset({"orders", "so"}),
    "spoken": frozenset({"writers"}),
    "labelled": frozenset({"labels", "break"}),
    "asked": frozenset({"titles", "question"}),
    "yours": frozenset({"your", "texts"}),
}
# What needs nothing else: an order to write anew or to say so, a writer who is spoken to, a label
# in front of a colon, a spelling, a question for a headline.
_ALONE = ("order so", "rewords", "spoken", "labelled", "spelled", "asked")


class FoundRequest(NamedTuple):
    """What a sentence asks for: in which languages, and whether it is `sure` to be an order."""

    langs: frozenset[str]
    sure: bool


def request_of(text: str) -> FoundRequest | None:
    """What a folded sentence asks for in a text; nothing where it reports somebody who asks."""
    read = {lang: ReadSentence(_patterns(lang), has, text) for lang, has in _possible(text)}
    found = {lang: _asks(sentence) for lang, sentence in read.items()}
    langs = frozenset(lang for lang, asks in found.items() if asks is not None)
    if not langs or is_reported(text):
        return None
    return FoundRequest(langs, any(found[lang] for lang in langs))


def is_request(text: str) -> bool:
    """Whether a folded sentence asks for something in a text, and reports no one who asks."""
    return request_of(text) is not None


def is_reported(text: str, lang: str | None = None) -> bool:
    """Whether a folded sentence says who says so: "said" is a word of one language only.

    Where its language is known, shorter words of that count, too.
    """
    if lang in request_lists() and _patterns(lang)["said"].search(text):
        return True
    return any(_patterns(one.lang)["reports"].search(text) for one in hints_of(text))


def _asks(sentence: ReadSentence) -> bool | None:
    """Whether a request is sure; None where there is none."""
    alone = any(map(sentence.find, _ALONE))
    together = any(_together(sentence))
    # A note that also says what a copy must say is an order, whatever it brings in.
    sure = (alone and together) or sentence.find("bare") is not None
    if not (alone or together or sure) or sentence.find("told"):
        return None
    return sure


def _together(sentence: ReadSentence) -> Iterator[bool]:
    """For each kind of request whether its words stand near one another."""
    orders, starts = [end for _, end in sentence.spans("order")], sentence.starts
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


def _mood(sentence: ReadSentence, orders: bool, must: bool, texts: bool) -> int:
    """How many classes of words say that something is to be done; none of them is no request."""
    others = sum(sentence.find(name) is not None for name in ("only", "amends", "you", "who"))
    moods = orders + must + others
    return moods and moods + texts + (sentence.find("says") is not None)


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
    if CASELESS.search(article, start, end):
        return True
    for found in _NEWS.finditer(article, start, end):
        if found[0][0].isdigit():
            first, last = _figures(article).get(found[0], found.span())
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
    return ((lang, has) for lang, _, has in hints_of(text) if _may_ask(has))


@lru_cache(maxsize=1 << 12)
def _may_ask(has: Classes) -> bool:
    return any(has >= way for way in _WAYS)


@cache
def _patterns(lang: str) -> Patterns:
    """The patterns of a language: those of its lists, and those that put them together."""
    lists = request_lists()[lang]
    dense = lang in DENSE_LANGUAGES
    begin, end, clause = ("", "", "") if dense else (r"(?<!\w)", r"(?!\w)", _CLAUSE)
    words = {
        **lists,
        "done": [*lists["says"], *lists["places"]],
        "reports": [word for word in lists["told"] if dense or len(word) >= _SURE_LETTERS],
        "said": [word for word in lists["told"] if dense or len(word) >= _LETTERS_OF_SAYING],
    }
    one = {key: f"{begin}{one_of(found)}{end}" for key, found in words.items()}
    order = f"{clause}{one['orders']}"
    gap = r".{0,10}?" if dense else r"(?:[ ,'(/]{1,2}\w+\)?){0,3}?"
    # Any character of a dense script may begin a match: a run of them is one word to `re`, and a
    # search that reads to its end from each of them takes quadratic time.
    before, word = ("", rf"\w{{1,{_DENSE_WORD}}}") if dense else (r"(?:\w+ ){0,3}?", r"\w+")
    together = {
        "bare": f"{'' if dense else _START}{one['bare']}",
        "order": order,
        "order so": f"{order} so(?!\\w)",
        "rewords": f"{clause}{one['rewords']}",
        "spoken": rf"{clause}{before}{one['writers']}(?: ?:|,? (?:\w+ )?{one['orders']})",
        "labelled": rf"^\W{{0,4}}(?:\w+[ ,'/-]{{1,2}}){{0,4}}?{one['labels']}{gap}"
        r"\s?(?:[:：]|\s[—–]\s)\s*\S",
        "asked": rf"{one['titles']}[^?？]{{0,60}}[?？]\W*$",
        "yours": rf"{one['your']} ?(?:{word} ){{0,2}}?{one['texts']}",
        "clause": rf"[,;:]\s{{0,3}}(?:{one['orders']}|{one['bare']})",
    }
    return Patterns({**one, **together}, _NEEDS)
