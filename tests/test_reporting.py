"""Which findings `rewriter rewrite` prints."""

from __future__ import annotations

import pytest

from rewriter.article import Finding, Section, Severity
from rewriter.cli.reporting import Reporter
from rewriter.runs.publishing import Result


def _finding(severity: Severity, section: Section, message: str) -> Finding:
    return Finding(code="G111", severity=severity, section=section, message=message)


def test_an_info_is_printed_about_the_source_and_not_about_the_headline(
    capsys: pytest.CaptureFixture[str],
) -> None:
    findings = (
        _finding("info", "source", "a table is left out"),
        _finding("info", "headline", "a guess"),
        _finding("warning", "headline", "to be read"),
        _finding("warning", "details", "only counted"),
    )
    reporter = Reporter(as_json=False, preview=False)
    reporter.add(Result(path="a.txt", target="site/a.md", status="published", findings=findings))
    printed = capsys.readouterr().out
    assert "a table is left out" in printed
    assert "to be read" in printed
    assert "a guess" not in printed
    assert "only counted" not in printed
