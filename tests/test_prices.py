from __future__ import annotations

from datetime import date

import pytest

from rewriter.prices import FREE, PRICES, Price, in_batches, price_of


def test_cached_tokens_have_their_own_price() -> None:
    price = Price(input=2.0, output=8.0, cached_input=0.5, as_of=date(2026, 11, 20))

    assert price.cost(1_000_000, 0) == 2.0
    assert price.cost(1_000_000, 0, 400_000) == pytest.approx(0.6 * 2.0 + 0.4 * 0.5)
    assert price.cost(0, 500_000) == 4.0


def test_cached_tokens_cost_as_much_as_others_where_no_price_is_known_for_them() -> None:
    price = Price(input=2.0, output=8.0, as_of=date(2026, 11, 20))

    assert price.cost(1_000, 10, 1_000) == price.cost(1_000, 10)


def test_a_dated_snapshot_has_its_models_price_and_an_unknown_model_none() -> None:
    assert price_of("gpt-4.1-mini-2025-04-14", PRICES) is PRICES["gpt-4.1-mini"]
    assert price_of("gpt-4.1-mini-turbo", PRICES) is None
    assert price_of("", PRICES) is None


def test_what_is_free_costs_nothing() -> None:
    assert FREE.cost(10**9, 10**9, 10**6) == 0.0


def test_every_shipped_price_has_its_date() -> None:
    assert all(price.as_of.year >= 2026 for price in PRICES.values())


def test_batches_cost_half_and_a_cached_prefix_no_more_than_that() -> None:
    listed = PRICES["gpt-4.1-mini"]
    halved = in_batches(PRICES)["gpt-4.1-mini"]
    assert halved.cost(1_000, 500) == listed.cost(1_000, 500) / 2
    assert halved.cost(1_000, 500, cached_tokens=1_000) < halved.cost(1_000, 500)
    dear = Price(input=1.0, output=1.0, cached_input=0.9, as_of=listed.as_of)
    assert in_batches({"m": dear})["m"].cached_input == 0.5
