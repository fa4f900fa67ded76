"""Checks of limits that make no sense together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress

from rewriter.article import Source
from rewriter.completion import choosing
from rewriter.completion.limits import most_tokens
from rewriter.doctor.check import Check, ok, warning
from rewriter.errors import ConfigurationError
from rewriter.prices import price_of
from rewriter.prompting.prompt import Prompt
from rewriter.settings import Settings


def checks(settings: Settings, prompt: Prompt) -> list[Check]:
    """A warning for each two limits that contradict each other; one line where none do."""
    found = [
        warning("limits", message, advice)
        for message, advice in (*_times(settings), *_amounts(settings, prompt))
    ]
    return found or [ok("limits", "they go together")]


def _times(settings: Settings) -> Iterator[tuple[str, str]]:
    timeout, deadline, grace = settings.timeout, settings.deadline, settings.shutdown_grace
    if timeout > deadline:
        yield (
            f"one call may take {timeout:g} s (timeout), and all attempts together {deadline:g} s "
            "(deadline)",
            f"set deadline to {timeout:g} or more, or timeout to less",
        )
    if grace < timeout:
        yield (
            f"a worker that is stopped waits {grace:g} s (shutdown_grace), and a call may take "
            f"{timeout:g} s (timeout): its answer would be paid and lost",
            f"set shutdown_grace to {timeout:g} or more",
        )


def _amounts(settings: Settings, prompt: Prompt) -> Iterator[tuple[str, str]]:
    """Limits that even the smallest article exceeds, with the longest answer of the prompt."""
    if choosing.engine(settings) != "openai":
        return
    source = Source(kind="text", title="Ferry fares", paragraphs=("The fare stays at 2.40 euros.",))
    tokens = most_tokens(prompt.request(source, settings.model))
    if settings.tokens_per_minute is not None and settings.tokens_per_minute < sum(tokens):
        yield (
            f"tokens_per_minute is {settings.tokens_per_minute:,}, and one call may take "
            f"{sum(tokens):,}: articles go one by one, and the provider may refuse them",
            f"set tokens_per_minute to {sum(tokens):,} or more, or lower the prompt's "
            "max_completion_tokens",
        )
    budget = settings.daily_budget
    if budget is None:
        return
    models = [settings.model]
    with suppress(ConfigurationError):  # the check of the second reader says what is wrong
        models = choosing.paid_models(settings)
    for model in models:
        if price_of(model, settings.price_list) is None:
            yield (
                f"daily_budget is set, and the price of {model} is unknown: no worker starts",
                f'set [prices."{model}"] in rewriter.toml',
            )
    price = price_of(settings.model, settings.price_list)
    if price is not None and budget < (cost := price.cost(*tokens)):
        yield (
            f"daily_budget is ${budget:g}, and one call may cost ${cost:.4f}: nothing is asked",
            f"set daily_budget to {math.ceil(100 * cost) / 100:g} or more",
        )
