"""Replacing ranges of a text, and the exception for front matter that cannot be edited."""

from __future__ import annotations

import re

# A replacement: the range `start:end` of a text, and its new text.
Edit = tuple[int, int, str]
LINE_END = re.compile("\r\n|\n|\r")


class Unsupported(Exception):
    """Front matter that is not understood; `at` is an offset into the text of the block."""

    def __init__(self, reason: str, at: int = 0) -> None:
        super().__init__(reason, at)
        self.reason = reason
        self.at = at


def splice(text: str, edits: list[Edit]) -> str:
    """`text` with each range `start:end` replaced; ranges may touch.

    Raises `Unsupported` where ranges overlap.
    """
    parts: list[str] = []
    done = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        if start < done:
            raise Unsupported("the changes overlap", start)
        parts += (text[done:start], new)
        done = end
    return "".join(parts) + text[done:]


def end_of_line(text: str, at: int) -> int:
    """The offset after the end of the line that has the offset `at`."""
    found = LINE_END.search(text, at)
    return found.end() if found else len(text)


def start_of_line(text: str, at: int) -> int:
    """The offset of the beginning of the line that has the offset `at`."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
