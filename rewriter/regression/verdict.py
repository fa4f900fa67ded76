"""The verdict: scores are paired by case, averaged by article, and tested for each metric."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Literal

from rewriter.errors import highest_exit_code
from rewriter.regression.inference import detectable, holm, needed, paired
from rewriter.regression.scoring import Metric, Score

Verdict = Literal["BETTER", "WORSE", "SAME", "INCONCLUSIVE", "STALE", "INCOMPLETE"]
Scores = Mapping[tuple[str, int], Score]

# At most two of a hundred comparisons of a prompt with itself may give any alarm.
ALPHA = 0.02
EXIT_CODES: Mapping[Verdict, int] = {
    "BETTER": 0,
    "SAME": 0,
    "WORSE": 1,
    "STALE": 5,
    "INCOMPLETE": 5,
    "INCONCLUSIVE": 6,
}


def exit_code(*verdicts: Verdict) -> int:
    """The highest exit code of one or more verdicts."""
    return highest_exit_code(*(EXIT_CODES[verdict] for verdict in verdicts))


@dataclass(frozen=True)
class MetricChange:
    """One metric of both variants, and its change.

    `change` and its 95 % limits `low` and `high` are differences for a share, and logarithms of the
    quotient for a ratio. `p` is adjusted for the number of metrics. `pairs` has the change of each
    case. An inconclusive metric also has `detectable`, the change that is found four times in five,
    and `needed`, the number of independent articles that would find a change of the margin.
    `unconfirmed` is True for an alarm without recordings of further epochs.
    """

    metric: Metric
    verdict: Verdict
    before: float
    after: float
    change: float
    low: float
    high: float
    p: float
    pairs: Mapping[str, float]
    detectable: float | None = None
    needed: int | None = None
    unconfirmed: bool = False

    @property
    def loss(self) -> float:
        """How much worse the candidate is, in the metric's terms; negative where it is better."""
        return -self.change if self.metric.higher_is_better else self.change


@dataclass(frozen=True)
class BrokenInvariant:
    """An invariant that held on the baseline, and the epochs in which the candidate breaks it."""

    case: str
    invariant: str
    epochs: tuple[int, ...]


def compare_metrics(
    before: Scores, after: Scores, clusters: Mapping[str, str], metrics: Sequence[Metric]
) -> tuple[MetricChange, ...]:
    """The verdict on every metric that was measured for both variants.

    The epochs of a case are averaged, then the cases of one article, because articles are the
    independent units. A metric is WORSE or BETTER when its adjusted p-value is at most `ALPHA` and
    the change is beyond the margin. It is SAME when the interval excludes a loss beyond the margin,
    and INCONCLUSIVE otherwise.
    """
    pairs = {metric: found for metric in metrics if (found := _pairs(metric, before, after))}
    changes = {m: {case: pair.change for case, pair in found.items()} for m, found in pairs.items()}
    groups = [_by_cluster(changes[metric], clusters) for metric in pairs]
    mean_differences = [paired(group) for group in groups]
    adjusted = holm([one.p for one in mean_differences])
    results = []
    for metric, group, mean, p in zip(pairs, groups, mean_differences, adjusted, strict=True):
        result = MetricChange(
            metric=metric,
            verdict="SAME",
            before=fmean(_by_cluster({c: p.before for c, p in pairs[metric].items()}, clusters)),
            after=fmean(_by_cluster({c: p.after for c, p in pairs[metric].items()}, clusters)),
            change=mean.mean,
            low=mean.low,
            high=mean.high,
            p=p,
            pairs=changes[metric],
        )
        results.append(_judged(result, group, tests=len(groups)))
    return tuple(results)


