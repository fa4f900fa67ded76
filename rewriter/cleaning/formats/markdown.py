"""Markdown, with or without front matter; the front matter stays in the file and is only read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from rewriter import frontmatter
from rewriter.cleaning.blocks import split_blocks
from rewriter.cleaning.dates import parse_date
from rewriter.cleaning.formats.leftovers import without_html
from rewriter.cleaning.links import without_links
from rewriter.cleaning.page import Page, PageFacts
from rewriter.errors import FrontMatterError, SourceError

# Comments and blank lines may stand above the first key.
_FRONT_MATTER = re.compile(r"---[ ]*\n(?:[ ]*(?:#[^\n]*)?\n)*[\"']?[\w-]+[\"']?[ ]*:(?:\s|$)")


def has_front_matter(text: str) -> bool:
    """True where the first line is `---` and the next, comments aside, has a key."""
    return _FRONT_MATTER.match(text) is not None


def read(text: str) -> Page:
    """The page of Markdown text; its first heading of level 1 is the title where no key says it."""
    try:
        document = frontmatter.read(text.encode())
    except FrontMatterError as error:
        raise SourceError(f"the front matter is not understood: {error}") from error
    blocks = without_links(split_blocks(without_html(document.body)))
    told = _facts(document.metadata)
    facts = told.filled(title=next((block.text for block in blocks if block.mark == "# "), None))
    return Page(
        "markdown",
        blocks,
        facts,
        own_front_matter=document.language is not None,
        own_title=told.title is not None,
    )


def _facts(header: Mapping[str, Any]) -> PageFacts:
    source = header.get("source")
    return PageFacts(
        title=_text(header.get("title")),
        published_at=_instant(header.get("publishedAt")) or _instant(header.get("date")),
        updated_at=_instant(header.get("updatedAt")),
        publisher=_text(source.get("name") if isinstance(source, Mapping) else source),
        author=_text(header.get("author")),
        lang=_text(header.get("lang")),
        category=_text(header.get("category")),
        url=_text(header.get("url")),
    )


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _instant(value: object) -> datetime | None:
    """An instant from text, from a date, or from a time with or without a zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return parse_date(value) if isinstance(value, str) else None
