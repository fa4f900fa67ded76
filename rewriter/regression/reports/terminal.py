"""The report on a terminal: the verdict, then the metrics and the broken invariants."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.escaping import counted
from rewriter.regression.comparison import Comparison
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
        yield from columns([_HEAD, *(_row(r) for r in comparison.metrics)], left=(0, 6, 7))
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


def _row(result: MetricChange) -> tuple[str, ...]:
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
