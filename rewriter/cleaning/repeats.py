"""Summaries above the article, and paragraphs that stand in it twice."""

from __future__ import annotations

from collections import Counter

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_prose, key, phrase

# An abstract stands among the first blocks, and an article of some length follows it.
_ABSTRACT_BLOCKS = 6
_BODY_PARAGRAPHS = 3
# Shorter blocks ("Total", "Yes.") may be said twice.
_REPEAT_WORDS = 5
# A text with this large a share of lines that it has had before, one of them so often, is a plan, a
# table or a poem; so is a text that says its only paragraph again. An article that stands on the
# page twice has each line twice.
_REPEATED_SHARE = 0.2
_OFTEN = 4


def cut_repeats(page: Page) -> Page:
    """Cut the abstract, and each paragraph that repeats an earlier one word for word.

    An item may stand in two lists.
    """
    return _cut_repeated_text(_cut_abstract(page))


def _cut_abstract(page: Page) -> Page:
    kept = list(page.kept())
    for at, (i, block) in enumerate(kept[:_ABSTRACT_BLOCKS]):
        if phrase(block.text) not in phrases.ABSTRACT:
            continue
        body = [b for _, b in kept[at + 2 :] if is_prose(b.text)]
        if len(body) >= _BODY_PARAGRAPHS:
            below, abstract = kept[at + 1]
            if abstract.kind == "text" and is_prose(abstract.text):
                return page.cut({i: Reason.ABSTRACT, below: Reason.ABSTRACT})
    return page


def _cut_repeated_text(page: Page) -> Page:
    seen: Counter[str] = Counter()
    reasons, words, repeated = {}, 0, 0
    paragraphs = set()
    for i, block in page.kept():
        text, length = key(block.text), count_words(block.text)
        words += length
        if text in seen and length >= _REPEAT_WORDS and block.kind != "item":
            reasons[i] = Reason.REPEATED_TEXT
            repeated += length
        seen[text] += 1
        if is_prose(block.text):
            paragraphs.add(text)
    often = len(paragraphs) == 1 or max(seen.values(), default=0) >= _OFTEN
    if often and repeated > words * _REPEATED_SHARE:
        return page.noted("Many lines stand in the text several times; they were kept.")
    return page.cut(reasons)
