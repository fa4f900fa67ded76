"""Excerpts: what is only the beginning of an article is held, as its end may tell otherwise."""

from __future__ import annotations

import re

from rewriter.article import count_words
from rewriter.cleaning.page import Page
from rewriter.cleaning.shapes import is_terminated
from rewriter.items.fields import without_more

# The code of the finding that holds an excerpt.
EXCERPT = "S121"
_COUNTED = re.compile(r"\[\s?\+?\s?\d[\d,.]*\s(?:more\s)?char(?:acter)?s?\s?\]\s*\Z", re.IGNORECASE)
# A shorter last line may be a label or a name.
_SENTENCE_WORDS = 8
# Excerpts are cut at some hundred characters. A longer article may end in a line without a stop
# (a credit, a call, the end of a list): there the line must begin with a whole sentence, and break
# off at a small word.
_SHORT_WORDS = 200
# Some writers set no stops, but in this many words one would have come.
_LONG_SENTENCE = 25
_OPEN_END = re.compile(r"[\w,;–—-]\Z")
_BROKEN_OFF = re.compile(r"[.!?…]\W{0,3}\s[^.!?…|:()]*\s[^\W\d_A-Z][^\W\dA-Z]*[,;–—-]?\Z")
_CREDIT = re.compile(
    r"(?:additional |with )?(?:report|writ|edit|translat|photo|image|source|follow|credit)",
    re.IGNORECASE,
)
# Thai ends sentences without a mark.
_UNMARKED = re.compile("[\u0e00-\u0e7f]")


def hold_excerpts(page: Page) -> Page:
    """Hold the page where its text ends in "[+2410 chars]", or an item's amid a sentence."""
    if page.defects:
        return page
    texts = [block.text for _, block in page.kept() if block.kind in ("text", "item")]
    last = without_more(texts[-1].rstrip()) if texts else ""
    if _COUNTED.search(last):
        return page.held_for(EXCERPT, f"the text is cut off: “… {last[-60:]}”")
    words = sum(map(count_words, texts))
    ended = words >= _LONG_SENTENCE or any(is_terminated(text) or ". " in text for text in texts)
    if page.kind in ("json", "xml") and ended and _breaks_off(last, words):
        return page.held_for(EXCERPT, f"the text ends amid a sentence: “… {last[-60:]}”")
    return page


def _breaks_off(line: str, words: int) -> bool:
    return (
        count_words(line) >= _SENTENCE_WORDS
        and _OPEN_END.search(line) is not None
        and not _CREDIT.match(line)
        and not _UNMARKED.search(line[-1:])
        and (words < _SHORT_WORDS or _BROKEN_OFF.search(line) is not None)
    )
