"""Fragments of another script in an article in Latin letters: leftovers of a translated page."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import groupby

from rewriter.cleaning.page import Page
from rewriter.cleaning.reasons import Reason

# A fragment has a few words; a longer passage, on one line or on several, is what somebody wrote.
_FRAGMENT_LETTERS = 40
# Share of Latin letters that makes another script a stranger in the article.
_LATIN_SHARE = 0.8

_BASIC_LATIN = re.compile("[A-Za-z]")
_EAST_ASIAN = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
_GLUED = re.compile(f"{_EAST_ASIAN}(?<=[a-z].){_EAST_ASIAN}{{0,39}}")


def cut_foreign_script(page: Page) -> Page:
    """Cut short passages without one Latin letter from an article in Latin script.

    The other way round nothing is cut: tickers and company names stand in Latin script everywhere.
    """
    cut: dict[int, Reason] = {}
    for foreign, group in groupby(page.kept(), key=lambda one: _is_foreign(one[1].text)):
        passage = list(group)
        if foreign and _letters("".join(b.text for _, b in passage)).total() <= _FRAGMENT_LETTERS:
            cut |= {i: Reason.FOREIGN_SCRIPT for i, _ in passage}
    return page.cut(cut) if cut and _is_latin(page) else page


def note_foreign_script(page: Page) -> Page:
    """Tell the editor of East Asian characters that hang on a Latin word; they are kept."""
    glued = (match[0] for _, block in page.kept() if (match := _GLUED.search(block.text)))
    return page.noted(
        *(f"Characters of another script were kept in the text: “{text}”." for text in glued)
    )


def _is_latin(page: Page) -> bool:
    letters = _letters("".join(block.text for _, block in page.kept()))
    return letters["LATIN"] > letters.total() * _LATIN_SHARE


def _is_foreign(text: str) -> bool:
    if _BASIC_LATIN.search(text):
        return False
    letters = _letters(text)
    return not letters["LATIN"] and bool(letters) and not any(map(str.isdigit, text))


def _letters(text: str) -> Counter[str]:
    """Number of letters in each script, by the first word of their Unicode names."""
    counts: Counter[str] = Counter()
    for character, number in Counter(text).items():
        if character.isalpha():
            counts[_script(character)] += number
    return counts


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    return unicodedata.name(character, "UNNAMED").split()[0]
