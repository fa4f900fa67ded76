from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rewriter.completion.limits import NoRateLimit
from rewriter.queue import batches
from rewriter.queue.batch_api.polling import Poller, poller_of
from rewriter.queue.batches import Batch
from rewriter.queue.claims import Consumer, End, Return
from rewriter.queue.connection import Connection
from rewriter.queue.handler import ArticleHandler
from rewriter.queue.submitting import Submission, submit
from rewriter.settings import Settings
from tests.provider import Provider
from tests.queue.conftest import write_articles


class Post:
    """A queue with its batch API, worked on step by step in this process."""

    def __init__(self, connection: Connection, root: Path, provider: Provider) -> None:
        self.connection = connection
        self.root = root
        self.provider = provider
        self._settings: dict[str, Any] = {
            "engine": "openai",
            "base_url": provider.base_url,
            "root": root,
            "batch_poll": 0.01,
            "max_attempts": 1,
            "reader": "off",
        }

    @property
    def payments(self) -> Counter[str]:
        """How often each article was paid for, by its figure, in both APIs."""
        paid = [one for one in self.provider.calls if one.answered in ("ok", "batch")]
        return Counter(str(one.body["messages"]).partition(" businesses")[0][-4:] for one in paid)

    def set(self, **settings: object) -> None:
        """Change settings."""
        self._settings |= settings

    @property
    def settings(self) -> Settings:
        """The settings as they are."""
        return Settings(**self._settings)

    async def submit(self, count: int, **changes: Any) -> None:
        """Submit so many articles by the batch API, as the batch b."""
        write_articles(self.root, count)
        submission = Submission("b", out=self.root / "site", api="batch")
        submission = replace(submission, **changes)
        await submit(self.connection, [str(self.root / "raw")], submission, self.settings)

    async def work(self) -> list[End | Return]:
        """Work on all articles that are ready, as one process would."""
        shop = ArticleHandler(self.settings, self.connection, NoRateLimit(), "p")
        hold = Consumer(self.connection, "p")
        await hold.join()
        done: list[End | Return] = []
        while deliveries := (await hold.exchange([], (), 100)).deliveries:
            turn = [await shop.work(one) for one in deliveries]
            await hold.exchange(turn, (), 0)
            done += turn
        await hold.leave()
        await shop.aclose()
        return done

    async def hurry(self) -> None:
        """Let every step be due, and every delay be over."""
        for name in (self.connection.key("steps"), self.connection.key("delayed")):
            for member in await self.connection.call("ZRANGE", name, 0, -1):
                await self.connection.call("ZADD", name, 1, member)
        await self.connection.run("tick", "", 20_000, 5_000)

    async def pass_hours(self, hours: float) -> None:
        """As if every batch at the provider had been sent so many hours earlier."""
        jobs = self.connection.key("jobs")
        for name, kept in (await self.connection.call("HGETALL", jobs)).items():
            job = json.loads(kept)
            if "sent" in job:
                job["sent"] -= round(hours * 3_600_000)
                await self.connection.call("HSET", jobs, name, json.dumps(job))

    async def step(self, times: int = 1) -> bool:
        """Make the next step of so many jobs; whether there was one."""
        await self.hurry()
        async with self.courier() as courier:
            return any([await courier.step() for _ in range(times)])

    def courier(self) -> AbstractAsyncContextManager[Poller]:
        """A courier, as a context."""
        return _courier(self)

    async def run(self, turns: int = 20) -> Batch:
        """Work and make steps until nothing is left to do."""
        idle = 0
        async with self.courier() as courier:
            for _ in range(turns):
                await self.hurry()
                worked, stepped = await self.work(), await courier.step()
                idle = 0 if worked or stepped else idle + 1
                if idle == 2:  # what was delayed has had its turn
                    break
        return await self.status()

    async def status(self) -> Batch:
        """How far the batch is."""
        return await batches.status(self.connection, "b")


@asynccontextmanager
async def _courier(post: Post) -> AsyncIterator[Poller]:
    async with poller_of(post.settings, post.connection) as courier:
        assert courier is not None
        yield courier


def conserved(batch: Batch) -> bool:
    """Whether every article is somewhere."""
    ends = ("published", "drafted", "held", "skipped", "failed", "dead", "cancelled")
    parts = (batch.queued, batch.running, batch.awaiting, *(getattr(batch, one) for one in ends))
    return bool(sum(parts) == batch.submitted and min(parts) >= 0)


@pytest.fixture
async def post(connection: Connection, tmp_path: Path) -> AsyncIterator[Post]:
    with Provider() as provider:
        yield Post(connection, tmp_path, provider)


def assert_missing_half_was_sent_again(post: Post, seen: Batch) -> None:
    """All of four articles are published, of which a first batch answered two, each paid once."""
    first, second = post.provider.desk.requests
    assert (len(first), len(second)) == (4, 2)
    assert set(second) < set(first)
    assert seen.published == 4
    assert set(post.payments.values()) == {1}
