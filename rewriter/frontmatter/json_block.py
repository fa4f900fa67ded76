"""Editing and reading a JSON object: only the text of the keys that change is replaced."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Collection
from typing import Any, NamedTuple

from frontmatter.default_handlers import JSONHandler

from rewriter.frontmatter.values import Changes, Edit, Unsupported, same, splice, verify

_CONSTANTS = frozenset(("NaN", "Infinity", "-Infinity"))
_MOST_DIGITS = sys.int_info.default_max_str_digits


class _Member(NamedTuple):
    """A pair of an object: its key, where the key begins, and the value's range."""

    key: str
    at: int
    start: int
    end: int


def edit(text: str, changes: Changes, newline: str) -> str:
    """The block with `changes` merged in. Raises `Unsupported` where other keys could change."""
    before = _pairs(text)
    start = skip(text, 0)
    edits = _merge(text, start, changes, newline)
    new = splice(text, edits)
    after = _pairs(new)
    verify(before, after, after, changes)
    return new


def remove(text: str, keys: Collection[str]) -> str:
    """The object without its own keys called `keys`. Raises `Unsupported` as `edit` does."""
    members = _members(text, skip(text, 0))
    kept = [member for member in members if member.key not in keys]
    edits: list[Edit] = []
    for place, member in enumerate(members):
        if member.key not in keys:
            continue
        later = [other for other in members[place + 1 :] if other in kept]
        if later:  # up to the next key that stays
            edits.append((member.at, members[place + 1].at, ""))
        else:  # from the last value that stays
            start = members[place - 1].end if place else member.at
            edits.append((start, member.end, ""))
    new = splice(text, edits)
    before = _pairs(text)
    if {key: held for key, held in before.items() if key.split("\0")[0] not in keys} != _pairs(new):
        raise Unsupported("removing a key would alter others")
    return new


def load(text: str) -> dict[str, Any]:
    """The values of the block; the last of duplicate keys wins. Raises `Unsupported`."""
    _pairs(text)  # refuses text that is nested too deep for the reader
    return dict(JSONHandler().load(text))


def new(changes: Changes, newline: str) -> str:
    """An object that holds `changes` alone, indented by two."""
    return _json(changes, "", "  ", newline) + newline


def _pairs(text: str) -> Changes:
    """The object as a mapping that keeps duplicate keys, each under its own name."""
    start = skip(text, 0)
    object_end(text, start)
    try:
        value = json.loads(text, object_pairs_hook=_numbered, parse_constant=_refused)
    except json.JSONDecodeError as error:
        raise Unsupported(f"not JSON: {error.msg}", error.pos) from None
    except ValueError:
        raise _no_number(text, start) from None
    if not isinstance(value, dict):
        raise Unsupported("the front matter is not a mapping of keys to values", start)
    return value


def _numbered(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values: dict[str, object] = {}
    for number, (key, value) in enumerate(pairs):
        values[key if key not in values else f"{key}\0{number}"] = value
    return values


def _refused(constant: str) -> object:
    raise ValueError(constant)


def _no_number(text: str, at: int) -> Unsupported:
    """The refusal of the first number that Python reads and JSON has not, or the other way round.

    Python reads NaN and Infinity. It reads no whole number of more than 4,300 digits.
    """
    token = token_at(text, at)
    while token[0] not in _CONSTANTS and not (len(token[0]) > _MOST_DIGITS and token[0][0] != '"'):
        token = token_at(text, token.end())
    if token[0] in _CONSTANTS:
        return Unsupported(f"{token[0]} is not a JSON number; write null", token.start())
    return Unsupported(f"a number of {len(token[0]):,} digits; write it as text", token.start())


def _members(text: str, start: int) -> list[_Member]:
    """The pairs of the object that begins at `start`."""
    members: list[_Member] = []
    at = start + 1
    while (key := token_at(text, at))[0] != "}":
        if key[0] == ",":
            at = key.end()
            continue
        value = skip(text, token_at(text, key.end()).end())
        at = object_end(text, value)
        members.append(_Member(json.loads(key[0]), key.start(), value, at))
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
    if isinstance(old, dict | list):
        kind = "list" if isinstance(old, list) else "mapping"
        raise Unsupported(f"'{member.key}' holds a {kind}, which is not replaced", member.start)
    if old is not None and isinstance(value, dict | list):
        raise Unsupported(
            f"'{member.key}' holds a single value, which is not replaced by several", member.start
        )
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


_BLANK = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
# As for YAML; Python's JSON reader recurses.
_MAX_DEPTH = 100


def object_end(text: str, start: int = 0) -> int:
    """The offset after the value that begins at `start`; raises Unsupported where it never ends."""
    depth, at = 0, start
    while True:
        token = token_at(text, at)
        if token.end() - token.start() == 1 and token[0] in "{}[]":
            depth += 1 if token[0] in "{[" else -1
            if depth > _MAX_DEPTH:
                raise Unsupported(f"nested over {_MAX_DEPTH} levels", token.start())
        at = token.end()
        if depth <= 0:
            return at


def token_at(text: str, at: int) -> re.Match[str]:
    """The token that follows `at` and any blanks; raises Unsupported where there is none."""
    token = _TOKEN.match(text, skip(text, at))
    if token is None:
        raise Unsupported("the JSON front matter is not closed or not JSON", min(at, len(text)))
    return token


def skip(text: str, at: int) -> int:
    """The offset after blanks and line ends."""
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at
