"""Parts of a text between an opening and its closing mark, taken out in linear time."""

from __future__ import annotations

import re
from collections.abc import Callable


def without_pairs(
    text: str,
    opening: re.Pattern[str],
    closing: Callable[[re.Match[str]], str],
    taken: Callable[[str], object],
    *,
    most: int,
) -> str:
    """`text` without its parts from `opening` to what `closing` says, up to `most` characters.

    An empty `closing` means that the opening stands alone. `taken` is given each part. What is
    never closed stays.
    """
    pieces: list[str] = []
    last: dict[str, int] = {}  # where each closing mark stands last
    at = 0
    for found in opening.finditer(text):
        mark = closing(found)
        if mark not in last:
            last[mark] = text.rfind(mark)
        if found.start() < at or last[mark] < found.end():
            continue
        end = text.find(mark, found.end(), found.end() + most)
        if end < 0:
            continue
        pieces.append(text[at : found.start()])
        at = end + len(mark)
        taken(text[found.start() : at])
    return "".join((*pieces, text[at:]))
