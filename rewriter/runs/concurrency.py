"""Many articles at once, with a bounded number of calls, until all are done or a stop."""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from functools import partial
from typing import Generic, TypeVar

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
    waiting, started = iter(tasks), _Started(work, concurrency)
    try:
        while True:
            if not (stop and stop.is_set()):
                started.begin(waiting)
            if not started.running:
                return
            for result in await started.results():
                yield result
    finally:
        for future in started.running:
            future.cancel()
        await asyncio.gather(*started.running, return_exceptions=True)


class _Started(Generic[Task, Done]):
    """The tasks in progress, and the finished ones whose results were not taken yet."""

    def __init__(self, work: Callable[[Task, Permit], Awaitable[Done]], concurrency: int) -> None:
        self.running: set[asyncio.Future[Done]] = set()
        self._work = work
        self._finished: deque[asyncio.Future[Done]] = deque()
        self._changed = asyncio.Event()  # a task finished, or a permit became free
        self._limiter = ConcurrencyLimiter(concurrency, self._changed)

    def begin(self, waiting: Iterator[Task]) -> None:
        """Begin tasks while there is room for them."""
        while self._limiter.room(len(self.running)) > 0:
            try:
                task = next(waiting)
            except StopIteration:
                return
            permit = self._limiter.take()
            future = asyncio.ensure_future(self._work(task, permit))
            self.running.add(future)
            future.add_done_callback(partial(self._finish, permit))

    def _finish(self, permit: Permit, future: asyncio.Future[Done]) -> None:
        permit.release()
        self._finished.append(future)
        self._changed.set()

    async def results(self) -> list[Done]:
        """Wait for a change, and take the results of all finished tasks; there may be none."""
        await self._changed.wait()
        self._changed.clear()
        finished = list(self._finished)
        self._finished.clear()
        self.running.difference_update(finished)
        return [future.result() for future in finished]


def tune_process() -> None:
    """Set the garbage collector for hundreds of articles in progress.

    The objects of the loaded program are never scanned again, and collections are rarer. The
    default thresholds cost a tenth of the throughput.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
