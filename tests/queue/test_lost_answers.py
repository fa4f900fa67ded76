"""A script whose answer is lost is sent again: money and tokens are counted once all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from rewriter.article import Usage
from rewriter.queue.connection import Connection
from rewriter.queue.fleet_rate_limiter import FleetRateLimiter
from rewriter.request import Completion
from tests.queue.relay import Relay, Trouble, relay_to
from tests.queue.servers import RedisServer
from tests.queue.test_fleet_budget import fleet_budget, pay
from tests.queue.test_fleet_rate_limiter import REQUEST as LARGE

COUNTS = ("spent", "reserved")


@pytest.fixture
async def relay(server: RedisServer) -> AsyncIterator[Relay]:
    async with relay_to(server) as running:
        yield running


@pytest.fixture
async def relayed(relay: Relay, connection: Connection) -> AsyncIterator[Connection]:
    """A connection by the relay, to a Redis that knows the scripts."""
    await use_tokens(connection)
    await pay(fleet_budget(connection), 0.001)
    await connection.client.flushdb()
    async with Connection(relay.url, "root", patience=5) as connected:
        yield connected


async def use_tokens(connection: Connection) -> list[float]:
    """Make a call that takes 500 of 2,000 tokens; the tokens of the window, and the pace used."""
    gate = FleetRateLimiter(connection, requests_per_minute=None, tokens_per_minute=6_700)
    async with gate.permit(LARGE) as permit:
        usage = Usage(input_tokens=500)
        permit.settle(Completion(text="", model="m", usage=usage))
    async with asyncio.timeout(30):
        while (found := await tokens(connection))[0] != usage.input_tokens:
            await asyncio.sleep(0.01)
    return found


async def tokens(connection: Connection) -> list[float]:
    """What is counted in the window, and how many ms the pace is ahead."""
    seconds, micros = await connection.client.time()
    arrival = float(await connection.call("GET", connection.keys.fleet + "arrival:tokens"))
    window = [
        float(one) for one in await connection.client.hvals(connection.keys.fleet + "window:tokens")
    ]
    return [sum(window), arrival - seconds * 1000 - micros / 1000]


@pytest.mark.parametrize("trouble", ["lost", "late"])
async def test_unused_tokens_come_back_once(
    relay: Relay, relayed: Connection, trouble: Trouble
) -> None:
    relay.plan("settle", trouble)
    await use_tokens(relayed)
    await relay.deliver()
    window, ahead = await tokens(relayed)

    assert relay.cut == ["settle"]
    assert window == 500
    # 500 tokens at 92 % of 6,700 a minute, but for the time since; 1,500 more would be 14.6 s.
    assert 500 / (6_700 * 0.92) * 60_000 - ahead < 10_000


@pytest.mark.parametrize("script", ["reserve", "book"])
@pytest.mark.parametrize("trouble", ["lost", "late"])
async def test_a_call_is_paid_for_once(
    relay: Relay, relayed: Connection, script: str, trouble: Trouble
) -> None:
    """A command held back arrives while the article's next call is made."""
    relay.plan(script, trouble)
    one = fleet_budget(relayed, daily=0.05)
    await pay(one, 0.004)
    async with one.reserve(LARGE) as reservation:
        await relay.deliver()
        reservation.settle(Completion(text="", model="m", usage=Usage(cost=0.01)))

    assert relay.cut == [script]
    counts = await relayed.call("HMGET", relayed.key("batch"), *(f"b/{one}" for one in COUNTS))
    assert dict(zip(COUNTS, counts, strict=True)) == {"spent": "14000", "reserved": "0"}
    assert await relayed.call("HVALS", relayed.keys.fleet + "reserved_calls") == ["0"]
    assert await relayed.call("HLEN", relayed.key("reserved")) == 0


async def test_a_budget_that_allows_one_call_allows_it_when_the_answer_is_lost(
    relay: Relay, relayed: Connection
) -> None:
    relay.plan("reserve", "lost")
    await pay(fleet_budget(relayed, daily=0.02), 0.02)
    assert await relayed.call("HGET", relayed.key("batch"), "b/spent") == "20000"


async def test_a_correction_of_long_ago_changes_nothing(relayed: Connection) -> None:
    """Its mark is gone by then, so that a second one could not be told from the first."""
    before = (await use_tokens(relayed))[0]
    now = (await relayed.client.time())[0] * 1000
    await relayed.run("settle", 6_700, 2_000, 500, now - 600_001, "old")
    assert (await tokens(relayed))[0] == before
    assert await relayed.call("ZSCORE", relayed.keys.fleet + "settled", "old") is None
