"""What Redis keeps: every article is somewhere, and ends once."""

from __future__ import annotations

import asyncio
import json
import time

import redis

from rewriter.article import Usage
from rewriter.queue import batches
from rewriter.queue.batches import standing
from rewriter.queue.claims import TICK, Consumer, End, Return, Taken
from rewriter.queue.connection import Connection
from tests.queue.conftest import buried
from tests.queue.servers import RedisServer


async def put(connection: Connection, batch: str, *paths: str, priority: str = "normal") -> None:
    parts = [part for path in paths for part in (path, f"site/{path}", "{}")]
    assert await connection.run("submit", batch, priority, "", 0, *parts) == []


async def join(connection: Connection, name: str = "p") -> Consumer:
    hold = Consumer(connection, name)
    await hold.join()
    return hold


async def take(hold: Consumer, room: int = 10, flying: tuple[str, ...] = ()) -> list[str]:
    return [one.id for one in (await hold.exchange([], flying, room)).deliveries]


async def die(connection: Connection, process: str) -> None:
    """Let a process's lease end, and somebody notice."""
    await connection.client.zadd(connection.key("processes"), {process: 1})
    await connection.run("tick", "", 20_000, 5_000)


async def test_an_article_is_taken_once_and_counted_where_it_ended(connection: Connection) -> None:
    await put(connection, "b", "one", "two", "three")
    first, second = await join(connection, "p"), await join(connection, "q")
    taken = await first.exchange([], (), 2)
    assert [one.id for one in taken.deliveries] == ["b/one", "b/two"]
    assert await take(second) == ["b/three"]
    one, two = taken.deliveries
    used = Usage(input_tokens=7, output_tokens=5)
    await first.exchange([End(one, "published", usage=used), End(two, "failed", "why")], (), 0)
    seen = await batches.status(connection, "b")
    assert (seen.submitted, seen.published, seen.failed, seen.running) == (3, 1, 1, 1)
    assert (seen.input_tokens, seen.output_tokens, seen.state) == (7, 5, "running")


async def test_the_cost_of_a_batch_is_unknown_from_the_first_answer_without_a_price(
    connection: Connection,
) -> None:
    await put(connection, "b", "one", "two")
    hold = await join(connection)
    one, two = (await hold.exchange([], (), 2)).deliveries
    await hold.exchange([End(one, "published", usage=Usage(cost=0.0))], (), 0)
    assert (await batches.status(connection, "b")).cost == 0.0
    await hold.exchange([End(two, "published", usage=Usage(input_tokens=7, cost=None))], (), 0)
    assert (await batches.status(connection, "b")).cost is None


async def test_what_a_lost_process_reports_later_changes_nothing(connection: Connection) -> None:
    await put(connection, "b", "one")
    lost = await join(connection, "lost")
    (old,) = (await lost.exchange([], (), 1)).deliveries
    await die(connection, "lost")
    assert not (await lost.beat())[0]
    heir = await join(connection, "heir")
    (new,) = (await heir.exchange([], (), 1)).deliveries
    assert new.again
    await lost.exchange([End(old, "failed", "too late")], (), 0)
    await heir.exchange([End(new, "published"), End(new, "published")], (), 0)
    seen = await batches.status(connection, "b")
    assert (seen.published, seen.failed, seen.state) == (1, 0, "done")


async def test_articles_lost_together_run_in_ever_smaller_company(connection: Connection) -> None:
    await put(connection, "b", *(f"{n:02}" for n in range(40)))
    assert len(await take(await join(connection, "p1"), 40)) == 40
    await die(connection, "p1")
    second = await join(connection, "p2")
    assert await take(second, 40, flying=("other",)) == []
    assert len(await take(second, 40)) == 5
    await die(connection, "p2")
    third = await join(connection, "p3")
    assert len(await take(third, 40)) == 1


