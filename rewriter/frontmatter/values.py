"""The values that a change may hold, how two are compared, and ranges of text that change."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from rewriter.errors import FrontMatterError

# A replacement: the range `start:end` of a text, and its new text.
Edit = tuple[int, int, str]
LINE_END = re.compile("\r\n|\n|\r")


class Unsupported(Exception):
    """Front matter that is not understood; `at` is an offset into the text of the block."""

    def __init__(self, reason: str, at: int = 0) -> None:
        super().__init__(reason, at)
        self.reason = reason
        self.at = at


def splice(text: str, edits: list[Edit]) -> str:
    """`text` with each range `start:end` replaced; ranges may touch.

    Raises `Unsupported` where ranges overlap.
    """
    parts: list[str] = []
    done = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        if start < done:
            raise Unsupported("the changes overlap", start)
        parts += (text[done:start], new)
        done = end
    return "".join(parts) + text[done:]


def end_of_line(text: str, at: int) -> int:
    """The offset after the end of the line that has the offset `at`."""
    found = LINE_END.search(text, at)
    return found.end() if found else len(text)


def start_of_line(text: str, at: int) -> int:
    """The offset of the beginning of the line that has the offset `at`."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


Changes = dict[str, Any]  # the result of `checked`


class PlainMoment(str):
    """A date or time that is written without quotes, so that readers of YAML take it for one."""

    __slots__ = ()


def checked(changes: Mapping[str, object]) -> Changes:
    """Changes as text, numbers, booleans, None, lists, and dicts with text for keys.

    Dates and times become ISO text. Raises `FrontMatterError` for other types of value.
    """
    for key in changes:
        if not isinstance(key, str):
            raise FrontMatterError(f"a key must be text, not {key!r}")
    return {_value(key): _value(value) for key, value in changes.items()}


def _value(value: object) -> Any:
    if isinstance(value, str):
        if _is_unicode(value):
            return value
        raise FrontMatterError("a key or value holds half a surrogate pair, which is not text")
    if isinstance(value, float) and not math.isfinite(value):
        raise FrontMatterError(f"front matter cannot hold the number {value}")
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return checked(value)
    if isinstance(value, date):
        return moment(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_value(item) for item in value]
    raise FrontMatterError(f"front matter cannot hold a value of type {type(value).__name__}")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def moment(value: date) -> str:
    """A date, or a time in UTC with milliseconds and `Z` (a naive time is taken for UTC).

    >>> moment(datetime(2026, 1, 26, 15, 26, 39, 47000, tzinfo=UTC))
    '2026-01-26T15:26:39.047Z'
    """
    if not isinstance(value, datetime):
        return value.isoformat()
    aware = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def refuse_replacing(key: str, old: object, new: object, at: int) -> None:
    """Raise `Unsupported` where one of the values is not single: only these replace each other."""
    if isinstance(old, dict | list):
        kind = "list" if isinstance(old, list) else "mapping"
        raise Unsupported(f"'{key}' holds a {kind}, which is not replaced", at)
    if old is not None and isinstance(new, dict | list):
        raise Unsupported(f"'{key}' holds a single value, which is not replaced by several", at)


def same(one: object, other: object) -> bool:
    """Equality at every depth; `1`, `1.0` and `True` differ, and NaN is the same as NaN."""
    if isinstance(one, str) and isinstance(other, str):
        return str(one) == str(other)
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return one == other


def verify(before: Changes, after: Changes, changes: Changes) -> None:
    """Raise `Unsupported` where the values `after` lack a change, or another key differs."""
    if not holds(timeless(after), changes):
        raise Unsupported("the change would not read back as it was meant")
    refuse_altered(before, after, changes)


def refuse_altered(before: Changes, after: Changes, changes: Changes) -> None:
    """Raise `Unsupported` where a key differs that `changes` does not name."""
    if not same(others(before, changes), others(after, changes)):
        raise Unsupported("the change would alter other keys")


def holds(values: object, changes: Changes) -> bool:
    """Whether a mapping has every change, nested ones merged."""
    if not isinstance(values, dict) or not changes.keys() <= values.keys():
        return False
    return all(
        holds(values[key], change) if isinstance(change, dict) else same(values[key], change)
        for key, change in changes.items()
    )


def others(values: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """The keys of a mapping that `changes` does not name; inner mappings left empty are omitted."""
    left: dict[str, Any] = {}
    for key, value in values.items():
        if key not in changes:
            left[key] = value
        elif isinstance(change := changes[key], dict) and isinstance(value, dict):
            left |= {key: inner} if (inner := others(value, change)) else {}
    return left


def timeless(value: object) -> object:
    """A value with the dates and times of TOML as text, to hold against what was asked for."""
    if isinstance(value, dict):
        return {key: timeless(item) for key, item in value.items()}
    if isinstance(value, list):
        return [timeless(item) for item in value]
    if isinstance(value, date):
        return moment(value)
    return value.isoformat() if isinstance(value, time) else value
