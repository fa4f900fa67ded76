"""What tells news from what is written into it: who says so, and what is new in it."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rewriter.cleaning.orders.patterns import one_of
from rewriter.cleaning.orders.tables import read_lists
from rewriter.text.tokens import DENSE_LANGUAGES

# A word of a report of this many letters is one in no other language. A shorter one may be.
_SURE_LETTERS = 5
# A name that is not the first word of a sentence, or a figure.
_FIGURE = re.compile(r"(?<!\d)(?:\d[\d.,]*\d|\d)(?!\d)")
_NEWS = re.compile(
    rf"(?:(?<=[^.!?\s]\s)|(?<=\s[\"'«„“‘(])|(?<=[dl]['’]))[A-ZÀ-ÞА-ЯІЇЄ]\w{{2,}}|{_FIGURE.pattern}"
)
# Scripts without capitals show no names.
CASELESS = re.compile("[\u0600-\u06ff\u3040-\u30ff\u4e00-\u9fff]")


def is_reported(text: str, lang: str | None = None) -> bool:
    """Whether a folded sentence says who says so.

    Where its language is known, shorter words of that count, too.
    """
    every, of_lang = _reporting()
    return every.search(text) is not None or (
        lang in of_lang and of_lang[lang].search(text) is not None
    )


@cache
def _reporting() -> tuple[re.Pattern[str], dict[str | None, re.Pattern[str]]]:
    lists: dict[str, list[str]] = read_lists("reports.toml")
    sure = {w for words in lists.values() for w in words if len(w) >= _SURE_LETTERS}
    dense = {w for lang in DENSE_LANGUAGES for w in lists.get(lang, ())}
    whole = r"(?<!\w){}(?!\w)"
    every = re.compile(f"{whole.format(one_of(sorted(sure - dense)))}|{one_of(sorted(dense))}")
    spaced = (lang for lang in lists if lang not in DENSE_LANGUAGES)
    return every, {lang: re.compile(whole.format(one_of(lists[lang]))) for lang in spaced}


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
