"""The output of `compare` with many variants, of `bisect` and of `plan`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rewriter.regression.comparison import Comparison
from rewriter.regression.history import Step, first_worse
from rewriter.regression.planning import Plan
from rewriter.regression.reports import amounts
from rewriter.regression.scoring import METRICS
from rewriter.regression.verdict import MetricChange
from rewriter.text.columns import columns


def matrix(comparisons: Sequence[Comparison]) -> str:
    """A row for each variant, the first one at the top, and a column for each metric.

    A cell is empty where the metric was not measured for both variants.
    """
    results = [
        {result.metric: result for result in comparison.metrics} for comparison in comparisons
    ]
    before = {metric: r.before for found in results for metric, r in found.items()}
    metrics = [metric for metric in METRICS if metric in before]
    rows = [["", "verdict", *(metric.name for metric in metrics)]]
    if first := comparisons[0].before:
        values = [amounts.value(metric, before[metric]) for metric in metrics]
        rows.append([str(first.variant), "", *values])
    for comparison, found in zip(comparisons, results, strict=True):
        cells = [_cell(found.get(metric)) for metric in metrics]
        rows.append([str(comparison.after.variant), comparison.verdict, *cells])
    blockers = [f"  {blocker}" for comparison in comparisons for blocker in comparison.blockers]
    return "\n".join([*columns(rows, left=(0, 1)), *blockers])


def _cell(result: MetricChange | None) -> str:
    if result is None:
        return ""
    sign = {"BETTER": "+", "WORSE": "-", "INCONCLUSIVE": "?"}.get(result.verdict, " ")
    return f"{amounts.value(result.metric, result.after)} {sign}"


def bisection(steps: Sequence[Step]) -> str:
    """A line for each commit, and the name of the first one that is worse."""
    rows = [
        [step.commit.name, step.commit.day, step.verdict or "(good)", step.commit.subject, step.why]
        for step in steps
    ]
    return "\n".join([*columns(rows, left=(0, 1, 2, 3, 4)), _conclusion(steps)])


def _conclusion(steps: Sequence[Step]) -> str:
    worse = first_worse(steps)
    if worse is None:
        judged = sum(step.verdict not in ("STALE", "INCOMPLETE") for step in steps)
        return f"no commit is worse; {judged} of {len(steps)} are recorded"
    before: list[Step] = []
    for step in steps[: steps.index(worse)]:
        before = [*before, step] if step.verdict in ("STALE", "INCOMPLETE") else []
    names = ", ".join(step.commit.name for step in before)
    or_earlier = f", or one before it that is not recorded ({names})" if before else ""
    return f"first worse: {worse.commit.name} {worse.commit.subject}{or_earlier}"


def plan(found: Plan) -> str:
    """The number of requests, their highest cost, and the smallest change that they could show."""
    return "\n".join(_plan(found))


def _plan(found: Plan) -> Iterator[str]:
    cost = "no price is known" if found.cost is None else f"at most ${found.cost:.2f}"
    yield f"{found.questions} questions to ask ({found.recorded} are recorded): {cost}"
    if not found.reach:
        yield "the smallest change is unknown: one answer to each case shows no noise"
        return
    yield f"with {found.articles} articles a change is found four times in five from"
    for metric, effect in found.reach.items():
        enough = "" if effect <= metric.margin else "  above the margin: add cases or epochs"
        yield f"  {metric.name:<11}{amounts.size(metric, effect):>8}{enough}"
