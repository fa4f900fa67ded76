"""Work on one large article or answer outside of the event loop, so that no other waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from functools import partial
from typing import TypeVar

from rewriter.errors import StoppedError

T = TypeVar("T")

# Cleaning or checking this many characters takes some tenths of a second. Less is done at once: a
# thread costs more than it saves.
LARGE = 60_000
# Seconds that work which has begun may still take once the process is to end.
_LAST_SECONDS = 2.0
# One at a time: Python does not run two of them at once anyway. A process that forks has none yet.
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="large")
_AT_WORK = threading.Lock()
# Given by whoever runs articles. Once the event is set, no article, no large work and no further
# attempt of a call begins: each raises `StoppedError`. What is paid is read all the same.
ending: ContextVar[asyncio.Event | None] = ContextVar("ending", default=None)


async def offload(size: int, work: Callable[..., T], *arguments: object, always: bool = False) -> T:
    """What `work` returns: done in a thread from `LARGE` characters on, otherwise at once.

    The event loop goes on meanwhile, and so do signals. Raises what `work` raises, except for
    `StopIteration`, which a thread cannot. Once the run is `ending` it raises `StoppedError`: at
    once where the work has not begun, otherwise after `_LAST_SECONDS`, and the thread goes on
    without use (`is_busy`). Large articles would hold up the end of the process for minutes.
    Work that is done `always`, as to read an answer that is paid, is never given up.
    """
    if size < LARGE:
        return work(*arguments)
    stop = None if always else ending.get()
    begun = partial(copy_context().run, _begun, stop, work, *arguments)
    done = asyncio.get_running_loop().run_in_executor(_THREAD, begun)
    if stop:
        await _either(done, stop)
    return await done


def refuse_stopped() -> None:
    """Raise `StoppedError` where the run is to end."""
    _refuse(ending.get())


def _refuse(stop: asyncio.Event | None) -> None:
    if stop and stop.is_set():
        raise StoppedError("the run ended before this article was done")


async def _either(done: asyncio.Future[T], stop: asyncio.Event) -> None:
    """Wait for what the thread does; raise `StoppedError` soon after `stop` is set."""
    stopped = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((done, stopped), return_when=asyncio.FIRST_COMPLETED)
        if not done.done():
            await asyncio.wait((done,), timeout=_LAST_SECONDS)
    finally:
        stopped.cancel()
        done.cancel()
    if done.cancelled():
        _refuse(stop)


def is_busy() -> bool:
    """Whether the thread works on something: Python ends only after it."""
    return _AT_WORK.locked()


def _begun(stop: asyncio.Event | None, work: Callable[..., T], *arguments: object) -> T:
    _refuse(stop)
    with _AT_WORK:
        return work(*arguments)
