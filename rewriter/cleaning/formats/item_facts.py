"""The facts of an item, of linked data and of front matter: one table names their fields."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator

from rewriter.cleaning.dates import parse_instant
from rewriter.cleaning.decode import mend
from rewriter.cleaning.formats.tree import parse, seen_part, visible_blocks
from rewriter.cleaning.page import PageFacts
from rewriter.errors import SourceError
from rewriter.items.fields import NewsItem

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_SENTIMENTS = ("POSITIVE", "NEGATIVE", "NEUTRAL")


def facts_of(item: NewsItem) -> PageFacts:
    """What an item says about its article."""
    sentiment = (item.sentiment or "").upper()
    source = {
        "name": short_text(item.publisher),
        "key": item.publisher_key,
        "type": item.publisher_type,
    }
    metadata = {
        "externalId": item.id,
        "source": {key: value for key, value in source.items() if value} or None,
        "tags": [short_text(tag) for tag in item.tags] or None,
        "sentiment": sentiment if sentiment in _SENTIMENTS else None,
        "score": item.score,
        "coverImage": {"raw": item.image} if item.image else None,
    }
    return PageFacts(
        title=short_text(item.title),
        published_at=parse_instant(item.published),
        updated_at=parse_instant(item.updated),
        publisher=short_text(item.publisher),
        author=short_text("; ".join(item.authors)),
        lang=item.lang,
        url=item.url,
        category=short_text(item.category),
        image=item.image,
        metadata={key: value for key, value in metadata.items() if value is not None},
    )


def unread_times(item: NewsItem) -> Iterator[str]:
    """A note for each time of the item that cannot be read."""
    for said in (item.published, item.updated):
        if said is not None and parse_instant(said) is None:
            yield f"“{said}” cannot be read as a time; none was filled in."


def short_text(value: str | None) -> str | None:
    """A short text without HTML and references; None where nothing is left."""
    if not value:
        return None
    plain = _seen_text(value) if _TAG.search(value) else value
    return " ".join(mend(entities.unescape(plain)).split()) or None


def _seen_text(value: str) -> str:
    try:
        tree = seen_part(parse(f"<div>{value}</div>")).tree
    except SourceError:
        return ""
    return " ".join(block.text for block in visible_blocks(tree))
