"""A caller hears how an article ended, also when the process that knew it has died."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery

from rewriter.queue import batches
from rewriter.queue.claims import Consumer, Delivery, End
from rewriter.queue.connection import Connection
from rewriter.queue.keys import Keys
from tests.provider import Provider
from tests.queue.conftest import write_articles
from tests.queue.servers import START, RedisServer, Worker, environment_of, root_in, wait_until


@pytest.mark.parametrize("path", ["raw/0000.txt", "raw/none.txt"], ids=["published", "failed"])
def test_a_call_is_answered_whose_process_died_before_celery_had_the_result(
    server: RedisServer, tmp_path: Path, path: str
) -> None:
    write_articles(tmp_path, 1)
    app = Celery("newsroom", broker=server.url, backend=server.url)
    links = {
        name: app.signature(f"newsroom.{name}", queue="newsroom") for name in ("link", "link_error")
    }
    with Provider(latency=0.1) as provider:
        environment = environment_of(server, provider.base_url, tmp_path)
        with Worker("w", tmp_path, environment, module="tests.queue.mute_worker"):
            reference = {"path": path, "out": "site"}
            result = app.send_task("rewriter.rewrite", [reference], queue="rewriter", **links)
            told = result.get(timeout=START, propagate=False)
            with redis.Redis.from_url(server.url, decode_responses=True) as client:
                telling = f"{Keys(root_in(server.url), '').root}telling"
                wait_until(
                    lambda: client.llen("newsroom") > 0 and not client.exists(telling), START
                )
                (called,) = client.lrange("newsroom", 0, -1)
        assert (tmp_path / "died.log").exists()
        assert len(provider.calls) == (path == "raw/0000.txt"), "paid for once"
    task = json.loads(called)["headers"]["task"]
    if result.successful():
        assert (told["outcome"], told["target"], task) == (
            *("published", "site/0000.md"),
            "newsroom.link",
        )
    else:
        assert "cannot read it" in str(told)
        assert task == "newsroom.link_error"


async def filed(connection: Connection, call: str = "c") -> None:
    await connection.run("file", "b", "normal", f"a.txt//{call}", f"{call}.md", "{}", "signature")


async def taken(consumer: Consumer) -> Delivery:
    (delivery,) = (await consumer.exchange([], [], 1)).deliveries
    return delivery


async def joined(connection: Connection, process: str) -> Consumer:
    consumer = Consumer(connection, process)
    await consumer.join()
    return consumer


async def untold(consumer: Consumer) -> list[tuple[Any, ...]]:
    return [(one.id, one.number, one.call) for one in (await consumer.beat())[1]]


TOLD_LATER = [("b/a.txt//c", "", "signature")]


async def test_others_tell_the_callers_of_a_process_once_it_is_lost(connection: Connection) -> None:
    await filed(connection)
    one, other = await joined(connection, "one"), await joined(connection, "other")
    await one.exchange([End(await taken(one), "published")], [], 0)
    assert await untold(other) == []
    assert await untold(one) == []  # its own task tells it
    await connection.run("tick", "", 20_000, 5_000, "one")
    assert await untold(other) == TOLD_LATER
    assert await untold(other) == []


async def test_a_process_that_ends_before_its_tasks_have_told_leaves_it_to_others(
    connection: Connection,
) -> None:
    await filed(connection)
    one, other = await joined(connection, "one"), await joined(connection, "other")
    await one.exchange([End(await taken(one), "published")], [], 0)
    await one.leave()
    assert await untold(other) == []
    await connection.run("tick", "", 20_000, 5_000, "one")
    assert await untold(other) == TOLD_LATER


async def test_a_call_that_is_cancelled_in_the_queue_is_told_so(connection: Connection) -> None:
    await filed(connection)
    assert await batches.cancel(connection, "b") == 1
    assert await untold(await joined(connection, "one")) == TOLD_LATER


async def test_a_call_to_a_batch_that_was_cancelled_before_is_worked_on(
    connection: Connection,
) -> None:
    """Without a name calls of one day have one batch."""
    await filed(connection)
    await batches.cancel(connection, "b")
    await connection.run("file", "b", "normal", "b.txt//d", "b.md", "{}", "signature")
    assert (await taken(await joined(connection, "one"))).id == "b/b.txt//d"


async def test_nobody_is_told_again_of_a_revoked_call(connection: Connection) -> None:
    await filed(connection)
    one = await joined(connection, "one")
    await one.exchange([End(await taken(one), "cancelled", caller_knows=True)], [], 0)
    await one.leave()
    assert await connection.call("ZCARD", connection.key("processes")) == 0
