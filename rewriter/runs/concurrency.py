"""Many articles at once, a bounded number of calls in flight, stopped cleanly on request."""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from functools import partial
from typing import TypeVar

from rewriter.runs.permits import Slot, Slots

Task = TypeVar("Task")
Done = TypeVar("Done")


async def run_bounded(
    tasks: Iterable[Task],
    work: Callable[[Task, Slot], Awaitable[Done]],
    *,
    concurrency: int,
    stop: asyncio.Event | None = None,
) -> AsyncGenerator[Done, None]:
    """Yield what `work` makes of each task as it finishes, at most `concurrency` holding a slot.

    Tasks are taken one by one as there is room, so that any number of them costs no memory; see
    `Slots.room`. `work` may leave its slot before its end, and has left it then. After `stop` is
    set no further task is begun, and those at work are still yielded. `work` must not raise: an
    article that fails is a result too. Close the generator where it may be left early
    (`contextlib.aclosing`): that cancels what is at work, and waits for it.
    """
    waiting = iter(tasks)
    flying: set[asyncio.Future[Done]] = set()
    landed: deque[asyncio.Future[Done]] = deque()
    changed = asyncio.Event()
    slots = Slots(concurrency, changed)

    def land(slot: Slot, future: asyncio.Future[Done]) -> None:
        slot.leave()
        landed.append(future)
        changed.set()

    def begin(task: Task) -> None:
        slot = slots.take()
        future = asyncio.ensure_future(work(task, slot))
        flying.add(future)
        future.add_done_callback(partial(land, slot))

    try:
        while True:
            changed.clear()
            while slots.room(len(flying)) > 0 and not (stop and stop.is_set()):
                try:
                    begin(next(waiting))
                except StopIteration:
                    break
            if not flying:
                return
            await changed.wait()
            while landed:
                finished = landed.popleft()
                flying.remove(finished)
                yield finished.result()
    finally:
        for future in flying:
            future.cancel()
        await asyncio.gather(*flying, return_exceptions=True)


def tune_process() -> None:
    """Fit the garbage collector to hundreds of articles in flight.

    It no longer walks the whole program again and again: its default thresholds cost a tenth of the
    throughput.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
