"""Disclaimers and author notes: what a publisher says about its own page, not about the news."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from textwrap import shorten

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Block, KeptBlocks, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import phrase

# A disclaimer closes or opens a page: it is looked for in this many blocks at either end.
_EDGE_BLOCKS = 4
# Below a heading "Disclaimer" this many last blocks are one whatever they say.
_CLOSING_BLOCKS = 2
# The longest seen has 90 words; a longer paragraph that speaks of advice is about advice.
_MAX_WORDS = 150
# A note quotes a line up to here.
_QUOTED_CHARACTERS = 100
_COLON = re.compile("[:：]")
_STOP = re.compile(r"[.!?]\s")
_OWN_VOICE = re.compile(r"\b(?:we|us|our)\b")


def cut_disclaimers(page: Page) -> Page:
    """Cut what closes the page, headed disclaimers, and unheaded ones at the edges of the page.

    "Disclaimer: ..." and "About the author" above other text are kept, with a note.
    """
    page = _cut_unheaded(_cut_headed(_cut_closing(page)))
    unsure = (
        f"“{_quoted(block.text)}” may be what the page says of itself; it was kept."
        for _, block in page.kept()
        if _is_labelled(block.text, phrases.DISCLAIMER)
        or phrase(block.text) in phrases.ABOUT_AUTHOR
    )
    return page.noted(*unsure)


def start_of_closing(blocks: Sequence[Block]) -> int:
    """Where disclaimers and notes on the author begin that close the page; its end without any."""
    kept = [(i, block) for i, block in enumerate(blocks) if block.kept]
    return min((kept[start][0] for start, _ in _closing_sections(kept)), default=len(blocks))


def _closing_sections(kept: KeptBlocks) -> Iterator[tuple[int, int]]:
    """The sections that close the page as positions among the kept blocks, the last one first."""
    end = len(kept)
    while end:
        near = range(max(end - _CLOSING_BLOCKS - 1, 0), end)
        headings = (n for n in near if _closing_reason(phrase(kept[n][1].text)) is not None)
        start = next(headings, None)
        if start is None and _is_closing_line(kept[end - 1][1]):
            start = end - 1
        if start is None:
            return
        yield start, end
        end = start


def _closing_reason(label: str) -> Reason | None:
    if label in phrases.ABOUT_AUTHOR:
        return Reason.ABOUT_AUTHOR
    return Reason.DISCLAIMER if label in phrases.DISCLAIMER else None


def _is_closing_line(block: Block) -> bool:
    labels = phrases.DISCLAIMER | phrases.ABOUT_AUTHOR
    return _is_labelled(block.text, labels) or _is_disclaimer(block)


def _cut_closing(page: Page) -> Page:
    kept = list(page.kept())
    for start, end in _closing_sections(kept):
        block = kept[start][1]
        label = _COLON.split(block.text, maxsplit=1)[0]
        reason = _closing_reason(phrase(label)) or Reason.DISCLAIMER
        page = page.cut({i: reason for i, _ in kept[start:end]})
        if _is_labelled(block.text, phrases.DISCLAIMER) and not _disclaims(block):
            page = page.noted(f"“{_quoted(block.text)}” was cut as a disclaimer of the page.")
    return page


def _quoted(text: str) -> str:
    return shorten(text, _QUOTED_CHARACTERS, placeholder=" …")


def _cut_headed(page: Page) -> Page:
    """Cut a line such as "Disclaimer" with the blocks below that disclaim."""
    kept = list(page.kept())
    cut: set[int] = set()
    for at, (i, block) in enumerate(kept):
        if phrase(block.text) in phrases.DISCLAIMER:
            below = list(takewhile(lambda entry: _disclaims(entry[1]), kept[at + 1 :]))
            cut.update((i, *(j for j, _ in below)) if below else ())
    return page.cut(dict.fromkeys(cut, Reason.DISCLAIMER))


def _cut_unheaded(page: Page) -> Page:
    kept = list(page.kept())
    edges = kept[:_EDGE_BLOCKS] + kept[_EDGE_BLOCKS:][-_EDGE_BLOCKS:]
    return page.cut({i: Reason.DISCLAIMER for i, block in edges if _is_disclaimer(block)})


def _is_disclaimer(block: Block) -> bool:
    line = phrase(block.text)
    opens = line.startswith(phrases.DISCLAIMER_SUBJECTS) or _is_labelled(
        block.text, phrases.DISCLAIMER
    )
    return opens and count_words(line) <= _MAX_WORDS and _disclaims(block)


def _is_labelled(text: str, labels: frozenset[str]) -> bool:
    """True for "Disclaimer: we may hold shares of ..."."""
    label, *rest = _COLON.split(text, maxsplit=1)
    return any(map(str.strip, rest)) and phrase(label) in labels


def _disclaims(block: Block) -> bool:
    line = phrase(block.text)
    if any(said in line for said in phrases.DISCLAIMER_PHRASES):
        return True
    own = (sentence for sentence in _STOP.split(line) if _OWN_VOICE.search(sentence))
    return any(said in sentence for sentence in own for said in phrases.DISCLAIMER_EARNINGS)
