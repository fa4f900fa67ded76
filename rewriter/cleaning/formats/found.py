"""Facts of an HTML page that it does not declare, looked for in what its reader sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rewriter.cleaning.dates import parse_date
from rewriter.cleaning.decode import mend
from rewriter.cleaning.page import PageFacts
from rewriter.cleaning.shapes import key

if TYPE_CHECKING:
    from lxml.etree import _Element


def found_facts(tree: _Element, declared: PageFacts) -> PageFacts:
    """What the page declares, filled up from its text: the heading, a date, a byline.

    `tree` is without what its reader does not see.
    """
    found = replace(declared, title=_title(tree, declared.title))
    if found.published_at is None:
        found = found.filled(published_at=parse_date(_date(tree) or ""))
    return found if found.author else found.filled(author=_author(tree))


def _title(tree: _Element, declared: str | None) -> str | None:
    """The heading of which the declared title is a part or the other way round.

    A declared title that no heading has is the title where the page has no heading.
    """
    headings = [text for text in _headings(tree) if key(text)]
    if declared is None:
        return headings[0] if headings else None
    whole = key(declared)
    same = (text for text in headings if key(text) in whole or whole in key(text))
    return next(same, declared)


def _headings(tree: _Element) -> Iterator[str]:
    for level in ("h1", "h2"):
        for heading in tree.iter(level):
            yield " ".join(mend("".join(map(str, heading.itertext()))).split())


def _date(tree: _Element) -> str | None:
    from htmldate import find_date

    # The extensive search takes any year on the page, a copyright line's too, for its date.
    return find_date(tree, extensive_search=False, original_date=True)


def _author(tree: _Element) -> str | None:
    from lxml.html import HtmlElement
    from trafilatura.metadata import extract_author

    author = extract_author(tree) if isinstance(tree, HtmlElement) else None
    return mend(author).strip() or None if author else None
