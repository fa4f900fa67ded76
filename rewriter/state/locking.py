"""Turns that processes take at something that has a number, through one lock file for all of them.

A byte of the file stands for each number, far behind its end, and is locked by POSIX record locks:
no file a lock is left behind, one descriptor a process is enough for any number of locks, and the
system releases what a killed process held. Network file systems pass them on to their server.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path

# What is waited for takes seconds: the answer of a model. The first look comes sooner than that.
_FIRST_WAIT_SECONDS = 0.05
_LONGEST_WAIT_SECONDS = 1.0


@asynccontextmanager
async def alone(lock_file: Path, number: int) -> AsyncIterator[None]:
    """Wait until no other process is inside with the same `number`, from 0 to 2**62.

    The loop is never blocked. Two tasks of one process are not kept apart. Where the file cannot be
    made or locked, as on a medium without writing or locks, nobody waits.
    """
    descriptor = _descriptor(lock_file)
    wait = _FIRST_WAIT_SECONDS
    while descriptor is not None and not _locked(descriptor, number):
        await asyncio.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
    try:
        yield
    finally:
        if descriptor is not None:
            with suppress(OSError):
                fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, number)


@cache  # closing any descriptor of the file would release every lock of this process
def _descriptor(lock_file: Path) -> int | None:
    """The process's only descriptor of `lock_file`, None where it cannot be made."""
    try:
        lock_file.parent.mkdir(parents=True, exist_ok=True)
        return os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError:
        return None


def _locked(descriptor: int, number: int) -> bool:
    """Take the lock, or do without on a file system that has none; False where another holds it."""
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
    except OSError as error:
        return error.errno not in (errno.EACCES, errno.EAGAIN)
    return True
