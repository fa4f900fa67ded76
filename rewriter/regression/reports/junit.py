"""The JUnit XML of a comparison: a test for each metric and one for each case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from rewriter import ci
from rewriter.errors import RewriterError
from rewriter.escaping import message_of
from rewriter.regression.cases import Case
from rewriter.regression.comparison import Comparison
from rewriter.regression.reports import amounts
from rewriter.regression.staleness import run_command
from rewriter.regression.verdict import BrokenInvariant, MetricChange

_WORST_CASES = 5


def xml(comparison: Comparison) -> str:
    """The XML document. A metric that is INCONCLUSIVE is an error, a WORSE one a failure."""
    if comparison.blockers:
        tests = _blockers(comparison)
    else:
        tests = [*_metrics(comparison), *_cases(comparison)]
    return ci.junit(f"rewriter regress: {comparison.after.variant}", tests)


def error_xml(error: RewriterError) -> str:
    """The XML document of a gate that ended without a verdict."""
    message, _, more = message_of(error).partition("\n")
    test = ci.JUnitCase("gate", "verdict", "error", type="ERROR", message=message, text=more)
    return ci.junit("rewriter regress", [test])


def _blockers(comparison: Comparison) -> list[ci.JUnitCase]:
    return [
        ci.JUnitCase(
            "recordings",
            f"blocker {number}",
            "error",
            type=blocker.status,
            message=blocker.where_and_what,
            text=f"cases: {', '.join(blocker.cases)}\nrun: {blocker.command}",
        )
        for number, blocker in enumerate(comparison.blockers, 1)
    ]


def _metrics(comparison: Comparison) -> Iterator[ci.JUnitCase]:
    for result in comparison.metrics:
        test = ci.JUnitCase("metric", result.metric.name)
        said = f"{result.metric.name}: {amounts.sentence(result)}, p {result.p:.4f}"
        if result.verdict in ("WORSE", "INCONCLUSIVE"):
            yield test._replace(
                result="failure" if result.verdict == "WORSE" else "error",
                type=result.verdict,
                message=said,
                text="\n".join([amounts.remark(result), *_worst(comparison, result)]),
            )
        else:
            yield test._replace(output=f"{result.verdict}; {said}")


def _worst(comparison: Comparison, result: MetricChange) -> list[str]:
    sign = -1 if result.metric.higher_is_better else 1
    ranked = sorted(result.pairs, key=lambda case: -sign * result.pairs[case])
    return [
        f"{case} {amounts.change(result.metric, result.pairs[case])}: "
        f"{run_command(comparison.after.variant, case)}"
        for case in ranked[:_WORST_CASES]
        if sign * result.pairs[case] > 0
    ]


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
