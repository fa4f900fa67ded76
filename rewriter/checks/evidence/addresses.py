"""The addresses of a text: URLs, domains, e-mail, phone numbers, accounts, hashtags and handles.

Every pattern is bounded, so that text without white space is read in linear time.
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from rewriter.checks.evidence.accounts import accounts_in
from rewriter.checks.evidence.domains import (
    DOTS,
    addresses_in,
    host_of,
    is_deceptive,
    is_disguised,
    spelled_plainly,
)
from rewriter.checks.evidence.phones import phones_in
from rewriter.checks.evidence.spoken import spoken_phones_in

_AT = r"\s?[\[({]\s?(?:@|at|ät|arroba|chez|собака)\s?[\])}]\s?"
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
    rf"|(?<![\w.+-])[\w.+-]{{1,64}}{_AT}[\w-]{{1,63}}",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![A-Za-zÀ-ӿ\d_&/])(?:#[^\W\d]\w{1,50}|@\w[\w.-]{1,50})|(?<![A-Za-z\d_#-])[A-Za-z]\w{1,31}#\d{4}(?!\d)"
    r"|(?<![A-Za-z\d_./@#-])[A-Za-z\d]{1,40}(?:_[A-Za-z\d]{1,40}){1,6}(?![A-Za-z\d_(])"
)
# One set of signs first, since `re` skips to the next one quickly.
_HINTS = re.compile(
    r"[@#+_:w\d.\[({<D-](?:(?<=[@#+_])|(?<=:)[^\s\d]|(?<=w)ww|(?<=\d)(?:\d\d|\d[ ./-]\d\d)|(?<=0)x"
    r"|(?<=\.)[^\W\d_]{2}|(?<= \.) ?\w|(?<=[\[({<])\s?[.·@aAdD]|(?<=-)dot|(?<=D)OT)"
)
_DOTS_HINT = re.compile(f" (?:{DOTS}) ")
_LONG_HINT = re.compile(r"\b\w{24}|[A-Za-z\d]{24}")
_LONG = 24
_HANDLE_HINT = re.compile("[#@_]")
_EMAIL_HINT = re.compile(r"@|[\[({]\s?[aAäÄc]")
# Signs that are read as a point, an "@" or a letter of the Latin script, one for one.
_ALIKE = str.maketrans(
    {"．": ".", "｡": ".", "․": ".", "＠": "@", "﹫": "@", "：": ":", "／": "/"}
    | {chr(0xFF01 + n): chr(0x21 + n) for n in range(94) if chr(0x21 + n).isalnum()}
)
_IDEOGRAPHIC_DOT = re.compile(r"(?<=[A-Za-z\d])。(?=[A-Za-z])")


class Link(NamedTuple):
    """An address in a text: its code, place and canonical form.

    `never` is True for what no article may have, whatever its source has.
    """

    code: str
    start: int
    end: int
    key: str
    never: bool = False


def links_in(text: str) -> list[Link]:
    """The addresses of a text; where two readings overlap, the first kind wins."""
    found: list[Link] = []
    if not text.isascii():
        text = _IDEOGRAPHIC_DOT.sub(".", text.translate(_ALIKE))
    spoken = [_link("G503", text, *span)._replace(never=True) for span in spoken_phones_in(text)]
    if not _has_hints(text):
        return spoken
    taken: list[tuple[int, int]] = []
    for link in chain(_all(text), spoken):
        if not lies_in(link.start, link.start + 1, taken):
            found.append(link)
            insort(taken, (link.start, link.end))
    return found


def _has_hints(text: str) -> bool:
    if _HINTS.search(text) or _DOTS_HINT.search(text):
        return True
    return max(map(len, text.split()), default=0) >= _LONG and bool(_LONG_HINT.search(text))


def known_keys(links: list[Link]) -> Iterator[str]:
    """What a source with these addresses bears out: each of them, and the host of each."""
    for link in links:
        yield link.key
        if link.code == "G501":
            yield host_of(link.key)


def _all(text: str) -> Iterator[Link]:
    if _EMAIL_HINT.search(text):
        for found in _EMAIL.finditer(text):
            yield _link("G502", text, *found.span())._replace(never="@" not in found[0])
    for start, end in addresses_in(text):
        link = _link("G501", text, start, end)
        written = text[link.start : link.end]
        yield link._replace(never=is_deceptive(written) or is_disguised(written))
    for start, end, certain in accounts_in(text):
        yield _link("G504", text, start, end)._replace(never=certain)
    yield from (_link("G503", text, *span)._replace(never=True) for span in phones_in(text))
    if _HANDLE_HINT.search(text):
        yield from (_link("G505", text, *found.span()) for found in _HANDLE.finditer(text))


def _link(code: str, text: str, start: int, end: int) -> Link:
    end = start + len(text[start:end].rstrip(".,;:!?'’…"))
    return Link(code, start, end, canonical(code, text[start:end]))


def lies_in(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a place is inside one of the spans, which are in order and do not overlap."""
    at = bisect_right(spans, (start, 1 << 62)) - 1
    return at >= 0 and end <= spans[at][1]


def canonical(code: str, text: str) -> str:
    """A form in which the same address is the same text."""
    text = text.casefold()
    if code == "G501":
        text = re.sub(r"^https?://", "", spelled_plainly(text))
        return text.removeprefix("www.").rstrip("/")
    return re.sub(r"[ ().-]", "", text) if code == "G503" else text
