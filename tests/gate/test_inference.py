"""The statistics: checked against brute force, textbook values and simulation."""

from __future__ import annotations

import itertools
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.regress_power import World, no_loss, simulate, uniform
from rewriter.regression.inference import detectable, holm, needed, paired

_CHANGES = st.lists(
    st.floats(-1, 1, allow_nan=False).map(lambda x: round(x, 3)), min_size=1, max_size=9
)


def _flipped_means(changes: list[float], shift: float) -> list[float]:
    moved = [change - shift for change in changes]
    signs = itertools.product((1, -1), repeat=len(moved))
    return [fmean(s * c for s, c in zip(flips, moved, strict=True)) for flips in signs]


@settings(max_examples=60)
@given(_CHANGES)
def test_the_p_value_is_that_of_all_sign_flips(changes: list[float]) -> None:
    means = _flipped_means(changes, 0.0)
    above = sum(mean >= fmean(changes) - 1e-9 for mean in means) / len(means)
    below = sum(mean <= fmean(changes) + 1e-9 for mean in means) / len(means)
    assert paired(changes).p == pytest.approx(min(1.0, 2 * min(above, below)))


@settings(max_examples=60)
@given(_CHANGES)
def test_the_interval_holds_the_shifts_that_the_test_does_not_reject(changes: list[float]) -> None:
    mean_difference = paired(changes, confidence=0.8)
    assert mean_difference.low <= mean_difference.mean + 1e-9
    assert mean_difference.high >= mean_difference.mean - 1e-9
    outside = mean_difference.high + 0.01
    means = _flipped_means(changes, outside)
    share = sum(mean <= fmean(changes) - outside + 1e-9 for mean in means) / len(means)
    assert share <= 0.1 + 2 / len(means)


def test_many_differences_are_sampled_and_give_the_same_answer_each_time() -> None:
    changes = [0.01 * (n % 7) - 0.02 for n in range(100)]
    first = paired(changes)
    assert paired(changes) == first
    assert first.low < first.mean < first.high


def test_no_difference_is_no_difference() -> None:
    assert paired([0.0] * 5) == (0.0, 0.0, 0.0, 1.0)
    assert paired([0.1, -0.1]).p == 1.0


def test_a_clear_difference_is_as_clear_as_the_number_of_articles_allows() -> None:
    assert paired([0.1, 0.2, 0.3, 0.1]).p == 2 / 2**4
    assert paired([0.1 + n / 1000 for n in range(40)]).p == 2 / 10_000


def test_holm_steps_down_and_never_falls_behind() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


def test_what_is_detectable_and_what_is_needed_agree() -> None:
    changes = [0.1, -0.1, 0.05, -0.02] * 10
    effect = detectable(changes, alpha=0.02)
    assert effect is not None
    assert needed(changes, effect, alpha=0.02) in (len(changes), len(changes) + 1)
    assert detectable([0.1], alpha=0.02) is None


def test_a_planted_loss_is_found_and_nothing_else_is() -> None:
    counts = simulate(World(), uniform(0.05), runs=8)
    assert counts["WORSE"] >= 7
    counts = simulate(World(), no_loss, runs=8)
    assert counts["any WORSE"] + counts["any BETTER"] <= 1
