"""The field names of news APIs, feeds and extractors: `fields.toml`, and the value that it fills.

Names are compared without case and without anything but letters and digits: `PUBLISHED_ON`,
`publishedOn` and `published-on` are one. A dot leads into an object or into the first object of a
list. The sources are the documented answers of NewsAPI, GNews, mediastack, NewsData, Event
Registry, Guardian, New York Times, Currents, GDELT, CoinDesk (formerly CryptoCompare, old and new)
and WordPress, JSON Feed 1.1, schema.org/NewsArticle, and what feedparser and trafilatura write.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rewriter.items.packing import unpacked
from rewriter.items.rich_text import rich_text
from rewriter.remembering import remembered

_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
FIELDS: dict[str, list[str]] = _TABLE["fields"]
META: dict[str, list[str]] = _TABLE["meta"]

# What an object is called by: WordPress (`rendered`), feedparser (`value`), New York Times (`main`,
# `original`), categories (`category`, `term`), people and publishers (`name`, `title`), images.
_SAID_IN = ("rendered", "value", "main", "original", "category", "term", "name", "title",
            "webtitle", "text", "url", "sourceurl", "contenturl", "href", "id", "node", "data",
            "attributes", "fields",
            "html", "raw", "processed", "content")  # fmt: skip
# NewsAPI puts it in place of all that a withdrawn article said.
WITHDRAWN = "[Removed]"
# Sent instead of a body: by NewsData's free plan, and by NewsAPI for withdrawn articles.
_PLACEHOLDER = re.compile(r"ONLY AVAILABLE IN (?:[A-Z]+ )*PLANS?|\[Removed\]", re.IGNORECASE)
_CUT_OFF = re.compile(
    r"(?:\[\s?\+?\s?[\d,.]+\s(?:more\s)?char(?:acter)?s?\s?\]|\[(?:…|\.{3}|&hellip;|&#8230;)\]"
    r"|[\[(](?:…|\.{3})?\s?(?:more|mehr|weiter|suite|más|mais|altro|meer|mer|mere|więcej|далее|devamı"
    r"|続き|更多|全文|더\s?보기|المزيد)\s?(?:…|\.{3}|»|→)?[\])]"
    r"|…|\.{3}|&hellip;|&#8230;)\s{0,9}\Z",
    re.IGNORECASE,
)
_TAGS = re.compile(r"</?[a-z]+[^<>]{0,200}>", re.IGNORECASE)
# The link to the whole article at the end of an excerpt.
_MORE = re.compile(rf"(?:{'|'.join(_TABLE['more'])})[\s\W]{{0,6}}\Z", re.IGNORECASE)
_MORE_CHARACTERS = 120
_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,12}/?")
_SEPARATORS = re.compile(r"\s*[|;]\s*")
_DEPTH = 5

TimeField = str | int | float


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One item as its sender wrote it: text may hold HTML, times are unread.

    `body` is None where there is none; `summary` is the longest description.
    """

    title: str | None = None
    body: str | None = None
    summary: str | None = None
    published: TimeField | None = None
    updated: TimeField | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    publisher_key: str | None = None
    publisher_type: str | None = None
    lang: str | None = None
    url: str | None = None
    image: str | None = None
    category: str | None = None
    tags: tuple[str, ...] = ()
    id: str | None = None
    sentiment: str | None = None
    score: float | None = None

    @property
    def identity(self) -> str:
        """What identifies the item: its id, or its address, or its text."""
        return self.id or self.url or f"{self.title}\n{self.body or self.summary}"


def read_item(fields: Mapping[str, Any]) -> NewsItem:
    """The item in an object; what the table does not name is passed over."""
    known = plain(fields)

    def first(row: str) -> str | None:
        return next(_texts(known, row), None)

    return NewsItem(
        title=first("title") or _withdrawn(known),
        body=_body(known),
        summary=max(_texts(known, "summary"), key=len, default=None),
        published=next(_times(known, "published"), None),
        updated=next(_times(known, "updated"), None),
        authors=tuple(_people(known)),
        publisher=next((name for name in _texts(known, "publisher") if not is_address(name)), None),
        publisher_key=first("publisher_key"),
        publisher_type=first("publisher_type"),
        lang=first("lang"),
        url=next(_addresses(known, "url"), None),
        image=next(_addresses(known, "image"), None),
        category=next(iter(_names(known, "category")), None),
        tags=tuple(_names(known, "tags")),
        id=first("id"),
        sentiment=first("sentiment"),
        score=next(iter(_numbers(known, "score")), None),
    )


