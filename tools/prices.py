"""Writes the table of prices from the data of genai-prices: `python -m tools.prices RELEASE-DATE`.

The date is that of the release of the installed genai-prices; it stands in the table as `as_of`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from importlib.metadata import version
from pathlib import Path

from genai_prices import data_snapshot
from genai_prices.types import (
    ClauseEquals,
    ClauseOr,
    ConditionalPrice,
    ModelInfo,
    Provider,
    TieredPrices,
    TimeOfDateConstraint,
)

PATH = Path(__file__).parent.parent / "rewriter" / "model_prices.json"
# Those with an OpenAI-compatible endpoint whose models are asked for by name.
PROVIDERS = (
    "anthropic", "azure", "cerebras", "deepseek", "fireworks", "google", "groq", "mistral",
    "moonshotai", "openai", "openrouter", "perplexity", "together", "x-ai", "zai",
)  # fmt: skip
# Anybody serves these, and OpenAI's prices stand for those of unknown addresses.
_OPEN_WEIGHTS = "gpt-oss"
_FREE = ":free"  # what OpenRouter's names of models without a fee end with


def main() -> None:
    """Write the table."""
    as_of = date.fromisoformat(sys.argv[1])
    providers = {one.id: one for one in data_snapshot.get_snapshot().providers}
    table = {
        "source": f"genai-prices {version('genai-prices')}",
        "as_of": as_of.isoformat(),
        "providers": {
            name: {
                "address": providers[name].api_pattern,
                "models": dict(sorted(_models(providers[name], as_of))),
            }
            for name in PROVIDERS
        },
    }
    PATH.write_text(text(table), encoding="utf-8")


def text(table: object) -> str:
    """The table as JSON, one model a line."""
    written = json.dumps(table, indent=1)
    return written.replace("[\n     ", "[").replace(",\n     ", ", ").replace("\n    ]", "]") + "\n"


def _models(provider: Provider, day: date) -> Iterator[tuple[str, list[float | None]]]:
    """Each name of a model with its prices for input, cached input and output."""
    for model in provider.models:
        if depends_on_the_hour(model):
            continue
        prices = model.get_prices(datetime.combine(day, time(12), UTC))
        rates = [
            _base(one) for one in (prices.input_mtok, prices.cache_read_mtok, prices.output_mtok)
        ]
        known = rates[0] is not None and rates[2] is not None
        if known and (rates[0] or rates[2] or model.id.endswith(_FREE)):
            for name in _names(model):
                if provider.id != "openai" or not name.startswith(_OPEN_WEIGHTS):
                    yield name, rates


def depends_on_the_hour(model: ModelInfo) -> bool:
    """Whether a model is cheaper at night: such a price is no promise."""
    conditional = model.prices if isinstance(model.prices, list) else []
    return any(
        isinstance(one, ConditionalPrice) and isinstance(one.constraint, TimeOfDateConstraint)
        for one in conditional
    )


def _base(price: object) -> float | None:
    """The price of a prompt of the length of an article; a dearer tier begins far above it."""
    if isinstance(price, TieredPrices):
        price = price.base
    return None if price is None else float(str(price))


def _names(model: ModelInfo) -> Iterator[str]:
    clauses = model.match.or_ if isinstance(model.match, ClauseOr) else [model.match]
    names = {one.equals for one in clauses if isinstance(one, ClauseEquals)}
    yield from names | ({model.id} if model.is_match(model.id) else set())


if __name__ == "__main__":
    main()
