"""Markdown, with or without front matter; the front matter stays in the file and is only read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from rewriter import frontmatter
from rewriter.cleaning.blocks import split_blocks
from rewriter.cleaning.formats.item_facts import facts_of
from rewriter.cleaning.formats.leftovers import without_html
from rewriter.cleaning.links import without_links
from rewriter.cleaning.page import Page, PageFacts
from rewriter.errors import FrontMatterError, SourceError
from rewriter.items.fields import read_item

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
    """What front matter says under the keys of the generators; what has an odd type is nothing."""
    known = {str(name): _plain(value) for name, value in header.items()}
    if not isinstance(known.get("title"), str):
        known.pop("title", None)
    item = read_item(known)
    facts = facts_of(item)
    said = known.get("lang", known.get("language"))
    lang = said if isinstance(said, str) else None
    return replace(facts, lang=lang, title=facts.title if "title" in known else None)


def _plain(value: object) -> object:
    """Dates and times as ISO 8601, also inside of a map (`date: {created: ...}`)."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(inside) for name, inside in value.items()}
    return value
