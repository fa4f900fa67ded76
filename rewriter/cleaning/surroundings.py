"""What stands around the article in flattened text: cut by where it stands, not by what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rewriter.article import count_words
from rewriter.cleaning.byline import is_section_or_domain, read_line
from rewriter.cleaning.furniture import has_cells
from rewriter.cleaning.headline import known_words, stem_of, title_above, words_of_text
from rewriter.cleaning.lines import LineKind, is_link, kind_of, kinds_of, words_of
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_headline, is_prose, is_question, key
from rewriter.cleaning.structure import Run, article_run, prose_words, share_of_text
from rewriter.cleaning.title import titled

# A title, a standfirst, a byline, a date, a section and a caption stand above the text of an
# article without any page around it.
_HEAD_LINES = 8
# This many lines more than that, or below the article, are a page; fewer may be the article's own.
_PAGE_LINES = 6
# Text of which the best run has no more than this share is no page around one article.
_ARTICLE_SHARE = 0.1
# A standfirst stands right below the title. What stands further below it is a paragraph of the
# article only where it has this many of the text's words.
_STANDFIRST_WORDS = 10
_STANDFIRST_LINES = 2
_KNOWN_BELOW_TITLE = 0.3
_KNOWN_ABOVE_TEXT = 0.5
# Paragraphs on end between title and text that have this many words are the article's opening.
_OPENING_WORDS = 60
# This many short lines above a title are a menu; fewer are the names of a section and of the site.
_MENU_LINES = 3
# This many headlines in a row, each of some words, are a box of other articles.
_BOX_LINES, _TEASER_WORDS, _BOX_NAME_WORDS = 3, 5, 5
# A list that closes an article has more of the text's words than this share, a box of other
# articles hardly. Dates and prices are a list, too.
_BOX_KNOWN = 0.25
_NUMBER = re.compile(r"\b\d")
# The name of a site above the title is shorter than a title.
_TITLE_WORDS = 4
# A line with this many words of the text is the headline, though a standfirst below it has more.
_HEADLINE_SHARES = 2


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
    if share_of_text(blocks, run) <= _ARTICLE_SHARE:
        return page
    cut: list[int] = []
    at = _title_of(page, run, above)
    if at is not None and page.facts.title is None:
        page = titled(page, at)
    if len(above) > _HEAD_LINES:
        top = run.start if at is None else at
        head = [i for i in above if i > top]
        cut += [i for i in above if i < top]
        cut += _beside_head(blocks, head, words_of_text(blocks, run))
        cut += [i for i in range(run.start, top) if blocks[i].kept]
    elif at is not None:
        cut += [i for i in above if i < at and read_line(blocks[i].text) is None]
    if _is_page(blocks, below):
        cut += below
        cut += _box_below(blocks, run)
    return page.cut(dict.fromkeys(cut, Reason.OUTSIDE_ARTICLE))


def _box_below(blocks: Sequence[Block], run: Run) -> list[int]:
    """Headlines of other articles that the run ends with, and the name of their box."""
    kinds = kinds_of(blocks)
    lines = [i for i in range(run.start, run.end) if blocks[i].kept]
    texts = [n for n, i in enumerate(lines) if kinds[i] is LineKind.PROSE]
    below = lines[texts[-1] + 1 :] if texts else []
    first = next((n for n, i in enumerate(below) if _is_teaser(blocks[i])), len(below))
    teasers = sum(_is_teaser(blocks[i]) for i in below[first:])
    names = below[max(first - 1, 0) : first]
    named = any(count_words(blocks[i].text) <= _BOX_NAME_WORDS for i in names)
    opened = bool(texts) and blocks[lines[texts[-1]]].text.endswith((":", "：")) and not names
    if teasers < _BOX_LINES or opened or teasers * 2 < len(below) - first:
        return []
    text = words_of_text(blocks, Run(run.start, below[0]))
    known = sum(known_words(blocks[i], text) for i in below[first:])
    return [] if known > _BOX_KNOWN * len(below[first:]) else below[first - named :]


def _is_teaser(block: Block) -> bool:
    return (
        block.kind == "text"
        and is_headline(block.text)
        and not is_prose(block.text)
        and not is_question(block.text)
        and count_words(block.text) >= _TEASER_WORDS
        and not _NUMBER.search(block.text)
    )


def _is_page(blocks: Sequence[Block], below: Sequence[int]) -> bool:
    """True where the lines below the article are more than a list of its own may be."""
    lines = [blocks[i] for i in below]
    short = sum(
        not is_prose(block.text) and (block.kind == "text" or is_link(block)) for block in lines
    )
    return short >= _PAGE_LINES


def _beside_head(blocks: Sequence[Block], head: Sequence[int], text: set[str]) -> Iterator[int]:
    """The lines between title and text that are neither byline, standfirst nor a paragraph."""
    paragraphs = set(_paragraphs(blocks, head))
    for n, i in enumerate(head):
        if read_line(blocks[i].text) is not None or i in paragraphs:
            continue
        long = is_prose(blocks[i].text) or count_words(blocks[i].text) >= _STANDFIRST_WORDS
        least = _KNOWN_BELOW_TITLE if n < _STANDFIRST_LINES else _KNOWN_ABOVE_TEXT
        if not long or known_words(blocks[i], text) < least:
            yield i


def _paragraphs(blocks: Sequence[Block], head: Sequence[int]) -> Iterator[int]:
    """Paragraphs on end, which open an article above a box that its run does not reach over."""
    for prose, lines in groupby(head, key=lambda i: kind_of(blocks[i]) is LineKind.PROSE):
        group = list(lines)
        if prose and prose_words([blocks[i] for i in group]) >= _OPENING_WORDS:
            yield from group


def _title_of(page: Page, run: Run, above: Sequence[int]) -> int | None:
    """The title of a page; of text with no page around it only below a site's name."""
    if page.facts.title is not None:
        return None
    at = title_above(page.blocks, run)
    if len(above) > _HEAD_LINES or not above or at is None:
        return at
    first = page.blocks[above[0]]
    over = sum(i < at for i in above)
    if not over or (over < _MENU_LINES and is_section_or_domain(first.text)):
        return None
    is_name = count_words(first.text) < _TITLE_WORDS
    text = words_of_text(page.blocks, run)
    known, title_known = known_words(first, text), known_words(page.blocks[at], text)
    shared = sum(stem_of(word) in text for word in words_of(first))
    is_greeting = known * 2 < title_known and shared < _HEADLINE_SHARES
    return at if is_name or is_greeting else None


