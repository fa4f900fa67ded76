"""Locks between processes: one lock file, one lock for each number.

Each number is a byte far behind the end of the file, locked by a POSIX record lock. No lock leaves
a file behind, one descriptor a process is enough for all locks, and the system releases the locks
of a killed process. Network file systems pass record locks on to their server.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache
from pathlib import Path

from rewriter.errors import FileError
from rewriter.files import opening

# A lock is held while a model answers, for seconds. The first retry comes early.
_FIRST_WAIT_SECONDS = 0.05
_LONGEST_WAIT_SECONDS = 1.0
_SHORT_WAIT_SECONDS = 0.001


@asynccontextmanager
async def alone(lock_file: Path, number: int) -> AsyncIterator[None]:
    """Hold the lock `number` (from 0 to 2**62); wait while another process holds it.

    The event loop is never blocked. Two tasks of one process are not excluded from each other.
    Without waiting it yields where the file cannot be made or locked (read-only, no locks).
    """
    descriptor = _descriptor(lock_file)
    wait = _FIRST_WAIT_SECONDS
    while not _locked(descriptor, number):
        await asyncio.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
    with _released(descriptor, number):
        yield


@contextmanager
def held(lock_file: Path, number: int) -> Iterator[None]:
    """As `alone`, in a thread without an event loop, for work that takes no longer than a write."""
    descriptor = _descriptor(lock_file)
    while not _locked(descriptor, number):
        time.sleep(_SHORT_WAIT_SECONDS)
    with _released(descriptor, number):
        yield


@contextmanager
def _released(descriptor: int | None, number: int) -> Iterator[None]:
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
        # No link may lead the folder itself elsewhere: nothing is made outside.
        return opening.opened(lock_file, os.O_RDWR | os.O_CREAT, lock_file.parent.parent)
    except (OSError, FileError):
        return None


def _locked(descriptor: int | None, number: int) -> bool:
    """Take the lock; False where another process holds it, True also where there are no locks."""
    if descriptor is None:
        return True
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
    except OSError as error:
        return error.errno not in (errno.EACCES, errno.EAGAIN)
    return True
