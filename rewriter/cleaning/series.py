"""Where a series or a table ends that goes on below the last paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rewriter.cleaning.lines import LineKind
from rewriter.cleaning.page import Block
from rewriter.cleaning.shapes import phrase

# "3. ", "Step 3", "Schritt 3: ..."
_ENTRY = re.compile(
    r"(?:#{1,6} )?(?P<name>(?:[^\W\d_]{2,12} )?)(?P<number>\d{1,2})(?:[.:)] |[.:)]?$)"
)
# An entry of a series may have this many lines of its own, and the last one its text in these.
_ENTRY_LINES = 6
_ENTRY_TEXT = 2
_OTHER_TEXT = (LineKind.COMMENTS, LineKind.RELATED, LineKind.FEED)


def end_of_table(kinds: Sequence[LineKind], end: int) -> int:
    """Where the table ends that stands right below the run, with one line above it or none."""
    headed = False
    found = end
    for i in range(end, len(kinds)):
        if kinds[i] is LineKind.TABLE:
            found = i + 1
        elif kinds[i] is not LineKind.MARK:
            if headed or found > end or kinds[i] not in (LineKind.SHORT, LineKind.ITEM):
                break
            headed = True
    return found


def end_of_series(blocks: Sequence[Block], kinds: Sequence[LineKind], end: int) -> int:
    """Where the series ends that the run breaks off in: a numbered list, or "Step 3" by "Step 4".

    It is `end` where the run breaks off in none, and where another text begins in between. A box of
    links that was cut is none.
    """
    last: tuple[str, int] | None = None
    lines = 0
    for i, block in enumerate(blocks):
        if i >= end and (last is None or lines > _ENTRY_LINES or _is_other(block, kinds[i])):
            break
        lines += block.kept
        if (entry := _entry(block)) is None:
            continue
        if i < end or (last is not None and entry == (last[0], last[1] + 1)):
            last, lines, end = entry, 0, max(end, i + 1)
    below = kinds[end : end + _ENTRY_TEXT]
    text = [n for n, kind in enumerate(below, 1) if kind is LineKind.PROSE]
    return end + text[-1] if text and end and last and _entry(blocks[end - 1]) == last else end


def _is_other(block: Block, kind: LineKind) -> bool:
    return kind in _OTHER_TEXT and (block.kept or kind is LineKind.FEED)


def _entry(block: Block) -> tuple[str, int] | None:
    """Name and number of the entry of a series that the line opens."""
    found = _ENTRY.match(block.mark + block.text) if block.kept else None
    return None if found is None else (phrase(found["name"]), int(found["number"]))


def next_entry(above: Sequence[Block], below: Sequence[Block]) -> int | None:
    """Which heading below goes on with the series that stands above; None for no series."""
    last = next((entry for block in reversed(above) if (entry := _entry(block))), None)
    if last is None:
        return None
    following = (last[0], last[1] + 1)
    heads = (n for n, b in enumerate(below) if b.kind == "heading" and _entry(b) == following)
    return next(heads, None)
