"""From a delivery to how it ended: whose fault an error is decides what becomes of an article."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from rewriter.completion.limits import NoRateLimit
from rewriter.errors import LedgerError
from rewriter.prompting.prompt_file import load
from rewriter.queue import batches
from rewriter.queue.batches import standing
from rewriter.queue.claims import Delivery, End, Return
from rewriter.queue.connection import Connection
from rewriter.queue.handler import ArticleHandler
from rewriter.queue.message import Message
from rewriter.runs.concurrency import Scheduler
from rewriter.settings import Settings
from rewriter.state.ledger import Entry, FileLedger, Key
from tests.provider import Provider, Step
from tests.queue.conftest import write_articles
from tests.queue.test_claims import join, put

MESSAGE = Message(
    batch="b",
    path="raw/0000.txt",
    target="site/0000.md",
    prompt="rewrite",
    prompt_version=load().version,
)


def delivery(message: Message | str = MESSAGE, number: str = "1") -> Delivery:
    text = message if isinstance(message, str) else message.encode()
    return Delivery("b/raw/0000.txt", number, text)


@asynccontextmanager
async def workshop(
    connection: Connection, root: Path, *steps: Step, **settings: object
) -> AsyncIterator[tuple[ArticleHandler, Provider]]:
    """A workshop whose provider answers by script, and well after it."""
    write_articles(root, 1)
    await connection.call("HSET", connection.key("holds"), "b/raw/0000.txt", "1|p")
    await connection.call("HSET", connection.key("holds"), "other/raw/0000.txt", "1|p")
    with Provider() as provider:
        provider.script(steps)
        given = {
            "engine": "openai",
            "base_url": provider.base_url,
            "max_attempts": 1,
            "reader": "off",
        } | settings
        configured = Settings(root=root, api_key=SecretStr("k"), **given)  # type: ignore[arg-type]
        one = ArticleHandler(configured, connection, NoRateLimit(), "p")
        try:
            yield one, provider
        finally:
            await one.aclose()


async def test_a_good_article_is_published(connection: Connection, tmp_path: Path) -> None:
    async with workshop(connection, tmp_path) as (shop, _):
        end = await shop.work(delivery())
    assert isinstance(end, End)
    assert (end.status, end.usage.output_tokens > 0) == ("published", True)
    assert (tmp_path / "site" / "0000.md").exists()


async def test_an_article_that_begins_after_a_stop_goes_back(
    connection: Connection, tmp_path: Path
) -> None:
    async with workshop(connection, tmp_path) as (shop, provider):
        shop._stop = asyncio.Event()
        shop._stop.set()
        end = await shop.work(delivery())
        assert provider.calls == []
    assert end == Return(delivery(), "ready")


@pytest.mark.parametrize("priority", ["high", "normal"])
async def test_only_what_has_a_high_priority_asks_for_urgent_turns(
    connection: Connection, tmp_path: Path, priority: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What those are is shown in `test_turns`."""
    asked: list[bool] = []
    turn = Scheduler.__call__

    async def note(self: Scheduler, *, before_call: bool = False, urgent: bool = False) -> None:
        asked.append(urgent)
        await turn(self, before_call=before_call, urgent=urgent)

    monkeypatch.setattr(Scheduler, "__call__", note)
    async with workshop(connection, tmp_path) as (shop, _):
        await shop.work(delivery()._replace(priority=priority))
    assert asked == [priority == "high"] * 2  # before the call, and before the checks


@pytest.mark.parametrize("asked_for", [{}, {"force": True}, {"force": True, "fresh_from": 1.0}])
async def test_what_an_earlier_delivery_published_counts_as_published_and_costs_nothing(
    connection: Connection, tmp_path: Path, asked_for: dict[str, object]
) -> None:
    message = MESSAGE.model_copy(update=asked_for)
    async with workshop(connection, tmp_path) as (shop, provider):
        await shop.work(delivery(message))
        published = (tmp_path / "site" / "0000.md").read_bytes()
        again = await shop.work(delivery(message, number="2"))
        assert len(provider.calls) == 1
    assert isinstance(again, End)
    assert (again.status, again.reason) == ("published", "current")
    assert (tmp_path / "site" / "0000.md").read_bytes() == published


async def test_a_forced_article_lost_before_its_end_is_still_done_by_the_next_delivery(
    connection: Connection, tmp_path: Path
) -> None:
    """Being current already, before the batch, is not what the batch was to achieve."""
    async with workshop(connection, tmp_path) as (shop, _):
        await shop.work(delivery())
        later = MESSAGE.model_copy(update={"batch": "later", "force": True})
        lost = Delivery("later/raw/0000.txt", "2", later.encode())
        end = await shop.work(lost)
    assert isinstance(end, End)
    assert (end.status, end.reason) == ("published", "forced")


async def test_a_fresh_article_is_asked_for_again_once_a_batch(
    connection: Connection, tmp_path: Path
) -> None:
    """A worker that dies after the answer costs nothing: the next one finds its batch's answer."""
    fresh = MESSAGE.model_copy(update={"force": True, "fresh_from": time.time()})
    async with workshop(connection, tmp_path) as (shop, provider):
        await shop.work(delivery())
        await shop.work(delivery(fresh))
        shutil.rmtree(tmp_path / ".rewriter" / "records")  # as if killed right after the answer
        await shop.work(delivery(fresh, number="2"))
        assert len(provider.calls) == 2
        later = {"batch": "other", "fresh_from": time.time()}
        other = fresh.model_copy(update=later)
        await shop.work(Delivery("other/raw/0000.txt", "1", other.encode()))
        assert len(provider.calls) == 3


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("{}", "refused: batch: is missing"),
        (MESSAGE.model_copy(update={"prompt_version": 99}), "version 99 of the prompt rewrite"),
    ],
)
async def test_a_message_that_cannot_be_followed_is_dead(
    connection: Connection, tmp_path: Path, message: Message | str, reason: str
) -> None:
    async with workshop(connection, tmp_path) as (shop, _):
        end = await shop.work(delivery(message))
    assert isinstance(end, End)
    assert end.status == "dead"
    assert reason in end.reason


