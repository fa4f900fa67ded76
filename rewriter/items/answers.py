"""Where the items stand in a JSON document: an item, a list, lines of items, an API's answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any, TypeAlias

from rewriter.errors import SourceError
from rewriter.items.fields import FIELDS, NewsItem, plain, read_item
from rewriter.items.packing import without_call

Fields = Mapping[str, Any]

# Under these names APIs put their lists of items, or one item.
_LISTS = (
    *("articles", "items", "entries", "results", "data", "news", "posts", "docs", "response"),
    *("content", "article", "stories", "objects", "value", "graph", "info", "result", "hits"),
    *("documents", "records", "edges", "nodes", "children", "feed", "payload"),
    *("props", "pageProps", "post", "story", "entry", "item"),
)
# An item may be wrapped in an object: by Strapi, GraphQL, Contentful, Elasticsearch and others.
_WRAPPERS = ("attributes", "node", "fields", "source", "data", "document", "doc", "item", "post")
_DEPTH = 8
_TITLES = frozenset(("title", "headline", "webtitle"))
_ERRORS = ("error", "errors", "err", "fault")
_MESSAGES = ("message", "msg", "faultstring", "detail", "info")
_MESSAGE_CHARACTERS = 300
_SHOWN_KEYS = 12
# As many as the items of a feed: each is looked up under some hundred names.
_MOST_OBJECTS = 5_000
# With those inside of them, such as the nodes of rich text: 50,000 take one and a half seconds.
_MOST_INSIDE = 50_000
_ItemReader: TypeAlias = Callable[[Fields], NewsItem]


def load(text: str) -> object:
    """The value of a JSON document; the values of JSON lines as a list. Raises `SourceError`."""
    if (objects := text.count("{")) > _MOST_INSIDE:
        raise SourceError(
            f"JSON of {objects:,} objects, at most {_MOST_INSIDE:,} are read; split the file"
        )
    try:
        # A line separator inside a string is sound JSON, and may have become a line end by now.
        return json.loads(without_call(text), strict=False)
    except json.JSONDecodeError as error:
        lines = _lines(text)
        if lines is not None:
            return lines
        raise SourceError(
            f"not valid JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(
            "not a news item: its JSON is nested too deeply or holds too long a number"
        ) from error


def _lines(text: str) -> list[object] | None:
    """The objects of JSON lines, None for any other text."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or not all(line.lstrip().startswith("{") for line in lines):
        return None
    try:
        return [json.loads(line, strict=False) for line in lines]
    except (ValueError, RecursionError):
        return None


def items_of(value: object) -> tuple[Fields, ...]:
    """The items in a document. Raises `SourceError` where it is an API's error, or has none."""
    found = tuple(_articles(_found(value, _DEPTH, _bounded_reader())))
    if found:
        return found
    if isinstance(value, Mapping) and (complaint := _complaint(value)):
        raise SourceError(f"the news API answered with an error and no article: “{complaint}”")
    raise SourceError(_refusal(value))


def _bounded_reader() -> _ItemReader:
    """`read_item` that raises `SourceError` for more objects than a document may have."""
    objects = count(1)

    def read(value: Fields) -> NewsItem:
        if next(objects) > _MOST_OBJECTS:
            raise SourceError(
                f"more than {_MOST_OBJECTS:,} objects that may be articles; split the file"
            )
        return read_item(value)

    return read


def _found(value: object, depth: int, read: _ItemReader) -> Sequence[Fields]:
    if depth == 0:
        return ()
    if isinstance(value, list):
        return [one for each in value for one in _found(each, depth - 1, read)]
    if not isinstance(value, Mapping):
        return ()
    named = plain(value)
    whole = read(value)
    wrapped = (inside for inside in map(named.get, _WRAPPERS) if isinstance(inside, Mapping))
    item = None if whole.title else next(filter(_is_item, wrapped), None)
    if item is not None:
        about = {n: v for n, v in value.items() if n not in item and not n.startswith("_")}
        return [{**item, **{n: v for n, v in about.items() if v is not item}}]
    if whole.title and whole.body:
        return [value]
    for name in _LISTS:
        inside = named.get(name)
        found = _found(inside, depth - 1, read) if isinstance(inside, list | Mapping) else ()
        if found:
            return [_with_feed(one, named) for one in found]
    if _is_item(value):
        return [value]
    # One value under any name, or items under their ids.
    keyed = len(value) == 1 or all(isinstance(each, Mapping) for each in value.values())
    return _found(list(value.values()), depth - 1, read) if keyed else ()


def _is_item(value: Fields) -> bool:
    item = read_item(value)
    # What has a name and an address may be anybody.
    titled = not _TITLES.isdisjoint(plain(value))
    return bool(item.body or (item.title and (item.summary or (item.url and titled))))


def _articles(found: Sequence[Fields]) -> Iterator[Fields]:
    """Of linked data (schema.org) only the articles, where there is one."""
    kinds = [str(plain(one).get("type", "")) if "@type" in one else "" for one in found]
    articles = any("Article" in kind or "Posting" in kind for kind in kinds)
    for one, kind in zip(found, kinds, strict=True):
        if not (articles and kind) or "Article" in kind or "Posting" in kind:
            yield one


def _with_feed(item: Fields, feed: Fields) -> Fields:
    """An item with its feed's publisher and language, where it has none of its own."""
    about = plain(feed["feed"]) if isinstance(feed.get("feed"), Mapping) else feed
    if "version" not in feed and about is feed:
        return item
    known = read_item(item)
    more = {
        "source": None if known.publisher else about.get("title"),
        "language": None if known.lang else about.get("language"),
    }
    return {**item, **{key: value for key, value in more.items() if value}}


# --- refusals ----------------------------------------------------------------------------------


def _complaint(value: Fields) -> str:
    """The error message of an API's answer, empty where it is none."""
    named = plain(value)
    for name in _ERRORS:
        if said := _message(named.get(name)):
            return said
    for name in ("response", "results"):  # Guardian, NewsData
        inside = named.get(name)
        if isinstance(inside, Mapping) and (said := _complaint(inside)):
            return said
    failed = str(named.get("response", named.get("status", ""))).lower() not in ("success", "ok")
    return next((_message(named[n]) for n in _MESSAGES if n in named), "") if failed else ""


def _message(value: object) -> str:
    if isinstance(value, str):
        return value.strip()[:_MESSAGE_CHARACTERS]
    if isinstance(value, list):
        return "; ".join(filter(None, map(_message, value)))[:_MESSAGE_CHARACTERS]
    if isinstance(value, Mapping):
        named = plain(value)
        said = next((named[n] for n in _MESSAGES if isinstance(named.get(n), str)), None)
        return _message(said or [v for v in named.values() if isinstance(v, str)])
    return ""


def _refusal(value: object) -> str:
    wanted = f"text under one of {', '.join(FIELDS['body'])}, and a title under one of "
    wanted += ", ".join(FIELDS["title"])
    if isinstance(value, Mapping):
        empty = [str(name) for name, inside in value.items() if inside == []]
        if empty and not _is_item(value):
            return f"the JSON holds no article: its list “{empty[0]}” is empty"
        keys = [str(name) for name in value]
        shown = ", ".join(keys[:_SHOWN_KEYS]) + (", ..." if len(keys) > _SHOWN_KEYS else "")
        return f"not a news item: no article is found under its keys ({shown}); needed is {wanted}"
    if isinstance(value, list) and not value:
        return "the JSON holds no article: it is an empty list"
    return f"not a news item: the JSON holds no object with an article; needed is {wanted}"
