"""Findings in the forms that people and code hosts read, each placed by line and column."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from rewriter.article import Finding, Passage
from rewriter.runs.checking.positions import EditorDecision, located
from rewriter.runs.checking.reports import FORMATS, FileReport, summary

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
FOUND = [FileReport("out/a,b.md", located("out/a,b.md", TEXT, [PASSAGE], [WRONG, NOTE]))]
DECIDED = [
    FileReport(
        "a.md",
        [
            one._replace(decision=decision)
            for one, decision in zip(
                located("a.md", TEXT, [PASSAGE], [WRONG, NOTE]),
                [
                    EditorDecision("accepted", "checked\nby phone"),
                    EditorDecision("silenced", "ours"),
                ],
                strict=True,
            )
        ],
    )
]


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


def _junit(files: list[FileReport]) -> ET.Element:
    return ET.fromstring(FORMATS["junit"](files))  # noqa: S314 (our own output)


def test_junit_has_a_case_for_each_file_and_one_failure_of_all_its_errors() -> None:
    files = [
        *FOUND,
        FileReport("good.md"),
        FileReport("gone.md", failure="cannot read it"),
        *DECIDED,
    ]
    (suite,) = _junit(files)
    assert [case.get("name") for case in suite] == ["out/a,b.md", "good.md", "gone.md", "a.md"]
    kinds = [[part.tag for part in case] for case in suite]
    assert kinds == [["failure", "system-out"], [], ["error"], ["system-out"]]
    failure = suite[0][0]
    assert (failure.get("type"), failure.get("message")) == ("G102", "1 error: G102")
    assert "out/a,b.md:6:13: G102 error: " in (failure.text or "")
    assert "G102 accepted" in (suite[3][0].text or "")
    counts = {"tests": "4", "failures": "1", "errors": "1"}
    assert {name: suite.get(name) for name in counts} == counts


# Of the elements, in order, and attributes that Jenkins' junit-10.xsd has those that are ours.
SCHEMA = {
    "testsuites": (["testsuite"], {"name", "tests", "failures", "errors"}),
    "testsuite": (["testcase"], {"name", "tests", "failures", "errors"}),
    "testcase": (["error", "failure", "system-out"], {"name", "classname"}),
    "error": ([], {"message", "type"}),
    "failure": ([], {"message", "type"}),
    "system-out": ([], set[str]()),
}


@pytest.mark.parametrize("files", [[], FOUND, DECIDED, [*FOUND, FileReport("x", failure="gone")]])
def test_junit_keeps_to_the_schema(files: list[FileReport]) -> None:
    for element in _junit(files).iter():
        children, attributes = SCHEMA[element.tag]
        order = [children.index(child.tag) for child in element]
        assert order == sorted(order)
        assert set(element.keys()) <= attributes


def test_a_decision_takes_the_place_of_the_severity_and_gives_its_reason() -> None:
    accepted, reason, *_ = FORMATS["text"](DECIDED).splitlines()
    assert accepted == "a.md:6:13: G102 accepted: '$2.65 billion' is not in the source"
    assert reason == "    reason: checked by phone"


def test_json_says_what_was_decided_and_why() -> None:
    for files, told in (
        (FOUND, [(None, None), (None, None)]),
        (DECIDED, [("accepted", "checked\nby phone"), ("silenced", "ours")]),
    ):
        lines = map(json.loads, FORMATS["json"](files).splitlines())
        assert [(line["decision"], line["reason"]) for line in lines] == told


def test_what_was_decided_annotates_as_a_notice() -> None:
    first, second = FORMATS["github"](DECIDED).splitlines()
    assert first.startswith("::notice file=a.md,line=6,col=13,title=G102 accepted::")
    assert first.endswith("(accepted: checked%0Aby phone)")
    assert second.endswith("(silenced: ours)")


def test_sarif_suppresses_what_was_decided() -> None:
    (run,) = json.loads(FORMATS["sarif"](DECIDED))["runs"]
    assert [result["suppressions"] for result in run["results"]] == [
        [{"kind": "external", "justification": "checked\nby phone"}],
        [{"kind": "inSource", "justification": "ours"}],
    ]
    (run,) = json.loads(FORMATS["sarif"](FOUND))["runs"]
    assert not any("suppressions" in result for result in run["results"])


def test_the_summary_counts_each_finding_once() -> None:
    counted = "2 checked, 1 error, 1 other finding, 1 silenced, 1 accepted"
    assert summary([*FOUND, *DECIDED, FileReport("x", failure="gone")]) == counted


def test_sarif_names_the_rules_it_found() -> None:
    log = json.loads(FORMATS["sarif"](FOUND))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["G102", "S104"]
    assert [rule["helpUri"] for rule in rules] == [
        "urn:rewriter:finding:G102",
        "urn:rewriter:finding:S104",
    ]
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 6, "startColumn": 13, "endColumn": 26}
    assert [result["level"] for result in run["results"]] == ["error", "note"]


def test_nothing_found_is_a_valid_report_too() -> None:
    assert FORMATS["text"]([]) == ""
    assert json.loads(FORMATS["sarif"]([]))["runs"][0]["results"] == []
    assert len(_junit([])[0]) == 0


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("message", ["<b>&\x07", "\ufffe 100%", "::error::"])
def test_no_message_and_no_path_breaks_a_form(form: str, message: str) -> None:
    finding = NOTE.model_copy(update={"message": message})
    path = "a b,#:%.md"
    text = FORMATS[form]([FileReport(path, located(path, "", [], [finding]))])
    if form in ("json", "sarif"):
        json.loads(text)
    elif form == "junit":
        ET.fromstring(text)  # noqa: S314 (our own output)
    else:
        assert len(text.splitlines()) == 1


def test_a_path_is_a_uri_in_sarif() -> None:
    files = [FileReport("a b#.md", located("a b#.md", "", [], [NOTE]))]
    (result,) = json.loads(FORMATS["sarif"](files))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b%23.md"
