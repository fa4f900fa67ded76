"""Findings in the forms that people and code hosts read, each placed by line and column."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from rewriter.article import Finding, Passage
from rewriter.reports import FORMATS, located

TEXT = "---\ntitle: x\n---\n## Overview\n\nCalder lost $2.65 billion.\n"
PASSAGE = Passage("overview", "paragraph 1", "Calder lost $2.65 billion.")
WRONG = Finding(
    code="G102",
    severity="error",
    section="overview",
    place="paragraph 1",
    span=(12, 25),
    message="'$2.65 billion' is not in the source",
    evidence="Calder lost $2.56 billion,\nor 3%.",
)
NOTE = Finding(code="S104", severity="info", section="qa", message="a bell \x07 rings")
FOUND = located("out/a,b.md", TEXT, [PASSAGE], [WRONG, NOTE])


def test_a_finding_is_placed_by_line_and_column() -> None:
    assert [(f.line, f.column) for f in FOUND] == [(6, 13), (1, 1)]


def test_text_has_a_line_a_finding_and_what_the_source_says() -> None:
    lines = FORMATS["text"](FOUND).splitlines()
    assert lines[0] == "out/a,b.md:6:13: G102 error: '$2.65 billion' is not in the source"
    assert lines[1].startswith('    source: "Calder lost $2.56 billion')


def test_json_has_an_object_a_line() -> None:
    first, second = map(json.loads, FORMATS["json"](FOUND).splitlines())
    assert (first["code"], first["line"], first["column"]) == ("G102", 6, 13)
    assert second["severity"] == "info"


def test_github_escapes_what_would_end_the_command() -> None:
    first, second = FORMATS["github"](FOUND).splitlines()
    assert first.startswith("::error file=out/a%2Cb.md,line=6,col=13,title=G102::")
    assert "%0A" in first
    assert second.startswith("::notice ")


def test_junit_counts_errors_as_failures_and_is_well_formed() -> None:
    (suite,) = ET.fromstring(FORMATS["junit"](FOUND))  # noqa: S314 (our own output)
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_sarif_names_the_rules_it_found() -> None:
    log = json.loads(FORMATS["sarif"](FOUND))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["G102", "S104"]
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 6, "startColumn": 13, "endColumn": 26}
    assert [result["level"] for result in run["results"]] == ["error", "note"]


def test_nothing_found_is_a_valid_report_too() -> None:
    assert FORMATS["text"]([]) == ""
    assert json.loads(FORMATS["sarif"]([]))["runs"][0]["results"] == []
    assert len(ET.fromstring(FORMATS["junit"]([]))) == 0  # noqa: S314 (our own output)


@pytest.mark.parametrize(
    ("said", "written", "line", "column"),
    [
        ("*ne two", "\\*ne two", 1, 6),
        ("one *two*", "one \\*two\\*", 1, 5),
        ("1. two", "1\\. two", 1, 6),
        ("one two three", "one\ntwo\nthree", 2, 1),
        ("one two", "something else", 1, 1),
    ],
)
def test_a_finding_is_placed_in_escaped_and_wrapped_text(
    said: str, written: str, line: int, column: int
) -> None:
    passage = Passage("overview", "paragraph 1", said)
    wrong = WRONG.model_copy(update={"span": (4, 5)})
    (found,) = located("a.md", f"{written}\n", [passage], [wrong])
    assert (found.line, found.column) == (line, column)


def test_the_second_of_two_equal_passages_is_the_second_in_the_file() -> None:
    passages = [Passage("overview", "paragraph 1", "same"), Passage("impact", "bullet 1", "same")]
    later = WRONG.model_copy(update={"section": "impact", "place": "bullet 1", "span": None})
    (found,) = located("a.md", "same\nsame\n", passages, [later])
    assert found.line == 2


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("message", ["<b>&\x07", "\ufffe 100%", "::error::"])
def test_no_message_and_no_path_breaks_a_form(form: str, message: str) -> None:
    finding = NOTE.model_copy(update={"message": message})
    text = FORMATS[form](located("a b,#:%.md", "", [], [finding]))
    if form in ("json", "sarif"):
        json.loads(text)
    elif form == "junit":
        ET.fromstring(text)  # noqa: S314 (our own output)
    else:
        assert len(text.splitlines()) == 1


def test_a_path_is_a_uri_in_sarif() -> None:
    (result,) = json.loads(FORMATS["sarif"](located("a b#.md", "", [], [NOTE])))["runs"][0][
        "results"
    ]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b%23.md"