def _withdrawn(known: Mapping[str, Any]) -> str | None:
    """A withdrawn item keeps its placeholder as title: an item without one would go unnoticed."""
    return WITHDRAWN if WITHDRAWN in _values(known, "title") else None


def is_cut_off(text: str) -> bool:
    """True where the sender says that more was there: "[+2410 chars]", "… Read more"."""
    end = _TAGS.sub(" ", text[-600:]).rstrip()
    return any(_CUT_OFF.search(one) for one in (end, without_more(end)))


def without_more(text: str) -> str:
    """The text without "Read more" and the like at its end."""
    more = _MORE.search(text, max(len(text) - _MORE_CHARACTERS, 0))
    if more is None:
        return text
    above = text[: more.start()].rstrip()
    opened = above.rstrip("([").rstrip()
    # In the middle of a sentence they are its own words.
    apart = above != opened or above.endswith(("…", "...", "]"))
    return opened if apart or (more[0][0].isupper() and " " in more[0].strip()) else text


def is_address(text: str) -> bool:
    """True for a URL or a domain, which is no publisher's name."""
    return _URL.match(text) is not None or _DOMAIN.fullmatch(text.strip()) is not None


def plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The object under plain names; of two that become the same the first counts."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        found.setdefault(_plain(str(name)), value)
    return found


@remembered(4096)  # the items of a feed share their names
def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


# --- looking up --------------------------------------------------------------------------------


def _values(known: Mapping[str, Any], row: str) -> Iterator[Any]:
    """What stands under the names of a row, in the row's order, without what is empty."""
    for path in _paths(row):
        value: Any = known
        for name in path:
            value = value[0] if isinstance(value, list) and value else value
            if not isinstance(value, Mapping):
                value = None
                break
            value = (value if value is known else plain(value)).get(name)
        if value not in (None, "", [], {}):
            yield value


@cache
def _paths(row: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(_plain, path.split("."))) for path in FIELDS[row])


def _texts(known: Mapping[str, Any], row: str) -> Iterator[str]:
    return (text for value in _values(known, row) if (text := _said(value)))


def _said(value: object, depth: int = _DEPTH) -> str:
    """What a value says as one string, empty where it says nothing."""
    if isinstance(value, bool) or depth == 0:
        return ""
    if isinstance(value, str):
        text = value.strip()
        return "" if _PLACEHOLDER.fullmatch(text) else text
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return next((text for one in value if (text := _said(one, depth - 1))), "")
    if isinstance(value, Mapping):
        named = plain(value)
        return next((text for n in _SAID_IN if (text := _said(named.get(n), depth - 1))), "")
    return ""


def _body(known: Mapping[str, Any]) -> str | None:
    bodies = [text for value in _values(known, "body") if (text := _paragraphs(value))]
    whole = (body for body in bodies if not is_cut_off(body) and not _URL.fullmatch(body))
    return next(whole, next(iter(bodies), None))


def _paragraphs(value: object) -> str:
    """What a body says; a list of strings is a list of its paragraphs."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "\n\n".join(value).strip()
    return unpacked(rich_text(value) or _said(value))


def _times(known: Mapping[str, Any], row: str) -> Iterator[TimeField]:
    """Numbers and text; 0 stands for never."""
    return (v for v in _values(known, row) if v and isinstance(v, TimeField) and v is not True)


def _numbers(known: Mapping[str, Any], row: str) -> Iterator[float]:
    return (
        v for v in _values(known, row) if isinstance(v, int | float) and not isinstance(v, bool)
    )


def _addresses(known: Mapping[str, Any], row: str) -> Iterator[str]:
    return (text for text in _texts(known, row) if _URL.fullmatch(text))


def _people(known: Mapping[str, Any]) -> Iterator[str]:
    """The names of the first field that has any; agencies and numbers are none."""
    for value in _values(known, "author"):
        ones = value if isinstance(value, list) else [value]
        people = [
            one
            for one in ones
            if not isinstance(one, int | float)
            and not (isinstance(one, Mapping) and plain(one).get("isagency") is True)
        ]
        names = [name for one in people if (name := _said(one))]
        if names:
            yield from names
            return


def _names(known: Mapping[str, Any], row: str) -> Iterator[str]:
    """The words of lists and of strings with `|` between them, each once."""
    seen: set[str] = set()
    for value in _values(known, row):
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, int | float):
                continue
            for name in _SEPARATORS.split(_said(one)):
                if name and name.casefold() not in seen:
                    seen.add(name.casefold())
                    yield name
