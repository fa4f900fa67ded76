"""HTML inside of plain text, Markdown and the fields of items, read as HTML.

Tags that the text uses are read, so that hidden text inside of them is none; tags that the text
speaks of stay ("The <br> tag breaks a line"), and so does code.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from rewriter.cleaning.decode import mend
from rewriter.cleaning.formats.tree import parse, seen_part, visible_blocks
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason
from rewriter.errors import SourceError

_REFERENCE = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_BR = r"<br\s{0,3}/?>"
# A tag that stands alone between spaces is mentioned, one that touches the text is used.
_BREAK = re.compile(
    rf"(?:^|(?<=[.!?…:\"”’»)])\s?|(?<=[\w>;])){_BR}|{_BR}(?=[\w<&\"“„«]|$)",
    re.IGNORECASE | re.MULTILINE,
)
# Attributes that cannot hide the text inside.
_PLAIN_ATTRIBUTES = (
    r"(?:\s+(?:href|target|rel|title|lang|dir)="
    r"(?:\"[^\"<>]{0,500}\"|'[^'<>]{0,500}'|[^\s\"'<>]{1,500})){0,9}"
)
_PAIR = re.compile(
    rf"<(?P<tag>a|b|div|em|i|p|span|strong|u){_PLAIN_ATTRIBUTES}\s?>"
    r"(?P<text>(?=\S)[^<>]{1,2000}(?<=\S))</(?P=tag)>",
    re.IGNORECASE,
)
# Pairs inside pairs: a link in emphasis in a paragraph.
_DEPTH = 3
_CODE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<tick>`{1,2})(?!`)[^\n`]{1,300}(?P=tick)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_HELD, _HOLDS = "\ue000", re.compile("\ue000(\\d+)\ue001")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_INLINE = frozenset([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font",
    "i", "ins", "kbd", "label", "map", "mark", "math", "q", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "svg", "time", "tt", "u", "var",
])  # fmt: skip
_BLOCK = frozenset([
    "address", "article", "aside", "audio", "blockquote", "button", "canvas", "center", "datalist",
    "details", "dialog", "div", "dl", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "iframe", "li", "main", "nav", "noembed", "noframes",
    "noscript", "object", "ol", "p", "pre", "script", "section", "select", "style", "summary",
    "table", "template", "textarea", "title", "ul", "video",
])  # fmt: skip
_TAG = re.compile(
    r"<(?P<closes>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,11})(?P<given>[\s/][^<>]{0,5000})?>"
)
# More elements than in any article are read at once.
_MOST_REGIONS = 2_000
# A longer text is refused as no article, with its markup or without.
_MOST_CHARACTERS = 2_000_000
_VOID = re.compile(
    r"<(?:area|base|col|embed|hr|img|input|link|meta|source|track|wbr)\s[^<>]{0,5000}>",
    re.IGNORECASE,
)
_STYLE = re.compile(r"<style\b[^<>]{0,200}>.*?</style\s*>", re.DOTALL | re.IGNORECASE)
# A line end that divides paragraphs or Markdown's lines; other line ends wrap a paragraph.
_LINE = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:#{1,6} |[-*+>] |\d{1,3}[.)] ))")


class Read(NamedTuple):
    """The text without its HTML, and what was cut out of it."""

    text: str
    taken: tuple[Block, ...] = ()


class _Region(NamedTuple):
    start: int
    end: int
    inline: bool


def without_html(text: str) -> Read:
    """`text` with its tags read, references as characters and `<br>` as line ends."""
    if "<" not in text or len(text) > _MOST_CHARACTERS:
        return Read(_unescaped(text))
    codes: list[str] = []
    text = text.replace(_HELD, "")
    text = _CODE.sub(lambda code: _hold(code[0], codes), text)
    if not _STYLE.search(text):  # which may speak of any tag
        for _ in range(_DEPTH):
            text = _PAIR.sub(_content, text)
    text, taken = _without_regions(text)
    text = _unescaped(_BREAK.sub("\n", text))
    return Read(_HOLDS.sub(lambda held: codes[int(held[1])], text), taken)


def _hold(code: str, codes: list[str]) -> str:
    codes.append(code)
    return f"{_HELD}{len(codes) - 1}\ue001"


def _content(pair: re.Match[str]) -> str:
    return f"\n{pair['text']}\n" if pair["tag"].lower() in _BLOCK else pair["text"]


def _unescaped(text: str) -> str:
    if not _REFERENCE.search(text):
        return text
    return mend(_REFERENCE.sub(lambda reference: html.unescape(reference[0]), text))


# --- regions: an element with all that is in it ------------------------------------------------


def _without_regions(text: str) -> Read:
    taken = [Block(found[0], reason=Reason.HIDDEN) for found in _COMMENT.finditer(text)]
    text = _COMMENT.sub("", text)
    css = "".join(_STYLE.findall(text))
    pieces: list[str] = []
    at = 0
    for start, end, inline in _regions(text):
        read = _region(css, text[start:end], inline=inline)
        pieces += [_VOID.sub("", text[at:start]), read.text]
        taken += read.taken
        at = end
    pieces.append(_VOID.sub("", text[at:]))
    return Read("".join(pieces), tuple(taken))


def _regions(text: str) -> list[_Region]:
    """The outermost elements that the text uses."""
    openings: list[tuple[re.Match[str], int | None]] = []
    waiting: dict[str, list[int]] = {}
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        # Components of MDX have a capital letter.
        if name not in _INLINE | _BLOCK or tag["name"][0].isupper() != tag["name"].isupper():
            continue
        if not tag["closes"]:
            waiting.setdefault(name, []).append(len(openings))
            openings.append((tag, None))
        elif waiting.get(name):
            number = waiting[name].pop()
            openings[number] = (openings[number][0], tag.end())
    found: list[_Region] = []
    for opening, end in openings:
        region = _used(text, opening, end)
        if region is not None and (not found or region.start >= found[-1].end):
            found.append(region)
    if len(found) > _MOST_REGIONS:
        return [_Region(found[0].start, found[-1].end, inline=False)]
    return found


def _used(text: str, opening: re.Match[str], end: int | None) -> _Region | None:
    """The region of an element; None for a tag that is mentioned."""
    inline = opening["name"].lower() in _INLINE
    if end is not None:
        inside = text[opening.end() : end].rpartition("</")[0]
        spoken_of = inline and not opening["given"] and inside[:1] == " " == inside[-1:]
        return None if spoken_of else _Region(opening.start(), end, inline)
    if not opening["given"]:
        return None
    # Nothing closes it: a paragraph of HTML ends with the paragraph.
    below = text.find("\n\n", opening.end())
    return _Region(opening.start(), len(text) if below < 0 else below, inline)


def _region(css: str, region: str, *, inline: bool) -> Read:
    divided = region if inline else _LINE.sub("<br>", region)
    try:
        tree, taken, _ = seen_part(parse(f"<div>{css}{divided}</div>"))
    except SourceError:
        return Read("", (Block(region, reason=Reason.HIDDEN),))
    lines = [block.render() for block in visible_blocks(tree)]
    return Read(" ".join(lines) if inline else "\n\n".join(["", *lines, ""]), tuple(taken))
