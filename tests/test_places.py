"""Places: a bounded number, left early, and had again for a repair before anything new."""

from __future__ import annotations

import asyncio

import pytest

from rewriter.places import UNBOUNDED, Places


def _places(most: int) -> tuple[Places, asyncio.Event]:
    freed = asyncio.Event()
    return Places(most, freed), freed


async def test_a_place_is_given_back_once_however_often_it_is_left() -> None:
    places, freed = _places(2)
    one, _ = places.take(), places.take()
    assert places.free == 0
    one.leave()
    one.leave()
    assert places.free == 1
    assert freed.is_set()


async def test_a_repair_gets_the_next_place_before_any_new_article() -> None:
    places, freed = _places(1)
    repaired = places.take()
    repaired.leave()
    new = places.take()
    repair = asyncio.create_task(repaired.retake())
    await asyncio.sleep(0)
    assert not repair.done()
    freed.clear()
    new.leave()
    await repair
    assert places.free == 0
    assert not freed.is_set()
    repaired.leave()
    assert places.free == 1


async def test_retaking_a_place_that_was_not_left_takes_no_second_one() -> None:
    places, _ = _places(2)
    place = places.take()
    await place.retake()
    assert places.free == 1


@pytest.mark.parametrize("at_the_same_moment", [False, True])
async def test_a_repair_that_is_cancelled_keeps_no_place(at_the_same_moment: bool) -> None:
    places, _ = _places(1)
    repaired = places.take()
    repaired.leave()
    new = places.take()
    repair = asyncio.create_task(repaired.retake())
    await asyncio.sleep(0)
    if at_the_same_moment:
        new.leave()
    repair.cancel()
    with pytest.raises(asyncio.CancelledError):
        await repair
    new.leave()
    assert places.free == 1


async def test_without_a_bound_nobody_waits() -> None:
    UNBOUNDED.leave()
    await UNBOUNDED.retake()
    await UNBOUNDED.retake()