async def test_a_rewrite_in_place_without_a_model_is_refused(
    connection: Connection, tmp_path: Path
) -> None:
    in_place = MESSAGE.model_copy(update={"target": MESSAGE.path})
    async with workshop(connection, tmp_path, engine="extractive") as (shop, _):
        end = await shop.work(delivery(in_place))
    assert isinstance(end, End)
    assert (end.status, end.reason) == (
        "dead",
        "this worker has no model, and a draft never replaces an article",
    )


@pytest.mark.parametrize("fault", ["bad-request", "refusal", "too-long"])
async def test_an_article_that_fails_for_good_is_tried_once(
    connection: Connection, tmp_path: Path, fault: str
) -> None:
    async with workshop(connection, tmp_path, fault, max_attempts=8) as (shop, provider):
        end = await shop.work(delivery())
        assert len(provider.calls) == 1
    assert isinstance(end, End)
    assert end.status == "failed"
    assert end.reason


async def test_an_article_that_vanished_has_failed(connection: Connection, tmp_path: Path) -> None:
    async with workshop(connection, tmp_path) as (shop, _):
        (tmp_path / "raw" / "0000.txt").unlink()
        end = await shop.work(delivery())
    assert isinstance(end, End)
    assert end.status == "failed"


@pytest.mark.parametrize("fault", ["server-error", "reset", "rate-limit"])
async def test_a_passing_failure_backs_off(
    connection: Connection, tmp_path: Path, fault: str
) -> None:
    async with workshop(connection, tmp_path, fault) as (shop, _):
        back = await shop.work(delivery())
    assert isinstance(back, Return)
    assert (back.where, back.delay >= 30) == ("delayed", True)


@pytest.mark.parametrize("fault", ["quota", "unauthorized"])
async def test_what_every_article_would_meet_pauses_the_queue_and_fails_none(
    connection: Connection, tmp_path: Path, fault: str
) -> None:
    await put(connection, "b", "raw/0000.txt")
    async with workshop(connection, tmp_path, fault) as (shop, _):
        back = await shop.work(delivery())
    assert isinstance(back, Return)
    assert back.where == "ready"
    assert (await standing(connection)).paused.startswith("127.0.0.1")


async def test_a_full_disk_pauses_the_queue_before_anything_is_paid(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("rewriter.state.ledger.tempfile.TemporaryFile", full)
    await put(connection, "b", "raw/0000.txt")
    async with workshop(connection, tmp_path) as (shop, provider):
        back = await shop.work(delivery())
    assert isinstance(back, Return)
    assert (back.where, provider.calls) == ("ready", [])
    assert "No space left on device" in (await standing(connection)).paused


async def test_an_answer_that_is_paid_and_cannot_be_stored_is_not_paid_again(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be at each delivery: its article has failed, and the queue pauses."""

    async def fail(self: FileLedger, key: Key, entry: Entry) -> None:
        raise LedgerError("Input/output error")

    monkeypatch.setattr(FileLedger, "put", fail)
    await put(connection, "b", "raw/0000.txt")
    async with workshop(connection, tmp_path) as (shop, provider):
        end = await shop.work(delivery())
        assert len(provider.calls) == 1
    assert isinstance(end, End)
    assert (end.status, end.usage.output_tokens > 0) == ("failed", True)
    assert (await standing(connection)).paused == "Input/output error"


async def test_a_spent_batch_is_parked_and_a_spent_day_pauses_the_queue(
    connection: Connection, tmp_path: Path
) -> None:
    await connection.run("submit", "b", "normal", 1, 0, "raw/0000.txt", "site/0000.md", "{}")
    async with workshop(connection, tmp_path) as (shop, provider):
        parked = await shop.work(delivery())
        assert isinstance(parked, Return)
        assert parked.where == "parked"
        assert provider.calls == []
    async with workshop(connection, tmp_path, daily_budget=0.000001) as (shop, _):
        paused = await shop.work(delivery())
    assert isinstance(paused, Return)
    assert paused.where == "ready"
    assert "day's budget" in (await standing(connection)).paused


async def test_an_article_whose_call_is_not_made_yet_is_cancelled_with_its_batch(
    connection: Connection, tmp_path: Path
) -> None:
    await put(connection, "b", MESSAGE.path)
    hold = await join(connection)
    (taken,) = (await hold.exchange([], (), 1)).deliveries
    assert await batches.cancel(connection, "b") == 0
    async with workshop(connection, tmp_path) as (shop, provider):
        back = await shop.work(taken._replace(message=MESSAGE.encode()))
        assert provider.calls == []
    await hold.exchange([back], (), 1)
    seen = await batches.status(connection, "b")
    assert (seen.cancelled, seen.running, seen.cost) == (1, 0, 0.0)


async def test_a_parked_article_waits_until_its_batch_goes_on(connection: Connection) -> None:
    await put(connection, "b", "one", "two")
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 1)).deliveries
    await hold.exchange([Return(one, "parked", "the budget is spent")], (), 5)
    seen = await batches.status(connection, "b")
    assert (seen.state, seen.reason, seen.queued) == ("paused", "the budget is spent", 2)
    assert await batches.requeue(connection, "b", max_cost=5) == 2
    assert len((await hold.exchange([], (), 5)).deliveries) == 2
