"""The title: the line that is it, the same line again, and a stand-in where there is none."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.byline import HEAD_BLOCKS, is_section_or_domain, read_line
from rewriter.cleaning.lines import is_notice
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_headline, is_prose, key

# "BITCOIN NEWS", "ANALYSIS": the line above a title.
_KICKER_WORDS = 3
# A title with a date in it has more words besides than a place or a person.
_DATED_TITLE_WORDS = 3
# "... | The Harbor Ledger": the publisher's name behind a title.
_PUBLISHER_WORDS = 5
# "Title: ...", as scrapers and some formats write it.
_LABEL = re.compile(phrases.pattern("title_labels"), re.IGNORECASE)
_PUBLISHER = re.compile(r"\s[|–—-]\s")
# A derived title is cut to what a headline field holds.
_DERIVED_CHARACTERS = 110


def find_title(page: Page) -> Page:
    """Take the first headline above the text for the title, where the format gave none."""
    if page.facts.title is not None:
        return page
    head = list(page.kept())[: HEAD_BLOCKS + 1]
    for (i, block), (_, below) in pairwise(head):
        if _is_byline(block.text) or _is_kicker(block.text, below.text) or is_notice(block.text):
            continue
        if block.kind != "item" and is_headline(block.text):
            return titled(page, i)
        break
    return page


def _is_byline(text: str) -> bool:
    """True for a byline or date line; "Bitcoin Price Today: January 29, 2026" is a title."""
    line = read_line(text)
    return line is not None and (bool(line.label) or count_words(line.name) < _DATED_TITLE_WORDS)


def _is_kicker(text: str, below: str) -> bool:
    """True for a section or domain, and for a few words in capitals above a headline."""
    shouts = text.isupper() and is_headline(below) and not below.isupper() and not is_prose(below)
    return is_section_or_domain(text) or (shouts and count_words(text) <= _KICKER_WORDS)


def titled(page: Page, at: int) -> Page:
    """The page with the block at `at` as its title, without a label in front of it.

    A title is no cut, though an earlier stage may have cut its line as a link.
    """
    block = page.blocks[at]
    label = _LABEL.match(block.text)
    title = block.text[label.end() :] if label else block.text
    title_block = replace(block, kind="title", mark="", reason=None)
    blocks = (*page.blocks[:at], title_block, *page.blocks[at + 1 :])
    return replace(page, blocks=blocks, facts=page.facts.filled(title=title or block.text))


def cut_repeated_title(page: Page) -> Page:
    """Cut blocks that are the title once more, with or without the publisher's name behind it."""
    title = key(page.facts.title or "")
    if not title:
        return page

    def judge(block: Block) -> Reason | None:
        text, _, publisher = _PUBLISHER.sub("\n", block.text, count=1).partition("\n")
        if count_words(publisher) > _PUBLISHER_WORDS:
            return None
        return Reason.REPEATED_TITLE if title in (key(block.text), key(text)) else None

    return page.cut_where(judge)


def derive_title(sentence: str) -> str:
    """A stand-in title: the first sentence, cut at a word boundary with an ellipsis."""
    if len(sentence) <= _DERIVED_CHARACTERS:
        return sentence.rstrip(".。")
    cut = sentence[:_DERIVED_CHARACTERS].rpartition(" ")[0] or sentence[:_DERIVED_CHARACTERS]
    return cut.rstrip(" ,;:–—-(") + "…"
