"""Many articles at once, a bounded number of calls in flight, stopped cleanly on request."""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from functools import partial
from typing import TypeVar

from rewriter.runs.permits import ConcurrencyLimiter, Permit

Task = TypeVar("Task")
Done = TypeVar("Done")


async def run_bounded(
    tasks: Iterable[Task],
    work: Callable[[Task, Permit], Awaitable[Done]],
    *,
    concurrency: int,
    stop: asyncio.Event | None = None,
) -> AsyncGenerator[Done, None]:
    """Yield what `work` makes of each task as it finishes, at most `concurrency` holding a permit.

    Tasks are taken one by one as there is room (`ConcurrencyLimiter.room`), so that any number of
    them costs no memory. `work` may release its permit before its end. After `stop` is set no
    further task is begun, and those at work are still yielded. `work` must not raise: an article
    that fails is a result too. Close the generator where it may be left early
    (`contextlib.aclosing`): that cancels what is at work, and waits for it.
    """
    waiting = iter(tasks)
    flying: set[asyncio.Future[Done]] = set()
    landed: deque[asyncio.Future[Done]] = deque()
    changed = asyncio.Event()
    limiter = ConcurrencyLimiter(concurrency, changed)

    def land(permit: Permit, future: asyncio.Future[Done]) -> None:
        permit.release()
        landed.append(future)
        changed.set()

    def begin(task: Task) -> None:
        permit = limiter.take()
        future = asyncio.ensure_future(work(task, permit))
        flying.add(future)
        future.add_done_callback(partial(land, permit))

    try:
        while True:
            changed.clear()
            while limiter.room(len(flying)) > 0 and not (stop and stop.is_set()):
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
