"""The table of contents of a flattened page: lines that stand once more below, as headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import SUBHEADING_WORDS, key, phrase

_LEAST_ENTRIES = 3
# "[hide]", "(Top)": what may stand between the heading and the first entry.
_BUTTONS = 2
# "2.1 Routes", "Routes 2.1", "Routes [edit]", and "2.1" on a line of its own.
_AROUND = re.compile(r"^[\d.]{1,9}[.)]?(?:\s+|$)|\s+[\d.]{1,9}$|\s?\[[^\[\]]{1,20}\]$")


def cut_contents(page: Page) -> Page:
    """Cut a heading such as "Contents" with the lines below it that are headings of the text."""
    blocks = page.blocks
    headings = [i for i, b in enumerate(blocks) if b.kept and phrase(b.text) in phrases.CONTENTS]
    if not headings:
        return page
    last = {_name(block): i for i, block in enumerate(blocks) if block.kept}
    cut = (i for start in headings for i in _contents(blocks, start, last))
    return page.cut(dict.fromkeys(cut, Reason.CONTENTS))


def _contents(blocks: Sequence[Block], start: int, last: dict[str, int]) -> Iterator[int]:
    """The heading at `start` and its entries; nothing where too few lines are any."""
    entries, end, buttons = 0, start, 0
    for i in range(start + 1, len(blocks)):
        name = _name(blocks[i])
        if not blocks[i].kept or not name:
            continue
        if last[name] > i and count_words(blocks[i].text) <= SUBHEADING_WORDS:
            entries, end = entries + 1, i
        elif entries or buttons == _BUTTONS:
            break
        else:
            buttons += 1
    if entries >= _LEAST_ENTRIES:
        yield from (i for i in range(start, end + 1) if blocks[i].kept)


def _name(block: Block) -> str:
    return key(_AROUND.sub("", block.text))
