"""Reports to Redis: each counts once, and what goes back waits where it should."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

import pytest

from rewriter.errors import QueueError
from rewriter.queue import batches
from rewriter.queue.batches import standing
from rewriter.queue.claims import End, Return
from rewriter.queue.connection import Connection
from tests.queue.test_claims import die, join, put, take


async def _due_ms(connection: Connection, article: str) -> float:
    """In how many milliseconds a delayed article is taken again."""
    due = await connection.call("ZSCORE", connection.key("delayed"), article)
    return float(due) - time.time() * 1000


async def test_a_report_that_was_sent_twice_is_no_lost_one(connection: Connection) -> None:
    await put(connection, "b", "one")
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 1)).deliveries
    for _ in range(2):
        assert (await hold.exchange([End(one, "published")], (), 0)).lost == ()
    assert (await batches.status(connection, "b")).published == 1


async def test_a_report_of_an_earlier_claim_counts_for_nothing(connection: Connection) -> None:
    await put(connection, "b", "one")
    hold = await join(connection)
    (old,) = (await hold.exchange([], (), 1)).deliveries
    await hold.exchange([Return(old, "ready")], (), 0)
    (new,) = (await hold.exchange([], (), 1)).deliveries
    assert (await hold.exchange([End(old, "failed")], (), 0)).lost == ("b/one",)
    assert (await batches.status(connection, "b")).running == 1
    assert (await hold.exchange([End(new, "published")], (), 0)).lost == ()
    assert (await batches.status(connection, "b")).published == 1


async def test_a_process_that_was_taken_for_dead_is_given_nothing(connection: Connection) -> None:
    await put(connection, "b", "one")
    hold = await join(connection)
    await die(connection, "p")
    assert await take(hold) == []
    assert await take(await join(connection, "heir")) == ["b/one"]


async def test_what_was_given_out_by_a_call_that_failed_is_given_out_again(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(connection, "b", "one", "two")
    hold = await join(connection)

    async def fail(name: str, *arguments: str | float) -> object:
        await run(name, *arguments)
        raise QueueError("the answer is too large")

    run = connection.run
    monkeypatch.setattr(connection, "run", fail)
    with pytest.raises(QueueError):
        await take(hold)
    monkeypatch.undo()
    assert sorted(await take(hold)) == ["b/one", "b/two"]


async def test_what_comes_back_at_once_is_the_next(connection: Connection) -> None:
    await put(connection, "b", "one", "two")
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 1)).deliveries
    await hold.exchange([Return(one, "ready")], (), 0)
    assert await take(hold) == ["b/one", "b/two"]


async def test_each_delay_is_twice_as_long_and_one_for_money_is_not(
    connection: Connection,
) -> None:
    await put(connection, "b", "one")
    hold = await join(connection)
    waits: list[tuple[Literal["delayed", "money"], int]]
    waits = [("delayed", 10), ("money", 10), ("delayed", 20), ("delayed", 40)]
    for where, seconds in waits:
        (one,) = (await hold.exchange([], (), 1)).deliveries
        await hold.exchange([Return(one, where, "later", delay=10.0)], (), 0)
        assert seconds - 5 < await _due_ms(connection, "b/one") / 1000 < seconds + 5
        await connection.call("ZADD", connection.key("delayed"), 1, "b/one")
        await hold.beat()


async def test_articles_of_a_paused_batch_are_set_apart_and_others_go_on(
    connection: Connection,
) -> None:
    await put(connection, "b", "one", "two")
    await put(connection, "other", "three")
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 1)).deliveries
    await hold.exchange([Return(one, "parked", "the budget is spent")], (), 0)
    assert await take(hold) == ["other/three"]
    assert (await standing(connection)).parked == 2
    assert await batches.requeue(connection, "b") == 2
    assert sorted(await take(hold)) == ["b/one", "b/two"]


async def test_an_article_that_is_dead_does_not_end_a_trial(connection: Connection) -> None:
    """It says nothing about whether the reason of a pause is gone."""
    await put(connection, "b", "one", "two", "three", "four")
    await connection.run("pause", "the quota is used up", 1)
    await asyncio.sleep(0.01)
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 5)).deliveries
    (two,) = (await hold.exchange([End(one, "dead", "crashed")], (), 5)).deliveries
    after = (await hold.exchange([End(two, "held")], (), 5)).deliveries
    assert [two.id, *(delivery.id for delivery in after)] == ["b/two", "b/three", "b/four"]


async def test_articles_that_killed_alone_are_tried_one_by_one(connection: Connection) -> None:
    await put(connection, "b", "one", "two")
    for n in range(2):
        assert len(await take(await join(connection, f"p{n}"), 1)) == 1
    for n in range(2):
        await die(connection, f"p{n}")
    heir = await join(connection, "heir")
    assert await take(heir) == ["b/one"]
    assert (await standing(connection)).suspect == 1


async def test_cancelling_leaves_no_suspect_and_none_that_is_set_apart(
    connection: Connection,
) -> None:
    await put(connection, "b", "one", "two")
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 1)).deliveries
    await hold.exchange([Return(one, "parked", "the budget is spent")], (), 0)
    await take(await join(connection, "lost"))
    await put(connection, "c", "three")
    await take(await join(connection, "lost"))
    await die(connection, "lost")
    assert (await standing(connection)).suspect == 1
    for batch, cancelled in (("b", 2), ("c", 1)):
        assert await batches.cancel(connection, batch) == cancelled
    now = await standing(connection)
    assert (now.suspect, now.parked) == (0, 0)
    assert await take(hold) == []


async def test_a_batch_to_which_articles_come_again_is_not_over(connection: Connection) -> None:
    await put(connection, "b", "one")
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 1)).deliveries
    await hold.exchange([End(one, "published")], (), 0)
    times = ("b/last_submitted_at", 1, "b/ended_at", 1)
    await connection.call("HSET", connection.key("batch"), *times)
    await connection.call("ZADD", connection.key("batches"), 1, "b")
    await put(connection, "b", "two")
    await hold.forget_old()
    assert await batches.ids(connection) == ["b"]
