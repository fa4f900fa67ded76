"""Findings in every form stand at their place, and every form can be read by what it is for."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from rewriter.article import Finding, Passage
from rewriter.reports import FORMATS, as_github, as_junit, as_sarif, located

FINDING = Finding(
    code="G101",
    severity="error",
    section="overview",
    place="paragraph 1",
    message="'9' is not\nin the source",
    span=(4, 8),
)
HEADER = "---\ntitle: x\n---\n\n"


@pytest.mark.parametrize(
    ("said", "written", "line", "column"),
    [
        ("one two", "one two", 5, 5),
        ("*ne two", "\\*ne two", 5, 6),
        ("one *two*", "one \\*two\\*", 5, 5),
        ("1. two", "1\\. two", 5, 6),
        ("one two three", "one\ntwo\nthree", 6, 1),
        ("one two", "something else", 1, 1),
    ],
)
def test_a_finding_is_placed_where_its_passage_is_written(
    said: str, written: str, line: int, column: int
) -> None:
    passage = Passage("overview", "paragraph 1", said)
    (found,) = located("a.md", f"{HEADER}{written}\n", [passage], [FINDING])
    assert (found.line, found.column) == (line, column)


def test_the_second_of_two_equal_passages_is_the_second_in_the_file() -> None:
    passages = [Passage("overview", "paragraph 1", "same"), Passage("impact", "bullet 1", "same")]
    later = FINDING.model_copy(update={"section": "impact", "place": "bullet 1", "span": None})
    (found,) = located("a.md", "same\nsame\n", passages, [later])
    assert found.line == 2


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("message", ["<b>&\x07", "\ufffe 100%", "::error::"])
def test_no_message_breaks_a_form(form: str, message: str) -> None:
    finding = FINDING.model_copy(update={"message": message})
    text = FORMATS[form](located("a b,#:%.md", "", [], [finding]))
    if form in ("json", "sarif"):
        json.loads(text)
    elif form == "junit":
        ET.fromstring(text)  # noqa: S314 - our own text
    else:
        assert len(text.splitlines()) == 1


def test_a_path_is_a_uri_in_sarif_and_a_property_in_github() -> None:
    placed = located("a b,#.md", "", [], [FINDING])
    (result,) = json.loads(as_sarif(placed))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b%2C%23.md"
    assert "file=a b%2C#.md,line=1" in as_github(placed)
    assert "%0A" in as_github(placed)


def test_only_errors_are_failures_in_junit() -> None:
    warning = FINDING.model_copy(update={"severity": "warning"})
    suite = ET.fromstring(as_junit(located("a.md", "", [], [FINDING, warning])))[0]  # noqa: S314
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
