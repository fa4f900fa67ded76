"""Many articles at once, a bounded number of calls in flight, stopped cleanly on request."""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import TypeVar

from rewriter.places import Place, Places

Task = TypeVar("Task")
Done = TypeVar("Done")
# Articles at work, in times of those that may wait for an answer. The rest have theirs: so many can
# come at once. More would only pile up where the answers are faster than this machine.
MOST_AT_WORK = 2


async def run_bounded(
    tasks: Iterable[Task],
    work: Callable[[Task, Place], Awaitable[Done]],
    *,
    concurrency: int,
    stop: asyncio.Event | None = None,
) -> AsyncGenerator[Done, None]:
    """Yield what `work` makes of each task as it finishes, at most `concurrency` holding a place.

    Tasks are taken one by one as places become free, so that any number of them costs no memory;
    at most `MOST_AT_WORK` times `concurrency` are at work. `work` may leave its place before its
    end, and has left it then. After `stop` is set no further task is begun, and those in flight are
    still yielded. `work` must not raise: an article that fails is a result too. Close the generator
    where it may be left early (`contextlib.aclosing`): that cancels what is in flight, and waits
    for it.
    """
    waiting = iter(tasks)
    flying: set[asyncio.Future[Done]] = set()
    landed: deque[asyncio.Future[Done]] = deque()
    changed = asyncio.Event()
    places = Places(concurrency, changed)

    def begin(task: Task) -> None:
        place = places.take()
        future = asyncio.ensure_future(work(task, place))
        flying.add(future)
        future.add_done_callback(lambda _: place.leave())
        future.add_done_callback(landed.append)
        future.add_done_callback(lambda _: changed.set())

    try:
        while True:
            changed.clear()
            while places.free > 0 and len(flying) < MOST_AT_WORK * concurrency:
                if stop and stop.is_set():
                    break
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
