"""Silencing a finding in a finished article, by a comment that gives the code and the reason.

    <!-- rewriter: ignore G101 the figure is from our own interview -->
    <!-- rewriter: ignore G201,G202 "Anna Lind" our correspondent's spelling -->

A comment counts for the whole article; with a text in straight quotation marks only for findings
whose message has that text. Without a reason it is not honoured. Only `rewriter check` reads these
comments, and only in a finished article: never in a source or in a model's answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from rewriter.article import Finding
from rewriter.checks.catalogue import CATALOGUE, STRUCTURE_CODES

_CODES = frozenset((*CATALOGUE, *STRUCTURE_CODES))
_COMMENT = re.compile(
    r"<!-- ?rewriter: ignore (?P<codes>[A-Z]\d{3}(?:, ?[A-Z]\d{3}){0,20})"
    r"(?: \"(?P<text>[^\"\n]{1,200})\")?(?P<reason>[^\n]{0,500}?)-->"
)

_MEANT = re.compile(r"<!--[ \t]{0,9}rewriter\b[^\n]{0,600}?-->")


class Silence(NamedTuple):
    """A person's decision that findings of these codes are right as they are."""

    codes: frozenset[str]
    text: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is one of those silenced."""
        return finding.code in self.codes and self.text in finding.message


def silences_in(body: str) -> tuple[Silence, ...]:
    """The silencing comments of a finished article's body that give a reason, in order."""
    return tuple(
        Silence(frozenset(re.split(", ?", found["codes"])), found["text"] or "", reason)
        for found in _COMMENT.finditer(body)
        if (reason := found["reason"].strip(" :-"))
    )


def unheeded_in(body: str) -> tuple[str, ...]:
    """The comments that were meant to silence something and lack a known code or a reason."""
    return tuple(
        found.group()
        for found in _MEANT.finditer(body)
        if not any(silence.codes <= _CODES for silence in silences_in(found.group()))
    )


def without_comments(body: str) -> str:
    """The body with every silencing comment blanked out, so that offsets stay as they are."""
    return _COMMENT.sub(lambda found: " " * len(found.group()), body)


def silence(
    findings: Iterable[Finding], silences: Iterable[Silence]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that stand, and those that are silenced."""
    decisions = tuple(silences)
    standing: list[Finding] = []
    silenced: list[Finding] = []
    for finding in findings:
        covered = any(decision.covers(finding) for decision in decisions)
        (silenced if covered else standing).append(finding)
    return tuple(standing), tuple(silenced)
