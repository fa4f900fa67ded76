"""Editing and reading a JSON object: only the text of the keys that change is replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any, NamedTuple

from frontmatter.default_handlers import JSONHandler

from rewriter.frontmatter.values import Changes, Edit, Unsupported, refuse_replacing, same

# As for YAML; Python's JSON reader recurses.
_MAX_DEPTH = 100
_BLANK = re.compile(r"[ \t\r\n]*")
_BRACKET = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"|[{}\[\]]')


class _Member(NamedTuple):
    """A pair of an object: its key, where the key begins, and the value's range."""

    key: str
    at: int
    start: int
    end: int


def edits(text: str, changes: Changes, newline: str) -> list[Edit]:
    """The replacements that merge `changes` in. Raises `Unsupported` for what is not understood."""
    return _merge(text, skip(text, 0), changes, newline)


def removals(text: str, keys: Collection[str]) -> list[Edit]:
    """The ranges of the members called `keys`, each with one comma."""
    members = _members(text, skip(text, 0))
    ranges: list[Edit] = []
    for place, member in enumerate(members):
        if member.key not in keys:
            continue
        if any(later.key not in keys for later in members[place + 1 :]):
            ranges.append((member.at, members[place + 1].at, ""))  # up to the next one
        else:  # from the last value that stays
            start = members[place - 1].end if place else member.at
            ranges.append((start, member.end, ""))
    return ranges


def load(text: str) -> dict[str, Any]:
    """The values of the block; the last of duplicate keys wins. Raises `Unsupported`."""

    def refused(constant: str) -> object:
        raise _no_number(text, constant, f"{constant} is not a JSON number; write null")

    def whole(written: str) -> int:
        try:
            return int(written)
        except ValueError:  # Python reads no number of more than 4,300 digits
            reason = f"a number of {len(written):,} digits; write it as text"
            raise _no_number(text, written, reason) from None

    start = skip(text, 0)
    object_end(text, start)  # refuses text that is nested too deep for the reader
    try:
        value = JSONHandler().load(text, parse_constant=refused, parse_int=whole)
    except json.JSONDecodeError as error:
        raise Unsupported(f"not JSON: {error.msg}", error.pos) from None
    if not isinstance(value, dict):
        raise Unsupported("the front matter is not a mapping of keys to values", start)
    return value


def _no_number(text: str, written: str, reason: str) -> Unsupported:
    place = re.search(rf'(?<![\w"]){re.escape(written)}(?![\w"])', text)
    return Unsupported(reason, place.start() if place else 0)


def new(changes: Changes, newline: str) -> str:
    """An object that holds `changes` alone, indented by two."""
    return _json(changes, "", "  ", newline) + newline


def _members(text: str, start: int) -> list[_Member]:
    """The pairs of the object that begins at `start`, of text that is known to be JSON."""
    read = json.JSONDecoder().raw_decode
    members: list[_Member] = []
    at = skip(text, start + 1)
    while text[at] != "}":
        key, end = read(text, at)
        value = skip(text, skip(text, end) + 1)
        _, end = read(text, value)
        members.append(_Member(key, at, value, end))
        at = skip(text, end)
        if text[at] == ",":
            at = skip(text, at + 1)
    return members


def _merge(text: str, start: int, changes: Changes, newline: str) -> list[Edit]:
    """The replacements within the object that begins at `start`."""
    members = _members(text, start)
    indent = _indent(text, members[0].at) if members else None
    unit = _unit(text, start, indent)
    edits: list[Edit] = []
    missing: dict[str, object] = {}
    for key, value in changes.items():
        found = [member for member in members if member.key == key]
        if len(found) > 1:
            raise Unsupported(f"the key '{key}' occurs twice", found[1].at)
        if not found:
            missing[key] = value
        elif isinstance(value, dict) and text[found[0].start] == "{":
            edits += _merge(text, found[0].start, value, newline)
        else:
            edits += _replace(text, found[0], value, _json(value, indent, unit, newline))
    return [*edits, _add(start, members, missing, indent, unit, newline)] if missing else edits


def _replace(text: str, member: _Member, value: object, written: str) -> list[Edit]:
    """Put a value in the place of another single one."""
    old = json.loads(text[member.start : member.end])
    if same(old, value):
        return []
    refuse_replacing(member.key, old, value, member.start)
    return [(member.start, member.end, written)]


def _add(
    start: int,
    members: list[_Member],
    missing: Changes,
    indent: str | None,
    unit: str,
    newline: str,
) -> Edit:
    """Put missing keys after the last one, or into the empty braces."""
    pairs = [
        f"{json.dumps(key, ensure_ascii=False)}: {_json(value, indent, unit, newline)}"
        for key, value in missing.items()
    ]
    gap = ", " if indent is None else f",{newline}{indent}"
    at = members[-1].end if members else start + 1
    return at, at, (gap if members else "") + gap.join(pairs)


def _indent(text: str, at: int) -> str | None:
    """The blanks before `at` where it is the first on its line, or None."""
    line = re.split("[\r\n]", text[:at])
    return line[-1] if len(line) > 1 and not line[-1].strip() else None


def _unit(text: str, start: int, indent: str | None) -> str:
    """By how much an object's keys are indented more than its own line."""
    line = re.split("[\r\n]", text[:start])[-1]
    outer = line[: len(line) - len(line.lstrip())]
    return (indent or "").removeprefix(outer) or "  "


def _json(value: object, indent: str | None, unit: str, newline: str) -> str:
    """A value on one line, or over several lines where its neighbours have lines of their own."""
    if indent is None:
        return json.dumps(value, ensure_ascii=False)
    text = json.dumps(value, ensure_ascii=False, indent=unit)
    return text.replace("\n", newline + indent)


def object_end(text: str, start: int = 0) -> int:
    """The offset after the value that begins at `start`; raises Unsupported where it never ends."""
    depth = 0
    for mark in _BRACKET.finditer(text, start):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(mark[0], 0)
        if depth > _MAX_DEPTH:
            raise Unsupported(f"nested over {_MAX_DEPTH} levels", mark.start())
        if depth <= 0:
            return mark.end()
    if depth:
        raise Unsupported("the JSON front matter is not closed or not JSON", start)
    return len(text)


def skip(text: str, at: int) -> int:
    """The offset after blanks and line ends."""
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at
