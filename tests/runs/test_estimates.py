"""What articles will take: by what such articles took before, else by a stated assumption."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rewriter.completion.limits import most_tokens
from rewriter.prices import PRICES, Price, in_batches
from rewriter.request import ChatMessage, Request
from rewriter.runs.estimates import Estimate, Estimator, Experience, estimator
from rewriter.settings import Settings
from rewriter.state import State

PRICE = Price(input=1.0, output=10.0, as_of=date(2026, 1, 1))
REQUEST = Request(
    messages=(ChatMessage(role="user", content="word " * 700),),
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


@pytest.mark.parametrize(("past", "share"), [(None, 0.5), (PAST, (0.5 + 0.5) / 1.5)])
def test_by_a_batch_the_first_call_costs_half_and_repairs_the_whole(
    past: Experience | None, share: float
) -> None:
    half = PRICE.model_copy(update={"input": 0.5, "output": 5.0})
    direct, by_batch = (Estimator(PRICE, past, one).estimate(REQUEST) for one in (None, half))

    assert direct.cost is not None
    assert by_batch.cost == pytest.approx(direct.cost * share)
    assert Estimator(None, past, None).estimate(REQUEST).cost is None


def test_half_the_price_is_that_of_the_price_list(tmp_path: Path) -> None:
    settings = Settings(engine="openai", model="gpt-4.1-mini")
    one = estimator(settings, State(root=tmp_path), by_batch=True)

    assert one.price == PRICES["gpt-4.1-mini"]
    assert one.batch_price == in_batches(PRICES)["gpt-4.1-mini"]
    assert estimator(settings, State(root=tmp_path)).batch_price is None


def test_a_second_reader_is_estimated_with_the_article_and_alone(tmp_path: Path) -> None:
    settings = Settings(engine="openai", model="gpt-4.1-mini", reader="off")
    alone = estimator(settings, State(root=tmp_path))
    read = estimator(settings.model_copy(update={"reader": "on"}), State(root=tmp_path))
    assert read.reading is not None
    writing, both = alone.estimate(REQUEST), read.estimate(REQUEST)
    reading = read.estimate(REQUEST.model_copy(update={"role": "reader"}))
    assert writing.calls == 1.0 < both.calls
    assert (writing.cost or 0) < (both.cost or 0)
    assert 0 < (reading.cost or 0) < (both.cost or 0)
