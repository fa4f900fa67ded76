"""What articles will take: by what such articles took before, else by a stated assumption."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files

import pytest

from rewriter.estimating import Bound, Estimate, Estimator, Experience, Pace
from rewriter.limits import SPREAD, most_tokens
from rewriter.prices import Price
from rewriter.request import Message, Request

PRICE = Price(input=1.0, output=10.0, as_of=date(2026, 1, 1))
REQUEST = Request(
    messages=(Message(role="user", content="word " * 700),),
    model="m",
    json_schema={},
    parameters={"max_tokens": 3000},
)
PAST = Experience(articles=9, calls=1.5, input_share=2.0, output_tokens=800.0, seconds=12.0)


def test_without_a_past_the_question_counts_as_for_reservations_and_half_the_limit_is_written() -> (
    None
):
    estimate = Estimator(PRICE).estimate(REQUEST)

    assert estimate.input_tokens == most_tokens(REQUEST)[0]
    assert (estimate.calls, estimate.output_tokens, estimate.seconds) == (1.0, 1500, 30.0)
    assert estimate.cost == pytest.approx((estimate.input_tokens + 10 * 1500) / 1e6)


def test_the_past_sets_calls_tokens_and_seconds() -> None:
    estimate = Estimator(PRICE, PAST).estimate(REQUEST)

    assert estimate.input_tokens == 2 * most_tokens(REQUEST)[0]
    assert (estimate.calls, estimate.output_tokens, estimate.seconds) == (1.5, 800, 12.0)


@pytest.mark.parametrize(("past", "told"), [(None, "nothing is recorded of m"), (PAST, "9 rec")])
def test_estimates_say_what_they_rest_on(past: Experience | None, told: str) -> None:
    assert Estimator(PRICE, past).assumptions("m").startswith(told)


def test_an_unknown_price_makes_an_unknown_cost_never_a_free_one() -> None:
    unknown = Estimator(None).estimate(REQUEST)

    assert unknown.cost is None
    assert (unknown + Estimator(PRICE).estimate(REQUEST)).cost is None
    assert (Estimate() + Estimate()).cost == 0


@pytest.mark.parametrize(
    ("pace", "articles", "seconds", "bound"),
    [
        (Pace(10), 100, 200.0, "concurrency"),
        (Pace(1000), 100, 20.0, "concurrency"),
        (Pace(100, requests_per_minute=30), 100, 200 / SPREAD, "requests_per_minute"),
        (Pace(100, tokens_per_minute=6_000), 100, 1000 / SPREAD, "tokens_per_minute"),
        (Pace(1, requests_per_minute=6_000, tokens_per_minute=10**9), 100, 2000.0, "concurrency"),
        (Pace(8), 0, 0.0, "concurrency"),
    ],
)
def test_the_narrowest_limit_sets_the_duration(
    pace: Pace, articles: int, seconds: float, bound: Bound
) -> None:
    total = Estimate(calls=100, input_tokens=60_000, output_tokens=40_000, seconds=2_000)

    assert pace.duration(total, articles)[0] == pytest.approx(seconds)
    assert pace.duration(total, articles)[1] == bound


def test_the_share_of_a_limit_is_the_one_that_the_gate_uses() -> None:
    script = files("rewriter.queue").joinpath("lua/admit.lua").read_text()
    spread = re.search(r"local BURST, SPREAD = [\d.]+, ([\d.]+)", script)

    assert spread
    assert float(spread[1]) == SPREAD
