"""A key of a wrong type is a Redis that cannot serve: all wait, say so, and lose nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import redis

from rewriter.errors import QueueError
from rewriter.queue import batches
from rewriter.queue.claims import TICK, Consumer, Delivery, End, Return
from rewriter.queue.connection import Connection
from rewriter.queue.dispatcher import Dispatcher
from rewriter.queue.fleet_rate_limiter import FleetRateLimiter
from tests.queue.servers import RedisServer, environment_of, rewriter
from tests.queue.test_claims import join, put

_SOON = 10


async def _replace(connection: Connection, key: str) -> None:
    """Write a key as somebody else would, with a type of none of ours, and keep what it had."""
    if await connection.client.exists(key):
        await connection.client.rename(key, "kept")
    await connection.client.xadd(key, {"a": "stranger's"})


async def _mend(connection: Connection, key: str) -> None:
    await connection.client.delete(key)
    if await connection.client.exists("kept"):
        await connection.client.rename("kept", key)


async def _dump(connection: Connection) -> dict[str, bytes | None]:
    """All that Redis has."""
    async with connection.client.__class__.from_url(connection.url) as raw:
        return {name.decode(): await raw.dump(name) async for name in raw.scan_iter()}


async def test_a_report_that_meets_one_writes_nothing_and_names_it(connection: Connection) -> None:
    """Whichever key of the batch, of the process or of all it is."""
    await put(connection, "b", "one", "two")
    consumer = await join(connection)
    one, two = (await consumer.exchange([], (), 2)).deliveries
    reports: list[End | Return] = [End(one, "failed", "why"), Return(two, "delayed", "later", 1.0)]
    ours = [one.decode() for one in connection.keys.names]
    assert {connection.key("ended"), connection.key("holds")} < {*ours}
    for key in ours:
        if key.endswith(":probe"):
            continue
        await _replace(connection, key)
        before = await _dump(connection)
        said = re.escape(f"the key {key} holds a stream where the queue keeps a ")
        with pytest.raises(QueueError, match=said + r"\w+; delete or rename that key"):
            await consumer.exchange(reports, (), 5)
        assert await _dump(connection) == before
        await _mend(connection, key)
    await consumer.exchange(reports, (), 0)
    seen = await batches.status(connection, "b")
    assert (seen.submitted, seen.failed, seen.running, seen.queued) == (2, 1, 0, 1)


@pytest.mark.parametrize("name", ["reserved", "holds"])
async def test_workers_wait_together_say_which_key_it_is_and_go_on_once_it_is_deleted(
    connection: Connection, server: RedisServer, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """Four connections at once, from before they join; every article ends."""
    paths = [f"{n:02}" for n in range(40)]
    await put(connection, "b", *paths)
    key = connection.key(name)
    await connection.client.set(key, "a stranger's")
    stop, worked = asyncio.Event(), set[str]()

    async def work(delivery: Delivery, permit: object) -> End | Return:
        worked.add(delivery.path)
        return End(delivery, "published")

    def dispatcher(endless: Connection, number: int) -> Dispatcher:
        def send(deliveries: Sequence[Delivery]) -> None:
            tasks.extend(asyncio.ensure_future(made.perform(*one[:2])) for one in deliveries)

        tasks: list[asyncio.Future[object]] = []
        limiter = FleetRateLimiter(endless, requests_per_minute=None, tokens_per_minute=None)
        made = Dispatcher(
            Consumer(endless, str(number)), limiter, work, send, stop, in_flight=4, grace=5
        )
        return made

    endless = [Connection(server.url, "root", patience=float("inf")) for _ in range(4)]
    running = [asyncio.ensure_future(dispatcher(one, n).run()) for n, one in enumerate(endless)]
    await asyncio.sleep(1.5)
    assert not any(one.done() for one in running)
    assert f"the key {key} holds a string" in caplog.text
    assert "delete or rename that key; waiting for it" in caplog.text
    assert await connection.client.get(key) == "a stranger's"
    await connection.client.delete(key)
    async with asyncio.timeout(_SOON):
        while (await batches.status(connection, "b")).published < len(paths):
            await asyncio.sleep(0.1)
        stop.set()
        await asyncio.gather(*running)
    for one in endless:
        await one.client.aclose()
    assert worked == set(paths)


async def test_what_was_claimed_when_it_was_written_is_reported_once_it_is_deleted(
    connection: Connection, server: RedisServer
) -> None:
    """The money that was reserved for it, too."""
    await put(connection, "b", "one", "two")
    async with Connection(server.url, "root", patience=float("inf")) as endless:
        consumer = await join(endless)
        one, two = (await consumer.exchange([], (), 2)).deliveries
        assert await endless.run_together("reserve", "p|b/one", 1, "b", 700, "") == "ok"
        key = connection.key("reserved")
        await _replace(connection, key)
        calls = [
            asyncio.ensure_future(consumer.exchange([End(one, "published")], ("b/two",), 5)),
            asyncio.ensure_future(endless.run_together("book", "p|b/one", 1, 300)),
            asyncio.ensure_future(endless.run("tick", "p", *TICK)),
        ]
        await asyncio.sleep(0.5)
        assert not any(call.done() for call in calls)
        await _mend(connection, key)
        await asyncio.wait_for(asyncio.gather(*calls), _SOON)
        await consumer.exchange([End(two, "published")], (), 5)
    seen = await batches.status(connection, "b")
    assert (seen.published, seen.running, seen.state) == (2, 0, "done")
    assert seen.cost in (0.0003, 0.0007)  # the report or the call was first


def test_commands_refuse_it_and_write_nothing(server: RedisServer, root: Path) -> None:
    environment = environment_of(server, "http://127.0.0.1:1/v1", root)
    command = ("submit", "raw", "--out", "site", "--batch", "b")
    assert rewriter(environment, root, *command).returncode == 0
    with redis.Redis(port=server.port, decode_responses=True) as client:
        (found,) = client.scan_iter("rewriter:*batches")
        prefix = found.removesuffix("batches")
        for name, commands in (
            ("delayed", [("submit", "raw", "--out", "site"), ("requeue", "b"), ("cancel", "b")]),
            ("batch", [("status", "b"), command]),
        ):
            key = prefix + name
            if client.exists(key):
                client.rename(key, "kept")
            client.set(key, "a stranger's")
            for one in commands:
                done = rewriter(environment, root, *one)
                assert done.returncode == 3, (one, done)
                assert f"the key {key} holds a string where the queue keeps a" in done.stderr
                assert "delete or rename that key" in done.stderr
                assert "Traceback" not in done.stderr
            assert client.get(key) == "a stranger's"
            client.delete(key)
            if client.exists("kept"):
                client.rename("kept", key)
    assert rewriter(environment, root, "status", "b").returncode == 0
