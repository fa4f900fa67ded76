"""Markdown that was made of a page: links give way to their text, and images to nothing.

In an article that somebody wrote in Markdown a link is part of the text and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rewriter.article import count_words
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import key

_ADDRESS = r"\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}(?:\s+[\"'][^\n]{0,300}?[\"'])?\s?\)"
_IMAGE = re.compile(rf"!\[[^\[\]]{{0,500}}\]{_ADDRESS}")
_ALT = re.compile(r"!\[([^\[\]]*)\]")
# A shorter text of an image may be the name of what the article is about.
_CAPTION_WORDS = 6
_CAPTION_LINES = 4
_LINK = re.compile(
    rf"\[(?P<text>(?:[^\[\]]|\[[^\[\]]{{0,200}}\]){{0,1000}})\](?P<address>{_ADDRESS})"
)
# The start of a link whose text goes on in the next lines, and its end.
_LINK_START = re.compile(r"(?P<before>^|\s)\[(?=[^\[\]]*$)")
_LINK_END = re.compile(rf"(?<!\])\]{_ADDRESS}$")
# A teaser in a link has a headline, a picture, a few lines of text and a date.
_LINK_LINES = 8
_BOLD = re.compile(r"\*\*|__")
# Share of a line's text in links that makes it a line of links, and how many such lines a page has.
# The longest list of links seen below an article that was written in Markdown has seven.
_LINKED = 0.6
_PAGE_LINES = 8


def without_links(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with links and images taken off where they are a page's, otherwise as they are."""
    if sum("](" in block.text for block in blocks) < _PAGE_LINES:
        return tuple(blocks)
    spans = _spans(blocks)
    read = [
        list(_spanned(block, spans[i]) if i in spans else _unlinked(block))
        for i, block in enumerate(blocks)
    ]
    lines = sum(block.linked > _LINKED for pieces in read for block in pieces)
    if lines < _PAGE_LINES:
        return tuple(blocks)
    return tuple(_without_captions([block for pieces in read for block in pieces]))


def _without_captions(blocks: list[Block]) -> list[Block]:
    """The blocks, the caption below an image cut where it is the image's own text once more."""
    for i, block in enumerate(blocks):
        alt = _ALT.match(block.text) if block.reason is Reason.IMAGE else None
        if alt is None or count_words(alt[1]) < _CAPTION_WORDS:
            continue
        for n in range(i + 1, min(i + 1 + _CAPTION_LINES, len(blocks))):
            below = blocks[n]
            if below.kept and below.kind == "text" and key(below.text) == key(alt[1]):
                blocks[n] = below.cut(Reason.IMAGE)
    return blocks


def _spans(blocks: Sequence[Block]) -> dict[int, str]:
    """The blocks that a link of several lines, a teaser's, spans; the last with its address."""
    found: dict[int, str] = {}
    opened: int | None = None
    for i, block in enumerate(blocks):
        text = _LINK.sub("", _IMAGE.sub("", block.text)) if "[" in block.text else block.text
        if end := _LINK_END.search(text):
            if opened is not None and i - opened < _LINK_LINES:
                found |= dict.fromkeys(range(opened, i), "") | {i: end[0][1:]}
            opened = None
        if _LINK_START.search(text):
            opened = i
    return found


def _spanned(block: Block, address: str) -> Iterator[Block]:
    """The block without the bracket of the link that spans it, then the link's address."""
    text = _LINK_START.sub(r"\g<before>", block.text)
    text = text[: len(text) - len(address) - 1] if address else text
    for part in _unlinked(replace(block, text=text.strip())) if text.strip() else ():
        yield replace(part, linked=1.0) if part.kept else part
    if address:
        yield Block(address, reason=Reason.LINK)


def _unlinked(block: Block) -> Iterator[Block]:
    """The block without its links, then what was taken off as blocks that are cut."""
    if "](" not in block.text or not block.kept:
        yield block
        return
    images = _IMAGE.findall(block.text)
    text = _IMAGE.sub("", block.text)
    linked, addresses = 0, []
    for link in _LINK.finditer(text):
        linked += len(link["text"])
        addresses.append(link["address"])
    text = _BOLD.sub("", _LINK.sub(r"\g<text>", text)).strip()
    if text:
        yield replace(block, text=text, linked=min(linked / len(text), 1.0))
    yield from (Block(image, reason=Reason.IMAGE) for image in images)
    if addresses:
        yield Block(" ".join(addresses), reason=Reason.LINK)