async def test_an_article_that_kills_its_worker_three_times_is_dead(connection: Connection) -> None:
    await put(connection, "b", "poison", "good")
    for n in range(3):
        process = await join(connection, f"p{n}")
        assert await take(process, 1) == ["b/poison"]
        await die(connection, f"p{n}")
    assert await take(await join(connection, "heir")) == ["b/good"]
    (dead,) = [one async for one in buried(connection)]
    assert (dead.path, dead.outcome) == ("poison", "dead")
    assert "died 3 times" in dead.reason


async def test_an_article_that_has_killed_alone_waits_until_other_suspects_have_run(
    connection: Connection,
) -> None:
    await put(connection, "b", "a-poison", *(f"good-{n:02}" for n in range(16)))
    assert await take(await join(connection, "p1"), 1) == ["b/a-poison"]
    assert len(await take(await join(connection, "p2"), 16)) == 16
    await die(connection, "p1")
    await die(connection, "p2")
    assert await take(await join(connection, "heir"), 16) == ["b/good-00", "b/good-01"]


async def test_a_lone_process_isolates_and_half_of_many_go_on(connection: Connection) -> None:
    await put(connection, "b", "a", "b", "c", "d")
    await take(await join(connection, "lost"), 2)
    await die(connection, "lost")
    isolating, other = await join(connection, "p"), await join(connection, "q")
    assert len(await take(isolating)) == 1
    assert len(await take(other)) == 2


async def test_all_processes_isolate_while_no_others_wait(connection: Connection) -> None:
    await put(connection, "b", "a", "b", "c", "d", "e", "f")
    await take(await join(connection, "lost"), 6)
    await die(connection, "lost")
    p, q, r = [await join(connection, name) for name in ("p", "q", "r")]
    alone = [await take(hold) for hold in (p, q, r)]
    assert [len(ids) for ids in alone] == [1, 1, 1]
    await put(connection, "new", "one", "two")
    assert await take(p, flying=tuple(alone[0])) == []  # its suspect is alone to the end
    assert await take(q) == ["new/one", "new/two"]
    assert len(await take(r)) == 1


async def test_a_process_that_has_never_joined_cannot_be_lost(connection: Connection) -> None:
    await connection.run("tick", "", *TICK, "stranger")
    assert (await standing(connection)).processes == 0


async def test_time_in_which_nobody_could_renew_ends_no_lease(connection: Connection) -> None:
    await put(connection, "b", "one")
    hold, other = await join(connection, "p"), await join(connection, "q")
    await take(hold)
    now = await connection.call("TIME")
    long_ago = int(now[0]) * 1000 - 3_600_000
    await connection.client.set(connection.key("ticked_at"), long_ago)
    leases = dict.fromkeys(("p", "q"), long_ago + 10000)
    await connection.client.zadd(connection.key("processes"), leases)
    assert (await other.beat())[0]
    assert (await hold.beat())[0], "no other process took it for dead"
    assert (await standing(connection)).running == 1


async def test_after_a_lost_answer_what_nobody_works_on_goes_back(connection: Connection) -> None:
    await put(connection, "b", "one", "two")
    hold = await join(connection)
    await connection.run("exchange", "p", 1, 0, 1, json.dumps({}))  # its answer never arrives
    connection.losses += 1
    assert sorted(await take(hold)) == ["b/one", "b/two"]


async def test_what_goes_back_waits_longer_each_time_and_then_is_dead(
    connection: Connection,
) -> None:
    await put(connection, "b", "one")
    hold = await join(connection)
    for _ in range(5):
        (one,) = (await hold.exchange([], (), 1)).deliveries
        await hold.exchange([Return(one, "delayed", "the provider is down", delay=0.001)], (), 0)
        await asyncio.sleep(0.02)
        await hold.beat()
    (dead,) = [one async for one in buried(connection)]
    assert dead.reason == "gave up after 5 tries: the provider is down"


async def test_what_waits_for_money_waits_without_end(connection: Connection) -> None:
    await put(connection, "b", "one")
    hold = await join(connection)
    for _ in range(6):
        (one,) = (await hold.exchange([], (), 1)).deliveries
        await hold.exchange([Return(one, "money", "batches have it", delay=0.001)], (), 0)
        await asyncio.sleep(0.02)
        await hold.beat()
    assert await take(hold) == ["b/one"]


