"""Many articles at once, with a bounded number of calls, until all are done or a stop."""

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
    """Run `work` on each task, and yield the results in the order in which they are finished.

    At most `concurrency` tasks hold a permit at a time. A task is taken from `tasks` when there is
    room for it (`ConcurrencyLimiter.room`), so memory does not grow with their number. `work` may
    release its permit before it returns. After `stop` is set no further task begins; those in
    progress end and are yielded. `work` must not raise: a failed article has a result too. Where
    the loop over the results may end early, close the generator (`contextlib.aclosing`): closing
    cancels the tasks in progress and waits for them.
    """
    waiting = iter(tasks)
    running: set[asyncio.Future[Done]] = set()
    finished: deque[asyncio.Future[Done]] = deque()
    changed = asyncio.Event()
    limiter = ConcurrencyLimiter(concurrency, changed)

    def finish(permit: Permit, future: asyncio.Future[Done]) -> None:
        permit.release()
        finished.append(future)
        changed.set()

    def begin(task: Task) -> None:
        permit = limiter.take()
        future = asyncio.ensure_future(work(task, permit))
        running.add(future)
        future.add_done_callback(partial(finish, permit))

    try:
        while True:
            changed.clear()
            while limiter.room(len(running)) > 0 and not (stop and stop.is_set()):
                try:
                    begin(next(waiting))
                except StopIteration:
                    break
            if not running:
                return
            await changed.wait()
            while finished:
                done = finished.popleft()
                running.remove(done)
                yield done.result()
    finally:
        for future in running:
            future.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def tune_process() -> None:
    """Set the garbage collector for hundreds of articles in progress.

    The objects of the loaded program are never scanned again, and collections are rarer. The
    default thresholds cost a tenth of the throughput.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
