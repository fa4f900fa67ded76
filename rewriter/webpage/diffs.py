"""What changed between two texts, as pieces: unified or side by side, with findings in place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal, NamedTuple

from rewriter.article import Finding

Side = Literal["same", "removed", "added"]

# A word or figure with the space after it. In a script without spaces each character is a word.
_HAN = r"\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(rf"[{_HAN}]|[$€£¥]?[^\W{_HAN}]+(?:[.,:'’-][^\W{_HAN}]+)*%?\s*|[^\w\s]\s*|\s+")


class DiffPiece(NamedTuple):
    """A piece of text that both versions have, or only one of them.

    `findings` are those that point at it; `ending` has the codes of those that end with it.
    """

    side: Side
    text: str
    findings: tuple[Finding, ...] = ()
    ending: str = ""

    @property
    def severity(self) -> str:
        """How the piece is marked: as an error where one of the findings is one."""
        return "error" if any(one.severity == "error" for one in self.findings) else "warning"

    @property
    def said(self) -> str:
        """The findings in one line."""
        return "; ".join(f"{one.code}: {one.message}" for one in self.findings)


def words(before: str, after: str) -> tuple[DiffPiece, ...]:
    """Both texts in one, word by word."""
    return tuple(compared(_TOKEN.findall(before), _TOKEN.findall(after)))


def side_by_side(
    before: str, after: str, found_before: Sequence[Finding], found_after: Sequence[Finding]
) -> tuple[tuple[DiffPiece, ...], tuple[DiffPiece, ...]]:
    """Both texts next to each other, divided where a change or a finding begins or ends."""
    pieces = words(before, after)
    left = [piece for piece in pieces if piece.side != "added"]
    right = [piece for piece in pieces if piece.side != "removed"]
    return tuple(_pointed(left, found_before)), tuple(_pointed(right, found_after))


def compared(before: list[str], after: list[str], between: str = "") -> Iterator[DiffPiece]:
    """The pieces of two lists of words or lines, which `between` joins."""
    # `autojunk` would ignore the frequent words of a long text.
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            yield DiffPiece("same", between.join(before[i:j]))
            continue
        if i < j:
            yield DiffPiece("removed", between.join(before[i:j]))
        if k < m:
            yield DiffPiece("added", between.join(after[k:m]))


def _pointed(pieces: Sequence[DiffPiece], findings: Sequence[Finding]) -> Iterator[DiffPiece]:
    spans = [(finding, finding.span) for finding in findings if finding.span]
    edges = {edge for _, span in spans for edge in span}
    start = 0
    for piece in pieces:
        end = start + len(piece.text)
        for left, right in pairwise(sorted({start, end, *(e for e in edges if start < e < end)})):
            about = tuple(f for f, (first, last) in spans if first <= left and right <= last)
            codes = dict.fromkeys(f.code for f, (_, last) in spans if last == right)
            text = piece.text[left - start : right - start]
            yield DiffPiece(piece.side, text, about, ", ".join(codes))
        start = end
