"""The ledger: paid completions, each stored before it is used.

The key of an entry is the digest of the request, an epoch, and the number of the attempt. Epoch 0
is production; other epochs are repeated samples of one request.
"""

from __future__ import annotations

import asyncio
import errno
import math
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import IO, Literal, NamedTuple, Protocol
from weakref import WeakValueDictionary

from pydantic import ValidationError

from rewriter.article import Value
from rewriter.errors import FileError, LedgerError, NoRoomError
from rewriter.files import atomic, opening
from rewriter.request import Completion, Request
from rewriter.state import locking

# An entry holds a question and its answer of at most `max_answer_bytes`, with escapes.
_MOST_BYTES = 700_000_000
# Kept free on disk for the answer of one call: nearly all answers are shorter, with escapes.
_ANSWER_BYTES = 64_000
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Key(NamedTuple):
    """The key of an entry: the request's SHA-256 (hex), the epoch, and the attempt from 1."""

    digest: str
    epoch: int = 0
    attempt: int = 1


class Entry(Value):
    """A question and its answer, as they are stored: without key, URL or source.

    `author` tells a model's answer from a reference answer, which a person wrote; `run` names the
    batch that wanted a fresh answer, and got this one at `stored_at` (Unix seconds).
    """

    request: Request
    completion: Completion
    author: Literal["model", "reference"] = "model"
    run: str | None = None
    stored_at: float | None = None


class Ledger(Protocol):
    """Where paid completions are kept. All methods raise `FileError` when the store fails."""

    async def get(self, key: Key) -> Entry | None:
        """What is stored at `key`, None where there is nothing."""
        ...

    async def put(self, key: Key, entry: Entry) -> None:
        """Store `entry` atomically, instead of an older one. Raises `LedgerError`."""
        ...

    async def reserve(self, digest: str, request: Request) -> None:
        """Keep room for the answer until it is stored, or the lock of `digest` is given back.

        Raises `NoRoomError` where it cannot: then no model is to be asked.
        """
        ...

    def one_at_a_time(self, digest: str) -> AbstractAsyncContextManager[object]:
        """Hold the lock of a request until its answer is stored; a second task waits."""
        ...


class _RequestLocks:
    """One lock for each request that this process is asking."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def __call__(self, digest: str) -> asyncio.Lock:
        return self._locks.setdefault(digest, asyncio.Lock())


class NoLedger:
    """A ledger that stores nothing, for answers without cost."""

    def __init__(self) -> None:
        self.one_at_a_time = _RequestLocks()

    async def get(self, key: Key) -> Entry | None:
        """None: nothing is stored."""
        return None

    async def put(self, key: Key, entry: Entry) -> None:
        """Do nothing."""

    async def reserve(self, digest: str, request: Request) -> None:
        """Do nothing: there is always room."""


class MemoryLedger(NoLedger):
    """A ledger that lasts as long as the process."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[Key, Entry] = {}

    async def get(self, key: Key) -> Entry | None:
        """What is stored at `key`."""
        return self._entries.get(key)

    async def put(self, key: Key, entry: Entry) -> None:
        """Keep `entry`."""
        self._entries[key] = entry


