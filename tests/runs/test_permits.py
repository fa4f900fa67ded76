"""Permits: a bounded number, released early; a repair gets one before anything new."""

from __future__ import annotations

import asyncio

import pytest

from rewriter.runs.concurrency import UNBOUNDED, ConcurrencyLimiter


def _limiter(most: int) -> tuple[ConcurrencyLimiter, asyncio.Event]:
    freed = asyncio.Event()
    return ConcurrencyLimiter(most, freed), freed


async def test_a_slot_is_given_back_once_however_often_it_is_left() -> None:
    limiter, freed = _limiter(2)
    one, _ = limiter.take(), limiter.take()
    assert limiter.free == 0
    one.release()
    one.release()
    assert limiter.free == 1
    assert freed.is_set()


async def test_a_repair_gets_the_next_slot_before_any_new_article() -> None:
    limiter, freed = _limiter(1)
    repaired = limiter.take()
    repaired.release()
    new = limiter.take()
    repair = asyncio.create_task(repaired.acquire())
    await asyncio.sleep(0)
    assert not repair.done()
    freed.clear()
    new.release()
    await repair
    assert limiter.free == 0
    assert not freed.is_set()
    repaired.release()
    assert limiter.free == 1


async def test_a_new_article_waits_where_a_repair_has_taken_the_permit_meanwhile() -> None:
    limiter, _ = _limiter(1)
    repaired = limiter.take()
    new = limiter.take()
    waiting = asyncio.create_task(new.acquire())
    await asyncio.sleep(0)
    assert not waiting.done()
    repaired.release()
    await waiting
    assert limiter.free == 0


async def test_retaking_a_slot_that_was_not_left_takes_no_second_one() -> None:
    limiter, _ = _limiter(2)
    permit = limiter.take()
    await permit.acquire()
    assert limiter.free == 1


@pytest.mark.parametrize("at_the_same_moment", [False, True])
async def test_a_repair_that_is_cancelled_keeps_no_slot(at_the_same_moment: bool) -> None:
    limiter, _ = _limiter(1)
    repaired = limiter.take()
    repaired.release()
    new = limiter.take()
    repair = asyncio.create_task(repaired.acquire())
    await asyncio.sleep(0)
    if at_the_same_moment:
        new.release()
    repair.cancel()
    with pytest.raises(asyncio.CancelledError):
        await repair
    new.release()
    assert limiter.free == 1


async def test_without_a_bound_nobody_waits() -> None:
    UNBOUNDED.release()
    await UNBOUNDED.acquire()
    await UNBOUNDED.acquire()
