"""Reports on a terminal: of a comparison, of a bisection, and of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.escaping import counted
from rewriter.prices import dollars
from rewriter.regression.comparison import Comparison
from rewriter.regression.history import Bisection
from rewriter.regression.planning import Plan
from rewriter.regression.reports import amounts
from rewriter.regression.verdict import MetricChange
from rewriter.text.columns import columns

_HEAD = ("metric", "before", "after", "change", "95 % interval", "p", "verdict", "")
_MOST_BROKEN = 20  # most broken invariants that are shown; the HTML page has all


def text(comparison: Comparison) -> str:
    """The whole report as plain text."""
    return "\n".join(_lines(comparison))


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"{comparison.verdict}: {comparison.after.variant}" + (
        f" against {comparison.before.variant}" if comparison.before else ""
    )
    yield summary(comparison)
    if comparison.changes:
        yield f"changed: {', '.join(comparison.changes)}"
    for blocker in comparison.blockers:
        yield f"  {blocker}"
    if comparison.metrics:
        yield ""
        yield from columns([_HEAD, *(row(r) for r in comparison.metrics)], left=(0, 6, 7))
    if comparison.broken:
        yield ""
        yield "held before, broken now:"
    for failure in comparison.broken[:_MOST_BROKEN]:
        epochs = ", ".join(map(str, failure.epochs))
        yield f"  {failure.case}: {failure.invariant} (epoch {epochs})"
    if len(comparison.broken) > _MOST_BROKEN:
        yield f"  and {len(comparison.broken) - _MOST_BROKEN} more"
    for note in comparison.notes:
        yield f"note: {note}"


def summary(comparison: Comparison) -> str:
    """The numbers of cases, articles, epochs and answers, in one line."""
    articles = len({case.cluster for case in comparison.cases})
    answers = len(comparison.after.answers)
    return (
        f"{counted(len(comparison.cases), 'case')} from {counted(articles, 'article')}, "
        f"{counted(len(comparison.after.epochs), 'epoch')}, {counted(answers, 'answer')}"
    )


def row(result: MetricChange) -> tuple[str, ...]:
    """Name, both amounts, change, interval, p, verdict and remark of a metric."""
    return (
        result.metric.name,
        amounts.value(result.metric, result.before),
        amounts.value(result.metric, result.after),
        amounts.change(result.metric, result.change),
        amounts.interval(result),
        f"{result.p:.4f}",
        result.verdict,
        amounts.remark(result),
    )


def bisection(found: Bisection) -> str:
    """A line for each commit that was looked at, and the name of the first one that is worse."""
    rows = [
        [step.commit.name, step.commit.day, step.verdict or "(good)", step.commit.subject, step.why]
        for step in found.steps
    ]
    return "\n".join([*columns(rows, left=(0, 1, 2, 3, 4)), _conclusion(found)])


def _conclusion(found: Bisection) -> str:
    good, last = found.steps[0].commit, found.steps[-1]
    if found.worse is None:
        if last.verdict in ("STALE", "INCOMPLETE"):
            return f"{last.commit.name} cannot be compared with {good.name}"
        said = f"{last.commit.name} is not shown to be worse than {good.name}"
        return f"{said}; name another commit with --good"
    names = ", ".join(commit.name for commit in found.unknown)
    or_earlier = f", or one before it of which nothing is known ({names})" if names else ""
    return f"first worse: {found.worse.name} {found.worse.subject}{or_earlier}"


def plan(found: Plan) -> str:
    """The number of requests, their highest cost, and the smallest change that they could show."""
    return "\n".join(_plan(found))


def _plan(found: Plan) -> Iterator[str]:
    cost = "no price is known" if found.cost is None else f"at most {dollars(found.cost)}"
    yield f"{counted(found.questions, 'question')} to ask ({found.recorded:,} recorded): {cost}"
    if not found.reach:
        yield "the smallest change is unknown: single or equal answers to a case show no noise"
        return
    yield f"with {counted(found.articles, 'article')} a change is found four times in five from"
    for metric, effect in found.reach.items():
        enough = "" if effect <= metric.margin else "  above the margin: add cases or epochs"
        yield f"  {metric.name:<11}{amounts.size(metric, effect):>8}{enough}"