async def test_a_batch_is_forgotten_long_after_its_end_and_no_other_is(
    connection: Connection,
) -> None:
    for batch in ("b", "b.2", "failed"):
        await put(connection, batch, f"of-{batch}")
    hold = await join(connection)
    one, other, third = (await hold.exchange([], (), 3)).deliveries
    ends: list[End | Return] = [End(one, "published"), End(other, "held"), End(third, "failed")]
    await hold.exchange(ends, (), 0)
    for batch in ("b", "failed"):
        times = (f"{batch}/last_submitted_at", 1, f"{batch}/ended_at", 1)
        await connection.call("HSET", connection.key("batch"), *times)
        await connection.call("ZADD", connection.key("batches"), 1, batch)
    await hold.forget_old()
    assert {*await batches.ids(connection)} == {"b.2", "failed"}
    for name in ("batch", "ended", "targets"):
        kept = await connection.call("HKEYS", connection.key(name))
        assert {one.partition("/")[0] for one in kept} == {"b.2", "failed"}
    assert await batches.requeue(connection, "failed") == 1


async def test_a_running_batch_has_time_left_and_one_that_is_done_has_none(
    connection: Connection,
) -> None:
    await put(connection, "b", "one", "two")
    hold = await join(connection)
    one, two = (await hold.exchange([], (), 2)).deliveries
    await asyncio.sleep(0.01)
    await hold.exchange([End(one, "published")], (), 0)
    assert (await batches.status(connection, "b")).seconds_left is not None
    await hold.exchange([End(two, "published")], (), 0)
    assert (await batches.status(connection, "b")).seconds_left is None


async def test_high_priority_overtakes_all_that_waits(connection: Connection) -> None:
    await put(connection, "big", *(f"{n}" for n in range(100)))
    await put(connection, "editor", "urgent", priority="high")
    taken = (await (await join(connection)).exchange([], {}, 2)).deliveries
    assert [one.id for one in taken] == ["editor/urgent", "big/0"]
    assert [one.priority for one in taken] == ["high", "normal"]


async def test_while_a_limit_holds_others_back_only_urgent_articles_are_claimed(
    connection: Connection,
) -> None:
    await put(connection, "big", "one", "two")
    await put(connection, "editor", "urgent", priority="high")
    consumer = await join(connection)
    taken = await consumer.exchange([], (), 5, urgent_only=True)
    assert [one.id for one in taken.deliveries] == ["editor/urgent"]


async def test_two_batches_never_work_on_one_article_at_a_time(connection: Connection) -> None:
    await put(connection, "b", "same")
    await put(connection, "c", "same")
    assert await take(await join(connection)) == ["b/same"]
    assert (await batches.status(connection, "c")).queued == 1


async def test_a_batch_submitted_twice_has_each_article_once(connection: Connection) -> None:
    await put(connection, "b", "one", "two")
    await put(connection, "b", "one", "two", "three")
    assert (await batches.status(connection, "b")).submitted == 3
    assert len(await take(await join(connection))) == 3


async def test_two_articles_cannot_have_one_target(connection: Connection) -> None:
    articles = ("a.txt", "site/a.md", "{}", "a.html", "site/a.md", "{}")
    ((path, reason),) = await connection.run("submit", "b", "normal", "", 0, *articles)
    assert (path, "would be written to site/a.md too" in reason) == ("a.html", True)
    assert [one.path async for one in buried(connection)] == ["a.html"]


async def test_cancelling_ends_what_waits_and_lets_finish_what_flies(
    connection: Connection,
) -> None:
    await put(connection, "b", "one", "two", "three")
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 1)).deliveries
    assert await batches.cancel(connection, "b") == 2
    await hold.exchange([End(one, "published")], (), 0)
    assert await take(hold) == []
    seen = await batches.status(connection, "b")
    assert (seen.published, seen.cancelled, seen.submitted) == (1, 2, 3)


