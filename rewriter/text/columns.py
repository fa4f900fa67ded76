"""Rows of cells as lines of text, with the columns under each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest

from rewriter.escaping import line


def columns(rows: Sequence[Sequence[str]], left: Collection[int] = ()) -> Iterator[str]:
    """One line for each row. The columns in `left` are aligned left, the others right.

    `left` counts from 0. Two spaces stand between columns, and none at the end of a line. Cells are
    escaped.
    """
    rows = [[line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    for row in rows:
        cells = (
            cell.ljust(width) if n in left else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=False))
        )
        yield "  ".join(cells).rstrip()
