"""Findings in the forms that people, scripts and code hosts read: text, json, github, junit, sarif.

Each writer takes the findings of each file and returns the whole text. `sarif` follows OASIS
SARIF 2.1.0, `github` the workflow commands of GitHub Actions, `junit` the XML that continuous
integration reads. Where a person has decided about a finding, it has the decision and its reason.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from rewriter import ci
from rewriter.article import Severity
from rewriter.checks.catalogue import CATALOGUE
from rewriter.escaping import Printable, counted, json_text, several
from rewriter.runs.checking.positions import Located

_GITHUB: Mapping[Severity, ci.Level] = {"error": "error", "warning": "warning", "info": "notice"}
_SARIF: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# SARIF wants an absolute address. The pages have none on the web yet; the name of one is absolute.
_HELP = "urn:rewriter:finding"
# SARIF's words for where a decision is stored: a comment in the file, or our record.
_SUPPRESSED = {"silenced": "inSource", "accepted": "external"}


class FileReport(NamedTuple):
    """The findings of one file, or the reason why it could not be checked."""

    path: str
    findings: Sequence[Located] = ()
    failure: str = ""


def is_error(located: Located) -> bool:
    """Whether a finding fails the check: an error without a person's decision."""
    return located.finding.severity == "error" and located.decision is None


def has_error(files: Sequence[FileReport]) -> bool:
    """Whether any finding fails the check."""
    return any(map(is_error, _every(files)))


def summary(files: Sequence[FileReport]) -> str:
    """The number of files checked, and of findings of each kind."""
    decided = Counter(one.decision.kind for one in _every(files) if one.decision)
    errors = sum(map(is_error, _every(files)))
    others = sum(len(file.findings) for file in files) - errors - decided.total()
    return (
        f"{sum(not file.failure for file in files)} checked, {counted(errors, 'error')}, "
        f"{counted(others, 'other finding')}, {decided['silenced']} silenced, "
        f"{decided['accepted']} accepted"
    )


def _every(files: Sequence[FileReport]) -> Iterator[Located]:
    return (located for file in files for located in file.findings)


def as_text(files: Sequence[FileReport]) -> Printable:
    """One line for each finding, `path:line:column: code severity: message`, and its evidence."""
    return several(row for located in _every(files) for row in _lines(located))


def _lines(located: Located) -> Iterator[str]:
    path, line, column, finding, decision = located
    kind = decision.kind if decision else finding.severity
    yield f"{path}:{line}:{column}: {finding.code} {kind}: {finding.message}"
    if decision:
        yield f"    reason: {' '.join(decision.reason.split())}"
    elif finding.evidence:
        yield f'    source: "{finding.evidence}"'


def as_json(files: Sequence[FileReport]) -> Printable:
    """One JSON object a line for each finding."""
    found = (json.dumps(_object(one), ensure_ascii=False) for one in _every(files))
    return json_text("\n".join(found))


def _object(located: Located) -> dict[str, Any]:
    path, line, column, finding, decision = located
    decided = decision._asdict() if decision else {"kind": None, "reason": None}
    place = {"path": path, "line": line, "column": column}
    answer = {"decision": decided["kind"], "reason": decided["reason"]}
    return {**place, **finding.model_dump(mode="json"), **answer}


def as_github(files: Sequence[FileReport]) -> Printable:
    """Workflow commands of GitHub Actions that annotate the files of a pull request."""
    return Printable("\n".join(map(_annotation, _every(files))))


def _annotation(located: Located) -> str:
    path, line, column, finding, decision = located
    return ci.annotation(
        "notice" if decision else _GITHUB[finding.severity],
        f"{finding} ({decision.kind}: {decision.reason})" if decision else str(finding),
        title=f"{finding.code} {decision.kind}" if decision else finding.code,
        file=path,
        line=line,
        column=column,
    )


def as_junit(files: Sequence[FileReport]) -> Printable:
    """One suite with a test case for each file. All errors of a file are one failure.

    Most readers show only the first failure of a test case. A file that could not be checked is an
    error. Findings that do not fail a file are the output of its test case.
    """
    return Printable(ci.junit("rewriter check", [_test_case(file) for file in files]))


def _test_case(file: FileReport) -> ci.JUnitCase:
    errors = [located for located in file.findings if is_error(located)]
    others = [located for located in file.findings if not is_error(located)]
    output = as_text([FileReport(file.path, others)])
    case = ci.JUnitCase("rewriter.check", file.path, output=output)
    if file.failure:
        return case._replace(result="error", message=file.failure)
    if not errors:
        return case
    codes = ", ".join(dict.fromkeys(located.finding.code for located in errors))
    return case._replace(
        result="failure",
        type=errors[0].finding.code,
        message=f"{counted(len(errors), 'error')}: {codes}",
        text=as_text([FileReport(file.path, errors)]),
    )


def as_sarif(files: Sequence[FileReport]) -> Printable:
    """A SARIF log with one run. Findings with a person's decision are suppressed."""
    findings = list(_every(files))
    codes = sorted({located.finding.code for located in findings})
    driver = {"name": "rewriter", "rules": [_sarif_rule(code) for code in codes]}
    results = [_sarif_result(located) for located in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json_text(json.dumps(log, ensure_ascii=False, indent=1))


def _sarif_rule(code: str) -> dict[str, Any]:
    entry = CATALOGUE.get(code)
    if entry is None:
        return {"id": code, "helpUri": f"{_HELP}:{code}"}
    return {
        "id": code,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.explanation},
        "helpUri": f"{_HELP}:{code}",
        "help": {"text": f"{entry.explanation} See {code} in docs/reference/findings.md."},
    }


def _sarif_result(located: Located) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": located.line, "startColumn": located.column}
    span = located.finding.span
    if span:
        region["endColumn"] = located.column + span[1] - span[0]
    uri = quote(located.path.replace("\\", "/"))  # "#" would begin a fragment
    place = {"artifactLocation": {"uri": uri}, "region": region}
    result = {
        "ruleId": located.finding.code,
        "level": _SARIF[located.finding.severity],
        "message": {"text": str(located.finding)},
        "locations": [{"physicalLocation": place}],
    }
    if located.decision:
        kind = _SUPPRESSED[located.decision.kind]
        result["suppressions"] = [{"kind": kind, "justification": located.decision.reason}]
    return result


FORMATS: Mapping[str, Callable[[Sequence[FileReport]], Printable]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "junit": as_junit,
    "sarif": as_sarif,
}