async def test_what_comes_back_to_a_cancelled_batch_is_cancelled(connection: Connection) -> None:
    await put(connection, "b", "one")
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 1)).deliveries
    await batches.cancel(connection, "b")
    await hold.exchange([Return(one, "ready")], (), 1)
    assert (await batches.status(connection, "b")).cancelled == 1


async def test_what_comes_to_a_batch_again_counts_once(connection: Connection) -> None:
    await put(connection, "b", "one", "two", "three")
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 1)).deliveries
    await hold.exchange([End(one, "published")], (), 0)
    await batches.cancel(connection, "b")
    await put(connection, "b", "one", "two")
    unread = ("three", "", "it cannot be read")
    await connection.run("submit", "b", "normal", "", 0, *unread)
    seen = await batches.status(connection, "b")
    assert (seen.submitted, seen.queued, seen.failed) == (3, 2, 1)
    assert (seen.published, seen.cancelled) == (0, 0)


async def test_a_done_batch_stays_done_when_it_is_cancelled(connection: Connection) -> None:
    await put(connection, "b", "one", "two")
    hold = await join(connection)
    one, two = (await hold.exchange([], (), 2)).deliveries
    await hold.exchange([End(one, "published"), End(two, "failed", "why")], (), 0)
    assert await batches.cancel(connection, "b") == 0
    assert (await batches.status(connection, "b")).state == "done"


async def test_a_cancelled_batch_forgets_why_it_was_paused(connection: Connection) -> None:
    await put(connection, "b", "one", "two")
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 1)).deliveries
    await hold.exchange([Return(one, "parked", "the budget is spent")], (), 0)
    assert await batches.cancel(connection, "b") == 2
    seen = await batches.status(connection, "b")
    assert (seen.state, seen.reason, seen.cancelled) == ("cancelled", "", 2)


async def test_a_new_priority_holds_for_what_is_submitted_from_then_on(
    connection: Connection,
) -> None:
    await put(connection, "big", "early")
    await put(connection, "b", "slow")
    await put(connection, "b", "urgent", priority="high")
    assert (await batches.status(connection, "b")).priority == "high"
    assert await take(await join(connection)) == ["b/urgent", "big/early", "b/slow"]


async def test_requeueing_gives_failed_and_dead_articles_another_try(
    connection: Connection,
) -> None:
    await put(connection, "b", "one", "two")
    hold = await join(connection)
    one, two = (await hold.exchange([], (), 2)).deliveries
    await hold.exchange([End(one, "failed", "x"), End(two, "dead", "y")], (), 0)
    assert await batches.requeue(connection, "b") == 2
    seen = await batches.status(connection, "b")
    assert (seen.failed, seen.dead, seen.queued) == (0, 0, 2)
    assert sorted(await take(hold)) == ["b/one", "b/two"]


async def test_a_paused_queue_hands_out_nothing_and_then_one_at_a_time(
    connection: Connection,
) -> None:
    await put(connection, "b", "one", "two", "three")
    hold = await join(connection)
    await connection.run("pause", "the quota is used up", 50)
    assert await hold.exchange([], (), 5) == Taken([])
    assert (await standing(connection)).paused == "the quota is used up"
    await asyncio.sleep(0.06)
    (one,) = (await hold.exchange([], (), 5)).deliveries
    assert await take(hold, 5, flying=("b/one",)) == []
    other = await join(connection, "q")
    assert await take(other) == []
    again = await hold.exchange([End(one, "published")], (), 5)
    assert [delivery.id for delivery in again.deliveries] == ["b/two", "b/three"]


async def test_an_article_that_ends_during_a_pause_does_not_end_the_trying_after_it(
    connection: Connection,
) -> None:
    await put(connection, "b", "one", "two", "three")
    hold = await join(connection)
    (one,) = (await hold.exchange([], (), 1)).deliveries
    await connection.run("pause", "the answer of one cannot be stored", 200)
    assert await hold.exchange([End(one, "failed")], (), 5) == Taken([])
    await asyncio.sleep(0.25)
    assert await take(hold) == ["b/two"]


