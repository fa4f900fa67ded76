"""HTML pages: trafilatura finds the article and its facts; what it leaves out is kept as cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rewriter.cleaning.dates import parse_date
from rewriter.cleaning.decode import mend
from rewriter.cleaning.formats.choice import second_opinion
from rewriter.cleaning.formats.declared import declared_facts
from rewriter.cleaning.formats.tree import parse, seen_part, visible_blocks
from rewriter.cleaning.page import Block, Page, PageFacts
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import key

if TYPE_CHECKING:
    from trafilatura.settings import Document

# A line is looked for so far ahead in the article before it counts as outside.
_WINDOW = 5_000
# Shorter lines ("News") must stand exactly where they are expected.
_FINDABLE = 20


def read(text: str) -> Page:
    """The article of an HTML page with title, date, author, site name and address.

    Where no article is recognised, all visible text is kept for the stages to judge.
    """
    from lxml.etree import tostring
    from trafilatura import bare_extraction

    tree = parse(text)
    declared = declared_facts(tree)  # before what is hidden goes, which may hold a date
    tree, taken, notes = seen_part(tree)
    seen = tuple(visible_blocks(tree))
    whole = tostring(tree, encoding="unicode", method="html")
    document = bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        # The extensive search takes any year on the page, a copyright line's too, for its date.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if document is None or isinstance(document, dict) or document.body is None:
        page = Page("html", (*seen, *taken), declared, notes)
        return page.noted("No article was recognised in the HTML; all its visible text was read.")
    blocks: Sequence[Block] = tuple(visible_blocks(document.body))
    blocks = second_opinion(blocks, seen, whole) or blocks
    return Page("html", (*_with_outside(blocks, seen), *taken), _facts(document, declared), notes)


def read_fragment(text: str) -> tuple[Block, ...]:
    """All visible blocks of a piece of HTML that is an article and nothing else."""
    tree, taken, _ = seen_part(parse(text))
    return (*visible_blocks(tree), *taken)


def _with_outside(article: Sequence[Block], seen: Sequence[Block]) -> Iterator[Block]:
    """The article's blocks, then those of the page that are not in it, cut."""
    yield from article
    whole = "".join(key(block.text) for block in article)
    alone = {key(block.text) for block in article}
    at = 0
    for block in seen:
        text = key(block.text)
        found = whole.startswith(text, at)
        start = (
            at if found else whole.find(text, at, at + _WINDOW) if len(text) >= _FINDABLE else -1
        )
        if start >= 0:
            at = start + len(text)
        elif text not in alone:
            yield Block(block.text, reason=Reason.OUTSIDE_ARTICLE)


def _facts(document: Document, declared: PageFacts) -> PageFacts:
    """What the page declares, else what trafilatura finds in it."""
    found = declared.filled(
        published_at=parse_date(document.date or ""),
        publisher=_said(document.sitename),
        author=_said(document.author),
        url=_said(document.url),
        image=_said(document.image),
    )
    return replace(found, title=_title(_said(document.title), declared.title))


def _title(found: str | None, declared: str | None) -> str | None:
    """The heading that was found, unless the page declares a title of other words."""
    if found is None or declared is None:
        return found or declared
    one, other = key(found), key(declared)
    return found if one in other or other in one else declared


def _said(value: str | None) -> str | None:
    return mend(value).strip() or None if value else None
