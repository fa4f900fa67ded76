"""What somebody else puts into Redis, or deletes from it, stops no worker and loses no article."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
import redis
from celery import Celery

from rewriter.errors import QueueError
from rewriter.queue import batches
from rewriter.queue.claims import TICK, Consumer, Delivery, End, Return
from rewriter.queue.connection import Connection
from rewriter.queue.dispatcher import Dispatcher
from rewriter.queue.fleet_rate_limiter import FleetRateLimiter
from rewriter.queue.keys import Keys
from rewriter.queue.worker_process import TASK
from tests.provider import Provider
from tests.queue.conftest import write_articles
from tests.queue.servers import (
    START,
    RedisServer,
    Worker,
    environment_of,
    rewriter,
    root_in,
    wait_until,
)
from tests.queue.test_claims import join, put, take

_STRANGE = ("garbage-without-batch", "", "/", "b/", "/path", "nobody/knows.txt", "b/nowhere.txt")


def _broken_tasks(server: RedisServer) -> list[bytes]:
    """A real task with a part damaged or gone."""
    with redis.Redis(port=server.port) as client:
        Celery(broker=server.url).send_task(TASK, [{"of": "somebody else"}], queue="broken")
        real = json.loads(client.lpop("broken"))
    broken = [{key: value for key, value in real.items() if key != "properties"}]
    for part, value in (("expires", []), ("task", "celery.nothing")):
        broken.append(real | {"headers": real["headers"] | {part: value}})
    return [json.dumps(one).encode() for one in broken]


def test_what_is_no_task_is_off_celerys_list_and_the_worker_goes_on(
    server: RedisServer, tmp_path: Path
) -> None:
    """Celery ends a process over some of them; it is started again, and the entry is gone."""
    strays = [b"not a celery message", b"7"]
    strays += _broken_tasks(server)
    with Provider() as provider, redis.Redis(port=server.port) as client:
        environment = environment_of(server, provider.base_url, tmp_path)
        write_articles(tmp_path, 3)
        sent = rewriter(environment, tmp_path, "submit", "raw", "--out", "site", "--batch", "b")
        assert sent.returncode == 0
        keys = Keys(root_in(server.url), "default")
        client.rpush("rewriter", *strays)
        client.rpush(f"{keys.root}ready:normal", *_STRANGE)
        with Worker("w", tmp_path, environment, module="tests.queue.hasty_worker") as worker:
            wait_until(lambda: client.hget(f"{keys.root}batch", "b/published") == b"3", START)
            wait_until(lambda: client.llen("rewriter") == 0, START)
            assert worker.process.poll() is None
            log = worker.log.read_text("utf-8")
    assert "dropped a message that is no task of this worker" in log
    assert "somebody else" not in log


@pytest.mark.parametrize("stray", _STRANGE)
async def test_an_id_of_no_article_is_dropped_wherever_it_is_found(
    connection: Connection, stray: str
) -> None:
    await put(connection, "b", "one")
    hold = await join(connection)
    client = connection.client
    await client.lpush(connection.key("ready", "normal"), stray)
    await client.zadd(connection.key("delayed"), {stray: 1})
    assert (await hold.beat())[0]
    taken = await hold.exchange([], (), 10)
    assert [one.id for one in taken.deliveries] == ["b/one"]
    assert (await batches.status(connection, "b")).running == 1


async def test_a_suspect_of_no_article_is_dropped(connection: Connection) -> None:
    await put(connection, "b", "one")
    await connection.client.zadd(connection.key("suspects"), {"garbage": 1})
    hold = await join(connection)
    assert await take(hold) == []
    assert await take(hold) == ["b/one"]


_REFUSED = ("hset", "hincrby", "hdel", "hsetnx", "lpop", "lpush", "rpush", "zadd", "zrem")


async def _may(connection: Connection, command: str) -> None:
    await connection.call("ACL", "SETUSER", "default", command)


@pytest.mark.parametrize("refused", _REFUSED)
async def test_a_command_that_redis_refuses_loses_no_article(
    connection: Connection, refused: str
) -> None:
    """While it is claimed, goes back, or its process is lost."""
    ids = [f"b/{name}" for name in ("one", "two", "three")]
    await put(connection, "b", "one", "two", "three")
    consumer = await join(connection)
    flying: dict[str, Delivery] = {}
    for where in (None, "ready", "delayed"):
        back = [Return(one, where, "later", 0.0) for one in flying.values()] if where else []
        await _may(connection, f"-{refused}")
        with suppress(QueueError):
            await consumer.exchange(back, flying, 0)
            back = []
        with suppress(QueueError):
            taken = await consumer.exchange([], flying, 5)
            flying = {one.id: one for one in taken.deliveries}
        await _may(connection, f"+{refused}")
        if back:
            await consumer.exchange(back, flying, 0)
        await consumer.beat()
        taken = await consumer.exchange([], {}, 5)
        flying = {one.id: one for one in (*flying.values(), *taken.deliveries)}
        assert sorted(flying) == sorted(ids), where
    await _may(connection, f"-{refused}")
    with suppress(QueueError):
        await connection.run("tick", "", *TICK, consumer.process)
    await _may(connection, f"+{refused}")
    await connection.run("tick", "", *TICK, consumer.process)
    heir, found = await join(connection, "heir"), set[str]()
    while taken := await heir.exchange([], {}, 5):
        if not taken.deliveries:
            break
        found |= {one.id for one in taken.deliveries}
        ends = [End(one, "published") for one in taken.deliveries]
        await heir.exchange(ends, {}, 0)
    assert sorted(found) == sorted(ids)


@pytest.mark.parametrize(
    ("refuse", "allow"),
    [
        (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
        (("ACL", "SETUSER", "default", "-hset"), ("ACL", "SETUSER", "default", "+hset")),
    ],
    ids=["read-only", "ACL"],
)
async def test_a_process_outlives_a_report_that_redis_refuses_and_reports_it_later(
    connection: Connection, refuse: Sequence[str], allow: Sequence[str]
) -> None:
    await put(connection, "b", "one", "two")
    stop = asyncio.Event()

    async def work(delivery: Delivery, place: object) -> End | Return:
        if delivery.id == "b/one":  # from now on its end cannot be kept
            await connection.call(*refuse)
        return End(delivery, "published")

    gate = FleetRateLimiter(connection, requests_per_minute=None, tokens_per_minute=None)
    tasks: list[asyncio.Future[object]] = []

    def send(deliveries: Sequence[Delivery]) -> None:
        tasks.extend(asyncio.ensure_future(dispatcher.perform(*one[:2])) for one in deliveries)

    dispatcher = Dispatcher(Consumer(connection, "p"), gate, work, send, stop, in_flight=2, grace=5)
    running = asyncio.ensure_future(dispatcher.run())
    await asyncio.sleep(1.5)
    assert not running.done()
    await connection.call(*allow)
    await asyncio.sleep(1.5)
    stop.set()
    await running
    assert [type(outcome) for outcome in await asyncio.gather(*tasks)] == [End, End]
    seen = await batches.status(connection, "b")
    assert (seen.published, seen.running, seen.state) == (2, 0, "done")


def test_messages_that_are_no_utf_8_or_name_no_plain_path_are_dead_letters(
    server: RedisServer, tmp_path: Path
) -> None:
    with Provider() as provider, redis.Redis(port=server.port) as client:
        environment = environment_of(server, provider.base_url, tmp_path)
        write_articles(tmp_path, 4)
        rewriter(environment, tmp_path, "submit", "raw", "--out", "site", "--batch", "b")
        keys = Keys(root_in(server.url), "default")
        messages = f"{keys.root}messages"
        rows = sorted(client.hkeys(messages))
        whole = json.loads(client.hget(messages, rows[0]))
        client.hset(messages, rows[0], b"\xff\xfe{")
        target = {"path": rows[1].decode().partition("/")[2], "target": "site/a\n::error::b.md"}
        client.hset(messages, rows[1], json.dumps(whole | target))
        client.hset(messages, rows[2], client.hget(messages, rows[2]).replace(b"site", b"s\xe9te"))
        client.hset(messages, b"b/raw/\xff.txt", json.dumps(whole))
        client.rpush(f"{keys.root}ready:normal", b"b/raw/\xff.txt")
        with Worker("w", tmp_path, environment) as worker:
            wait_until(lambda: client.hget(f"{keys.root}batch", "b/dead") == b"4", START)
            wait_until(lambda: client.hget(f"{keys.root}batch", "b/published") == b"1", START)
            assert worker.process.poll() is None
            log = worker.log.read_text("utf-8")
        listed = rewriter(environment, tmp_path, "dead", "b")
    assert "a path with a line end or another control character" in listed.stdout
    assert "unable to parse raw data as a unicode string" in listed.stdout
    assert len(listed.stdout.splitlines()) == 4
    assert not any(line.startswith("::") for line in log.splitlines())
