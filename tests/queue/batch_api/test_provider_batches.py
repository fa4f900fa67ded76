"""Jobs in Redis: filled, claimed by one at a time, and emptied without loss."""

from __future__ import annotations

import json

import pytest

from rewriter.queue import batches
from rewriter.queue.batch_api.provider_batches import Claim, ClaimLostError
from rewriter.queue.batch_api.sorting import Fate
from rewriter.queue.claims import Return, Ticket
from rewriter.queue.connection import Connection
from tests.queue.test_claims import die, join


async def defer(
    connection: Connection, *paths: str, batch: str = "b", most: int = 100, size: int = 10
) -> None:
    """Send articles by the batch API; a path's question has its name."""
    message = json.dumps({"api": "batch"})
    parts = [part for path in paths for part in (path, f"site/{path}", message)]
    assert await connection.run("submit", batch, "normal", "", 0, *parts) == []
    hold = await join(connection)
    for one in (await hold.exchange([], (), 10_000)).deliveries:
        ticket = Ticket(one.id.partition("/")[2], "m", size, most)
        await hold.exchange([Return(one, "batch_api", ticket=ticket)], (), 0)


async def claim(connection: Connection, *, leases_over: bool = False) -> Claim | None:
    """The next step, once all pauses are over, or all leases too."""
    for job in await connection.call("ZRANGE", connection.key("steps"), 0, -1):
        kept = json.loads(await connection.call("HGET", connection.key("jobs"), job))
        if leases_over or "lease_ends" not in kept:
            await connection.call("ZADD", connection.key("steps"), 1, job)
    return await Claim.take(connection)


async def sure_claim(connection: Connection, *, leases_over: bool = False) -> Claim:
    taken = await claim(connection, leases_over=leases_over)
    assert taken is not None
    return taken


async def test_a_full_job_is_due_at_once_and_another_when_no_more_come(
    connection: Connection,
) -> None:
    await defer(connection, "1", "2", "3", most=2)
    full = await Claim.take(connection)
    assert full is not None
    assert sorted(await full.digests()) == ["1", "2"]
    assert await Claim.take(connection) is None
    assert await (await sure_claim(connection)).digests() == ["3"]


async def test_a_file_never_grows_beyond_what_the_provider_takes(connection: Connection) -> None:
    await defer(connection, "1", "2", "3", size=80_000_000)
    sizes = [len(await (await sure_claim(connection)).digests()) for _ in range(2)]
    assert sorted(sizes) == [1, 2]


async def test_a_step_is_made_by_one_at_a_time_and_who_lost_it_changes_nothing(
    connection: Connection,
) -> None:
    await defer(connection, "1")
    lost = await sure_claim(connection)
    assert await claim(connection) is None
    heir = await sure_claim(connection, leases_over=True)
    for attempt in (
        lost.note(file="f"),
        lost.give_back(0),
        lost.park("why"),
        lost.deliver([Fate("1", "answered")], most=1, delay=0),
        lost.finish(),
    ):
        with pytest.raises(ClaimLostError):
            await attempt
    assert await heir.digests() == ["1"]
    await heir.note(file="g")
    assert (await batches.status(connection, "b")).awaiting == 1


async def test_a_step_of_a_lost_process_is_due_once_no_call_of_it_can_arrive(
    connection: Connection,
) -> None:
    await defer(connection, "1")
    (job,) = await connection.call("HKEYS", connection.key("jobs"))
    await connection.call("ZADD", connection.key("steps"), 1, job)
    await join(connection, "lost")
    assert await Claim.take(connection, "lost") is not None
    await die(connection, "lost")
    due = await connection.call("ZSCORE", connection.key("steps"), job)
    now = (await connection.client.time())[0]
    assert 25 < due / 1000 - now <= 31


async def test_money_is_set_aside_once_for_a_job_and_only_by_who_holds_its_claim(
    connection: Connection,
) -> None:
    await defer(connection, "1")
    lost = await sure_claim(connection)
    field = f"job|{lost.name}"
    assert await connection.run("reserve", field, lost.job.claim, "b", 700, "") == "ok"
    heir = await sure_claim(connection, leases_over=True)
    for number, answer in (
        (heir.job.claim, "ok"),
        (heir.job.claim, "ok"),
        (lost.job.claim, "late"),
    ):
        assert await connection.run("reserve", field, number, "b", 500, "") == answer
    names = ("b/reserved", "b/reserved_jobs")
    counts = await connection.call("HMGET", connection.key("batch"), *names)
    assert counts == ["500", "500"]
    assert await connection.call("HVALS", connection.keys.fleet + "reserved_jobs") == ["500"]


async def test_an_answered_article_goes_on_and_a_reading_of_it_may_wait_for_a_batch(
    connection: Connection,
) -> None:
    await defer(connection, "1")
    held = await sure_claim(connection)
    assert await held.deliver([Fate("1", "answered")], most=1, delay=0) == ["1"]
    await held.finish()
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 10)).deliveries
    assert json.loads(one.message) == {"api": "batch"}
    assert not one.again
    kept = (connection.key(name) for name in ("jobs", "questions", "steps", "awaiting"))
    assert await connection.call("EXISTS", *kept) == 0


async def test_an_unsent_job_of_a_paused_batch_waits_for_it(connection: Connection) -> None:
    await defer(connection, "1")
    await (await sure_claim(connection)).park("no money")
    assert await claim(connection) is None
    seen = await batches.status(connection, "b")
    assert (seen.state, seen.reason, seen.awaiting) == ("paused", "no money", 1)
    assert await batches.requeue(connection, "b") == 1
    assert await Claim.take(connection) is not None


async def test_a_paused_queue_sends_nothing_but_reads_what_was_sent(connection: Connection) -> None:
    await defer(connection, "1", batch="sent")
    await (await sure_claim(connection)).give_back(0, provider="batch-1")
    await defer(connection, "2", batch="unsent")
    await connection.run("pause", "the quota is used up", 60_000)
    assert (await sure_claim(connection)).job.batch == "sent"
    assert await claim(connection) is None


async def test_an_awaiting_article_takes_less_than_2_kb_of_redis(connection: Connection) -> None:
    before = (await connection.client.info("memory"))["used_memory"]
    await defer(connection, *(f"{n:064}" for n in range(1_000)), most=10_000)
    after = (await connection.client.info("memory"))["used_memory"]
    assert (await batches.status(connection, "b")).awaiting == 1_000
    assert (after - before) / 1_000 < 2_000
