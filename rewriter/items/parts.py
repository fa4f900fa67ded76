"""The articles in one file, each under a name of its own that it keeps when the file changes."""

from __future__ import annotations

import hashlib
import html
import json
import re

from rewriter.errors import SourceError
from rewriter.items.answers import Fields, items_of, load
from rewriter.items.feeds import is_xml, read_xml
from rewriter.items.fields import NewsItem, read_item

_NAME_CHARACTERS = 48
_DIGEST = 8


def is_json(text: str) -> bool:
    """True where the text begins as a JSON object or list, and ends as one."""
    start, end = text[:1_000].lstrip()[:1], text[-1_000:].rstrip()[-1:]
    return (start, end) in (("{", "}"), ("[", "]"))


def read_items(text: str) -> tuple[Fields, ...]:
    """The items of a JSON or XML document, each once. Raises `SourceError` where there is none."""
    found = read_xml(text) if text.lstrip("\ufeff \n\r\t").startswith("<") else items_of(load(text))
    return tuple({name_of(read_item(item)): item for item in reversed(found)}.values())[::-1]


def split(data: bytes) -> dict[str, bytes]:
    """The articles of a file as JSON items by name; empty where it is one article or no items.

    A file that cannot be read so is left to the cleaner, which says why.
    """
    try:
        text = data.decode("utf-8-sig")
        found = read_items(text) if is_json(text) or is_xml(text) else ()
    except (UnicodeDecodeError, SourceError):
        return {}
    if len(found) < 2:
        return {}
    return {
        name_of(read_item(item)): json.dumps(item, ensure_ascii=False, default=str).encode(
            "utf-8", "backslashreplace"
        )
        for item in found
    }


def name_of(item: NewsItem) -> str:
    """A name for an item: words of its title, and a digest of its id, address or text."""
    words = re.findall(r"\w+", html.unescape(item.title or "").lower())
    start = "-".join(words)[:_NAME_CHARACTERS].strip("-") or "article"
    digest = hashlib.sha256(item.identity.encode("utf-8", "replace")).hexdigest()
    return f"{start}-{digest[:_DIGEST]}"
