"""Hundreds of articles on one event loop: heavy work in turns, the network served in between."""

from __future__ import annotations

import asyncio
from heapq import heappop, heappush
from itertools import count


class Turn:
    """Lets one article at a time begin heavy work, after the loop has served all others once.

    Cleaning and checking take ten milliseconds of CPU each. Without turns a hundred answers that
    arrive together are checked in one round of the loop, no call goes out for a second, and the
    calls that then go out together come back together: the bunches last.
    """

    def __init__(self) -> None:
        self._busy = False
        self._waiting: list[tuple[bool, bool, int, asyncio.Future[None]]] = []
        self._arrivals = count()

    async def __call__(self, *, before_call: bool = False, urgent: bool = False) -> None:
        """Wait for one's turn, first come, first served; but what leads to a call goes first.

        Else each new article would wait until a whole bunch of answers has been checked, and the
        next calls would go out in one bunch again. An urgent article goes before all others.
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
