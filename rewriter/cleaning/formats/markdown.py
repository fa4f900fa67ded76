"""Markdown, with or without front matter; the front matter stays in the file and is only read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from rewriter import frontmatter
from rewriter.cleaning.blocks import split_blocks
from rewriter.cleaning.dates import parse_instant
from rewriter.cleaning.formats.item_facts import facts_of, short_text
from rewriter.cleaning.formats.leftovers import without_html
from rewriter.cleaning.links import without_links
from rewriter.cleaning.media import media_of, without_mark
from rewriter.cleaning.page import Page, PageFacts
from rewriter.errors import FrontMatterError, SourceError
from rewriter.frontmatter import keys
from rewriter.frontmatter.keys import KeyNames
from rewriter.items.fields import read_item

# Comments and blank lines may stand above the first key.
_FRONT_MATTER = re.compile(
    r"---[ ]*\n(?:[ ]*(?:#[^\n]*)?\n)*[\"']?[\w-]+[\"']?[ ]*:(?:\s|$)"
    r"|\+\+\+[ ]*\n(?:[ ]*(?:#[^\n]*)?\n)*[\"']?[\w.-]+[\"']?[ ]*="
)

# As Jekyll and Hugo take it.
_DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})[-_.]")
_TAG = re.compile(r"<[/!]?[a-zA-Z-]")


def has_front_matter(text: str) -> bool:
    """True where the first line is `---` or `+++` and the next, comments aside, has a key."""
    return _FRONT_MATTER.match(text) is not None


def read(text: str, name: str, names: KeyNames) -> Page:
    """The page of Markdown text in a file called `name`.

    Its first heading of level 1 is the title where no key says it, and a date that the file's name
    begins with is the date. `names` are more names of keys.
    """
    try:
        document = frontmatter.read(text.encode())
    except FrontMatterError as error:
        raise SourceError(f"the front matter is not understood: {error}") from error
    read = without_html(without_mark(document.body))
    blocks = without_links(split_blocks(read.text))
    blocks = tuple(replace(block, text=_unescaped(block.text)) for block in blocks)
    header = keys.with_names(document.metadata, names)
    told = _facts(header)
    titles = (block.text for block in blocks if block.mark == "# " and not _TAG.search(block.text))
    dated = _DATED_NAME.match(name)
    written = parse_instant(dated[1]) if dated else None
    facts = told.filled(title=next(titles, None), published_at=written)
    path = keys.find(header, "title")
    return Page(
        "markdown",
        (*blocks, *read.taken),
        facts,
        own_front_matter=document.language is not None,
        own_title=told.title is not None and path is not None and not keys.is_scraped(path),
        media=media_of(document.body),
    )


def _facts(header: Mapping[str, Any]) -> PageFacts:
    """What front matter says under the keys of the generators; what has an odd type is nothing."""
    facts = facts_of(read_item({str(name): _plain(value) for name, value in header.items()}))
    lang, title = keys.value(header, "lang"), keys.value(header, "title")
    return replace(
        facts,
        lang=lang if isinstance(lang, str) else None,
        title=short_text(title) if isinstance(title, str) else None,
    )


def _unescaped(text: str) -> str:
    """Markdown text without its backslashes and without references to footnotes."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", re.sub(r"(?<=\S)\[\^[^\]\s]{1,50}\]", "", text))


def _plain(value: object) -> object:
    """Dates and times as ISO 8601, also inside of a map (`date: {created: ...}`)."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(inside) for name, inside in value.items()}
    return value
