"""The cost of recording a variant, and the smallest change that its recordings could show."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean, variance

from rewriter.completion.limits import highest_cost
from rewriter.prices import Price, price_of
from rewriter.regression.experiment import Experiment
from rewriter.regression.inference import standard_errors
from rewriter.regression.scoring import Metric, Score
from rewriter.regression.variants import CaseEpoch, Variant
from rewriter.regression.verdict import ALPHA


@dataclass(frozen=True)
class Plan:
    """The requests to make, their highest cost in US dollars, and what they could show.

    `cost` is None without a price. `reach` is the mean change of a metric that is found four times
    in five; only metrics whose noise the accepted recordings show have one. It assumes the same
    change in every article: a change that differs between articles needs more of them.
    """

    questions: int
    recorded: int
    cost: float | None
    articles: int
    reach: Mapping[Metric, float]


def plan(
    experiment: Experiment, variant: Variant, epochs: int, prices: Mapping[str, Price]
) -> Plan:
    """Plan the recording of `variant` with `epochs` answers to each case."""
    suite = experiment.suite
    measured = suite.measure(variant, range(1, epochs + 1))
    cases = {case.name: case for case in suite.cases}
    missing = sum(map(len, measured.gaps.values()))
    cost = None if missing else 0.0
    if price_of(variant.model, prices):
        cost = sum(
            len(epochs_missing) * highest_cost(suite.request(cases[name], variant), prices, "")
            for name, epochs_missing in measured.gaps.items()
        )
    articles = len(set(suite.clusters.values()))
    return Plan(
        missing, len(measured.answers), cost, articles, _reach(experiment, epochs, articles)
    )


def _reach(experiment: Experiment, epochs: int, articles: int) -> dict[Metric, float]:
    if experiment.accepted is None:
        return {}
    before = experiment.suite.measure(experiment.accepted, range(1, experiment.epochs + 1))
    scores = experiment.suite.score(before, experiment.accepted)
    errors = standard_errors(ALPHA / len(experiment.suite.metrics))
    return {
        metric: errors * math.sqrt(2 * noise / epochs / articles)
        for metric in experiment.suite.metrics
        if (noise := _noise(metric, scores))  # equal answers show none
    }


def _noise(metric: Metric, scores: Mapping[CaseEpoch, Score]) -> float | None:
    """The variance between answers to the same case, as a mean over the cases."""
    values: dict[str, list[float]] = defaultdict(list)
    for (case, _), score in scores.items():
        value = score.values.get(metric.name)
        if value is not None:
            values[case].append(math.log(value) if metric.kind == "ratio" else value)
    spreads = [variance(found) for found in values.values() if len(found) > 1]
    return fmean(spreads) if spreads else None
