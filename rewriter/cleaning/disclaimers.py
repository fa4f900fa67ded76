"""Disclaimers and author notes: what a publisher says about its own page, not about the news."""

from __future__ import annotations

from itertools import takewhile

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import phrase

# A disclaimer closes or opens a page: it is looked for in so many blocks at either end.
_EDGE_BLOCKS = 4
# Below a heading "Disclaimer" so many last blocks are one whatever they say.
_CLOSING_BLOCKS = 2
# The longest seen has 90 words; a longer paragraph that speaks of advice is about advice.
_MAX_WORDS = 150


def cut_disclaimers(page: Page) -> Page:
    """Cut headed disclaimers, unheaded ones at the edges of the page, and a note on the author."""
    page = _cut_unheaded(_cut_headed(page, phrases.DISCLAIMER, Reason.DISCLAIMER))
    return _cut_headed(page, phrases.ABOUT_AUTHOR, Reason.ABOUT_AUTHOR)


def _cut_headed(page: Page, headings: frozenset[str], reason: Reason) -> Page:
    """Cut a line such as "Disclaimer" with the blocks below that disclaim or close the page."""
    kept = list(page.kept())
    cut: set[int] = set()
    for at, (i, block) in enumerate(kept):
        if phrase(block.text) not in headings:
            continue
        below = kept[at + 1 :]
        if len(below) > _CLOSING_BLOCKS:
            below = list(takewhile(lambda entry: _disclaims(entry[1]), below))
        if below or at == len(kept) - 1:
            cut.update((i, *(j for j, _ in below)))
    return page.cut(dict.fromkeys(cut, reason))


def _cut_unheaded(page: Page) -> Page:
    kept = list(page.kept())
    edges = kept[:_EDGE_BLOCKS] + kept[_EDGE_BLOCKS:][-_EDGE_BLOCKS:]
    return page.cut({i: Reason.DISCLAIMER for i, block in edges if _is_disclaimer(block)})


def _is_disclaimer(block: Block) -> bool:
    line = phrase(block.text)
    if count_words(line) > _MAX_WORDS:
        return False
    return _opens_with_label(block.text) or (
        line.startswith(phrases.DISCLAIMER_SUBJECTS) and _disclaims(block)
    )


def _opens_with_label(text: str) -> bool:
    label, colon, rest = text.partition(":")
    return bool(colon and rest.strip()) and phrase(label) in phrases.DISCLAIMER


def _disclaims(block: Block) -> bool:
    line = phrase(block.text)
    return any(said in line for said in phrases.DISCLAIMER_PHRASES)
