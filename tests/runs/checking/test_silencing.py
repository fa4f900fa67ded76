"""A person can silence a finding by a comment with its code and a reason."""

from __future__ import annotations

import pytest

from rewriter.article import Finding
from rewriter.runs.checking.positions import (
    EditorDecision,
    decision_on,
    silences_in,
    unheeded_in,
    without_comments,
)
from rewriter.state.records import Record


def _finding(code: str, message: str = "'3,400' is not in the source") -> Finding:
    return Finding(code=code, severity="error", section="details", message=message)


@pytest.mark.parametrize(
    ("comment", "silenced"),
    [
        ("<!-- rewriter: ignore G101 counted by our reporter -->", ["G101"]),
        ("<!-- rewriter: ignore G101, G102 our own interview -->", ["G101", "G102"]),
        ('<!-- rewriter: ignore G101 "3,400" our own count -->', ["G101"]),
        ('<!-- rewriter: ignore G101 "5,000" our own count -->', []),
        ("<!-- rewriter: ignore G101 -->", []),
        ("<!-- rewriter: ignore everything because -->", []),
        ("<!-- a comment -->", []),
    ],
)
def test_a_comment_silences_what_it_names(comment: str, silenced: list[str]) -> None:
    findings = [_finding("G101"), _finding("G102"), _finding("G201")]
    silences = silences_in(f"## Overview\n\n{comment}\n\nText.")
    decisions = {finding.code: decision_on(finding, silences) for finding in findings}
    assert [code for code, decision in decisions.items() if decision] == silenced


def test_what_is_only_noted_is_not_accepted_on_publishing() -> None:
    findings = [_finding("G101"), _finding("G107").model_copy(update={"severity": "info"})]
    record = Record.model_construct(reason="by phone", findings=tuple(findings))
    decisions = [decision_on(finding, (), record) for finding in findings]
    assert decisions == [EditorDecision("accepted", "by phone"), None]


@pytest.mark.parametrize(
    ("comment", "unheeded"),
    [
        ("<!-- rewriter: ignore G101 counted by our reporter -->", False),
        ("<!-- rewriter: ignore S104,G101 our own interview -->", False),
        ("<!-- a comment about the rewriter -->", False),
        ("<!-- rewriter: ignore G101 -->", True),
        ('<!-- rewriter: ignore G101 "3,400" -->', True),
        ("<!-- rewriter: ignore g101 counted by our reporter -->", True),
        ("<!-- rewriter: ignore G1 all of them are ours -->", True),
        ("<!-- rewriter: ignore G999 no such code -->", True),
        ("<!--  rewriter:ignore G101 counted by our reporter -->", True),
    ],
)
def test_a_comment_that_silences_nothing_is_told(comment: str, unheeded: bool) -> None:
    assert unheeded_in(f"Text.\n{comment}\nText.") == ((comment,) if unheeded else ())


def test_the_reason_is_kept() -> None:
    (found,) = silences_in("<!-- rewriter: ignore G101: counted by our reporter -->")
    assert found.reason == "counted by our reporter"


@pytest.mark.parametrize("reason", ["G101 ours", "3,400 for no code"])
def test_comments_are_blanked_without_moving_anything(reason: str) -> None:
    body = f"One.\n<!-- rewriter: ignore {reason} -->\nTwo."
    assert without_comments(body).split() == ["One.", "Two."]
    assert without_comments(body).index("Two.") == body.index("Two.")
