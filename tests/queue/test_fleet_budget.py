"""The day's and the batch's money: never more than was allowed, whoever dies."""

from __future__ import annotations

import asyncio
import time
from datetime import date

import pytest

from rewriter.article import Usage
from rewriter.completion import Completion, Request
from rewriter.errors import ProviderUnavailableError
from rewriter.prices import Price
from rewriter.queue import batches
from rewriter.queue.claims import Delivery
from rewriter.queue.connection import Connection
from rewriter.queue.fleet_budget import (
    CancelledBatchError,
    FleetBudget,
    FleetBudgetSpentError,
)
from rewriter.request import ChatMessage
from tests.queue.servers import RedisServer
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


async def held(one: FleetBudget) -> None:
    """Let its process have claimed its article."""
    process, _, article = one._field.partition("|")
    await one._connection.call("HSET", one._connection.key("holds"), article, f"1|{process}")


async def pay(one: FleetBudget, cost: float, seconds: float = 0.0) -> None:
    await held(one)
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
    one = fleet_budget(connection)
    await held(one)
    with pytest.raises(ProviderUnavailableError):
        async with one.reserve(REQUEST) as reservation:
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
    await held(fleet_budget(connection))
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


async def test_a_process_that_was_taken_for_dead_makes_no_call(connection: Connection) -> None:
    """Nobody would book what it sets aside, and another one pays for the same call."""
    await put(connection, "b", "one")
    await (await join(connection)).exchange([], (), 1)
    await die(connection, "p")
    with pytest.raises(CancelledBatchError):
        async with fleet_budget(connection, "one", 0.03).reserve(REQUEST):
            pass
    assert await connection.call("HLEN", connection.key("reserved")) == 0


async def test_what_a_root_without_workers_had_set_aside_counts_as_spent_for_an_hour(
    connection: Connection, server: RedisServer
) -> None:
    """Nobody waits for it: it may never come back."""
    async with Connection(server.url, "gone") as gone:
        one = fleet_budget(gone, "one", 0.03)
        await held(one)
        await one._set_aside(1, 20_000)
        for minutes in (2, 59):
            await heard(gone, minutes)
            with pytest.raises(FleetBudgetSpentError):
                await pay(fleet_budget(connection, "two", 0.03), 0.02)
        await heard(gone, 61)
        await pay(fleet_budget(connection, "two", 0.03), 0.02)


async def test_what_another_root_has_set_aside_counts_where_the_clock_is_put_back(
    connection: Connection, server: RedisServer
) -> None:
    async with Connection(server.url, "other") as other:
        one = fleet_budget(other, "one", 0.03)
        await held(one)
        await one._set_aside(1, 20_000)
        await heard(other, -600)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pay(fleet_budget(connection, "two", 0.03), 0.02), 0.5)
        key = connection.keys.fleet + "heard"
        then = float(await connection.call("HGET", key, other.keys.root)) / 1000
        assert then == pytest.approx(time.time(), abs=60), "from now on it ages"


async def heard(connection: Connection, minutes: int) -> None:
    """Let a process of a root have been heard of so many minutes ago."""
    then = round(1000 * time.time()) - minutes * 60_000
    await connection.call("HSET", connection.keys.fleet + "heard", connection.keys.root, then)


async def test_the_days_budget_holds_where_the_clock_is_put_back_over_midnight(
    connection: Connection,
) -> None:
    today = int(time.time() // 86_400)
    await connection.call("HSET", connection.keys.fleet + "spent", today - 1, 20_000)
    await pay(fleet_budget(connection, "one", 0.03), 0.001)
    assert await connection.call("HGET", connection.keys.fleet + "spent", today - 1) == "20000"


async def test_a_reservation_and_a_report_that_come_twice_or_late_count_once(
    connection: Connection,
) -> None:
    one = fleet_budget(connection, "one", 0.03)
    await held(one)
    for _ in range(2):
        await one._set_aside(5, 20_000)
    assert await connection.run("reserve", one._field, 4, "b", 20_000, 30_000) == "late"
    await connection.run("book", one._field, 4, 9_000)  # of the call before
    assert await reserved_and_spent(connection) == (20_000, 0)
    for _ in range(2):
        await connection.run("book", one._field, 5, 1_000)
    assert await reserved_and_spent(connection) == (0, 1_000)


async def test_a_call_whose_predecessor_nobody_reported_books_that_as_spent(
    connection: Connection,
) -> None:
    one = fleet_budget(connection, "one", 0.05)
    await held(one)
    await one._set_aside(1, 20_000)
    await one._set_aside(2, 10_000)
    assert await reserved_and_spent(connection) == (10_000, 20_000)


async def test_a_budget_may_be_used_to_its_end_and_nobody_waits_for_what_cannot_come_back(
    connection: Connection,
) -> None:
    one, two = fleet_budget(connection, "one", 0.03), fleet_budget(connection, "two", 0.03)
    await held(one)
    await held(two)
    async with asyncio.timeout(5):
        await one._set_aside(1, 30_000)
        await connection.run("book", one._field, 1, 20_000)
        await two._set_aside(1, 5_000)
        with pytest.raises(FleetBudgetSpentError, match="the day's budget"):
            await one._set_aside(2, 10_001)


async def reserved_and_spent(connection: Connection) -> tuple[int, int]:
    """Micro-dollars of the batch that are set aside, and that are booked."""
    found = await connection.call("HMGET", connection.key("batch"), "b/reserved", "b/spent")
    return int(found[0] or 0), int(found[1] or 0)
