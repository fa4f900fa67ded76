"""The keys of the published format under the names that site generators give them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import Any

from rewriter.frontmatter.values import moment
from rewriter.remembering import remembered
from rewriter.rules import Preset

KeyPath = tuple[str, ...]
KeyNames = Mapping[str, Sequence[str]]

_NONE: KeyNames = {}

# How programs that save pages as Markdown name the page's own title.
_SCRAPED_TITLE = "posttitle"
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:(?P<gap>[Tt]| +)\d{2}:\d{2}(?P<seconds>:\d{2})?(?P<fraction>\.\d+)?"
    r"(?P<zone> ?(?:[Zz]|[+-]\d{2}:?\d{2}))?)?"
)

# Dates in other forms that read back as they are written.
_OTHER_DATES = (
    *("%b %d %Y", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%d.%m.%Y"),
    *("%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S"),
)


def find(metadata: Mapping[str, Any], key: str, more: KeyNames = _NONE) -> KeyPath | None:
    """Where front matter has `key` of the published format, under any of its names; otherwise None.

    `more` are names of the rules, which come before the shipped ones.
    """
    for alias in (*more.get(key, ()), *_table()["aliases"].get(key, [key])):
        path = _path(metadata, alias.split("."))
        if path and (key == "draft" or not isinstance(_at(metadata, path), bool)):
            return path  # a switch (`lastUpdated: true`) is a setting of the generator
    return None


def borrowed(metadata: Mapping[str, Any], more: KeyNames = _NONE) -> dict[str, str]:
    """The keys at the top that say who wrote the source or where it is, by what they say.

    These are a file's authors, an address of another site in `permalink`, and the title of a file
    that a program made of a page (`post_title`). A rewrite takes none of them over.
    """
    names = [_plain(name) for name in (*more.get("author", ()), *_table()["aliases"]["author"])]
    return {
        key: what
        for key, held in metadata.items()
        for what in (_borrowed(_plain(key), held, names),)
        if what
    }


def _borrowed(name: str, held: object, authors: Sequence[str]) -> str:
    if name in authors and not isinstance(held, bool):
        return "author"
    if name == "permalink" and isinstance(held, str) and _ADDRESS.match(held):
        return "url"
    return "title" if name == _SCRAPED_TITLE else ""


def is_scraped(path: KeyPath) -> bool:
    """Whether a title has the key that programs which save pages write: it is the page's own."""
    return _plain(path[0]) == _SCRAPED_TITLE


def with_names(metadata: Mapping[str, Any], more: KeyNames) -> dict[str, Any]:
    """Front matter in which each value under a name of the rules also has the format's own name."""
    known = ((key, value(metadata, key, {key: names})) for key, names in more.items())
    return {**metadata, **{key: held for key, held in known if held is not None}}


def value(metadata: Mapping[str, Any], key: str, more: KeyNames = _NONE) -> Any:
    """What front matter has for `key` under any of its names; None where it has none."""
    path = find(metadata, key, more)
    return _at(metadata, path) if path else None


def _at(metadata: Mapping[str, Any], path: KeyPath) -> Any:
    held: Any = metadata
    for step in path:
        held = held[step]
    return held


def renamed(values: Mapping[str, Any], preset: Preset | None) -> dict[str, Any]:
    """Values for new keys under the names that a generator gives them.

    A generator whose key is a plural gets a list.
    """
    names = _table()["presets"][preset] if preset else {}
    result: dict[str, Any] = {}
    for key, held in values.items():
        path = names.get(key, key).split(".")
        is_list = key == "category" and path[-1] == "categories"
        put(result, tuple(path), [held] if is_list else held)
    return result


def put(changes: dict[str, Any], path: KeyPath, held: object) -> None:
    """Add a value to nested changes."""
    for step in path[:-1]:
        changes = changes.setdefault(step, {})
    changes[path[-1]] = held


def in_form_of(old: object, now: datetime) -> str:
    """`now` as `old` is written: a date stays a date, and a time keeps its parts and its zone.

    UTC with milliseconds and `Z` where `old` is neither.
    """
    if isinstance(old, date) and not isinstance(old, datetime):
        return now.date().isoformat()
    form = _MOMENT.fullmatch(old.strip()) if isinstance(old, str) else None
    if form is None:
        other = next((other for other in _OTHER_DATES if _has(old, other)), None)
        return now.strftime(other) if other else moment(now)
    if form["gap"] is None:
        return now.date().isoformat()
    zone = form["zone"] or ""
    there = now.astimezone(_zone(zone.strip()))
    precision = "milliseconds" if form["fraction"] else "seconds" if form["seconds"] else "minutes"
    text = there.replace(tzinfo=None).isoformat(form["gap"][0], precision)
    return text.replace(" ", form["gap"], 1) + zone


def _has(old: object, form: str) -> bool:
    with suppress(ValueError):
        return isinstance(old, str) and datetime.strptime(old, form).strftime(form) == old
    return False


def _zone(text: str) -> timezone:
    if not text or text in "Zz":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _path(metadata: object, steps: list[str]) -> KeyPath | None:
    """The keys in `metadata` that these steps lead through, None where one is missing."""
    if not steps:
        return ()
    if not isinstance(metadata, Mapping):
        return None
    wanted = _plain(steps[0])
    exact = [steps[0]] if steps[0] in metadata else []
    for key in (*exact, *(key for key in metadata if _plain(key) == wanted)):
        below = _path(metadata[key], steps[1:])
        if below is not None:
            return (key, *below)
    return None


@remembered(1 << 15)  # each key is compared with those of each of two dozen settings
def _plain(key: str) -> str:
    return re.sub(r"[-_ ]", "", key).lower()


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "keys.toml").read_text("utf-8"))
