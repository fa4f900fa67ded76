"""A process at work: what it does when its own loop stands still."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from rewriter.queue import dispatcher
from rewriter.queue.claims import Consumer, Delivery, End, Return
from rewriter.queue.connection import Connection
from rewriter.queue.dispatcher import Dispatcher
from rewriter.queue.fleet_rate_limiter import FleetRateLimiter
from rewriter.runs.concurrency import Permit
from tests.queue.servers import RedisServer
from tests.queue.test_claims import put

_FROZEN = """
import asyncio, time
from rewriter.queue import dispatcher

dispatcher.LEASE_SECONDS, dispatcher.BEAT_SECONDS = 0.5, 0.1
one = dispatcher.Dispatcher(
    None, None, None, None, asyncio.Event(), in_flight=1, grace=1
)

async def main():
    async with one._beating():
        await asyncio.sleep(0.3)
        print("alive", flush=True)
        time.sleep(20)

asyncio.run(main())
"""


def test_a_process_whose_loop_stands_still_for_a_lease_ends_and_says_where() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FROZEN], capture_output=True, text=True, timeout=15, check=False
    )
    assert done.stdout == "alive\n"
    assert done.returncode == 1
    assert "Timeout" in done.stderr
    assert "in main" in done.stderr


async def test_a_process_that_celery_brings_no_articles_ends_and_gives_them_back(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Another article is at work meanwhile, and ends."""
    monkeypatch.setattr(dispatcher, "_LOST_SECONDS", 0.05)
    monkeypatch.setattr(dispatcher, "_DEAF_SECONDS", 0.2)
    stop, sent = asyncio.Event(), list[str]()

    async def work(delivery: Delivery, permit: Permit) -> End:
        await stop.wait()
        return End(delivery, "published")

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await put(connection, "b", "one", "two")
    limiter = FleetRateLimiter(connection, requests_per_minute=None, tokens_per_minute=None)
    process = Dispatcher(
        Consumer(connection, "p"),
        limiter,
        work,
        lambda some: sent.extend(one.id for one in some),
        stop,
        in_flight=8,
        grace=5,
    )
    running = asyncio.ensure_future(process.run())
    while not sent:
        await asyncio.sleep(0.01)
    at_work = asyncio.ensure_future(process.perform("b/one", "1"))
    assert await asyncio.wait_for(running, 10) == 1
    outcome = await at_work
    assert isinstance(outcome, End)
    assert outcome.status == "published"
    assert await connection.client.lrange(connection.key("ready", "normal"), 0, -1) == ["b/two"]
    assert "Celery has brought no article" in caplog.text


class _Surprised(Consumer):
    """A consumer whose first renewal fails in a way that nobody has thought of."""

    beats = 0

    async def beat(self) -> tuple[bool, list[Delivery]]:
        self.beats += 1
        if self.beats == 1:
            raise RuntimeError("readuntil() called while another coroutine is already waiting")
        return await super().beat()


async def test_a_process_renews_its_lease_after_an_unexpected_error(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a lease it would idle for ever, and claim nothing."""
    monkeypatch.setattr(dispatcher, "_LOOK_SECONDS", 0.05)
    stop, consumer = asyncio.Event(), _Surprised(connection, "p")
    limiter = FleetRateLimiter(connection, requests_per_minute=None, tokens_per_minute=None)

    async def work(delivery: Delivery, permit: Permit) -> End:
        return End(delivery, "published")

    process = Dispatcher(consumer, limiter, work, lambda some: None, stop, in_flight=1, grace=1)
    running = asyncio.ensure_future(process.run())
    async with asyncio.timeout(10):
        while consumer.beats < 3:
            await asyncio.sleep(0.01)
    assert not running.done()
    stop.set()
    await running
    assert "cannot renew the lease" in caplog.text


@pytest.mark.parametrize("begins", [True, False], ids=["before it begins", "while it claims"])
async def test_a_stop_ends_a_process_while_redis_is_away(
    tmp_path: Path, begins: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would wait for a Redis that may never come back."""
    monkeypatch.setattr(dispatcher, "_LAST_SECONDS", 0.5)
    stop = asyncio.Event()
    with RedisServer(tmp_path) as server:
        async with Connection(server.url, "root", patience=float("inf")) as connection:
            gate = FleetRateLimiter(connection, requests_per_minute=None, tokens_per_minute=None)
            one = Dispatcher(
                Consumer(connection, "p"), gate, _never, lambda _: None, stop, in_flight=2, grace=1
            )
            if begins:
                server.kill()
            running = asyncio.ensure_future(one.run())
            await asyncio.sleep(1)
            server.kill()
            await asyncio.sleep(1)
            stop.set()
            assert await asyncio.wait_for(running, 10) == 0


async def test_a_stop_waits_only_for_a_report_where_all_articles_have_ended_and_redis_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The grace is for articles at work."""
    monkeypatch.setattr(dispatcher, "_LAST_SECONDS", 0.5)
    stop, goes_on = asyncio.Event(), asyncio.Event()

    async def work(delivery: Delivery, permit: Permit) -> End:
        await goes_on.wait()
        return End(delivery, "published")

    with RedisServer(tmp_path) as server:
        async with Connection(server.url, "root", patience=float("inf")) as connection:
            await put(connection, "b", "one")
            limiter = FleetRateLimiter(connection, requests_per_minute=None, tokens_per_minute=None)
            sent = asyncio.Queue[Delivery]()

            def send(deliveries: Sequence[Delivery]) -> None:
                for delivery in deliveries:
                    sent.put_nowait(delivery)

            one = Dispatcher(
                Consumer(connection, "p"), limiter, work, send, stop, in_flight=2, grace=60
            )
            running = asyncio.ensure_future(one.run())
            delivery = await sent.get()
            performed = asyncio.ensure_future(one.perform(delivery.id, delivery.number))
            await asyncio.sleep(0.1)
            server.kill()
            goes_on.set()
            await asyncio.sleep(0.5)
            stop.set()
            await asyncio.wait_for(running, 10)
            assert await performed is None


async def _never(delivery: Delivery, permit: object) -> End | Return:
    raise AssertionError
