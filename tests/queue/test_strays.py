"""What somebody else puts into Redis, or deletes from it, stops no worker and loses no article."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
import redis
from celery import Celery

from rewriter.queue import batches
from rewriter.queue.connection import Connection
from rewriter.queue.gate import FleetGate
from rewriter.queue.lane.parcels import Claim
from rewriter.queue.shift import Shift, Terms
from rewriter.queue.store import Delivery, End, Hold, Return
from rewriter.queue.transport import QUEUE, SHIFT
from tests.provider import Provider
from tests.queue.conftest import write_articles
from tests.queue.servers import RedisServer, Worker, environment_of, rewriter, wait_until
from tests.queue.test_store import join, put, take

_STRANGE = ("garbage-without-batch", "", "/", "b/", "/path", "nobody/knows.txt", "b/nowhere.txt")


def _broken_shifts(server: RedisServer) -> list[bytes]:
    """A real shift with one part damaged or gone, each of which once ended a worker."""
    with redis.Redis(port=server.port) as client:
        Celery(broker=server.url).send_task(SHIFT, queue=QUEUE)
        real = json.loads(client.lpop(QUEUE))
    broken = [{key: value for key, value in real.items() if key != gone} for gone in real]
    for part, value in (("timelimit", "x"), ("expires", []), ("task", "celery.nothing")):
        broken.append(real | {"headers": real["headers"] | {part: value}})
    return [json.dumps(one).encode() for one in broken]


def test_what_is_no_shift_is_dropped_from_celerys_list_and_the_worker_goes_on(
    server: RedisServer, tmp_path: Path
) -> None:
    strays = [b"not a celery message", b"\xff", b"[" * 100_000, b"[]", b"{}", b"7", b"null"]
    strays += _broken_shifts(server)
    with Provider() as provider, redis.Redis(port=server.port) as client:
        environment = environment_of(server, provider.base_url, tmp_path)
        with Worker("w", tmp_path, environment) as worker:
            wait_until(lambda: "ready." in worker.log.read_text("utf-8"), 20)
            client.rpush(QUEUE, *strays)
            client.rpush("rewriter:ready:normal", *_STRANGE)
            write_articles(tmp_path, 3)
            sent = rewriter(environment, tmp_path, "submit", "raw", "--out", "site", "--batch", "b")
            assert sent.returncode == 0
            wait_until(lambda: client.hget("rewriter:batch:b", "published") == b"3", 20)
            wait_until(lambda: client.llen(QUEUE) == 0, 20)
            assert worker.process.poll() is None
            log = worker.log.read_text("utf-8")
    assert "dropped an entry of the list rewriter that is no shift" in log
    assert "Unrecoverable" not in log
    assert "strange ids in the queue: garbage-without-batch" in log


@pytest.mark.parametrize("stray", _STRANGE)
async def test_an_id_of_no_article_is_dropped_wherever_it_is_found(
    connection: Connection, stray: str
) -> None:
    await put(connection, "b", "one")
    hold = await join(connection)
    client = connection.client
    await client.lpush("rewriter:ready:normal", stray)
    await client.lpush("rewriter:parked:b", stray)
    await client.zadd("rewriter:delayed", {stray: 1})
    await client.sadd("rewriter:moneyless", stray)
    await client.zadd("rewriter:steps", {stray: 1})
    assert await Claim.take(connection) is None
    assert await hold.beat()
    assert await batches.requeue(connection, "b") == 0
    taken = await hold.exchange([], (), 10)
    assert [one.id for one in taken.deliveries] == ["b/one"]
    assert taken.troubles == (f"{stray}: no such article; dropped",)
    assert (await hold.exchange([], ("b/one",), 10)).troubles == ()
    assert (await batches.status(connection, "b")).running == 1


async def test_a_suspect_of_no_article_is_dropped(connection: Connection) -> None:
    await put(connection, "b", "one")
    await connection.client.zadd("rewriter:suspects", {"garbage": 1})
    hold = await join(connection)
    assert await take(hold) == []
    assert await take(hold) == ["b/one"]


async def test_an_id_that_cannot_be_taken_is_set_aside_and_the_others_are_taken(
    connection: Connection,
) -> None:
    """The script has taken others already, and is not rolled back."""
    await put(connection, "a", "one")
    await put(connection, "broken", "two")
    await put(connection, "c", "three")
    await connection.client.set("rewriter:tries:broken", "no hash")
    taken = await (await join(connection)).exchange([], (), 10)
    assert [one.id for one in taken.deliveries] == ["a/one", "c/three"]
    assert "broken/two: cannot be taken: WRONGTYPE" in taken.troubles[0]
    await connection.client.delete("rewriter:tries:broken")
    await connection.client.zadd("rewriter:delayed", {"broken/two": 1})
    hold = await join(connection, "q")
    await hold.beat()
    assert await take(hold) == ["broken/two"]


async def test_a_shift_outlives_a_report_that_redis_refuses_and_reports_it_later(
    connection: Connection,
) -> None:
    await put(connection, "b", "one", "two")
    stop = asyncio.Event()

    async def work(delivery: Delivery, place: object) -> End | Return:
        if delivery.id == "b/one":  # from now on its end cannot be counted
            await connection.client.rename("rewriter:tries:b", "kept")
            await connection.client.set("rewriter:tries:b", "no hash")
        return End(delivery, "published")

    gate = FleetGate(connection, requests_per_minute=None, tokens_per_minute=None)
    shift = Shift(Hold(connection, "p"), gate, work, Terms(2, 60, 5), stop)
    running = asyncio.ensure_future(shift.run())
    await asyncio.sleep(1.5)
    assert not running.done()
    await connection.client.rename("kept", "rewriter:tries:b")
    await asyncio.sleep(1.5)
    stop.set()
    await running
    seen = await batches.status(connection, "b")
    assert (seen.published, seen.running, seen.state) == (2, 0, "done")


async def test_cancelling_clears_what_only_the_counters_know(connection: Connection) -> None:
    await put(connection, "b", "one", "two")
    await connection.client.hdel("rewriter:messages:b", "one")
    assert await take(await join(connection)) == ["b/two"]
    assert (await batches.status(connection, "b")).queued == 1
    assert await batches.cancel(connection, "b") == 1
    seen = await batches.status(connection, "b")
    assert (seen.queued, seen.running, seen.cancelled) == (0, 1, 1)
