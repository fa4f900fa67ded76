"""How long a provider asks to wait, in its headers, in the error's body or in its words."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime

# A longer Retry-After is cut to this.
MOST_SECONDS = 3_600.0
_KEYS = frozenset({"retrydelay", "retryafter", "retryafterseconds", "retryin", "retryinseconds"})
_KEYS_MS = frozenset({"retryafterms", "retrydelayms"})
_IN_WORDS = re.compile(
    r"(?:(?:try again|retry|wait)\D{0,20}?|retry[ _-]?after\W{0,3})"
    r"((?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|hours?|h|minutes?|mins?|m|seconds?|secs?|s)\b\s*)+"
    r"|\d+(?:\.\d+)?(?:ms|h|m|s)(?:\d+(?:\.\d+)?(?:ms|m|s))*)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|mill|h|m|s|)", re.IGNORECASE)
_UNITS = {"ms": 0.001, "mill": 0.001, "h": 3600.0, "m": 60.0, "s": 1.0, "": 1.0}
_MOST_LEVELS = 8


def pause_of(headers: Mapping[str, str], body: object, message: str) -> float | None:
    """Seconds to wait, at most `MOST_SECONDS`; None where the provider names no pause."""
    pauses = (_in_headers(headers), *_in_body(body), _in_words(message))
    pause = next((pause for pause in pauses if pause is not None), None)
    return None if pause is None else min(pause, MOST_SECONDS)


def _in_headers(headers: Mapping[str, str]) -> float | None:
    """From `retry-after-ms` or `retry-after` (seconds or an HTTP date).

    RFC 9110, section 10.2.3; `retry-after-ms` is Azure's. A past date is 0, what cannot be read
    None.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None or value is None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _in_body(part: object, level: int = 0) -> Iterator[float | None]:
    """From a key such as `retryDelay` (Google: "36s") or `retry_after`, at any depth."""
    if level > _MOST_LEVELS:
        return
    if isinstance(part, dict):
        for key, value in part.items():
            name = re.sub(r"[^a-z]", "", str(key).lower())
            if name in _KEYS | _KEYS_MS:
                pause = _amounts(str(value))
                yield pause / 1000 if pause is not None and name in _KEYS_MS else pause
            else:
                yield from _in_body(value, level + 1)
    elif isinstance(part, list):
        for value in part[:20]:
            yield from _in_body(value, level + 1)


def _in_words(message: str) -> float | None:
    """From words such as "Please try again in 1m12.5s" or "retry after 20 seconds"."""
    found = _IN_WORDS.search(message)
    return _amounts(found[1]) if found else None


def _amounts(text: str) -> float | None:
    """The sum of amounts of time, each with its unit or in seconds."""
    found = _AMOUNT.findall(text[:60])
    return sum(float(number) * _UNITS[unit.lower()] for number, unit in found) if found else None


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
