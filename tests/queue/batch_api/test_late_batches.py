"""A batch of the provider that never ends: cancelled, read, and what is missing sent again."""

from __future__ import annotations

from collections import deque

import pytest

from rewriter.queue import batches
from tests.provider import Course
from tests.queue.batch_api.conftest import Post, assert_missing_half_was_sent_again, conserved
from tests.queue.conftest import buried
from tests.queue.servers import RedisServer


async def sent(post: Post, count: int, *courses: Course, **options: object) -> None:
    """Have one batch sent to the provider, which goes as the first of `courses` says."""
    post.provider.desk.courses.extend(courses)
    await post.submit(count, **options)
    await post.work()
    await post.step()


async def look(post: Post, times: int = 1) -> None:
    """Look at the batch at the provider so many times."""
    for _ in range(times):
        await post.step()


@pytest.mark.parametrize(
    ("status", "hours"), [("validating", 26.01), ("in_progress", 26.01), ("finalizing", 50)]
)
async def test_its_answers_are_taken_and_only_the_missing_ones_sent_again(
    post: Post, status: str, hours: float
) -> None:
    """Also where all workers were away for days."""
    await sent(post, 4, Course(status, share=0.5))
    await post.pass_hours(hours)
    seen = await post.run()
    assert_missing_half_was_sent_again(post, seen)
    assert post.provider.desk.calls.count("cancel") == 1


async def test_within_its_window_and_two_hours_it_is_left_alone(post: Post) -> None:
    await sent(post, 2, Course("in_progress"))
    await post.pass_hours(25.99)
    await look(post, 3)

    assert "cancel" not in post.provider.desk.calls
    assert (await post.status()).awaiting == 2


async def test_its_time_goes_on_while_redis_is_away(post: Post, server: RedisServer) -> None:
    await sent(post, 2, Course("in_progress", share=0.5))
    await post.pass_hours(26.01)
    server.written()
    server.kill()
    server.start()
    await post.connection.client.connection_pool.disconnect()

    assert (await post.run()).published == 2


async def test_after_three_of_them_the_articles_are_dead_with_the_reason(post: Post) -> None:
    await sent(post, 2, *[Course("in_progress", share=0)] * 3)
    for _ in range(3):
        await post.pass_hours(26.01)
        await look(post, 3)  # cancelled, read, and sent again
    seen = await post.status()

    assert (seen.dead, seen.awaiting, len(post.provider.desk.batches)) == (2, 0, 3)
    (reason, *_) = [one.reason async for one in buried(post.connection)]
    assert "no answer in 3 batches" in reason
    assert "batch-3 had not ended after 26 hours and was cancelled" in reason
    assert await post.connection.call("HVALS", post.connection.keys.fleet + "reserved_jobs") == [
        "0"
    ]


async def test_one_that_ended_while_nobody_looked_is_not_taken_for_endless(post: Post) -> None:
    await sent(post, 1, *[Course("cancelled", share=0)] * 3)
    for _ in range(3):
        await post.pass_hours(50)
        await look(post, 2)  # read, and sent again

    (reason,) = [one.reason async for one in buried(post.connection)]
    assert "batch-3 has cancelled without it" in reason
    assert "cancel" not in post.provider.desk.calls


async def test_one_that_will_not_be_cancelled_is_given_up_and_counts_in_full(post: Post) -> None:
    await sent(post, 2, Course("in_progress", deaf=True), max_cost=1.0)
    reserved = int(await post.connection.call("HGET", post.connection.key("batch"), "b/reserved"))
    await post.pass_hours(26.01)
    await look(post, 3)
    waiting = (await post.status()).provider_batches
    assert [one.status for one in waiting] == ["cancelling"]
    await post.pass_hours(1.01)
    seen = await post.run()

    assert (seen.published, len(post.provider.desk.batches)) == (2, 2)
    assert seen.cost is not None
    assert seen.cost > reserved / 1e6, "nobody knows what it cost"
    assert await post.connection.call("HGET", post.connection.key("batch"), "b/reserved") == "0"


async def test_a_provider_that_refuses_to_cancel_is_asked_again(post: Post) -> None:
    post.provider.desk.failing["cancel"] = deque(["bad-request", "not-found", "server-error"])
    await sent(post, 2, Course("in_progress", share=0.5))
    await post.pass_hours(26.01)
    await look(post)
    (told,) = (await post.status()).provider_batches
    assert "wrong role" in told.trouble

    seen = await post.run()
    assert seen.published == 2
    assert conserved(seen)


async def test_articles_of_a_cancelled_batch_are_cancelled_though_the_provider_is_deaf(
    post: Post,
) -> None:
    await sent(post, 2, Course("in_progress", deaf=True))
    await batches.cancel(post.connection, "b")
    await look(post, 3)
    assert (await post.status()).awaiting == 2
    await post.pass_hours(1.01)
    await look(post)

    assert (await post.status()).cancelled == 2
