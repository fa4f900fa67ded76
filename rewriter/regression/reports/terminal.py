"""The report on a terminal: the verdict first, then why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rewriter.regression.experiment import Report
from rewriter.regression.reports import figures
from rewriter.regression.verdict import Compared

_HEAD = ("metric", "before", "after", "change", "95 % interval", "p", "verdict", "")
_MOST_BROKEN = 20  # lines; all of them are in the other reports


def text(report: Report) -> str:
    """The whole report as plain text."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.verdict}: {report.after.side}" + (
        f" against {report.before.side}" if report.before else ""
    )
    yield summary(report)
    if report.changes:
        yield f"changed: {', '.join(report.changes)}"
    for problem in report.problems:
        yield f"  {problem}"
    if report.metrics:
        yield ""
        yield from columns([_HEAD, *(_row(r) for r in report.metrics)], left=(0, 6, 7))
    if report.broken:
        yield ""
        yield "held before, broken now:"
    for failure in report.broken[:_MOST_BROKEN]:
        epochs = ", ".join(map(str, failure.epochs))
        yield f"  {failure.case}: {failure.invariant} (epoch {epochs})"
    if len(report.broken) > _MOST_BROKEN:
        yield f"  and {len(report.broken) - _MOST_BROKEN} more"
    for note in report.notes:
        yield f"note: {note}"


def summary(report: Report) -> str:
    """How much was measured, in one line."""
    articles = len({case.cluster for case in report.cases})
    answers = len(report.after.answers)
    return (
        f"{len(report.cases)} cases from {articles} articles, "
        f"{len(report.after.epochs)} epoch(s), {answers} answers"
    )


def _row(result: Compared) -> tuple[str, ...]:
    return (
        result.metric.name,
        figures.value(result.metric, result.before),
        figures.value(result.metric, result.after),
        figures.change(result.metric, result.change),
        figures.interval(result),
        f"{result.p:.4f}",
        result.verdict,
        figures.remark(result),
    )


def columns(rows: Sequence[Sequence[str]], left: Sequence[int]) -> Iterator[str]:
    """Rows as lines, columns under each other: those in `left` begin, the others end together."""
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    for row in rows:
        cells = (
            cell.ljust(width) if n in left else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=False))
        )
        yield "  ".join(cells).rstrip()
