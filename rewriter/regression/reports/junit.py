"""The JUnit XML of a comparison: a test for the verdict and one for each case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from rewriter import ci
from rewriter.errors import RewriterError
from rewriter.escaping import message_of
from rewriter.regression.cases import Case
from rewriter.regression.comparison import Comparison
from rewriter.regression.reports import terminal
from rewriter.regression.staleness import run_command
from rewriter.regression.verdict import BrokenInvariant


def xml(comparison: Comparison) -> str:
    """The XML document. The verdict is a failure where it is WORSE, an error where it is none."""
    variant, report = comparison.after.variant, terminal.text(comparison)
    test = ci.JUnitCase("gate", "verdict")
    if comparison.verdict in ("SAME", "BETTER"):
        test = test._replace(output=report)
    else:
        test = test._replace(
            result="failure" if comparison.verdict == "WORSE" else "error",
            type=comparison.verdict,
            message=f"{comparison.verdict}: {variant}",
            text=report,
        )
    cases = () if comparison.blockers else _cases(comparison)
    return ci.junit(f"rewriter regress: {variant}", [test, *cases])


def error_xml(error: RewriterError) -> str:
    """The XML document of a gate that ended without a verdict."""
    message, _, more = message_of(error).partition("\n")
    test = ci.JUnitCase("gate", "verdict", "error", type="ERROR", message=message, text=more)
    return ci.junit("rewriter regress", [test])


def _cases(comparison: Comparison) -> Iterator[ci.JUnitCase]:
    broken: dict[str, list[BrokenInvariant]] = defaultdict(list)
    for failure in comparison.broken:
        broken[failure.case].append(failure)
    for case in comparison.cases:
        test = ci.JUnitCase(
            "case", case.name, file=str(case.article if isinstance(case, Case) else case.file)
        )
        if failures := broken[case.name]:
            command = run_command(comparison.after.variant, case.name)
            test = test._replace(
                result="failure",
                type="WORSE",
                message="; ".join(failure.invariant for failure in failures),
                text=f"held on the baseline, broken now\nrun: {command}",
            )
        yield test
