"""How often does the gate find a planted loss, and how often does it cry wolf?

    python -m benchmarks.regress_power [--runs 1000] [--scene TEXT]

Scores are simulated as a model gives them: every case has a level of its own, every answer varies
around it. The verdicts are those of `rewriter regress run`, whole: pairing, permutation, Holm,
margins. Prints a Markdown table; its figures are in docs/explanation/regression.md.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from rewriter.regression.scoring import METRICS, Metric, Score
from rewriter.regression.verdict import compare_metrics

_Scores = dict[tuple[str, int], Score]


@dataclass(frozen=True)
class World:
    """How the simulated model behaves.

    `noise` is the standard deviation between answers to one case, of shares and of logarithms;
    `per_article` cases are made from one article.
    """

    cases: int = 40
    epochs: int = 3
    noise: float = 0.06
    per_article: int = 1

    def clusters(self) -> dict[str, str]:
        return {f"c{n}": f"a{n // self.per_article}" for n in range(self.cases)}

    def levels(self, dice: random.Random) -> list[dict[str, float]]:
        """The level of each metric for each case."""
        return [
            {metric.name: _level(metric, dice) for metric in METRICS} for _ in range(self.cases)
        ]

    def scores(
        self, levels: list[dict[str, float]], loss: Callable[[int, str], float], dice: random.Random
    ) -> _Scores:
        """One variant: the levels less a loss, with the noise of each answer."""
        found: _Scores = {}
        for case in range(self.cases):
            lost = {metric.name: loss(case, metric.name) for metric in METRICS}
            for epoch in range(1, self.epochs + 1):
                values = {
                    metric.name: _answer(
                        metric, levels[case][metric.name], lost[metric.name], self.noise, dice
                    )
                    for metric in METRICS
                }
                found[f"c{case}", epoch] = Score(values, (), ())
        return found


def _level(metric: Metric, dice: random.Random) -> float:
    if metric.kind == "ratio":
        return math.exp(dice.gauss(0, 0.5))
    return dice.uniform(0.3, 0.7)  # away from 0 and 1, where clipping would hide a part of a loss


def _answer(metric: Metric, level: float, loss: float, noise: float, dice: random.Random) -> float:
    if metric.kind == "ratio":
        return level * math.exp(loss + dice.gauss(0, noise))
    worse = -loss if metric.higher_is_better else loss
    return min(1.0, max(0.0, level + worse + dice.gauss(0, noise)))


def no_loss(case: int, metric: str) -> float:
    return 0.0


def uniform(size: float) -> Callable[[int, str], float]:
    """Every case loses the same on coverage."""
    return lambda case, metric: size if metric == "coverage" else 0.0


def concentrated(size: float, every: int) -> Callable[[int, str], float]:
    """The same mean loss, all of it in one case of `every`."""
    return lambda case, metric: size * every if metric == "coverage" and case % every == 0 else 0.0


def simulate(
    world: World, loss: Callable[[int, str], float], runs: int, seed: int = 0
) -> Counter[str]:
    """Count what the gate says of `runs` comparisons: of coverage, and any alarm at all."""
    counts: Counter[str] = Counter()
    clusters = world.clusters()
    for run in range(runs):
        dice = random.Random(f"{seed} {run}")  # noqa: S311 - reproducible, not secret
        levels = world.levels(dice)
        before = world.scores(levels, no_loss, dice)
        after = world.scores(levels, loss, dice)
        results = compare_metrics(before, after, clusters, METRICS)
        counts[next(r.verdict for r in results if r.metric.name == "coverage")] += 1
        counts["any WORSE"] += any(r.verdict == "WORSE" for r in results)
        counts["any BETTER"] += any(r.verdict == "BETTER" for r in results)
        counts["any INCONCLUSIVE"] += any(r.verdict == "INCONCLUSIVE" for r in results)
    return counts


_SCENES: tuple[tuple[str, World, Callable[[int, str], float]], ...] = (
    ("A/A, noise 0.06", World(), no_loss),
    ("A/A, noise 0.12", World(noise=0.12), no_loss),
    ("A/A, 2 cases an article", World(per_article=2), no_loss),
    ("loss 0.05 in every case, noise 0.06", World(), uniform(0.05)),
    ("loss 0.05 in every case, noise 0.10", World(noise=0.10), uniform(0.05)),
    ("loss 0.05 in every case, 1 epoch", World(epochs=1), uniform(0.05)),
    ("loss 0.05 in every case, 20 cases", World(cases=20), uniform(0.05)),
    ("mean loss 0.05, in every 2nd case", World(), concentrated(0.05, 2)),
    ("mean loss 0.05, in every 4th case", World(), concentrated(0.05, 4)),
    ("loss 0.03 in every case", World(), uniform(0.03)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--scene", default="", help="only scenes whose name holds this text")
    given = parser.parse_args()
    runs = given.runs
    print("| scene | coverage WORSE | any WORSE | any BETTER | any INCONCLUSIVE |")
    print("|---|---|---|---|---|")
    for name, world, loss in _SCENES:
        if given.scene not in name:
            continue
        counts = simulate(world, loss, runs)
        shares = [counts[key] / runs for key in ("WORSE", "any WORSE", "any BETTER")]
        shares.append(counts["any INCONCLUSIVE"] / runs)
        cells = " | ".join(f"{share:.1%}" for share in shares)
        print(f"| {name} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
