"""Text that was packed once more before it was put into JSON: base64, escaped line ends, JSONP."""

from __future__ import annotations

import base64
import binascii
import re

_DATA_URI = re.compile(r"data:text/[\w.+-]{1,40}(?:;charset=[\w-]{1,20})?;base64,", re.IGNORECASE)
# A shorter text, or one of a single line that reads like this, may be a word.
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/_-]{4}\s{0,2}){15,}[A-Za-z0-9+/_-]{0,4}={0,2}\s{0,9}")
# In "C:\\news" a small letter follows.
_ESCAPED_LINE = re.compile(r"(?:\\r)?\\n(?![a-z])")
_LEAST_LINES = 2
# What servers put before JSON: a call around it, or a guard against being run as a script.
_GUARD = re.compile(r"\s*(?:\)\]\}',?|for\s?\(;;\);|while\s?\(1\);)\s*(?=[\[{])")
_CALL = re.compile(r"\s*(?:/\*.{0,20}?\*/)?[A-Za-z_$][\w$.]{0,80}\(\s*(?=[\[{])")
_CALL_END = re.compile(r"\)\s*;?\s*\Z")


def unpacked(text: str) -> str:
    """The text of a body that came as base64 or with its line ends escaped; others as they are."""
    if (plain := _from_base64(text)) is not None:
        return plain
    if "\n" not in text and len(_ESCAPED_LINE.findall(text)) >= _LEAST_LINES:
        return _ESCAPED_LINE.sub("\n", text).replace('\\"', '"')
    return text


def _from_base64(text: str) -> str | None:
    packed = _DATA_URI.sub("", text, count=1)
    if not _BASE64.fullmatch(packed):
        return None
    letters = "".join(packed.split()).translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        plain = base64.b64decode(letters + "=" * (-len(letters) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return plain if " " in plain else None


def without_call(text: str) -> str:
    """JSON without the call or the guard that a server put around it."""
    if call := _CALL.match(text):
        end = _CALL_END.search(text)
        return text[call.end() : end.start()] if end else text
    guard = _GUARD.match(text)
    return text[guard.end() :] if guard else text
