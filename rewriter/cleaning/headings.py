"""Subheadings of flattened text: short lines that stand alone between paragraphs."""

from __future__ import annotations

import re
from dataclasses import replace

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.shapes import SUBHEADING_WORDS, is_headline, is_prose, is_question, phrase

# Tags, template code, tables, formulas, code, definitions of links and boxes of Markdown.
_MARKUP = re.compile(r"[<{|`$]|^(?:[:!>]|\*?\[)|\]\(")
# A standfirst without a stop is longer.
_FIRST_HEADING_WORDS = 6


def mark_headings(page: Page) -> Page:
    """Mark each short line with text or a list right below it, and no short line beside it.

    Short lines in a row are rather a table, a list or an address: they stay text.
    """
    kept = list(page.kept())
    opening = next((n for n, (_, block) in enumerate(kept) if is_prose(block.text)), 0)
    headings = {
        kept[n][0]
        for n in range(len(kept) - 1)
        if _could_be_heading(kept[n][1])
        and not (n < opening and _is_standfirst(kept[n][1].text))
        and (is_prose(kept[n + 1][1].text) or kept[n + 1][1].kind in ("item", "question"))
        and (n == 0 or not _could_be_heading(kept[n - 1][1]))
    }
    blocks = tuple(
        replace(block, kind="heading", mark="## ") if i in headings else block
        for i, block in enumerate(page.blocks)
    )
    return replace(page, blocks=blocks)


def _is_standfirst(text: str) -> bool:
    """True for a line above all text that is too long for the name of the first part."""
    return count_words(text) > _FIRST_HEADING_WORDS and not is_question(text)


def _could_be_heading(block: Block) -> bool:
    return (
        block.kind == "text"
        and not phrase(block.text).startswith(phrases.ATTRIBUTIONS)
        and count_words(block.text) <= SUBHEADING_WORDS
        and is_headline(block.text)
        and not _MARKUP.search(block.text)
    )
