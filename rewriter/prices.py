"""What models cost, and since when that is known.

An unknown model has no price: its cost is unknown (None), never 0. `rewriter.toml` adds prices or
replaces them: `[prices."my-model"]` with `input`, `output`, `cached_input` and `as_of`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated

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
        """US dollars for one call; `cached_tokens` are among the `input_tokens`."""
        cached = self.input if self.cached_input is None else self.cached_input
        fresh_tokens = max(0, input_tokens - cached_tokens)
        total = fresh_tokens * self.input + cached_tokens * cached + output_tokens * self.output
        return total / 1_000_000


def price_of(model: str, prices: Mapping[str, Price]) -> Price | None:
    """The price of `model`, or of the model of which it is a dated snapshot, or None.

    >>> price_of("gpt-4.1-mini-2025-04-14", PRICES) is PRICES["gpt-4.1-mini"]
    True
    """
    return prices.get(model) or prices.get(_SNAPSHOT.sub("", model))


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


def _listed(input_: float, cached_input: float, output: float) -> Price:
    return Price(input=input_, cached_input=cached_input, output=output, as_of=date(2026, 11, 20))


# OpenAI's list prices for standard processing, as in the data of genai-prices 0.2.3.
PRICES: Mapping[str, Price] = {
    "gpt-4.1": _listed(2.00, 0.50, 8.00),
    "gpt-4.1-mini": _listed(0.40, 0.10, 1.60),
    "gpt-4.1-nano": _listed(0.10, 0.025, 0.40),
    "gpt-4o": _listed(2.50, 1.25, 10.00),
    "gpt-4o-mini": _listed(0.15, 0.075, 0.60),
    "gpt-5": _listed(1.25, 0.125, 10.00),
    "gpt-5-mini": _listed(0.25, 0.025, 2.00),
    "gpt-5-nano": _listed(0.05, 0.005, 0.40),
    "gpt-5.1": _listed(1.25, 0.125, 10.00),
    "gpt-5.2": _listed(1.75, 0.175, 14.00),
    "gpt-5.4-mini": _listed(0.75, 0.075, 4.50),
    "gpt-5.4-nano": _listed(0.20, 0.02, 1.25),
}

# What runs on the user's own machine costs no fee.
FREE = Price(input=0, output=0, as_of=date(2026, 11, 20))
