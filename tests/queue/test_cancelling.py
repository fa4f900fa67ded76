"""Tasks end once they are cancelled, even if a library loses a cancellation."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from rewriter.queue.dispatcher import cancel


async def test_a_task_that_loses_its_first_cancellation_ends() -> None:
    lost = asyncio.Event()

    async def work() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        lost.set()
        await asyncio.sleep(60)

    async def fail() -> None:
        raise ValueError("its error is dropped")

    tasks = [asyncio.ensure_future(work()), asyncio.ensure_future(fail())]
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await cancel(tasks)
    assert lost.is_set()
    assert all(task.done() for task in tasks)
