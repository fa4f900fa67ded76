"""Many tasks, a bounded number at once, and a clean stop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from rewriter.runs.concurrency import MOST_AT_WORK, Permit, run_bounded


async def test_every_task_is_done_once_with_a_bounded_number_in_flight() -> None:
    flying = most = 0

    async def work(task: int, permit: Permit) -> int:
        nonlocal flying, most
        flying += 1
        most = max(most, flying)
        await asyncio.sleep(0.001 * (task % 3))
        flying -= 1
        return task

    done = [result async for result in run_bounded(range(50), work, concurrency=7)]
    assert sorted(done) == list(range(50))
    assert most == 7


async def test_tasks_are_taken_only_when_there_is_room() -> None:
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for task in range(1000):
            taken += 1
            yield task

    async def work(task: int, permit: Permit) -> int:
        await asyncio.sleep(0)
        return task

    results = run_bounded(tasks(), work, concurrency=3)
    await anext(results)
    assert taken <= 6
    await results.aclose()


async def test_a_slot_that_is_left_goes_to_the_next_task_but_not_to_any_number() -> None:
    """While some are checked, others ask; where checks are the slower part, they wait."""
    begun = 0
    may_end = asyncio.Event()

    async def work(task: int, permit: Permit) -> int:
        nonlocal begun
        begun += 1
        permit.release()
        await may_end.wait()
        return task

    results = run_bounded(range(100), work, concurrency=5)
    first = asyncio.ensure_future(anext(results))
    for _ in range(100):  # more rounds of the loop than it takes to begin all that may begin
        await asyncio.sleep(0)
    assert begun == 5 * MOST_AT_WORK
    may_end.set()
    done = [await first, *[result async for result in results]]
    assert sorted(done) == list(range(100))


async def test_after_a_stop_what_flies_is_finished_and_nothing_else_begun() -> None:
    stop = asyncio.Event()

    async def work(task: int, permit: Permit) -> int:
        await asyncio.sleep(0.001)
        return task

    done = []
    async for result in run_bounded(range(100), work, concurrency=5, stop=stop):
        done.append(result)
        stop.set()
    assert 1 <= len(done) <= 9


async def test_a_cancelled_run_leaves_no_task_behind() -> None:
    async def work(task: int, permit: Permit) -> int:
        await asyncio.sleep(60)
        return task

    async def consume() -> None:
        async for _ in run_bounded(range(5), work, concurrency=5):
            pytest.fail("nothing can have finished")

    consumer = asyncio.create_task(consume())
    await asyncio.sleep(0.01)
    consumer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await consumer
    assert asyncio.all_tasks() == {asyncio.current_task()}
