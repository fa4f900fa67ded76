"""Findings in the forms that people, scripts and code hosts read: text, json, github, junit, sarif.

Each writer takes located findings and returns the whole text; `sarif` follows OASIS SARIF 2.1.0,
`github` the workflow commands of GitHub Actions, `junit` the XML that continuous integration reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote
from xml.etree import ElementTree as ET

from rewriter.article import Finding, Passage, Severity
from rewriter.checks.catalogue import CATALOGUE

_GITHUB: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
_SARIF: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class Located(NamedTuple):
    """A finding with its file and the line and column, from 1, where it begins."""

    path: str
    line: int
    column: int
    finding: Finding


def located(
    path: str, text: str, passages: Iterable[Passage], findings: Iterable[Finding]
) -> list[Located]:
    """Place findings in the text of a file; one whose passage is not found stands at the top."""
    starts: dict[tuple[str, str], tuple[int, str]] = {}
    at = 0
    for passage in passages:
        found = _start(text, passage.text, at)
        if found >= 0:
            starts[passage.section, passage.place] = found, passage.text
            at = found + len(passage.text)
    return [_placed(path, text, starts, finding) for finding in findings]


def _placed(
    path: str, text: str, starts: Mapping[tuple[str, str], tuple[int, str]], finding: Finding
) -> Located:
    start, passage = starts.get((finding.section, finding.place), (-1, ""))
    if start < 0:
        return Located(path, 1, 1, finding)
    offset = _end(text, passage[: finding.span[0] if finding.span else 0], start)
    line = text.count("\n", 0, offset) + 1
    return Located(path, line, offset - text.rfind("\n", 0, offset), finding)


def _start(text: str, passage: str, at: int) -> int:
    """Where a passage begins in a file at or behind `at`, -1 where it does not stand there."""
    plain = text.find(passage, at)
    if plain >= 0 or not passage:
        return plain
    found = _as_written(passage).search(text, at)
    return found.start() if found else -1


def _end(text: str, passage: str, start: int) -> int:
    if text.startswith(passage, start):
        return start + len(passage)
    found = _as_written(passage).match(text, start)
    return found.end() if found else start


def _as_written(passage: str) -> re.Pattern[str]:
    """A passage as it stands in Markdown: its marks escaped, its lines broken anywhere."""
    parts = (r"\s+" if part == " " else re.escape(part) for part in passage)
    return re.compile(r"\\?".join(parts))


def as_text(findings: Sequence[Located]) -> str:
    """One line a finding, `path:line:column: code severity: message`, and what the source says."""
    lines = []
    for path, line, column, finding in findings:
        lines.append(
            f"{path}:{line}:{column}: {finding.code} {finding.severity}: {finding.message}"
        )
        if finding.evidence:
            lines.append(f'    source: "{finding.evidence}"')
    return "\n".join(lines)


def as_json(findings: Sequence[Located]) -> str:
    """One JSON object a line."""
    return "\n".join(
        json.dumps(
            {"path": path, "line": line, "column": column, **finding.model_dump(mode="json")},
            ensure_ascii=False,
        )
        for path, line, column, finding in findings
    )


def as_github(findings: Sequence[Located]) -> str:
    """Workflow commands that annotate the files of a pull request."""
    return "\n".join(
        f"::{_GITHUB[finding.severity]} file={_property(path)},line={line},col={column},"
        f"title={finding.code}::{_data(str(finding))}"
        for path, line, column, finding in findings
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_junit(findings: Sequence[Located]) -> str:
    """A test suite for each file, a test case for each finding; errors are failures."""
    suites = ET.Element("testsuites", name="rewriter check")
    for path, group in groupby(findings, key=lambda located: located.path):
        cases = list(group)
        failed = sum(case.finding.severity == "error" for case in cases)
        suite = ET.SubElement(
            suites, "testsuite", name=path, tests=str(len(cases)), failures=str(failed)
        )
        for _, line, column, finding in cases:
            case = ET.SubElement(
                suite, "testcase", classname=path, name=f"{finding.code} {line}:{column}"
            )
            kind = "failure" if finding.severity == "error" else "system-out"
            ET.SubElement(case, kind).text = _xml_text(str(finding))
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)


def _xml_text(text: str) -> str:
    """Text without the characters that XML 1.0 has no way to write (its production `Char`)."""
    return re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def as_sarif(findings: Sequence[Located]) -> str:
    """A SARIF log with one run."""
    codes = sorted({located.finding.code for located in findings})
    driver = {"name": "rewriter", "rules": [_sarif_rule(code) for code in codes]}
    results = [_sarif_result(located) for located in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1)


def _sarif_rule(code: str) -> dict[str, Any]:
    entry = CATALOGUE.get(code)
    if entry is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.explanation},
    }


def _sarif_result(located: Located) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": located.line, "startColumn": located.column}
    span = located.finding.span
    if span:
        region["endColumn"] = located.column + span[1] - span[0]
    uri = quote(located.path.replace("\\", "/"))  # a space or "#" would end it or begin a fragment
    place = {"artifactLocation": {"uri": uri}, "region": region}
    return {
        "ruleId": located.finding.code,
        "level": _SARIF[located.finding.severity],
        "message": {"text": str(located.finding)},
        "locations": [{"physicalLocation": place}],
    }


FORMATS: Mapping[str, Callable[[Sequence[Located]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "junit": as_junit,
    "sarif": as_sarif,
}