class FileLedger:
    """A ledger in a folder, one JSON file an entry: `ab/abcdef….0.1.json` (digest, epoch, attempt).

    Several processes may share the folder: files are replaced atomically. With a `lock_file`, the
    lock of a request holds between all processes that name the file, otherwise within this object.
    The folder is made when an answer is first awaited or stored. Room is kept by a file without a
    name, which ends with the process.
    """

    def __init__(self, folder: Path, lock_file: Path | None = None) -> None:
        self.folder = folder
        self._locks_here = _RequestLocks()
        self._lock_file = lock_file
        self._rooms: dict[str, IO[bytes]] = {}
        # Held while room is taken, and while an answer is written into its own.
        self._taking = threading.Lock()

    @asynccontextmanager
    async def one_at_a_time(self, digest: str) -> AsyncIterator[None]:
        """Hold the lock of a request until its answer is stored; a second task waits."""
        async with self._locks_here(digest):
            try:
                if self._lock_file is None:
                    yield
                else:
                    async with locking.alone(self._lock_file, int(digest[:15], 16)):
                        yield
            finally:
                self._release(digest)

    async def reserve(self, digest: str, request: Request) -> None:
        """Keep room on disk for the answer. Raises `NoRoomError` where it cannot."""
        reserving = asyncio.create_task(asyncio.to_thread(self._reserve, digest, request))
        try:
            await asyncio.shield(reserving)
        finally:  # the thread of a cancelled task goes on: its room is released after it
            await asyncio.gather(reserving, return_exceptions=True)

    async def get(self, key: Key) -> Entry | None:
        """The entry at `key`, None where there is none. Raises `FileError` for a damaged file."""
        if _is_missing(self.path(key)):  # usual, and faster than a thread
            return None
        return await asyncio.to_thread(self.entry, key)

    def entry(self, key: Key) -> Entry | None:
        """Like `get`, without an event loop. Raises `FileError` for a damaged file."""
        return self._read(self.path(key))

    async def put(self, key: Key, entry: Entry) -> None:
        """Write the file; once this returns, a crash does not lose it. Raises `LedgerError`."""
        await asyncio.to_thread(self._write, key, entry)

    def path(self, key: Key) -> Path:
        """The file of `key`."""
        return self.folder / key.digest[:2] / f"{key.digest}.{key.epoch}.{key.attempt}.json"

    def _read(self, path: Path) -> Entry | None:
        try:
            return Entry.model_validate_json(opening.read(path, self.folder, _MOST_BYTES))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FileError(f"{path}: cannot read the ledger: {error.strerror}") from error
        except ValidationError as error:
            raise FileError(
                f"{path}: damaged: {error.errors()[0]['msg']}; "
                "delete the file to ask, and pay, again"
            ) from error

    def _reserve(self, digest: str, request: Request) -> None:
        size = len(request.model_dump_json()) + _ANSWER_BYTES
        try:
            base, target = opening.resolved(self.path(Key(digest)), self.folder)
            with self._taking, opening.opened_folder(target.parent, base, make=True):
                room = tempfile.TemporaryFile(dir=target.parent, buffering=0)  # noqa: SIM115 - held
                self._rooms[digest] = room
                while missing := size - room.tell():  # a full disk takes a part at first
                    room.write(bytes(missing))
        except OSError as error:
            what = f"cannot write: {error.strerror}; nothing was asked or paid"
            if _is_full(error):
                what = (
                    f"no room for an answer: {error.strerror}; nothing was asked or paid; make "
                    "room ('rewriter state prune --older-than 90d', or a larger file system)"
                )
            raise NoRoomError(f"{self.folder}: {what}") from error

    def _release(self, digest: str) -> None:
        if room := self._rooms.pop(digest, None):
            room.close()

    def _write(self, key: Key, entry: Entry) -> None:
        plain = {"author"} if entry.author == "model" else set()
        unsaid = plain if entry.run else plain | {"run", "stored_at"}
        text = entry.model_dump_json(indent=1, exclude=unsaid) + "\n"
        write = partial(atomic.write, self.path(key), text.encode(), self.folder)
        try:
            try:
                write()
            except FileError as error:
                if not _is_full(error.__cause__):
                    raise
                with self._taking:
                    self._release(key.digest)
                    write()
        except FileError as error:
            raise LedgerError(
                f"{error}; a paid answer could not be kept, so no other is asked for"
            ) from error


def _is_full(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in _FULL


def _is_missing(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        pass  # reading the file reports the error
    return False


class FreshLedger:
    """A view of `ledger` with fresh answers only; a fresh answer replaces an older one.

    An answer is fresh if this object stored it, if it carries `run`, or if it was stored after
    `since` (Unix seconds). `run` is the name of a batch: with it a process reuses the answers of
    one that was killed.
    """

    def __init__(self, ledger: Ledger, run: str | None = None, since: float | None = None) -> None:
        self._ledger = ledger
        self._run = run
        self._since = math.inf if since is None else since
        self._own: set[Key] = set()
        self.one_at_a_time = ledger.one_at_a_time
        self.reserve = ledger.reserve

    async def get(self, key: Key) -> Entry | None:
        """The entry at `key` where it is fresh, otherwise None. Raises `FileError`."""
        entry = await self._ledger.get(key)
        if entry is None or key in self._own:
            return entry
        own = self._run is not None and entry.run == self._run
        return entry if own or (entry.stored_at or 0.0) >= self._since else None

    async def put(self, key: Key, entry: Entry) -> None:
        """Store `entry` instead of an older one."""
        marks = {"run": self._run, "stored_at": time.time() if self._run else None}
        await self._ledger.put(key, entry.model_copy(update=marks))
        self._own.add(key)