# --- the name of the site ------------------------------------------------------------------------

# "THE HARBOR AND COUNTY LEDGER"; a longer line is a headline.
_NAME_WORDS = 6
_HEADLINE_WORDS = 4
_LINES = 3


def cut_masthead(page: Page) -> Page:
    """Cut the name of the site and the menu below it, where a headline stands below both."""
    head = [(i, b) for i, b in enumerate(page.blocks) if b.kept or b.reason is Reason.MENU]
    if page.facts.title is not None or len(head) <= _LINES:
        return page
    (at, name), (below, menu), (_, headline) = head[:_LINES]
    is_menu = menu.reason is Reason.MENU or has_cells(menu.text)
    if name.kept and is_menu and headline.kept and _is_masthead(page, name, headline):
        return page.cut({at: Reason.MENU, below: Reason.MENU})
    return page


def _is_masthead(page: Page, name: Block, headline: Block) -> bool:
    """True for a name in capitals, or the one of the copyright line, of which no text speaks.

    A headline in capitals above a line of sections shares words with its text.
    """
    signed = (b.text for b in page.blocks if b.reason is Reason.MENU and b.text.startswith("©"))
    text = {w for b in page.blocks if b.kept and is_prose(b.text) for w in words_of(b)}
    return (
        (name.text.isupper() or any(key(name.text) in key(line) for line in signed))
        and is_headline(name.text)
        and count_words(name.text) <= _NAME_WORDS
        and is_headline(headline.text)
        and not headline.text.isupper()
        and count_words(headline.text) >= _HEADLINE_WORDS
        and text.isdisjoint(words_of(name))
        and not text.isdisjoint(words_of(headline))
    )
