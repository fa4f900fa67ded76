"""Scheduling of CPU work on one event loop: one article at a time, by priority."""

from __future__ import annotations

import asyncio
from heapq import heappop, heappush
from itertools import count


class Scheduler:
    """Lets one article at a time begin heavy work, after the loop has served all others once.

    Cleaning and checking take ten milliseconds of CPU each. Without scheduling, 100 answers that
    arrive together are checked in one round of the loop. No call goes out for a second, and the
    calls that then go out together come back together again.
    """

    def __init__(self) -> None:
        self._busy = False
        self._waiting: list[tuple[bool, bool, int, asyncio.Future[None]]] = []
        self._arrivals = count()

    async def __call__(self, *, before_call: bool = False, urgent: bool = False) -> None:
        """Wait for one's turn: urgent articles first, then work that leads to a call.

        New requests go first; otherwise they queue behind every finished answer and leave in one
        burst. Equal ones are served in the order of their arrival.
        """
        if self._busy:
            turn = asyncio.get_running_loop().create_future()
            heappush(self._waiting, (not urgent, not before_call, next(self._arrivals), turn))
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._pass_on()
                raise
        self._busy = True
        try:
            await asyncio.sleep(0)
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        """Give the turn to the next that still waits."""
        while self._waiting:
            turn = heappop(self._waiting)[3]
            if not turn.done():
                turn.set_result(None)
                return
        self._busy = False
