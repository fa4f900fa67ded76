"""What stands around the article in flattened text: cut by where it stands, not by what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rewriter.article import count_words
from rewriter.cleaning.byline import is_section_or_domain, read_line
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_headline, is_prose, key
from rewriter.cleaning.structure import LineKind, Run, article_run, kind_of, prose_words

# A title, a standfirst, a byline, a date, a section and a caption stand above the text of an
# article without any page around it.
_HEAD_LINES = 8
# So many lines more than that, or below the article, are a page; fewer may be the article's own.
_PAGE_LINES = 6
# Text of which the best run has no more than this share is no page around one article.
_ARTICLE_SHARE = 0.1
# How far above the text a title is looked for, and how far above the best line another.
_TITLE_REACH = 30
_HEAD_REACH = 2
_TITLE_WORDS = 4
# Share of a title's words that the text uses, and what else speaks for one.
_KNOWN_WORDS = 0.3
_SEEN_TWICE = 0.25
_ABOVE_BYLINE = 0.3
# A standfirst has more of the text's words than the title above it, up to this share.
_MARGIN = 0.25
_FAR = 0.01  # for each line between it and the text
_BYLINE_REACH = 4
_WORD = re.compile(r"\w{4,60}")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.){2,6}$|\b(?:Inc|Co|Ltd|Corp|Jr|Sr|St|No)\.$")


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
    at = _title_of(page, run, above)
    page = _titled(page, at)
    if len(above) > _HEAD_LINES:
        top = run.start if at is None else at
        cut += [i for i in above if i < top or (i > top and not _belongs_to_head(blocks[i]))]
        cut += [i for i in range(run.start, top) if blocks[i].kept]
    elif at is not None:
        cut += [i for i in above if i < at and read_line(blocks[i].text) is None]
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


def _title_of(page: Page, run: Run, above: Sequence[int]) -> int | None:
    """The title of a page; of text with no page around it only below the name of a site."""
    if page.facts.title is not None:
        return None
    at = title_above(page.blocks, run)
    if len(above) > _HEAD_LINES or not above or at is None:
        return at
    first = page.blocks[above[0]].text
    named = above[0] < at and count_words(first) < _TITLE_WORDS and not is_section_or_domain(first)
    return at if named else None


def title_above(blocks: Sequence[Block], run: Run) -> int | None:
    """The headline above the run whose words the text uses; of those that use enough the first."""
    text = {word for block in blocks[run.start : run.end] for word in _words(block)}
    end = _first_prose(blocks, run)
    keys = [key(block.text) for block in blocks[:end]]
    scores: dict[int, float] = {}
    for i in range(max(run.start - _TITLE_REACH, 0), end):
        if not blocks[i].kept or not _may_be_title(blocks[i]):
            continue
        words = _words(blocks[i])
        score = len(words & text) / max(len(words), 3)
        if score < _KNOWN_WORDS:
            continue
        score += _SEEN_TWICE if keys.count(keys[i]) > 1 or blocks[i].mark == "# " else 0
        score += _ABOVE_BYLINE if _is_above_byline(blocks, i) else 0
        scores[i] = score - (run.start - i) * _FAR
    if not scores:
        return None
    best = max(scores, key=lambda i: scores[i])
    enough = scores[best] - _MARGIN
    for i in range(best - 1, best - 1 - _HEAD_REACH, -1):
        best = i if scores.get(i, 0.0) >= enough else best
    return best


def _first_prose(blocks: Sequence[Block], run: Run) -> int:
    """Where the text of the run begins; a title may be the first line of the run."""
    prose = (i for i in range(run.start, run.end) if kind_of(blocks[i]) is LineKind.PROSE)
    return next(prose, run.start)


def _is_above_byline(blocks: Sequence[Block], at: int) -> bool:
    below = blocks[at + 1 : at + 1 + _BYLINE_REACH]
    return any(read_line(block.text) is not None or _is_time(block.text) for block in below)


def _is_time(text: str) -> bool:
    return count_words(text) <= _TITLE_WORDS and _CLOCK.search(text) is not None


def _may_be_title(block: Block) -> bool:
    return (
        block.kind in ("text", "heading")
        and count_words(block.text) >= _TITLE_WORDS
        and (is_headline(block.text) or _ABBREVIATED.search(block.text) is not None)
        and read_line(block.text) is None
        and not _CLOCK.search(block.text)
        and kind_of(block) not in (LineKind.PAGE, LineKind.LINKS, LineKind.NAMES, LineKind.DATE)
    )


def _words(block: Block) -> set[str]:
    return set(_WORD.findall(block.text.casefold()))


def _titled(page: Page, at: int | None) -> Page:
    if at is None or page.facts.title is not None:
        return page
    block = page.blocks[at]
    blocks = (*page.blocks[:at], replace(block, kind="title", mark=""), *page.blocks[at + 1 :])
    return replace(page, blocks=blocks, facts=page.facts.filled(title=block.text))
