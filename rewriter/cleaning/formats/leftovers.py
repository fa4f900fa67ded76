"""HTML left in plain text and Markdown: character references, line breaks, inline tags."""

from __future__ import annotations

import html
import re

from rewriter.cleaning.decode import mend

_REFERENCE = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_BR = r"<br\s{0,3}/?>"
# A tag that stands alone between spaces is mentioned, one that touches the text is used.
_BREAK = re.compile(
    rf"(?:^|(?<=[.!?…:\"”’»)])\s?|(?<=[\w>;])){_BR}|{_BR}(?=[\w<&\"“„«]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_PAIR = re.compile(
    r"<(?P<tag>a|b|div|em|font|h[1-6]|i|p|span|strong|u)(?:\s[^<>]{0,500})?>"
    r"(?P<text>(?=\S)[^<>]{1,2000}(?<=\S))</(?P=tag)>",
    re.IGNORECASE,
)
_BLOCKS = re.compile(r"div|h[1-6]|p", re.IGNORECASE)
# Pairs inside pairs: a link in emphasis in a paragraph.
_DEPTH = 3


def without_html(text: str) -> str:
    """`text` with references as characters, `<br>` as line ends, and without pairs of tags."""
    for _ in range(_DEPTH):
        text = _PAIR.sub(_content, text)
    text = _BREAK.sub("\n", text)
    return mend(_REFERENCE.sub(_character, text)) if _REFERENCE.search(text) else text


def _content(pair: re.Match[str]) -> str:
    return f"\n{pair['text']}\n" if _BLOCKS.fullmatch(pair["tag"]) else pair["text"]


def _character(reference: re.Match[str]) -> str:
    return html.unescape(reference[0])
