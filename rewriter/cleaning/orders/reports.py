"""What tells news from what is written into it: who says so, and what is new in it."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rewriter.cleaning.orders.patterns import one_of
from rewriter.cleaning.orders.tables import common, read_lists
from rewriter.text.tokens import DENSE_LANGUAGES

# A name that is not the first word of a sentence, or a figure.
_FIGURE = re.compile(r"(?<!\d)(?:\d[\d.,]*\d|\d)(?!\d)")
_NEWS = re.compile(
    rf"(?:(?<=[^.!?\s]\s)|(?<=\s[\"'«„“‘(])|(?<=[dl]['’]))[A-ZÀ-ÞА-ЯІЇЄ]\w{{2,}}|{_FIGURE.pattern}"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# Scripts without capitals show no names.
CASELESS = re.compile("[\u0600-\u06ff\u3040-\u30ff\u4e00-\u9fff]")


def is_reported(text: str) -> bool:
    """Whether a folded sentence says who says so, in any language."""
    return _reporting().search(text) is not None


@cache
def _reporting() -> re.Pattern[str]:
    lists: dict[str, list[str]] = read_lists("reports.toml")
    dense = {word for lang in DENSE_LANGUAGES for word in lists.get(lang, ())}
    spaced = {word for words in lists.values() for word in words} - dense
    return re.compile(rf"(?<!\w){one_of(sorted(spaced))}(?!\w)|{one_of(sorted(dense))}")


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


def is_unheeded(article: str, start: int, end: int) -> bool:
    """Whether a correction has a figure right that the rest of its article has wrong.

    A publisher's own correction is of a text that has been corrected.
    """
    found = (one for one in _FIGURE.finditer(article, start, end) if not _YEAR.fullmatch(one[0]))
    given = {one[0]: one.start() for one in found}
    if len(given) != 2:
        return False
    wrong, right = given
    if _not_so().search(article[start : given[right]].lower()):
        wrong, right = right, wrong
    first, last = _figures(article)[right]
    before, behind = _figures(article)[wrong]
    return start <= first and last < end and not (start <= before and behind < end)


@cache
def _not_so() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){common()['not_so']}\W{{0,3}}(?:\w+\W{{1,3}})?$")


@lru_cache(maxsize=2)
def _figures(article: str) -> dict[str, tuple[int, int]]:
    """The figures of a text, and where each stands first and last."""
    places = dict[str, tuple[int, int]]()
    for found in _FIGURE.finditer(article):
        places[found[0]] = (places.get(found[0], found.span())[0], found.start())
    return places
