"""Removes this process's keys and passwords, by value, from what is printed, logged or stored.

A provider may repeat a key in an error, in an answer or in the name of its model: whole or cut, in
other case, with escapes of URLs or of JSON, in base64, with unseen signs in it. The values are
known from the settings and from each connection, so no pattern has to recognise them.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache

MARK = "[redacted key]"
# Users give servers without keys a word such as "none" or "not-needed", which articles also use.
_SHORTEST = 8
_LONG = 16
# Of a key of this many characters each half is redacted, too, with what follows it.
_CUT = 24
_HALF_A_PAIR = re.compile("[\\ud800-\\udfff]")
# Signs without width may be in it.
_UNSEEN = "\\u00ad\\u200b-\\u200f\\u2060-\\u2064\\ufeff"
_FULL_WIDTH = 0xFEE0
# What a text has in which a key is not written with its own letters alone.
_ESCAPED = re.compile(f'%[0-9a-fA-F]{{2}}|\\\\(?:u00|[^\\w"\\s])|[{_UNSEEN}\\uff01-\\uff5e]')
_secrets: set[str] = set()


def remember(secret: str | None) -> None:
    """Redact `secret` from now on; a short word without a digit is no key."""
    secret = (secret or "").strip()
    has_digit = any(map(str.isdigit, secret))
    if len(secret) >= _LONG or (has_digit and len(secret) >= _SHORTEST):
        _secrets.add(secret)
        _patterns.cache_clear()


def redacted(text: str) -> str:
    """`text` with `MARK` instead of each remembered secret."""
    if not _secrets:
        return text
    plain, escaped = _patterns()
    if _ESCAPED.search(text):
        text = escaped.sub(MARK, text)
    return plain.sub(MARK, text)


def received(text: str) -> str:
    """Text of a provider: without keys, and without halves of surrogate pairs.

    JSON can hold a half (`"\\ud83d"`), and nothing can store one.
    """
    return redacted(_HALF_A_PAIR.sub("", text))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds the secrets by their own letters, and what finds them with escapes."""
    longest_first = sorted(_secrets, key=len, reverse=True)
    plain = "|".join(form for secret in longest_first for form in _plain_forms(secret))
    escaped = "|".join(f"[{_UNSEEN}]*".join(map(_letter, secret)) for secret in longest_first)
    return re.compile(plain, re.IGNORECASE), re.compile(escaped, re.IGNORECASE)


def _plain_forms(secret: str) -> list[str]:
    """Patterns for a secret: whole, in base64, and each half."""
    forms = [secret, b64encode(secret.encode()).decode().rstrip("=")]
    middle = len(secret) // 2
    halves = (secret[:middle], secret[middle:]) if len(secret) >= _CUT else ()
    rest = r"[\w.+/=%-]*"
    return [*map(re.escape, forms), *(re.escape(half) + rest for half in halves)]


def _letter(character: str) -> str:
    """A pattern for a character as it is, with full width, and escaped for a URL or in JSON."""
    code = ord(character)
    plain = re.escape(character)
    if not 0x21 <= code <= 0x7E:
        return plain
    wide = chr(code + _FULL_WIDTH)
    return rf"(?:{plain}|{wide}|%(?:25)?{code:02x}|(?<!\\)\\++(?:u00{code:02x}|{plain}))"
