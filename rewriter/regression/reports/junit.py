"""The report as JUnit XML: a test for each case and one for each metric."""

from __future__ import annotations

from collections import defaultdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rewriter.regression.comparison import Comparison
from rewriter.regression.reports import figures
from rewriter.regression.staleness import run_command
from rewriter.regression.verdict import BrokenInvariant, MetricChange


def xml(comparison: Comparison) -> bytes:
    """The XML document, UTF-8. A metric that is INCONCLUSIVE is an error, a WORSE one a failure."""
    folder = Element("testsuite", name=f"rewriter regress: {comparison.after.variant}")
    if comparison.blockers:
        _blockers(folder, comparison)
    else:
        _metrics(folder, comparison)
        _cases(folder, comparison)
    counts = {kind: len(folder.findall(f"testcase/{kind}")) for kind in ("failure", "error")}
    folder.set("tests", str(len(folder)))
    folder.set("failures", str(counts["failure"]))
    folder.set("errors", str(counts["error"]))
    indent(folder)
    document: bytes = tostring(folder, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _blockers(folder: Element, comparison: Comparison) -> None:
    for number, blocker in enumerate(comparison.blockers, 1):
        test = SubElement(folder, "testcase", classname="recordings", name=f"blocker {number}")
        error = SubElement(test, "error", type=blocker.status, message=_clean(blocker.what))
        cases = f"cases: {', '.join(blocker.cases)}\n" if blocker.cases else ""
        error.text = _clean(f"{cases}run: {blocker.command}")


def _metrics(folder: Element, comparison: Comparison) -> None:
    for result in comparison.metrics:
        metric = result.metric
        test = SubElement(folder, "testcase", classname="metric", name=metric.name)
        said = (
            f"{metric.name}: {figures.value(metric, result.before)} -> "
            f"{figures.value(metric, result.after)}, {figures.change(metric, result.change)} "
            f"{figures.interval(result)}, p {result.p:.4f}"
        )
        if result.verdict in ("WORSE", "INCONCLUSIVE"):
            kind = "failure" if result.verdict == "WORSE" else "error"
            found = SubElement(test, kind, type=result.verdict, message=said)
            found.text = "\n".join([figures.remark(result), *_worst(comparison, result)])
        else:
            SubElement(test, "system-out").text = f"{result.verdict}; {said}"


def _worst(comparison: Comparison, result: MetricChange) -> list[str]:
    sign = -1 if result.metric.higher_is_better else 1
    ranked = sorted(result.pairs, key=lambda case: -sign * result.pairs[case])
    return [
        f"{case} {figures.change(result.metric, result.pairs[case])}: "
        f"{run_command(comparison.after.variant, comparison.folder, case)}"
        for case in ranked[:5]
        if sign * result.pairs[case] > 0
    ]


def _cases(folder: Element, comparison: Comparison) -> None:
    broken: dict[str, list[BrokenInvariant]] = defaultdict(list)
    for failure in comparison.broken:
        broken[failure.case].append(failure)
    for case in comparison.cases:
        test = SubElement(folder, "testcase", classname="case", name=case.name)
        test.set("file", str(case.article))
        if failures := broken[case.name]:
            names = "; ".join(failure.invariant for failure in failures)
            found = SubElement(test, "failure", type="WORSE", message=_clean(names))
            found.text = (
                "held on the baseline, broken now\n"
                f"run: {run_command(comparison.after.variant, comparison.folder, case.name)}"
            )


def _clean(text: str) -> str:
    """Text without the control characters that XML 1.0 cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n")
