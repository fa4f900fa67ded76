"""What models cost, and since when that is known.

`model_prices.json` has the prices of genai-prices (Pydantic, MIT) with the date of its release, for
each provider. An unknown model has no price: its cost is unknown (None), never 0.
`rewriter.toml` adds prices or replaces them: `[prices."my-model"]` with `input`, `output`,
`cached_input` and `as_of`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]

# Of the list price; OpenAI, "Batch API", as of 2026-11-20.
BATCH_SHARE = 0.5
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class Price(BaseModel):
    """US dollars for a million tokens, as published on the day `as_of`.

    `cached_input` is for the input tokens that the provider took from its prompt cache; where it
    is None they cost as much as the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Amount
    output: Amount
    cached_input: Amount | None = None
    as_of: date

    def cost(self, input_tokens: int, output_tokens: int, cached_tokens: int = 0) -> float:
        """US dollars for one call, to a billionth; `cached_tokens` are among the `input_tokens`."""
        cached = self.input if self.cached_input is None else self.cached_input
        fresh_tokens = max(0, input_tokens - cached_tokens)
        total = fresh_tokens * self.input + cached_tokens * cached + output_tokens * self.output
        return round(total / 1_000_000, 9)


def price_of(model: str, prices: Mapping[str, Price]) -> Price | None:
    """The price of `model`, or of the model of which it is a dated snapshot, or None.

    >>> price_of("gpt-4.1-mini-2025-04-14", PRICES) == PRICES["gpt-4.1-mini"]
    True
    """
    return prices.get(model) or prices.get(_SNAPSHOT.sub("", model))


def dollars(cost: float | None, unknown: str = "unknown") -> str:
    """A cost for people, `unknown` for None."""
    return unknown if cost is None else f"${cost:.4f}"


def in_batches(prices: Mapping[str, Price]) -> Mapping[str, Price]:
    """`prices` as they are for answers that come by a batch: half.

    Whether the discounts for a batch and for a cached prefix add up differs by model: the larger
    one counts alone.
    """
    return {model: _halved(price) for model, price in prices.items()}


def _halved(price: Price) -> Price:
    half = BATCH_SHARE * price.input
    cached = half if price.cached_input is None else min(price.cached_input, half)
    return price.model_copy(
        update={"input": half, "output": BATCH_SHARE * price.output, "cached_input": cached}
    )


def shipped(base_url: str | None = None) -> Mapping[str, Price]:
    """The shipped prices of the provider at `base_url`, None for OpenAI.

    At an address of nobody in the table models are taken for OpenAI's: it may be a gateway to it.

    >>> sorted(shipped("https://api.mistral.ai/v1")["mistral-small-latest"].model_dump())
    ['as_of', 'cached_input', 'input', 'output']
    """
    table = _table()
    providers: Mapping[str, Any] = table["providers"]
    found = (name for name in providers if re.match(providers[name]["address"], base_url or ""))
    return _prices_of(next(found, "openai"))


@cache
def _prices_of(provider: str) -> Mapping[str, Price]:
    table = _table()
    as_of = date.fromisoformat(table["as_of"])
    models: Mapping[str, tuple[float, float | None, float]] = table["providers"][provider]["models"]
    return MappingProxyType(
        {
            model: Price(input=input_, cached_input=cached, output=output, as_of=as_of)
            for model, (input_, cached, output) in models.items()
        }
    )


@cache
def _table() -> Any:
    """The table that `tools.prices` makes of the data of genai-prices."""
    return json.loads(files(__package__).joinpath("model_prices.json").read_text("utf-8"))


# OpenAI's list prices for standard processing.
PRICES: Mapping[str, Price] = shipped()

# What runs on the user's own machine costs no fee.
FREE = Price(input=0, output=0, as_of=date(2026, 11, 20))
