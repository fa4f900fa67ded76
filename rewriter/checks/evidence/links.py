"""The addresses of a text: URLs, e-mail, phone numbers, wallets, hashtags and handles.

Every pattern is bounded, so that text without white space is read in linear time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

_TOP_LEVEL = (
    "com|org|net|io|co|gov|edu|info|news|finance|xyz|app|dev|ai|eu|uk|de|fr|es|ru|cn|hk|br|pt|us|tv"
    "|me|gg|link|site"
)
_REST = r"[^\s<>\"“”«»)\]]{0,2000}"
_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
_PATTERNS = (
    ("G501", re.compile(rf"\b(?:https?://|www\.){_REST}", re.IGNORECASE)),
    ("G502", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
    (
        "G504",
        re.compile(
            r"\b(?:0x[0-9a-fA-F]{40}|(?:bc1|ltc1)[02-9ac-hj-np-z]{25,71}"
            rf"|[13]{_BASE58}{{25,34}}|T{_BASE58}{{33}})\b"
        ),
    ),
    (
        "G503",
        re.compile(
            r"(?<![\w.,$€£+-])"
            r"(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){1,4}"
            r"|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4})(?![\w,])"
        ),
    ),
    (
        "G501",
        re.compile(
            rf"(?<![\w@./-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{_TOP_LEVEL})(?:/{_REST})?(?![\w@-])",
            re.IGNORECASE,
        ),
    ),
    ("G505", re.compile(r"(?<![\w&/])[#@][^\W\d]\w{1,50}")),
)
_HINTS = re.compile(r"[@#+]|://|www\.|\d{3}|0x|\.[a-z]{2}", re.IGNORECASE)


class Link(NamedTuple):
    """An address in a text: its code, place and canonical form."""

    code: str
    start: int
    end: int
    key: str


def links_in(text: str) -> list[Link]:
    """The addresses of a text; where two readings overlap, the first kind wins."""
    found: list[Link] = []
    if not _HINTS.search(text):
        return found
    taken: list[tuple[int, int]] = []
    for code, pattern in _PATTERNS:
        inside = list(taken)
        for match in pattern.finditer(text):
            start, end = match.start(), match.start() + len(match.group().rstrip(".,;:!?'’"))
            if not _overlaps(start, inside):
                found.append(Link(code, start, end, canonical(code, text[start:end])))
                taken.append((start, end))
        taken.sort()
    return found


def _overlaps(start: int, taken: list[tuple[int, int]]) -> bool:
    return lies_in(start, start + 1, taken)


def lies_in(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a place is inside one of the spans, which are in order and do not overlap."""
    at = bisect_right(spans, (start, 1 << 62)) - 1
    return at >= 0 and end <= spans[at][1]


def canonical(code: str, text: str) -> str:
    """A form in which the same address is the same text."""
    text = text.casefold()
    if code == "G501":
        text = re.sub(r"^https?://", "", text)
        return text.removeprefix("www.").rstrip("/")
    return re.sub(r"[ ().-]", "", text) if code == "G503" else text
