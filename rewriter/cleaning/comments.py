"""What readers wrote below the article: its heading, and the lines that only comments have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from rewriter.cleaning import phrases
from rewriter.cleaning.disclaimers import start_of_closing
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.related import goes_on, is_related_heading, marks_above_article
from rewriter.cleaning.shapes import phrase
from rewriter.cleaning.structure import covers_article

# Share of the text that must stand above the heading; higher up it is a link to the comments.
_ARTICLE_SHARE = 0.3
# "Leave a comment", "Comments (14)": a page has a few such headings.
_MAX_HEADINGS = 5
_NUMBERS = re.compile(r"[(\[]?\d[\d.,]{0,9}[)\]]?")
# "bigfan99: Amazing!!", "@harbor_cat Never again": a handle has a digit or an underscore, or an @.
_HANDLE = re.compile(r"(?:@[\w.-]{2,30}\b|(?=[A-Za-z.-]{0,29}[\d_])[A-Za-z][\w.-]{2,29}:\s)")


def cut_comments(page: Page) -> Page:
    """Cut a heading such as "Comments (14)" with what readers wrote below it.

    The heading alone is no evidence: an age, a button or a reader's handle must stand below it.
    Without one the text is kept, with a note.
    """
    blocks = page.blocks
    closing = start_of_closing(blocks)
    unsure: tuple[str, ...] = ()
    for start in list(_headings(blocks))[:_MAX_HEADINGS]:
        below = _until_links(blocks[start + 1 : closing])
        length = _comments(below)
        end = start + 1 + length
        if length and not covers_article(blocks, start, end):
            return page.cut(dict.fromkeys(range(start, end), Reason.COMMENTS))
        if any(block.kept for block in below):
            unsure = (f"“{blocks[start].text}” may open readers' comments; they were kept.",)
    return page.noted(*unsure)


def _headings(blocks: Sequence[Block]) -> Iterator[int]:
    above = list(accumulate((len(block.text) for block in blocks), initial=0))
    return (
        i
        for i, block in enumerate(blocks)
        if above[i] >= above[-1] * _ARTICLE_SHARE and _is_heading(block)
    )


def _is_heading(block: Block) -> bool:
    may_open = block.kept or block.reason in (Reason.COUNTER, Reason.SUBSCRIBE)
    return may_open and phrase(_NUMBERS.sub(" ", block.text)) in phrases.COMMENTS


def _until_links(blocks: Sequence[Block]) -> Sequence[Block]:
    end = (n for n, block in enumerate(blocks) if block.kept and is_related_heading(block))
    return blocks[: next(end, len(blocks))]


def _comments(below: Sequence[Block]) -> int:
    """How many of the blocks below the heading are comments; 0 without evidence."""
    marks = marks_above_article(below, [n for n, b in enumerate(below, 1) if _is_mark(b)])
    if not marks:
        return 0
    return marks[-1] if goes_on(below[marks[-1] :]) else len(below)


def _is_mark(block: Block) -> bool:
    return block.reason is Reason.FEED_LINE or (
        block.kept
        and (phrase(block.text) in phrases.COMMENT_BUTTONS or bool(_HANDLE.match(block.text)))
    )
