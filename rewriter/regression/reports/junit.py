"""The report as JUnit XML: a test for each case and one for each metric."""

from __future__ import annotations

from collections import defaultdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rewriter.regression.experiment import Report
from rewriter.regression.reports import figures
from rewriter.regression.staleness import run_command
from rewriter.regression.verdict import Broken, Compared


def xml(report: Report) -> bytes:
    """The XML document, UTF-8. A metric that is INCONCLUSIVE is an error, a WORSE one a failure."""
    suite = Element("testsuite", name=f"rewriter regress: {report.after.side}")
    if report.problems:
        _problems(suite, report)
    else:
        _metrics(suite, report)
        _cases(suite, report)
    counts = {kind: len(suite.findall(f"testcase/{kind}")) for kind in ("failure", "error")}
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(counts["failure"]))
    suite.set("errors", str(counts["error"]))
    indent(suite)
    document: bytes = tostring(suite, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _problems(suite: Element, report: Report) -> None:
    for number, problem in enumerate(report.problems, 1):
        test = SubElement(suite, "testcase", classname="recordings", name=f"problem {number}")
        error = SubElement(test, "error", type=problem.status, message=_clean(problem.what))
        cases = f"cases: {', '.join(problem.cases)}\n" if problem.cases else ""
        error.text = _clean(f"{cases}run: {problem.command}")


def _metrics(suite: Element, report: Report) -> None:
    for result in report.metrics:
        metric = result.metric
        test = SubElement(suite, "testcase", classname="metric", name=metric.name)
        said = (
            f"{metric.name}: {figures.value(metric, result.before)} -> "
            f"{figures.value(metric, result.after)}, {figures.change(metric, result.change)} "
            f"{figures.interval(result)}, p {result.p:.4f}"
        )
        if result.verdict in ("WORSE", "INCONCLUSIVE"):
            kind = "failure" if result.verdict == "WORSE" else "error"
            found = SubElement(test, kind, type=result.verdict, message=said)
            found.text = "\n".join([figures.remark(result), *_worst(report, result)])
        else:
            SubElement(test, "system-out").text = f"{result.verdict}; {said}"


def _worst(report: Report, result: Compared) -> list[str]:
    sign = -1 if result.metric.higher_is_better else 1
    ranked = sorted(result.pairs, key=lambda case: -sign * result.pairs[case])
    return [
        f"{case} {figures.change(result.metric, result.pairs[case])}: "
        f"{run_command(report.after.side, report.suite, case)}"
        for case in ranked[:5]
        if sign * result.pairs[case] > 0
    ]


def _cases(suite: Element, report: Report) -> None:
    broken: dict[str, list[Broken]] = defaultdict(list)
    for failure in report.broken:
        broken[failure.case].append(failure)
    for case in report.cases:
        test = SubElement(suite, "testcase", classname="case", name=case.name)
        test.set("file", str(case.article))
        if failures := broken[case.name]:
            names = "; ".join(failure.invariant for failure in failures)
            found = SubElement(test, "failure", type="WORSE", message=_clean(names))
            found.text = (
                "held on the baseline, broken now\n"
                f"run: {run_command(report.after.side, report.suite, case.name)}"
            )


def _clean(text: str) -> str:
    """Text without the control characters that XML 1.0 cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n")
