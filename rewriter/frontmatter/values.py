"""The values that a change may bring, and when two of them are the same."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TypeGuard

from rewriter.errors import FrontMatterError


def checked(value: object) -> object:
    """A change as text, numbers, booleans, None, lists and mappings with text for keys.

    Dates and times become ISO text. Raises FrontMatterError for what no front matter can hold.
    """
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise FrontMatterError(f"a key must be text, not {key!r}")
        return {str(checked(key)): checked(item) for key, item in value.items()}
    if is_list(value):
        return [checked(item) for item in value]
    if isinstance(value, date):
        return moment(value)
    if isinstance(value, str) and not _is_unicode(value):
        raise FrontMatterError("a key or value holds half a surrogate pair, which is not text")
    if isinstance(value, float) and not math.isfinite(value):
        raise FrontMatterError(f"front matter cannot hold the number {value}")
    if value is None or isinstance(value, str | bool | int | float):
        return value
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


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Whether a value is written as a list."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def same(one: object, other: object) -> bool:
    """Equality that tells `1`, `1.0` and `True` apart, at every depth."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if is_list(one) and is_list(other):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def holds(values: object, changes: Mapping[str, object]) -> bool:
    """Whether a mapping has every change, nested ones merged."""
    if not isinstance(values, Mapping) or not changes.keys() <= values.keys():
        return False
    return all(
        holds(values[key], change)
        if isinstance(change, Mapping) and change
        else same(values[key], change)
        for key, change in changes.items()
    )


def others(values: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """What a mapping holds beside the changes; a mapping of which nothing is left is left out."""
    left: dict[str, object] = {}
    for key, value in values.items():
        if key not in changes:
            left[key] = value
        elif isinstance(change := changes[key], Mapping) and isinstance(value, Mapping):
            left |= {key: inner} if (inner := others(value, change)) else {}
    return left
