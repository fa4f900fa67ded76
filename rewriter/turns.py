"""Hundreds of articles on one event loop: heavy work in turns, the network served in between."""

from __future__ import annotations

import asyncio


class Turn:
    """Lets one article at a time begin heavy work, after the loop has served all others once.

    Cleaning and checking take ten milliseconds of CPU each. Without turns a hundred answers that
    arrive together are checked in one round of the loop, no call goes out for a second, and the
    calls that then go out together come back together: the bunches last.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def __call__(self) -> None:
        """Wait for one's turn, first come, first served."""
        async with self._lock:
            await asyncio.sleep(0)
