"""What stands around the article in flattened text: cut by where it stands, not by what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rewriter.article import count_words
from rewriter.cleaning.byline import read_line
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_headline, is_prose, key
from rewriter.cleaning.structure import Run, article_run, prose_words

# A title, a standfirst, a byline, a date, a section and a caption stand above the text of an
# article without any page around it.
_HEAD_LINES = 8
# So many lines more than that, or below the article, are a page; fewer may be the article's own.
_PAGE_LINES = 6
# Text of which the best run has no more than this share is no page around one article.
_ARTICLE_SHARE = 0.1
# How far above the text a title is looked for.
_TITLE_REACH = 40
_TITLE_WORDS = 4
_NEAR = 0.02
_SEEN_TWICE = 0.25
_WORD = re.compile(r"\w{4,60}")


def cut_surroundings(page: Page) -> Page:
    """Cut what stands above the title and below the last paragraph of a flattened page.

    Text without a page around it is left alone: a list or a table may close an article.
    """
    if page.kind == "html" and not any("No article" in note for note in page.notes):
        return page
    blocks = page.blocks
    run = article_run(blocks)
    above = [i for i in range(run.start) if blocks[i].kept and blocks[i].kind != "title"]
    below = [i for i in range(run.end, len(blocks)) if blocks[i].kept]
    if prose_words(blocks[run.start : run.end]) <= prose_words(blocks) * _ARTICLE_SHARE:
        return page
    cut: list[int] = []
    if len(above) > _HEAD_LINES:
        at = title_above(blocks, run)
        page = _titled(page, at)
        top = run.start if at is None else at
        cut += [i for i in above if i < top or (i > top and not _belongs_to_head(blocks[i]))]
    if _is_page(blocks, below):
        cut += below
    return page.cut(dict.fromkeys(cut, Reason.OUTSIDE_ARTICLE))


def _is_page(blocks: Sequence[Block], below: Sequence[int]) -> bool:
    """True where the lines below the article are more than a list of its own may be."""
    lines = [blocks[i] for i in below]
    short = sum(not is_prose(block.text) and block.kind == "text" for block in lines)
    return short >= _PAGE_LINES


def _belongs_to_head(block: Block) -> bool:
    line = read_line(block.text)
    return line is not None or is_prose(block.text) or count_words(block.text) >= 10


def title_above(blocks: Sequence[Block], run: Run) -> int | None:
    """The headline above the run whose words the text uses most, the nearest of equals."""
    text = {word for block in blocks[run.start : run.end] for word in _words(block)}
    keys = [key(block.text) for block in blocks[: run.start]]
    best, found = 0.3, None
    for i in range(max(run.start - _TITLE_REACH, 0), run.start):
        block = blocks[i]
        if not block.kept or not _may_be_title(block):
            continue
        words = _words(block)
        score = len(words & text) / max(len(words), 3) - (run.start - i) * _NEAR
        score += _SEEN_TWICE if keys.count(keys[i]) > 1 or block.mark == "# " else 0
        if score >= best:
            best, found = score, i
    return found


def _may_be_title(block: Block) -> bool:
    return (
        block.kind in ("text", "heading")
        and count_words(block.text) >= _TITLE_WORDS
        and is_headline(block.text)
        and read_line(block.text) is None
    )


def _words(block: Block) -> set[str]:
    return set(_WORD.findall(block.text.casefold()))


def _titled(page: Page, at: int | None) -> Page:
    if at is None or page.facts.title is not None:
        return page
    block = page.blocks[at]
    blocks = (*page.blocks[:at], replace(block, kind="title", mark=""), *page.blocks[at + 1 :])
    return replace(page, blocks=blocks, facts=page.facts.filled(title=block.text))
