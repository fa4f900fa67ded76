"""The line and column of each finding in a Markdown file, and a person's decision about it.

    <!-- rewriter: ignore G101 the figure is from our own interview -->
    <!-- rewriter: ignore G201,G202 "Anna Lind" our correspondent's spelling -->

A comment counts for the whole file; with a text in straight quotation marks only for findings
whose message has that text. Without a reason it is not honoured. Only `rewriter check` reads these
comments, and only in the file that it checks: never in a source or in a model's answer. Publishing
a held rewrite accepts the findings that it was held with.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from rewriter import document
from rewriter.article import Finding, Passage
from rewriter.checks.catalogue import CATALOGUE, STRUCTURE_CODES
from rewriter.state.records import Record

_CODES = frozenset((*CATALOGUE, *STRUCTURE_CODES))
_COMMENT = re.compile(
    r"<!-- ?rewriter: ignore (?P<codes>[A-Z]\d{3}(?:, ?[A-Z]\d{3}){0,20})"
    r"(?: \"(?P<text>[^\"\n]{1,200})\")?(?P<reason>[^\n]{0,500}?)-->"
)
# Every comment of `_COMMENT`, and malformed ones, which are reported. None is checked as text.
_MEANT = re.compile(r"<!--[ \t]{0,9}rewriter\b[^\n]{0,900}?-->")


class EditorDecision(NamedTuple):
    """A person's decision about a finding, with its reason.

    `silenced` is by a comment in the file, `accepted` by publishing a held rewrite.
    """

    kind: Literal["silenced", "accepted"]
    reason: str


class Silence(NamedTuple):
    """A comment that silences findings of these codes whose message contains `text`."""

    codes: frozenset[str]
    text: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether the comment silences the finding."""
        return finding.code in self.codes and self.text in finding.message


def silences_in(body: str) -> tuple[Silence, ...]:
    """The silencing comments of a text in order, without those that give no reason."""
    return tuple(
        Silence(frozenset(re.split(", ?", found["codes"])), found["text"] or "", reason)
        for found in _COMMENT.finditer(body)
        if (reason := found["reason"].strip(" :-"))
    )


def unheeded_in(body: str) -> tuple[str, ...]:
    """The silencing comments that lack a known code or a reason."""
    return tuple(
        found.group()
        for found in _MEANT.finditer(body)
        if not any(silence.codes <= _CODES for silence in silences_in(found.group()))
    )


def without_comments(text: str) -> str:
    """The text with spaces instead of every silencing comment. Offsets stay the same."""
    return _MEANT.sub(lambda found: " " * len(found.group()), text)


def decision_on(
    finding: Finding, silences: Iterable[Silence], record: Record | None = None
) -> EditorDecision | None:
    """A person's decision about a finding, by a comment or on publishing; None where there is none.

    `record` is the record of the file.
    """
    for silence in silences:
        if silence.covers(finding):
            return EditorDecision("silenced", silence.reason)
    is_counted = finding.severity != "info"  # what is only noted needs nobody's decision
    if (
        record
        and record.reason
        and is_counted
        and any(_is_same(finding, known) for known in record.findings)
    ):
        return EditorDecision("accepted", record.reason)
    return None


def _is_same(finding: Finding, known: Finding) -> bool:
    """Whether a finding is `known`. Its place does not count: it moves with an added paragraph.

    A recorded finding on the source's own title has a remark before its message.
    """
    alike = (finding.code, finding.section) == (known.code, known.section)
    return alike and known.message.endswith(finding.message)


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
