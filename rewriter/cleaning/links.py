"""Markdown that was made of a page: links give way to their text, and images to nothing.

In an article that somebody wrote in Markdown a link is part of the text and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason

_ADDRESS = r"\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}(?:\s+[\"'][^\n]{0,300}?[\"'])?\s?\)"
_IMAGE = re.compile(rf"!\[[^\[\]]{{0,500}}\]{_ADDRESS}")
_LINK = re.compile(
    rf"\[(?P<text>(?:[^\[\]]|\[[^\[\]]{{0,200}}\]){{0,1000}})\](?P<address>{_ADDRESS})"
)
_BOLD = re.compile(r"\*\*|__")
# Share of a line's text in links that makes it a line of links, and how many such lines a page has.
# The longest list of links seen below an article that was written in Markdown has seven.
_LINKED = 0.6
_PAGE_LINES = 8


def without_links(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with links and images taken off where they are a page's, else as they are."""
    if sum("](" in block.text for block in blocks) < _PAGE_LINES:
        return tuple(blocks)
    read = [list(_unlinked(block)) for block in blocks]
    lines = sum(block.linked > _LINKED for pieces in read for block in pieces)
    if lines < _PAGE_LINES:
        return tuple(blocks)
    return tuple(block for pieces in read for block in pieces)


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
