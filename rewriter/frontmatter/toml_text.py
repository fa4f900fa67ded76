"""TOML as text: the places of statements, and how keys and values are written."""

from __future__ import annotations

import json
import re
import tomllib
from typing import NamedTuple

from rewriter.frontmatter.values import PlainMoment, Unsupported

_SPACE = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_KEY = re.compile(r"[A-Za-z0-9_-]+|\"(?:[^\"\\\r\n]|\\.)*\"|'[^'\r\n]*'")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
# A string of any of the four kinds, a bracket, a comma, or bare text up to what may end it.
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\r\n]|\\.)*"'
    r"|'[^'\r\n]*'"
    r"|[\[\]{},]"
    r"|[^\[\]{},#\"'\r\n]+",
    re.DOTALL,
)


class Assignment(NamedTuple):
    """A statement `key = value`.

    `path` is the key's from the root, `container` that of its table, `section` counts
    headers before it, `at` is where the key begins and `start:end` the value's range.
    """

    path: tuple[str, ...]
    container: tuple[str, ...]
    section: int
    at: int
    start: int
    end: int


class TomlTable(NamedTuple):
    """A header, `[path]` or `[[path]]`; `section` is what its pairs have."""

    path: tuple[str, ...]
    section: int
    at: int
    end: int
    is_array: bool


def statements(text: str) -> tuple[list[Assignment], list[TomlTable]]:
    """All pairs and headers of a block that is known to be TOML, in order."""
    pairs: list[Assignment] = []
    tables: list[TomlTable] = []
    at = _skip(text, 0)
    while at < len(text):
        if text[at] == "[":
            tables.append(_header(text, at, len(tables) + 1))
            at = tables[-1].end
        else:
            container = tables[-1].path if tables else ()
            pairs.append(_pair(text, at, container, len(tables)))
            at = pairs[-1].end
        at = _skip(text, at)
    return pairs, tables


def inline_pairs(text: str, start: int) -> list[Assignment]:
    """The pairs of the table in braces that begins at `start`; paths begin there."""
    pairs: list[Assignment] = []
    at = _skip(text, start + 1)
    while text[at] != "}":
        if text[at] == ",":
            at += 1
        else:
            pairs.append(_pair(text, at, (), 0))
            at = pairs[-1].end
        at = _skip(text, at)
    return pairs


def key_text(key: str) -> str:
    """A key, quoted where it must be."""
    return key if _BARE_KEY.fullmatch(key) else _string(key)


def value_text(value: object) -> str:
    """A value on one line. Raises `Unsupported` for None."""
    if isinstance(value, dict):
        inner = ", ".join(f"{key_text(key)} = {value_text(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(value_text, value)) + "]"
    if value is None:
        raise Unsupported("TOML has no null")
    if isinstance(value, PlainMoment):
        return str(value)
    return _string(value) if isinstance(value, str) else json.dumps(value)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _header(text: str, at: int, section: int) -> TomlTable:
    is_array = text.startswith("[[", at)
    width = 2 if is_array else 1
    path, end = _path(text, _skip(text, at + width))
    return TomlTable(path, section, at, text.index("]" * width, end) + width, is_array)


def _pair(text: str, at: int, container: tuple[str, ...], section: int) -> Assignment:
    path, end = _path(text, at)
    start = _end(_EQUALS, text, end)
    return Assignment((*container, *path), container, section, at, start, _value_end(text, start))


def _path(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """A dotted key and the offset after it."""
    parts: list[str] = []
    while True:
        end = _end(_KEY, text, at)
        part = text[at:end]
        parts.append(next(iter(tomllib.loads(f"{part} = 0"))) if part[0] in "\"'" else part)
        dot = _DOT.match(text, end)
        if dot is None:
            return tuple(parts), end
        at = dot.end()


def _value_end(text: str, start: int) -> int:
    """The offset after the value that begins at `start`, over as many lines as it takes."""
    depth, at = 0, start
    while True:
        end = _end(_TOKEN, text, at)
        if end - at == 1:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at + len(text[at:end].rstrip())
        at = _skip(text, end)


def _skip(text: str, at: int) -> int:
    """The offset after blanks, line ends and comments."""
    return _end(_SPACE, text, at)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    if found is None:
        raise Unsupported("TOML of a form that is not understood", at)
    return found.end()
