"""Scheduling of CPU work on one event loop: one article at a time, by priority."""

from __future__ import annotations

import asyncio
from heapq import heappop, heappush
from itertools import count


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