async def test_requeueing_leaves_what_failed_when_it_was_submitted(
    connection: Connection,
) -> None:
    await connection.run("submit", "b", "normal", "", 0, "bad.md", "", "cannot read it")
    assert await batches.requeue(connection, "b") == 0
    assert await batches.requeue(connection, "b", api="direct") == 0
    seen = await batches.status(connection, "b")
    assert (seen.failed, seen.queued) == (1, 0)
    await put(connection, "b", "bad.md")
    assert await take(await join(connection)) == ["b/bad.md"]


async def test_requeueing_ends_a_pause_of_all_work_and_one_article_tries(
    connection: Connection,
) -> None:
    await put(connection, "b", "one", "two")
    hold = await join(connection)
    await connection.run("pause", "the key is refused", 60_000)
    assert await take(hold, 5) == []
    await batches.requeue(connection, "b")
    assert not (await standing(connection)).paused
    assert await take(hold, 5) == ["b/one"]


async def test_when_the_article_that_tries_is_lost_another_one_does(connection: Connection) -> None:
    await put(connection, "b", "one", "two")
    await connection.run("pause", "the quota is used up", 1)
    await asyncio.sleep(0.01)
    assert await take(await join(connection, "p")) == ["b/one"]
    await die(connection, "p")
    heir = await join(connection, "heir")
    (again,) = (await heir.exchange([], (), 5)).deliveries
    await heir.exchange([Return(again, "delayed", "still refused", 60)], (), 0)
    assert await take(heir) == ["b/two"]


async def test_redis_restarted_from_its_append_only_file_has_lost_nothing(
    redis_server: RedisServer,
) -> None:
    with redis.Redis(port=redis_server.port) as client:
        client.flushall()
    async with Connection(redis_server.url, "root", patience=10) as connection:
        await put(connection, "b", "one", "two")
        hold = await join(connection)
        (one,) = (await hold.exchange([], (), 1)).deliveries
        redis_server.written()
        redis_server.kill()
        redis_server.start()
        await hold.exchange([End(one, "published")], (), 0)
        seen = await batches.status(connection, "b")
    assert (seen.published, seen.queued) == (1, 1)


async def test_a_waiting_article_takes_less_than_2_kb_of_redis(connection: Connection) -> None:
    message = json.dumps({"path": "x" * 60, "target": "x" * 60, "batch": "b", "prompt": "rewrite"})
    before = (await connection.client.info("memory"))["used_memory"]
    for start in range(0, 10_000, 1_000):
        chunk = range(start, start + 1_000)
        parts = [part for n in chunk for part in (f"{n:060}", f"site/{n:060}", message)]
        await connection.run("submit", "b", "normal", "", 0, *parts)
    after = (await connection.client.info("memory"))["used_memory"]
    assert (after - before) / 10_000 < 2_000


async def put_back(connection: Connection, name: str, ms: int) -> None:
    """As if the clock had been put back since the times in a sorted set were written."""
    for member in await connection.call("ZRANGE", connection.key(name), 0, -1):
        await connection.call("ZINCRBY", connection.key(name), ms, member)


async def test_a_clock_that_is_put_back_makes_nothing_wait_longer(connection: Connection) -> None:
    """Leases of dead processes, delays and pauses: an hour, by Redis's clock."""
    hour = 3_600_000
    await put(connection, "b", "one", "two")
    lost, heir = await join(connection, "lost"), await join(connection, "heir")
    one, _ = (await lost.exchange([], (), 2)).deliveries
    await lost.exchange([Return(one, "delayed", "the provider is down", 0.05)], (), 0)
    await connection.run("pause", "the quota is used up", 1_000 + hour)
    await heir.beat()
    for name in ("processes", "delayed"):
        await put_back(connection, name, hour)
    await connection.call("INCRBY", connection.key("ticked_at"), hour)
    await heir.beat()
    leases = connection.key("processes")
    left = float(await connection.call("ZSCORE", leases, "lost")) - time.time() * 1000
    assert left <= 20_000
    assert (await standing(connection)).pause_seconds <= 1.0
    await asyncio.sleep(0.06)
    await heir.beat()
    assert (await standing(connection)).delayed == 0
