"""The batch API in real worker processes, some of which are killed."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from rewriter.queue import batches
from rewriter.queue.batches import Batch
from rewriter.queue.connection import Connection
from tests.provider import Course, Provider
from tests.queue.batch_api.conftest import conserved
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

ARTICLES = 24


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(batch_delay=0.5) as running:
        yield running


@pytest.fixture
def environment(server: RedisServer, provider: Provider, tmp_path: Path) -> dict[str, str]:
    return environment_of(server, provider.base_url, tmp_path) | {
        "REWRITER_BATCH_REQUESTS": "8",
        "REWRITER_BATCH_POLL": "0.2",
    }


def submit(environment: dict[str, str], folder: Path) -> None:
    write_articles(folder, ARTICLES)
    options = ("--out", "site", "--batch", "b", "--api", "batch")
    done = rewriter(environment, folder, "submit", "raw", *options)
    assert done.returncode == 0, done.stderr


def status(server: RedisServer) -> Batch:
    async def look() -> Batch:
        async with Connection(server.url, root_in(server.url), patience=20) as connection:
            return await batches.status(connection, "b")

    return asyncio.run(look())


def shown(environment: dict[str, str], folder: Path) -> str:
    """What the command `status` prints of the batch, in one line."""
    return " ".join(rewriter(environment, folder, "status", "b").stdout.split())


def payments(provider: Provider) -> Counter[str]:
    """How often each question was paid for."""
    paid = [one.body for one in provider.calls if one.answered in ("ok", "batch")]
    return Counter(json.dumps(body, sort_keys=True) for body in paid)


def test_articles_go_by_three_batches_at_half_the_price(
    server: RedisServer, provider: Provider, environment: dict[str, str], tmp_path: Path
) -> None:
    submit(environment, tmp_path)
    release = provider.desk.hold("get")
    with Worker("w", tmp_path, environment):
        wait_until(
            lambda: "3 provider batches: 0 of 24 done" in shown(environment, tmp_path), START
        )
        requeued = rewriter(environment, tmp_path, "requeue", "b")
        assert requeued.stdout == "0 put back\n"
        assert "24 await a batch of the provider and stay there" in requeued.stderr
        release.set()
        wait_until(lambda: status(server).published == ARTICLES, 90)
    assert [len(one) for one in provider.desk.requests] == [8, 8, 8]
    assert provider.answered == ["batch"] * ARTICLES
    records = list((tmp_path / ".rewriter" / "records").rglob("*.json"))
    usages = [json.loads(record.read_text())["usage"] for record in records]
    at_list_price = sum(one["input_tokens"] * 0.4 + one["output_tokens"] * 1.6 for one in usages)
    cost = status(server).cost
    assert cost == pytest.approx(sum(one["cost"] for one in usages), rel=1e-3)
    assert cost == pytest.approx(at_list_price / 1e6 / 2, rel=1e-3)


def test_workers_killed_in_every_step_cost_nothing_and_lose_nothing(
    server: RedisServer, provider: Provider, environment: dict[str, str], tmp_path: Path
) -> None:
    provider.desk.courses.append(Course("expired", share=0.5))
    submit(environment, tmp_path)
    for kind in ("upload", "create", "get", "content"):
        release = provider.desk.hold(kind)
        with Worker(kind, tmp_path, environment) as worker:
            wait_until(release.reached.is_set, START)
            worker.kill()
        release.set()
        assert conserved(status(server))
        end_leases(server)
    with Worker("last", tmp_path, environment):
        wait_until(lambda: status(server).published == ARTICLES, START)
    assert sorted(len(one) for one in provider.desk.requests) == [4, 8, 8, 8]
    assert set(payments(provider).values()) == {1}
    assert len(payments(provider)) == ARTICLES


def end_leases(server: RedisServer) -> None:
    """As if a minute had passed since the last sign of life."""

    async def end() -> None:
        async with Connection(server.url, root_in(server.url)) as connection:
            for name in ("steps", "processes"):
                for member in await connection.call("ZRANGE", connection.key(name), 0, -1):
                    await connection.call("ZADD", connection.key(name), 1, member)

    asyncio.run(end())
