"""Markdown, with or without front matter; the front matter stays in the file and is only read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from rewriter.cleaning.blocks import split_blocks
from rewriter.cleaning.dates import parse_date
from rewriter.cleaning.page import Facts, Page
from rewriter.errors import SourceError

# The published header has 3 KB; the YAML parser needs seconds for a megabyte.
_MAX_HEADER = 200_000

_OPENING = re.compile(r"---[ ]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ ]*$", re.MULTILINE)
_KEY = re.compile(r"[\w-]+[ ]*:(?:\s|$)")


def has_front_matter(text: str) -> bool:
    """True where the first line is `---` and a key follows it."""
    opening = _OPENING.match(text)
    return opening is not None and _KEY.match(text[opening.end() :].lstrip()) is not None


def read(text: str) -> Page:
    """The page of Markdown text; its first heading of level 1 is the title where no key says it."""
    header, body = _split(text) if has_front_matter(text) else ({}, text)
    blocks = split_blocks(body)
    facts = _facts(header)
    if facts.title is None:
        facts = facts.filled(title=next((b.text for b in blocks if b.mark == "# "), None))
    return Page("markdown", blocks, facts, own_front_matter=bool(header))


def _split(text: str) -> tuple[Mapping[str, Any], str]:
    """The front matter's keys and the text below it."""
    import frontmatter
    import yaml

    closing = _CLOSING.search(text, 4)
    if closing is None:
        raise SourceError(
            "the front matter that line 1 opens is not closed; add a line `---` below it"
        )
    if closing.start() > _MAX_HEADER:
        raise SourceError(f"the front matter is longer than {_MAX_HEADER:,} characters; shorten it")
    try:
        header, _ = frontmatter.parse(text[: closing.start()] + "---\n")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SourceError(f"the front matter is not valid YAML: {_where(error)}") from error
    return header, text[closing.end() :]


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or type(error).__name__
    return f"line {mark.line + 2}: {problem}" if mark is not None else str(problem)


def _facts(header: Mapping[str, Any]) -> Facts:
    source = header.get("source")
    return Facts(
        title=_text(header.get("title")),
        published_at=_instant(header.get("publishedAt")) or _instant(header.get("date")),
        updated_at=_instant(header.get("updatedAt")),
        publisher=_text(source.get("name")) if isinstance(source, Mapping) else _text(source),
        author=_text(header.get("author")),
        lang=_text(header.get("lang")),
        category=_text(header.get("category")),
        url=_text(header.get("url")),
    )


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _instant(value: object) -> datetime | None:
    """An instant from what YAML makes of a date: text, a date, or a time with or without a zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return parse_date(value) if isinstance(value, str) else None
