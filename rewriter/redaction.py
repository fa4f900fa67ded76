"""Removes this process's keys and passwords, by value, from what is printed, logged or stored.

A provider may repeat a key in an error, in an answer or in the name of its model. The values are
known from the settings and from each connection, so no pattern has to recognise them.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote

MARK = "[redacted key]"
# Users give servers without keys a word such as "none" or "not-needed", which articles also use.
_SHORTEST = 8
_LONG = 16
_HALF_A_PAIR = re.compile("[\\ud800-\\udfff]")
_secrets: set[str] = set()


def remember(secret: str | None) -> None:
    """Redact `secret` from now on; a short word without a digit is no key."""
    secret = (secret or "").strip()
    has_digit = any(map(str.isdigit, secret))
    if len(secret) >= _LONG or (has_digit and len(secret) >= _SHORTEST):
        _secrets.update((secret, quote(secret, safe="")))
        _pattern.cache_clear()


def redacted(text: str) -> str:
    """`text` with `MARK` instead of each remembered secret."""
    pattern = _pattern()
    return pattern.sub(MARK, text) if pattern else text


def received(text: str) -> str:
    """Text of a provider: without keys, and without halves of surrogate pairs.

    JSON can hold a half (`"\\ud83d"`), and nothing can store one.
    """
    return redacted(_HALF_A_PAIR.sub("", text))


@cache
def _pattern() -> re.Pattern[str] | None:
    longest_first = sorted(_secrets, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
