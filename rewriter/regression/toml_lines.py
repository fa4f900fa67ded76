"""Reads a TOML file into a form; each mistake is reported with its line, in our words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from rewriter.article import Value
from rewriter.errors import ConfigurationError
from rewriter.escaping import several
from rewriter.validation import NotTomlError, refusals, toml

V = TypeVar("V", bound=Value)

_TABLE = re.compile(r"\s*\[{1,2}\s*([\w.\"' -]+?)\s*\]")
_KEY = re.compile(r"\s*([\w\"'-]+)\s*(?:\.[\w\"'. -]+)?=")
_TEXT_LIMIT = re.compile(r"\"\"\"|'''")
# A part of a list: a text, a mark, or the beginning of another value. Comments are passed over.
_PART = re.compile(
    r"""(?:\s|\#[^\n]*)*
    (?P<part> "{3}(?:\\.|[^\\])*?"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\])*" | '[^']*'
    | [][{},] | [^][{},\s\#"']+ )""",
    re.DOTALL | re.VERBOSE,
)


def read(path: Path, form: type[V]) -> V:
    """The file at `path` as a `form`.

    Raises `ConfigurationError` with every mistake on a line of its own, with file and line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot read it: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: the file is UTF-8, this one is not") from error
    try:
        return form.model_validate(toml(text), context={"file": path})
    except NotTomlError as error:
        raise ConfigurationError(f"{path}:{error.line}: not valid TOML: {error.reason}") from error
    except ValidationError as error:
        places = (wrong["loc"] for wrong in error.errors())
        pairs = zip(places, refusals(error, form), strict=True)
        found = sorted((line_of(text, at), key, why) for at, (key, why) in pairs)
        problems = [f"{path}:{line}: {key}: {why}" for line, key, why in found]
        raise ConfigurationError(several(problems)) from error


def line_of(text: str, place: Sequence[int | str]) -> int:
    """The line of what is at `place`, or of the deepest table on the way to it, or 1."""
    lines = dict(_keys(text))
    known = next((n for n in range(len(place), 0, -1) if tuple(place[:n]) in lines), 0)
    line = lines.get(tuple(place[:known]), 1)
    item = place[known] if 0 < known < len(place) else None
    return _item_line(text, line, item) if isinstance(item, int) else line


def _item_line(text: str, first: int, number: int) -> int:
    """The line of the item `number` of the list whose key is in the line `first`."""
    start = sum(map(len, text.splitlines(keepends=True)[: first - 1]))
    depth = count = 0
    for part in _PART.finditer(text, text.index("=", start) + 1):
        mark = part["part"]
        if depth == 1 and count == number and mark not in "],":
            return text.count("\n", 0, part.start("part")) + 1
        depth += (mark in "[{") - (mark in "]}")
        count += mark == "," and depth == 1
        if depth == 0:
            break
    return first


def _keys(text: str) -> list[tuple[tuple[Any, ...], int]]:
    """The places of all tables and keys, with their lines from 1."""
    found: list[tuple[tuple[Any, ...], int]] = []
    table: tuple[Any, ...] = ()
    counts: dict[tuple[Any, ...], int] = {}
    inside = False  # a text of several lines
    for number, line in enumerate(text.splitlines(), 1):
        if not inside and (header := _TABLE.match(line)):
            table = _path(header[1], counts, is_list=line.lstrip().startswith("[["))
            found.append((table, number))
        elif not inside and (key := _KEY.match(line)):
            found.append(((*table, key[1].strip("\"'")), number))
        inside ^= len(_TEXT_LIMIT.findall(line)) % 2 == 1
    return found


def _path(name: str, counts: dict[tuple[Any, ...], int], *, is_list: bool) -> tuple[Any, ...]:
    """The place of a table; a part that is a list is followed by the number of its last entry."""
    place: tuple[Any, ...] = ()
    parts = [part.strip(" \"'") for part in name.split(".")]
    for part in parts[:-1]:
        place += (part,)
        if place in counts:
            place += (counts[place],)
    place += (parts[-1],)
    if is_list:
        counts[place] = counts.get(place, -1) + 1
        place += (counts[place],)
    return place
