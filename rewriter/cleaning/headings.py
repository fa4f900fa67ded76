"""Subheadings of flattened text, which stand alone between paragraphs, and their list above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.lines import CLOCK
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import (
    SUBHEADING_WORDS,
    is_headline,
    is_prose,
    is_question,
    key,
    phrase,
)
from rewriter.text.tokens import DENSE

# Tags, template code, tables, formulas, code, definitions of links and boxes of Markdown.
_MARKUP = re.compile(r"[<{|`$]|^(?:[:!>]|\*?\[)|\]\(")
_LETTERS = re.compile(r"[^\W\d_]{2}|[" + DENSE + "]")
# A standfirst without a stop is longer.
_FIRST_HEADING_WORDS = 6
_KICKER_WORDS = 3


def mark_headings(page: Page) -> Page:
    """Mark each short line with text or a list right below it, and no short line beside it.

    Short lines in a row are rather a table, a list or an address: they stay text. A heading of
    signs alone ("___") is cut.
    """
    page = page.cut_where(
        lambda block: Reason.MARK if block.kind == "heading" and not key(block.text) else None
    )
    kept = list(page.kept())
    opening = next((n for n, (_, block) in enumerate(kept) if is_prose(block.text)), 0)
    headings = {
        kept[n][0]
        for n in range(len(kept) - 1)
        if _could_be_heading(kept[n][1])
        and _says_a_name(kept[n][1].text)
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


def _says_a_name(text: str) -> bool:
    """False for signs alone, a time of day and an account."""
    timed = CLOCK.search(text) is not None
    return _LETTERS.search(text) is not None and not timed and "(@" not in text


# --- tables of contents --------------------------------------------------------------------------

# A block that is kept: its index into `Page.blocks`, and what it is called without its number.
_Line = tuple[int, Block, str]

_LEAST_ENTRIES = 3
# "[hide]", "(Top)": what may stand between the heading and the first entry.
_BUTTONS = 2
# "2.1 Routes", "Routes 2.1", "Routes [edit]", and "2.1" on a line of its own.
_AROUND = re.compile(r"^[\d.]{1,9}[.)]?(?:\s+|$)|\s+[\d.]{1,9}$|\s?\[[^\[\]]{1,20}\]$")


def cut_contents(page: Page) -> Page:
    """Cut a heading such as "Contents" with the lines below it that are headings of the text."""
    kept = [(i, block) for i, block in enumerate(page.blocks) if block.kept]
    headings = {i for i, block in kept if phrase(block.text) in phrases.CONTENTS}
    if not headings:
        return page
    lines = [(i, block, name) for i, block in kept if (name := _name(block))]
    last = {name: i for i, _, name in lines}
    cut, end = set[int](), 0
    for at, (i, _, _) in enumerate(lines):
        if i in headings and i >= end:  # one above a table's last entry is in it
            end = _end(lines, at, last)
            cut.update(range(i, end + 1))
    return page.cut({i: Reason.CONTENTS for i, _ in kept if i in cut})


def _end(lines: Sequence[_Line], at: int, last: dict[str, int]) -> int:
    """The last entry below the heading that is line `at`; -1 where too few lines are entries."""
    entries, end, buttons = 0, 0, 0
    for n in range(at + 1, len(lines)):
        i, block, name = lines[n]
        if last[name] > i and count_words(block.text) <= SUBHEADING_WORDS:
            entries, end = entries + 1, i
        elif entries or buttons == _BUTTONS:
            break
        else:
            buttons += 1
    return end if entries >= _LEAST_ENTRIES else -1


def _name(block: Block) -> str:
    return key(_AROUND.sub("", block.text))
