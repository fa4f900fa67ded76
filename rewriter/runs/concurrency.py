"""Many articles at once: permits to wait for answers, turns at the CPU, and running all of them."""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

Task = TypeVar("Task")
Done = TypeVar("Done")
# Articles in progress per permit: one waits for the model, one more is already answered and being
# checked or written. With more, articles would pile up where checking is slower than the answers.
MOST_AT_WORK = 2


class ConcurrencyLimiter:
    """Hands out at most `most` permits to wait for an answer, and sets `freed` when one is free.

    Each is released when its answer has come. If an article kept its permit until it is written,
    the provider would be idle: with 100 permits no call is made for three seconds whenever 100
    answers come together.
    """

    def __init__(self, most: int, freed: asyncio.Event) -> None:
        self._most = most
        self._freed = freed
        self._held = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def free(self) -> int:
        """Permits for new articles: none while a repair waits for one."""
        return 0 if self._waiting else self._most - self._held

    def room(self, at_work: int) -> int:
        """How many new articles may begin while `at_work` are in progress; 0 or less for none."""
        return min(self.free, MOST_AT_WORK * self._most - at_work)

    def take(self) -> Permit:
        """A permit for a new article, for which there was room.

        A repair may have taken the last one while the article was fetched. Then the permit is not
        held yet, and the article waits for it before its call.
        """
        held = self.free > 0
        self._held += held
        return Permit(self, held=held)

    def take_back(self) -> None:
        """Give a released permit to the first repair that waits, or to a new article."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._held -= 1
        self._freed.set()

    async def wait_for_one(self) -> None:
        """Wait for a permit. Repairs get theirs before new articles."""
        if self.free > 0:
            self._held += 1
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self.take_back()
            raise


class Permit:
    """One article's permit; without a `limiter` the number is not bounded."""

    def __init__(self, limiter: ConcurrencyLimiter | None = None, *, held: bool = False) -> None:
        self._limiter = limiter
        self._held = held

    def release(self) -> None:
        """Release the permit; a second call does nothing."""
        if self._limiter and self._held:
            self._held = False
            self._limiter.take_back()

    async def acquire(self) -> None:
        """Wait for the permit; return at once if it is still held."""
        if self._limiter and not self._held:
            await self._limiter.wait_for_one()
            self._held = True


UNBOUNDED = Permit()


class Scheduler:
    """Lets one article at a time use the CPU, and the event loop serve its other tasks in between.

    Cleaning and checking take ten milliseconds of CPU each. Without scheduling, 100 answers that
    arrive together are checked one after another while no call is made, for a second. The 100 calls
    that follow are then made together, and their answers arrive together again.
    """

    def __init__(self) -> None:
        self._busy = False
        self._waiting: list[tuple[bool, bool, int, asyncio.Future[None]]] = []
        self._arrivals = count()

    async def __call__(self, *, before_call: bool = False, urgent: bool = False) -> None:
        """Wait until the CPU is free for this article.

        Urgent articles go first, then work before a call (`before_call`), then the order of
        arrival. If requests waited behind finished answers, they would be sent in one burst.
        """
        if self._busy:
            waiter = asyncio.get_running_loop().create_future()
            heappush(self._waiting, (not urgent, not before_call, next(self._arrivals), waiter))
            try:
                await waiter
            except asyncio.CancelledError:
                if waiter.done() and not waiter.cancelled():
                    self._wake_next()
                raise
        self._busy = True
        try:
            await asyncio.sleep(0)
        finally:
            self._wake_next()

    def _wake_next(self) -> None:
        """Wake the first article that still waits."""
        while self._waiting:
            waiter = heappop(self._waiting)[3]
            if not waiter.done():
                waiter.set_result(None)
                return
        self._busy = False


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
