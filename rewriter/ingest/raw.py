"""A raw article: what was cleaned, under front matter in the keys of the published format."""

from __future__ import annotations

from typing import Any

from rewriter import frontmatter
from rewriter.article import Source
from rewriter.frontmatter import moment

_KEYS = (
    *("title", "publishedAt", "updatedAt", "lang", "externalId", "source", "category", "tags"),
    *("sentiment", "coverImage"),
)


def raw_article(source: Source) -> bytes:
    """The file: front matter with what the source says of itself, then its text."""
    about = source.metadata.get("source")
    known: dict[str, Any] = {
        **source.metadata,
        "title": None if source.title_derived else source.title,
        "publishedAt": source.published_at and moment(source.published_at),
        "updatedAt": source.updated_at and moment(source.updated_at),
        "lang": source.lang,
        "source": {
            "name": source.publisher,
            **(about if isinstance(about, dict) else {}),
            "author": source.author,
            "url": source.url,
            "image": source.image,
        },
    }
    known["source"] = {key: value for key, value in known["source"].items() if value} or None
    header = {key: known[key] for key in _KEYS if known.get(key) not in (None, "", [], {})}
    return frontmatter.create(header, _body(source))


def _body(source: Source) -> str:
    blocks = list(source.paragraphs)
    for pair in source.qa:
        blocks += [f"Q: {pair.question}", f"A: {pair.answer}"]
    return "\n\n".join(blocks) + "\n"
