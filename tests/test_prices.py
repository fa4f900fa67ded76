from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from rewriter.article import Usage
from rewriter.prices import FREE, PRICES, Price, in_batches, price_of, shipped
from rewriter.settings import Settings
from tools import prices

ROOT = Path(__file__).parent.parent


def test_cached_tokens_have_their_own_price() -> None:
    price = Price(input=2.0, output=8.0, cached_input=0.5, as_of=date(2026, 11, 20))

    assert price.cost(1_000_000, 0) == 2.0
    assert price.cost(1_000_000, 0, 400_000) == pytest.approx(0.6 * 2.0 + 0.4 * 0.5)
    assert price.cost(0, 500_000) == 4.0


def test_cached_tokens_cost_as_much_as_others_where_no_price_is_known_for_them() -> None:
    price = Price(input=2.0, output=8.0, as_of=date(2026, 11, 20))

    assert price.cost(1_000, 10, 1_000) == price.cost(1_000, 10)


def test_a_dated_snapshot_has_its_models_price_and_an_unknown_model_none() -> None:
    assert price_of("gpt-4.1-mini-2025-04-14", PRICES) == PRICES["gpt-4.1-mini"]
    assert price_of("gpt-4.1-mini-turbo", PRICES) is None
    assert price_of("", PRICES) is None


def test_what_is_free_costs_nothing() -> None:
    assert FREE.cost(10**9, 10**9, 10**6) == 0.0


def test_every_shipped_price_has_its_date_and_costs_something() -> None:
    table = json.loads((ROOT / "rewriter" / "model_prices.json").read_text("utf-8"))
    assert re.fullmatch(r"genai-prices \d+\.\d+\.\d+", table["source"])
    for provider in table["providers"].values():
        address = re.sub(r"\\(.)", r"\1", provider["address"])
        for price in shipped(address.partition("(")[0]).values():
            assert price.as_of == date.fromisoformat(table["as_of"])
            assert price.input + price.output > 0


@pytest.mark.parametrize(
    ("address", "model", "known"),
    [
        (None, "gpt-4.1-mini", True),
        ("https://api.openai.com/v1", "gpt-4.1-mini", True),
        ("http://gateway.internal:8080/v1", "gpt-4.1-mini", True),
        ("http://localhost:11434/v1", "llama3.2", False),
        ("http://localhost:11434/v1", "gpt-oss-20b", False),
        ("https://api.mistral.ai/v1", "mistral-small-latest", True),
        ("https://api.mistral.ai/v1", "gpt-4.1-mini", False),
        ("https://openrouter.ai/api/v1", "openai/gpt-4.1-mini", True),
        ("https://openrouter.ai/api/v1", "gpt-4.1-mini", False),
        ("https://api.deepseek.com", "a-model-of-tomorrow", False),
    ],
)
def test_a_price_is_that_of_the_provider_and_of_nobody_else(
    address: str | None, model: str, known: bool
) -> None:
    assert (price_of(model, Settings(base_url=address).price_list) is not None) is known


def test_an_own_price_replaces_the_shipped_one_and_the_readers_provider_has_its_own() -> None:
    own = Price(input=1.0, output=2.0, as_of=date(2026, 11, 29))
    settings = Settings(
        prices={"gpt-4.1": own, "ours": own}, reader_base_url="https://api.mistral.ai/v1"
    )
    listed = settings.price_list
    assert listed["gpt-4.1"] is listed["ours"]
    assert listed["ours"] == own
    assert listed["gpt-4.1-mini"] == PRICES["gpt-4.1-mini"]
    assert price_of("mistral-small-latest", listed)


def test_the_table_is_written_one_model_a_line() -> None:
    text = prices.PATH.read_text("utf-8")
    assert prices.text(json.loads(text)) == text


def test_batches_cost_half_and_a_cached_prefix_no_more_than_that() -> None:
    listed = PRICES["gpt-4.1-mini"]
    halved = in_batches(PRICES)["gpt-4.1-mini"]
    assert halved.cost(1_000, 500) == listed.cost(1_000, 500) / 2
    assert halved.cost(1_000, 500, cached_tokens=1_000) < halved.cost(1_000, 500)
    dear = Price(input=1.0, output=1.0, cached_input=0.9, as_of=listed.as_of)
    assert in_batches({"m": dear})["m"].cached_input == 0.5


def test_a_cost_has_no_digits_that_nobody_pays() -> None:
    price = Price(input=0.1, output=0.7, as_of=date(2026, 1, 1))
    assert repr(price.cost(3, 3)) == "2.4e-06"
    assert (Usage(cost=0.1) + Usage(cost=0.2)).cost == 0.3
    assert (Usage(cost=0.000000002) + Usage(cost=0.0)).cost == 0.000000002
