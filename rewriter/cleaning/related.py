"""Links to other articles: the heading that opens them, and everything after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_headline, is_prose, is_terminated, key, phrase

# Share of the text that must stand above the heading; higher up it heads a box inside the article.
_ARTICLE_SHARE = 0.3
# With a feed below it the heading may stand higher: the other articles can outweigh this one.
_FEED_SHARE = 0.1
_HEADING_WORDS = 8
# So many paragraphs without a headline between them are an article and not teasers.
_ARTICLE_RUN = 2
_LINK_WORDS = 30


def cut_related(page: Page) -> Page:
    """Cut other articles below a heading such as "Related Reads", and lines that link to one.

    The heading alone is no evidence: what follows must look like other articles (a feed's lines,
    repeated headlines, or headlines with one teaser each). Otherwise it is kept, with a note.
    """
    page = page.cut_where(lambda block: Reason.RELATED_LINK if _is_link(block.text) else None)
    total = sum(len(block.text) for block in page.blocks) or 1
    above = 0
    for i, block in enumerate(page.blocks):
        if block.kept and _is_heading(block):
            below = page.blocks[i + 1 :]
            end = _end_of_related(below, above / total)
            if end:
                page = page.cut(dict.fromkeys(range(i, i + 1 + end), Reason.RELATED_ARTICLES))
                if end < len(below):
                    note = "The article goes on below “{}”; only the links there were cut."
                    return page.noted(note.format(block.text))
                return page
            page = page.noted(
                f"“{block.text}” may open other articles; the text below it was kept."
            )
        above += len(block.text)
    return page


def _is_heading(block: Block) -> bool:
    line = phrase(block.text)
    return line in phrases.RELATED or (
        line.startswith(phrases.RELATED_OPENINGS)
        and count_words(line) <= _HEADING_WORDS
        and not is_terminated(block.text)
    )


def _is_link(text: str) -> bool:
    """True for "Read more: Another headline" on one line."""
    opening, colon, headline = text.partition(":")
    return (
        bool(colon and headline.strip())
        and phrase(opening) in phrases.RELATED_LINK
        and count_words(text) <= _LINK_WORDS
        and is_headline(headline.strip(" *[]"))
    )


def _end_of_related(below: Sequence[Block], above: float) -> int:
    """How many of the blocks below the heading belong to other articles; 0 when in doubt.

    `above` is the share of the whole text that stands above the heading.
    """
    stop = next((n for n, block in enumerate(below) if _opens_questions(block)), len(below))
    below = below[:stop]
    feed = _last_feed_block(below)
    if above < (_FEED_SHARE if feed else _ARTICLE_SHARE):
        return 0
    end = feed or _leading_headlines(below)
    if end and not _article_goes_on(below[end:]):
        return len(below)
    return end


def _opens_questions(block: Block) -> bool:
    return phrase(block.text) in phrases.FAQ


def _last_feed_block(below: Sequence[Block]) -> int:
    """Number of blocks up to the last feed line or repeated headline; 0 where there is none."""
    times = Counter(key(block.text) for block in below)
    marks = [
        n
        for n, block in enumerate(below, 1)
        if block.reason is Reason.FEED_LINE
        or (times[key(block.text)] > 1 and is_headline(block.text))
    ]
    return marks[-1] if marks else 0


def _leading_headlines(below: Sequence[Block]) -> int:
    return next(
        (n for n, block in enumerate(below) if block.kept and not is_headline(block.text)),
        len(below),
    )


def _article_goes_on(rest: Sequence[Block]) -> bool:
    run = 0
    for block in rest:
        if block.kept:
            run = run + 1 if is_prose(block.text) else 0
        if run >= _ARTICLE_RUN:
            return True
    return False
