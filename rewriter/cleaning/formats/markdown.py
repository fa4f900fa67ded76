"""Markdown, with or without front matter; the front matter stays in the file and is only read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from rewriter import frontmatter
from rewriter.cleaning.blocks import split_blocks
from rewriter.cleaning.dates import parse_date
from rewriter.cleaning.formats.leftovers import without_html
from rewriter.cleaning.links import without_links
from rewriter.cleaning.media import media_of, without_mark
from rewriter.cleaning.page import Page, PageFacts
from rewriter.errors import FrontMatterError, SourceError
from rewriter.frontmatter import keys

# Comments and blank lines may stand above the first key.
_FRONT_MATTER = re.compile(r"---[ ]*\n(?:[ ]*(?:#[^\n]*)?\n)*[\"']?[\w-]+[\"']?[ ]*:(?:\s|$)")

_TAG = re.compile(r"<[/!]?[a-zA-Z-]")
_READ = ("title", "publishedAt", "updatedAt", "author", "lang", "category", "url")


def has_front_matter(text: str) -> bool:
    """True where the first line is `---` and the next, comments aside, has a key."""
    return _FRONT_MATTER.match(text) is not None


def read(text: str) -> Page:
    """The page of Markdown text; its first heading of level 1 is the title where no key says it."""
    try:
        document = frontmatter.read(text.encode())
    except FrontMatterError as error:
        raise SourceError(f"the front matter is not understood: {error}") from error
    blocks = without_links(split_blocks(without_html(without_mark(document.body))))
    blocks = tuple(replace(block, text=_unescaped(block.text)) for block in blocks)
    told = _facts(document.metadata)
    titles = (block.text for block in blocks if block.mark == "# " and not _TAG.search(block.text))
    facts = told.filled(title=next(titles, None))
    return Page(
        "markdown",
        blocks,
        facts,
        own_front_matter=document.language is not None,
        own_title=told.title is not None,
        media=media_of(document.body),
    )


def _facts(header: Mapping[str, Any]) -> PageFacts:
    source = header.get("source")
    told = {key: keys.value(header, key) for key in _READ}
    return PageFacts(
        title=_text(told["title"]),
        published_at=_instant(told["publishedAt"]),
        updated_at=_instant(told["updatedAt"]),
        publisher=_text(source.get("name") if isinstance(source, Mapping) else source),
        author=", ".join(_names(told["author"])) or None,
        lang=_text(told["lang"]),
        category=next(iter(_names(told["category"])), None),
        url=_text(told["url"]),
    )


def _unescaped(text: str) -> str:
    """Markdown text without its backslashes and without references to footnotes."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", re.sub(r"(?<=\S)\[\^[^\]\s]{1,50}\]", "", text))


def _names(value: object) -> list[str]:
    """The names in a text, a list, or a mapping with a name."""
    if isinstance(value, Mapping):
        return _names(value.get("name"))
    if isinstance(value, list):
        return [name for item in value for name in _names(item)]
    name = _text(value)
    return [name] if name else []


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _instant(value: object) -> datetime | None:
    """An instant from text, from a date, or from a time with or without a zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return parse_date(value) if isinstance(value, str) else None
