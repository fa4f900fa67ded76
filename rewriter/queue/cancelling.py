"""Ending tasks of an event loop for certain."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

_AGAIN_SECONDS = 0.5


async def cancel(tasks: Collection[asyncio.Future[Any]]) -> None:
    """Cancel tasks, and return once all have ended; their errors are dropped.

    They are cancelled more than once: redis-py loses a cancellation that meets an error or the end
    of a time-out, and the task would go on for ever.
    """
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=_AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)
