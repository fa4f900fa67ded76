"""Work on one large article or answer outside of the event loop, so that no other waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

# Cleaning or checking this many characters takes some tenths of a second. Less is done at once: a
# thread costs more than it saves.
LARGE = 60_000
# One at a time: Python does not run two of them at once anyway. A process that forks has none yet.
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="large")
_AT_WORK = threading.Lock()


async def offload(size: int, work: Callable[..., T], *arguments: object) -> T:
    """What `work` returns: done in a thread from `LARGE` characters on, otherwise at once.

    The event loop goes on meanwhile, and so do signals. Raises what `work` raises, except for
    `StopIteration`, which a thread cannot.
    """
    if size < LARGE:
        return work(*arguments)
    return await asyncio.get_running_loop().run_in_executor(_THREAD, _locked, work, *arguments)


def is_busy() -> bool:
    """Whether the thread works on something: Python ends only after it."""
    return _AT_WORK.locked()


def _locked(work: Callable[..., T], *arguments: object) -> T:
    with _AT_WORK:
        return work(*arguments)
