"""The line and column of each finding in a Markdown file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rewriter import document
from rewriter.article import Finding, Passage
from rewriter.runs.checking.silencing import EditorDecision


class Located(NamedTuple):
    """A finding with its file and the line and column, from 1, where it begins.

    `decision` is a person's decision that the text is right as it is, None where there is none.
    """

    path: str
    line: int
    column: int
    finding: Finding
    decision: EditorDecision | None = None


class _Place(NamedTuple):
    """The offset of a passage in the file, and whether the file has exactly the same characters."""

    start: int
    passage: str
    verbatim: bool


def located(
    path: str, text: str, passages: Iterable[Passage], findings: Iterable[Finding]
) -> list[Located]:
    """Locate findings in the text of a file. A finding whose passage is not found is on line 1."""
    places: dict[tuple[str, str], _Place] = {}
    at = 0
    for passage in passages:
        if place := _find(text, passage.text, at):
            places[passage.section, passage.place] = place
            at = place.start + len(passage.text)
    lines = [0, *(mark.end() for mark in re.finditer("\n", text))]
    offsets = ((_offset(text, places, finding), finding) for finding in findings)
    return [Located(path, *_line_and_column(lines, at), finding) for at, finding in offsets]


def _line_and_column(lines: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(lines, offset)
    return line, offset - lines[line - 1] + 1


def _offset(text: str, places: Mapping[tuple[str, str], _Place], finding: Finding) -> int:
    place = places.get((finding.section, finding.place))
    if place is None:
        return 0
    inside = finding.span[0] if finding.span else 0
    if place.verbatim:
        return place.start + inside
    found = document.written(place.passage[:inside]).match(text, place.start)
    return found.end() if found else place.start


def _find(text: str, passage: str, at: int) -> _Place | None:
    """Find a passage in a file, from the offset `at`."""
    plain = text.find(passage, at)
    if plain >= 0:
        return _Place(plain, passage, verbatim=True)
    found = document.written(passage).search(text, at)
    return _Place(found.start(), passage, verbatim=False) if found else None


def span_of(text: str, passages: Iterable[Passage], wanted: Passage) -> tuple[int, int] | None:
    """The span of a passage in the text of a file; None where it is not found."""
    at = 0
    for passage in passages:
        place = _find(text, passage.text, at)
        if passage == wanted and place:
            found = document.written(passage.text).match(text, place.start)
            start = place.start - (text[place.start - 1 : place.start] == "\\")
            return (start, found.end()) if found else None
        at = place.start + len(passage.text) if place else at
    return None
