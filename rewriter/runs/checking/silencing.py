"""A person's decision that a finding is right as it is, by a comment or on publishing.

    <!-- rewriter: ignore G101 the figure is from our own interview -->
    <!-- rewriter: ignore G201,G202 "Anna Lind" our correspondent's spelling -->

A comment counts for the whole file; with a text in straight quotation marks only for findings
whose message has that text. Without a reason it is not honoured. Only `rewriter check` reads these
comments, and only in the file that it checks: never in a source or in a model's answer. Publishing
a held rewrite accepts the findings that it was held with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from rewriter.article import Finding
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
    if record and record.reason and any(_is_same(finding, known) for known in record.findings):
        return EditorDecision("accepted", record.reason)
    return None


def _is_same(finding: Finding, known: Finding) -> bool:
    """Whether a finding is `known`. Its place does not count: it moves with an added paragraph.

    A recorded finding on the source's own title has a remark before its message.
    """
    alike = (finding.code, finding.section) == (known.code, known.section)
    return alike and known.message.endswith(finding.message)