def confirm(
    results: Sequence[MetricChange], before: Scores, after: Scores, clusters: Mapping[str, str]
) -> tuple[MetricChange, ...]:
    """`results` with each alarm tested again on the scores of further epochs.

    An alarm is kept where the further epochs show a loss too (p at most 0.05), and where they do
    not cover every case of both variants. Otherwise the verdict is that of the further epochs.
    """
    alarms = [result for result in results if result.verdict == "WORSE"]
    cases = {case for case, _ in before}
    covered = before.keys() == after.keys() and all(cases >= one.pairs.keys() for one in alarms)
    metrics = [result.metric for result in results]
    again = compare_metrics(before, after, clusters, metrics) if alarms and covered else ()
    found = {result.metric: result for result in again}
    return tuple(
        _confirmed(result, found.get(result.metric), clusters) if result in alarms else result
        for result in results
    )


def broken(before: Scores, after: Scores) -> tuple[BrokenInvariant, ...]:
    """The invariants that no epoch of the baseline breaks and one of the candidate breaks."""
    excused: dict[str, set[str]] = defaultdict(set)
    for (case, _), score in before.items():
        excused[case].update(score.broken)
    failed: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (case, epoch), score in sorted(after.items()):
        for invariant in score.broken:
            if invariant not in excused[case]:
                failed[case, invariant].append(epoch)
    return tuple(
        BrokenInvariant(case, name, tuple(epochs)) for (case, name), epochs in failed.items()
    )


def overall(results: Sequence[MetricChange], failures: Sequence[BrokenInvariant]) -> Verdict:
    """The verdict over all metrics: the worst of theirs, and WORSE for any broken invariant."""
    verdicts = {result.verdict for result in results}
    if failures or "WORSE" in verdicts:
        return "WORSE"
    if "INCONCLUSIVE" in verdicts or not results:
        return "INCONCLUSIVE"
    return "BETTER" if "BETTER" in verdicts else "SAME"


def _judged(result: MetricChange, group: Sequence[float], *, tests: int) -> MetricChange:
    margin = result.metric.margin
    if result.p <= ALPHA and abs(result.change) > margin:
        return replace(result, verdict="WORSE" if result.loss > 0 else "BETTER")
    worst = -result.low if result.metric.higher_is_better else result.high
    if worst <= margin:
        return result
    share = ALPHA / tests  # the level of the smallest p-value by Holm
    return replace(
        result,
        verdict="INCONCLUSIVE",
        detectable=detectable(group, alpha=share),
        needed=needed(group, margin, alpha=share),
    )


def _confirmed(
    alarm: MetricChange, again: MetricChange | None, clusters: Mapping[str, str]
) -> MetricChange:
    if again is None:
        return replace(alarm, unconfirmed=True)
    still_worse = again.loss > 0 and paired(_by_cluster(again.pairs, clusters)).p <= 0.05
    return alarm if still_worse else again


# --- pairing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _CasePair:
    before: float
    after: float
    change: float


def _pairs(metric: Metric, before: Scores, after: Scores) -> dict[str, _CasePair]:
    """A pair for each case, with averaged epochs; empty where a part was not measured."""
    old, new = _averages(metric.name, before), _averages(metric.name, after)
    if old is None or new is None or old.keys() != new.keys():
        return {}
    is_ratio = metric.kind == "ratio"
    return {
        case: _CasePair(was, now, math.log(now / was) if is_ratio else now - was)
        for case, was in old.items()
        for now in (new[case],)
    }


def _averages(name: str, scores: Scores) -> dict[str, float] | None:
    values: dict[str, list[float | None]] = defaultdict(list)
    for (case, _), score in scores.items():
        values[case].append(score.values.get(name))
    averages: dict[str, float] = {}
    for case, found in values.items():
        known = [value for value in found if value is not None]
        if known and len(known) < len(found):
            return None
        if known:
            averages[case] = fmean(known)
    return averages


def _by_cluster(changes: Mapping[str, float], clusters: Mapping[str, str]) -> list[float]:
    groups: dict[str, list[float]] = defaultdict(list)
    for case, change in changes.items():
        groups[clusters[case]].append(change)
    return [fmean(group) for group in groups.values()]
