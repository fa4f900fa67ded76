"""Articles are worked on under the content root that they were submitted from, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rewriter.queue import batches
from rewriter.queue.batches import NO_WORKER, standing
from rewriter.queue.claims import End
from rewriter.queue.connection import Connection
from rewriter.queue.fleet_budget import FleetBudgetSpentError
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
from tests.queue.test_claims import die, join, put, take
from tests.queue.test_fleet_budget import fleet_budget, pay


@pytest.fixture
async def other(server: RedisServer) -> AsyncIterator[Connection]:
    """Another content root in the same fleet as `connection`."""
    async with Connection(server.url, "other") as connected:
        yield connected


async def test_a_process_sees_only_articles_of_its_own_root(
    connection: Connection, other: Connection
) -> None:
    await put(connection, "b", "one")
    await put(other, "b", "two")
    a, b = await join(connection), await join(other)
    assert await take(b) == ["b/two"]
    assert await take(b, flying=("b/two",)) == []
    assert await take(a) == ["b/one"]


async def test_two_roots_work_on_an_article_of_the_same_name_at_the_same_time(
    connection: Connection, other: Connection
) -> None:
    for redis in (connection, other):
        await put(redis, "b", "same")
        assert await take(await join(redis)) == ["b/same"]


async def test_what_a_lost_process_held_comes_back_to_its_own_root(
    connection: Connection, other: Connection
) -> None:
    await put(connection, "a", "one", "two")
    assert len(await take(await join(connection, "lost"))) == 2
    await die(connection, "lost")
    assert await take(await join(other, "other")) == []
    assert await take(await join(connection, "heir")) == ["a/one"]


async def test_a_pause_is_the_fleets_and_another_fleet_goes_on(
    connection: Connection, other: Connection
) -> None:
    async with Connection(connection.url, "third", fleet="night") as third:
        for redis in (connection, other, third):
            await put(redis, "b", "one")
        await connection.run("pause", "the quota is used up", 60_000)
        assert (await standing(other)).paused == "the quota is used up"
        assert await take(await join(other)) == []
        assert await take(await join(third)) == ["b/one"]


async def test_the_day_is_paid_for_by_all_roots_of_a_fleet(
    connection: Connection, other: Connection
) -> None:
    await pay(fleet_budget(connection, "one", 0.05), 0.02)
    await pay(fleet_budget(other, "one", 0.05), 0.02)
    with pytest.raises(FleetBudgetSpentError):
        await pay(fleet_budget(connection, "two", 0.05), 0.02)


async def test_all_keys_of_a_root_have_its_prefix_and_a_hash_tag(connection: Connection) -> None:
    await put(connection, "b", "one", "two")
    consumer = await join(connection)
    (one,) = (await consumer.exchange([], (), 1)).deliveries
    await consumer.exchange([End(one, "failed", "why")], (), 0)
    await consumer.beat()
    await pay(fleet_budget(connection, daily=0.05), 0.03)
    keys = [key async for key in connection.client.scan_iter()]
    assert all(key.startswith((connection.keys.root, connection.keys.fleet)) for key in keys)
    assert connection.keys.root.startswith("rewriter:{root}:")
    assert connection.keys.fleet.startswith("rewriter:{fleet:default}:")


async def test_a_batch_without_a_worker_of_its_root_says_so(
    connection: Connection, other: Connection
) -> None:
    await put(connection, "a", "one")
    await (await join(other)).beat()
    assert (await batches.status(connection, "a")).reason == NO_WORKER
    await (await join(connection)).beat()
    assert (await batches.status(connection, "a")).reason == ""


def test_a_worker_of_another_folder_leaves_articles_to_their_own(
    server: RedisServer, tmp_path: Path
) -> None:
    """Both folders hold articles of the same names."""
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    for folder in (right, wrong):
        folder.mkdir()
        write_articles(folder, 3)

    async def published() -> int:
        async with Connection(server.url, root_in(server.url)) as connection:
            return (await batches.status(connection, "b")).published

    with Provider() as provider:
        there, here = (environment_of(server, provider.base_url, one) for one in (wrong, right))
        with Worker("w", tmp_path, there) as stranger:
            wait_until(lambda: "ready." in stranger.log.read_text("utf-8"), START)
            sent = rewriter(here, right, "submit", "raw", "--out", "site", "--batch", "b")
            assert sent.returncode == 0, sent.stderr
            seen = rewriter(here, right, "status", "b").stdout
            assert NO_WORKER in " ".join(seen.split())
            with Worker("x", tmp_path, here):
                wait_until(lambda: asyncio.run(published()) == 3, START)
    assert len(list((right / "site").glob("*.md"))) == 3
    assert not (wrong / "site").exists()
