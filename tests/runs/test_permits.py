"""Slots: a bounded number, left early, and had again for a repair before anything new."""

from __future__ import annotations

import asyncio

import pytest

from rewriter.runs.permits import UNBOUNDED, Slots


def _slots(most: int) -> tuple[Slots, asyncio.Event]:
    freed = asyncio.Event()
    return Slots(most, freed), freed


async def test_a_slot_is_given_back_once_however_often_it_is_left() -> None:
    slots, freed = _slots(2)
    one, _ = slots.take(), slots.take()
    assert slots.free == 0
    one.leave()
    one.leave()
    assert slots.free == 1
    assert freed.is_set()


async def test_a_repair_gets_the_next_slot_before_any_new_article() -> None:
    slots, freed = _slots(1)
    repaired = slots.take()
    repaired.leave()
    new = slots.take()
    repair = asyncio.create_task(repaired.retake())
    await asyncio.sleep(0)
    assert not repair.done()
    freed.clear()
    new.leave()
    await repair
    assert slots.free == 0
    assert not freed.is_set()
    repaired.leave()
    assert slots.free == 1


async def test_retaking_a_slot_that_was_not_left_takes_no_second_one() -> None:
    slots, _ = _slots(2)
    slot = slots.take()
    await slot.retake()
    assert slots.free == 1


@pytest.mark.parametrize("at_the_same_moment", [False, True])
async def test_a_repair_that_is_cancelled_keeps_no_slot(at_the_same_moment: bool) -> None:
    slots, _ = _slots(1)
    repaired = slots.take()
    repaired.leave()
    new = slots.take()
    repair = asyncio.create_task(repaired.retake())
    await asyncio.sleep(0)
    if at_the_same_moment:
        new.leave()
    repair.cancel()
    with pytest.raises(asyncio.CancelledError):
        await repair
    new.leave()
    assert slots.free == 1


async def test_without_a_bound_nobody_waits() -> None:
    UNBOUNDED.leave()
    await UNBOUNDED.retake()
    await UNBOUNDED.retake()
