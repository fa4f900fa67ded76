"""A budget: what is set aside comes back, and nobody waits for what nobody will give back."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from rewriter.completion.limits import RunBudget
from rewriter.errors import BudgetSpentError, ConfigurationError
from rewriter.prices import Price
from rewriter.request import ChatMessage, Request

# An answer of `max_tokens` costs as many dollars, and the question next to nothing.
PRICES = {"m": Price(input=0, output=1_000_000, as_of=date(2026, 1, 1))}


def _costing(dollars: int) -> Request:
    return Request(
        messages=(ChatMessage(role="user", content="?"),),
        model="m",
        json_schema={},
        parameters={"max_tokens": dollars},
    )


async def _hold(budget: RunBudget, dollars: int, release: asyncio.Event) -> None:
    async with budget.reserve(_costing(dollars)):
        await release.wait()


async def test_a_call_that_never_fits_is_refused_when_the_others_are_done() -> None:
    # 0.1 + 0.2 - 0.1 - 0.2 is 3e-17 and not 0: who asks for the sum waits for ever.
    tenths_each = {"m": PRICES["m"].model_copy(update={"output": 100_000.0})}
    budget, releases = RunBudget(0.4, tenths_each), [asyncio.Event(), asyncio.Event()]
    calls = [
        asyncio.create_task(_hold(budget, tenths, release))
        for tenths, release in zip((1, 2), releases, strict=True)
    ]
    await asyncio.sleep(0)
    for call, release in zip(calls, releases, strict=True):
        release.set()
        await call

    with pytest.raises(BudgetSpentError):
        async with asyncio.timeout(5), budget.reserve(_costing(5)):
            pytest.fail("five tenths do not fit into four")


async def test_a_call_waits_for_what_one_in_flight_leaves() -> None:
    budget, release = RunBudget(10, PRICES), asyncio.Event()
    first = asyncio.create_task(_hold(budget, 8, release))
    await asyncio.sleep(0)
    second = asyncio.create_task(_hold(budget, 8, release))
    await asyncio.sleep(0)
    assert budget.left == 2

    release.set()
    await asyncio.gather(first, second)
    assert budget.left == 10


@pytest.mark.parametrize("amount", [-1.0, float("nan")])
def test_what_is_no_amount_is_refused(amount: float) -> None:
    with pytest.raises(ConfigurationError, match="no amount of US dollars"):
        RunBudget(amount, PRICES)
