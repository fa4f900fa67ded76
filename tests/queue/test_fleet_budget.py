"""The day's and the batch's money: never more than was allowed, whoever dies."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from rewriter.article import Usage
from rewriter.completion import Completion, Request
from rewriter.errors import ProviderUnavailableError
from rewriter.prices import Price
from rewriter.queue import batches
from rewriter.queue.claims import Delivery
from rewriter.queue.connection import Connection
from rewriter.queue.fleet_budget import FleetBudget, FleetBudgetSpentError
from rewriter.request import ChatMessage
from tests.queue.test_claims import die, join, put

# A call costs at most $0.02: a thousand tokens in and a thousand out, at $10 a million.
REQUEST = Request(
    messages=(ChatMessage(role="user", content="x" * 3_493),),
    model="m",
    json_schema={},
    parameters={"max_completion_tokens": 1_000},
)
PRICES = {"m": Price(input=10, output=10, as_of=date(2026, 1, 1))}


def fleet_budget(
    connection: Connection, path: str = "one", daily: float | None = None
) -> FleetBudget:
    delivery = Delivery(f"b/{path}", "1", "{}")
    return FleetBudget(connection, "p", delivery, daily_budget=daily, prices=PRICES)


async def pay(one: FleetBudget, cost: float, seconds: float = 0.0) -> None:
    async with one.reserve(REQUEST) as reservation:
        await asyncio.sleep(seconds)
        usage = Usage(cost=cost)
        reservation.settle(Completion(text="", model="m", usage=usage))


async def test_the_days_budget_is_not_passed(connection: Connection) -> None:
    daily = 0.05
    await pay(fleet_budget(connection, "one", daily), 0.02)
    await pay(fleet_budget(connection, "two", daily), 0.02)
    with pytest.raises(FleetBudgetSpentError, match="the day's budget") as spent:
        await pay(fleet_budget(connection, "three", daily), 0.02)
    assert spent.value.whose == "day"


async def test_a_call_that_timed_out_counts_with_its_most(connection: Connection) -> None:
    late = ProviderUnavailableError("did not answer")
    late.unanswered = 1
    await connection.run("submit", "b", "normal", 30_000, 0)
    with pytest.raises(ProviderUnavailableError):
        async with fleet_budget(connection).reserve(REQUEST) as reservation:
            reservation.fail(late)
            raise late
    assert (await batches.status(connection, "b")).cost == pytest.approx(0.02, rel=0.01)


async def test_a_batchs_budget_is_not_passed_and_can_be_raised(connection: Connection) -> None:
    await connection.run("submit", "b", "normal", 30_000, 0)
    await pay(fleet_budget(connection, "one"), 0.02)
    with pytest.raises(FleetBudgetSpentError, match="--max-cost") as spent:
        await pay(fleet_budget(connection, "two"), 0.02)
    assert spent.value.whose == "batch"
    await batches.requeue(connection, "b", max_cost=0.05)
    await pay(fleet_budget(connection, "two"), 0.02)
    assert (await batches.status(connection, "b")).cost == pytest.approx(0.04)


async def test_a_call_waits_for_what_others_may_leave(connection: Connection) -> None:
    cheap = asyncio.create_task(pay(fleet_budget(connection, "one", 0.03), 0.001, seconds=0.3))
    await asyncio.sleep(0.1)
    await pay(fleet_budget(connection, "two", 0.03), 0.02)
    assert cheap.done()


async def test_a_call_that_failed_costs_nothing(connection: Connection) -> None:
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with fleet_budget(connection, "one", 0.03).reserve(REQUEST):
                raise ZeroDivisionError
    await pay(fleet_budget(connection, "one", 0.03), 0.02)


async def test_what_a_killed_process_had_set_aside_counts_as_spent(connection: Connection) -> None:
    await put(connection, "b", "one")
    hold = await join(connection)
    await hold.exchange([], (), 1)
    async with fleet_budget(connection, "one", 0.03).reserve(REQUEST):
        await die(connection, "p")
        cost = (await batches.status(connection, "b")).cost
        assert cost == pytest.approx(0.02, rel=0.01)
        with pytest.raises(FleetBudgetSpentError):
            await pay(fleet_budget(connection, "two", 0.03), 0.02)
