"""Reports: each says the verdict, both values, the interval, and how to see it again."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from rewriter.errors import PromptError
from rewriter.escaping import message_of, several
from rewriter.regression.comparison import Comparison
from rewriter.regression.reports import github, html_page, junit, terminal
from tests.gate.planted import Costs, Laboratory, laboratory


def _worse(case: str, epoch: int, answer: dict[str, Any]) -> dict[str, Any]:
    if case == "rail-freight":
        answer["overview"] = "It costs 999 million euros. <script>alert(1)</script> & more | here."
    return answer


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    names = ("rail-freight", "twin-banks", "short-quake", "chip-zh", "units-trap", "dates-trap")
    lab = laboratory(tmp_path_factory.mktemp("lab"), names)
    lab.record()
    lab.accept()
    lab.new_version()
    lab.record(_worse, Costs(latency=1.3))
    return lab


@pytest.fixture(scope="module")
def comparison(lab: Laboratory) -> Comparison:
    return lab.run()


def test_the_terminal_begins_with_the_verdict_and_shows_each_metric(comparison: Comparison) -> None:
    said = terminal.text(comparison)
    assert said.startswith("WORSE: rewrite v2, made-up-1 against rewrite v1, made-up-1")
    assert "changed: template section '# system'" in said
    for result in comparison.metrics:
        assert re.search(rf"^{result.metric.name} .*\[.*\].*{result.verdict}", said, re.MULTILINE)
    _, broken = said.split("\n\nheld before, broken now:\n")
    assert broken.splitlines()[: len(comparison.broken)] == [
        f"  {one.case}: {one.invariant} (epoch 1, 2, 3)" for one in comparison.broken
    ]
    assert "rail-freight: must say" in broken
    assert "more" not in broken


def test_the_terminal_names_twenty_broken_invariants_and_the_number_of_the_rest(
    comparison: Comparison,
) -> None:
    (one, *_) = comparison.broken
    many = tuple(replace(one, case=f"case-{n:02}") for n in range(23))
    said = terminal.text(replace(comparison, broken=many)).splitlines()
    assert [line[2:9] for line in said if line.startswith("  case-")] == [
        f"case-{n:02}" for n in range(20)
    ]
    assert "  and 3 more" in said


def test_junit_has_both_values_the_interval_and_the_command(comparison: Comparison) -> None:
    (root,) = ElementTree.fromstring(junit.xml(comparison))  # noqa: S314 - our own
    tests = {test.get("name"): test for test in root}
    assert len(tests) == 6 + 8 == int(root.get("tests", 0))
    failure = tests["rail-freight"].find("failure")
    assert failure is not None
    assert "G102 in overview" in failure.get("message", "")
    assert "--only rail-freight" in (failure.text or "")
    latency = tests["latency"].find("failure")
    if latency is None:
        latency = tests["latency"].find("error")
    assert latency is not None
    assert re.search(r"s -> [\d.]+ s, \+\d+\.\d % \[.*\], p 0", latency.get("message", ""))
    assert tests["twin-banks"].find("failure") is None


def test_annotations_stand_on_the_changed_line_or_on_the_expectation(
    comparison: Comparison, lab: Laboratory
) -> None:
    lines = list(github.commands(comparison, lab.prompt))
    told = lab.prompt.read_text().splitlines()
    changed = next(n for n, text in enumerate(told, 1) if "an experienced news editor" in text)
    case = lab.suite_folder.cases / "rail-freight.toml"
    must = next(n for n, text in enumerate(case.read_text().splitlines(), 1) if "must = " in text)
    expected = [line for line in lines if "must say" in line]
    assert expected
    assert all(line.startswith(f"::error file={case},line={must},") for line in expected)
    others = [line for line in lines if line not in expected]
    assert {line.split("title=")[0].partition(" ")[2] for line in others} == {
        f"file={lab.prompt},line={changed},"
    }
    assert not any("\n" in line for line in lines)


def test_what_ended_the_gate_is_annotated_where_it_is(tmp_path: Path) -> None:
    case = tmp_path / "x.toml"
    case.touch()
    error = PromptError(several([f"{case}:3: must: a list is wanted", f"{case}: no", "nobody: no"]))
    assert list(github.error_commands(error)) == [
        f"::error file={case},line=3,title=no verdict::{case}:3: must: a list is wanted",
        f"::error file={case},line=1,title=no verdict::{case}: no",
        "::error title=no verdict::nobody: no",
    ]
    assert github.error_markdown(error).splitlines()[3:6] == message_of(error).splitlines()
    (test,) = ElementTree.fromstring(junit.error_xml(error)).iter("testcase")  # noqa: S314 - our own
    assert test.find("error") is not None


def test_the_summary_in_markdown_is_the_report_of_the_terminal(comparison: Comparison) -> None:
    report = terminal.text(comparison)
    expected = f"### 🔴 WORSE\n\n```text\n{report}\nand more\n```\n"
    assert github.markdown(comparison, ["and more"]) == expected


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_asks_for_nothing_and_runs_nothing(comparison: Comparison) -> None:
    html = html_page.html(comparison)
    parsed = _Page()
    parsed.feed(html)
    names = {tag for tag, _ in parsed.tags}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    assert not [a for _, a in parsed.tags if {"src", "href", "onclick", "onload"} & set(a)]
    assert "url(" not in html
    assert "default-src &#39;none&#39;" in html
    assert "&lt;/script&gt;" in html


def test_the_page_shows_the_worst_case_first_with_changes_and_findings_in_place(
    comparison: Comparison,
) -> None:
    html = html_page.html(comparison)
    names = re.findall(r"<summary><b>([\w-]+)</b>", html)
    assert names == ["rail-freight"]
    assert re.search("The same answers of both variants: .*chip-zh", html)
    assert '<mark class="error" title="G102' in html
    assert "<del>" in html
    assert "<ins>" in html
    assert html.count("<svg") == 8
    assert "--only rail-freight" in html


def test_the_page_of_forty_cases_stays_under_its_size(
    lab: Laboratory, comparison: Comparison
) -> None:
    one = len(re.sub("<style>.*</style>", "", html_page.html(comparison), flags=re.DOTALL))
    assert one < 1_500_000 / 40 * len(comparison.cases)


def test_an_endless_answer_is_shown_in_part(lab: Laboratory) -> None:
    def endless(case: str, epoch: int, answer: dict[str, Any]) -> dict[str, Any]:
        return answer | {"overview": "Again. " * 5_000} if case == "short-quake" else answer

    copy = lab.copy(lab.folder.with_name("endless"))
    copy.record(endless)
    assert 0 < html_page.html(copy.run()).count("Again") < 1_000


def test_a_stale_report_has_the_reason_and_the_command_everywhere(lab: Laboratory) -> None:
    stale = lab.run(model="other")
    command = stale.blockers[0].command
    assert command in terminal.text(stale)
    assert command in junit.xml(stale)
    assert command in github.markdown(stale)
    assert command in html_page.html(stale).replace("&#x27;", "'")
    assert any(command in line for line in github.commands(stale, lab.prompt))
