"""Originals: whole articles before they were overwritten, stored by content, found by name.

A content is stored once, as `objects/ab/ab12…` under its SHA-256. Each article has a history file
with a line for each time that it was kept, `history/cd/cd34….jsonl` under the SHA-256 of its name,
which may be too long for a file name. A line is appended after its content is flushed to disk, so a
killed process leaves at worst a content without a line, or half a line, which is ignored. Histories
only grow: a line of the kind "pruned" takes back the lines with its digest up to its time.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import AwareDatetime, ValidationError

from rewriter.article import Value
from rewriter.errors import FileError
from rewriter.files import atomic, opening
from rewriter.files.inputs import read
from rewriter.files.places import Content, Place
from rewriter.state import State
from rewriter.state.locking import held

NO_FILE = "a link, a pipe or a device, or a folder in a file's place; remove it"

OriginalKind = Literal["original", "replaced", "decided", "pruned"]


class KeptOriginal(Value):
    """One time that the article called `name` was kept.

    `kind` is `original` for a source article, and `replaced` for a rewrite that a newer one
    replaced. It is `decided` for a text that a person had edited or decided about. `pruned` says
    that what was kept until `at` was removed. `digest` is the SHA-256 (hex) of its bytes, `size`
    their number.
    """

    name: str
    at: AwareDatetime
    kind: OriginalKind
    digest: str
    size: int


def keep(
    state: State,
    name: str,
    data: bytes,
    kind: OriginalKind = "original",
    *,
    digest: str | None = None,
) -> KeptOriginal:
    """Store the bytes of the article called `name`; storing the latest content again does nothing.

    `digest` is the SHA-256 (hex) of `data` where it is known. Raises `FileError` where the state
    directory cannot be written.
    """
    kept = KeptOriginal(
        name=os.fsencode(name).decode("utf-8", "backslashreplace"),
        at=datetime.now(UTC),
        kind=kind,
        digest=digest or atomic.digest(data),
        size=len(data),
    )
    with content_lock(state, kept.digest):
        before = history(state, name)
        is_last = bool(before) and (before[-1].digest, before[-1].kind) == (kept.digest, kind)
        path = object_at(state, kept.digest)
        if not _is_kept(path, data, state):
            atomic.write(path, data, state.directory)
        elif is_last:
            return before[-1]
    _append(state, _history_file(state, name), kept.model_dump_json())
    return kept


def history(state: State, name: str) -> tuple[KeptOriginal, ...]:
    """Every time that an article was kept, oldest first; empty where it never was.

    Raises `FileError` where the history cannot be read.
    """
    return tuple(live(state, _history_file(state, name)).values())


def live(state: State, path: Path) -> dict[int, KeptOriginal]:
    """The lines of a history file by number from 1, without those that were pruned since.

    Raises `FileError` where the file cannot be read.
    """
    try:
        lines = opening.read(path, state.directory).split(b"\n")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from error
    kept = {number: one for number, line in enumerate(lines, 1) if (one := parsed(line))}
    pruned = {(one.digest, one.at) for one in kept.values() if one.kind == "pruned"}
    until = dict(sorted(pruned))  # the latest of each
    return {
        number: one
        for number, one in kept.items()
        if one.digest not in until or one.at > until[one.digest]
    }


def forget(state: State, path: Path, kept: KeptOriginal, before: datetime) -> None:
    """Take back the lines of a history file with the digest of `kept` that are older than `before`.

    A line that is added meanwhile is younger, so it stays. Raises `FileError`.
    """
    gone = kept.model_copy(update={"kind": "pruned", "at": before})
    _append(state, path, gone.model_dump_json())


def latest(state: State, name: str) -> bytes | None:
    """The source article that was kept last, None where there is none. Raises `FileError`."""
    sources = [kept for kept in history(state, name) if kept.kind == "original"]
    return _content(state, sources[-1].digest) if sources else None


def get(state: State, name: str, digest: str) -> bytes:
    """The content with a digest that begins with `digest`.

    Raises `FileError` where no kept content has such a digest, or several have.
    """
    digests = {kept.digest for kept in history(state, name)}
    found = [known for known in digests if known.startswith(digest)]
    if len(found) != 1:
        how = "several kept contents have" if found else "no kept content has"
        raise FileError(f"{name}: {how} a digest that begins with '{digest}'")
    return _content(state, found[0])


def find(state: State, name: str, digest: str, places: Iterable[Path]) -> bytes | None:
    """The content with a digest: of the first of `places` that has it, or a kept one.

    None where neither has it. Raises `FileError` where a file cannot be read.
    """
    for place in places:
        try:
            data = read(place)
        except FileError:
            if os.path.isfile(place):
                raise
            continue  # also an article that its file no longer has
        if atomic.digest(data) == digest:
            return data
    is_kept = any(kept.digest == digest for kept in history(state, name))
    return get(state, name, digest) if is_kept else None


def restore(state: State, name: str, article: Place, digest: str = "") -> bytes:
    """Bring an article back, byte for byte: its latest source, or the content with `digest`.

    What is there is kept first; a missing article is made again. Returns the restored bytes.
    Raises `FileError`, and `FileChangedError` where another program changes it during the call.
    """
    wanted = get(state, name, digest) if digest else latest(state, name)
    if wanted is None:
        raise FileError(_never_kept(state, name, article))
    there = article.read_if_there()
    if there is None:
        article.create(wanted)
    elif there.data != wanted:
        keep(state, name, there.data, "decided", digest=there.digest)
        article.replace(wanted, there)
    return wanted


def _never_kept(state: State, name: str, article: Place) -> str:
    """Why there is nothing to restore."""
    if article.read_if_there() is None:
        return f"{article}: no such file, and no original of it is kept in {state.originals}"
    if history(state, name):
        return f"{article}: only replaced rewrites of it are kept; choose one of --list by --digest"
    return f"{article}: it was never rewritten here, so there is nothing to restore"


def write_over(
    state: State,
    name: str,
    target: Place,
    data: bytes,
    *,
    source: Content,
    before: Content | None,
    written: str | None,
) -> None:
    """Write `data` to `target` after the source and the replaced file are kept.

    `before` is the content read at `target`, None where there was no file. `written` is the digest
    of what a run wrote there last: another text was edited by a person, and is kept as such.
    Raises `FileError`, and `FileChangedError` where what is at `target` is no longer `before`.
    """
    if before is not None and before.digest != source.digest:
        kind: OriginalKind = "replaced" if before.digest == written else "decided"
        keep(state, name, before.data, kind, digest=before.digest)
    keep(state, name, source.data, digest=source.digest)
    if before is None:
        target.create(data)
    else:
        target.replace(data, before)


def _content(state: State, digest: str) -> bytes:
    path = object_at(state, digest)
    try:
        data = opening.read(path, state.directory)
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from error
    if atomic.digest(data) != digest:
        raise FileError(f"{path}: the stored content is damaged, it has another digest")
    return data


def object_at(state: State, digest: str) -> Path:
    """Where a content is stored."""
    return state.originals / "objects" / digest[:2] / digest


def _history_file(state: State, name: str) -> Path:
    digest = atomic.digest(os.fsencode(name))
    return state.originals / "history" / digest[:2] / f"{digest}.jsonl"


def content_lock(state: State, digest: str) -> AbstractContextManager[None]:
    """Hold the lock of a content: it is either kept again or removed, never both at once."""
    return held(state.originals / ".lock", int(digest[:15], 16))


def _is_kept(path: Path, data: bytes, state: State) -> bool:
    """Whether a content is there, whole; its time is now then: it is not taken for an old one.

    A stranger may have made the state directory. Other bytes are written anew and what is no file
    is refused, or the only copy of an article would be lost. Raises `FileError`.
    """
    try:
        there = path.lstat()
        if not stat.S_ISREG(there.st_mode):
            raise FileError(f"{path}: {NO_FILE}")
        if there.st_size != len(data) or opening.read(path, state.directory) != data:
            return False
        with suppress(PermissionError):  # another user's file
            os.utime(path, follow_symlinks=False)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from error
    return True


def parsed(line: bytes) -> KeptOriginal | None:
    """What a line of a history says, None where it cannot be read."""
    try:
        return KeptOriginal.model_validate_json(line)
    except ValidationError:
        return None


def _append(state: State, path: Path, line: str) -> None:
    """Add a line to a file and flush it. Half a line that a killed process left is ended first."""
    is_added = False
    while not is_added:
        with _locked(state, path, os.O_CREAT) as file:
            is_added = os.fstat(file.fileno()).st_nlink > 0  # else it was removed meanwhile
            size = file.seek(0, os.SEEK_END)
            is_torn = size > 0 and os.pread(file.fileno(), 1, size - 1) != b"\n"
            file.write(b"\n" * is_torn + line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def remove_if_empty(state: State, path: Path) -> bool:
    """Remove a history file of which all lines were taken back; True where it was removed.

    Raises `FileError`.
    """
    with _locked(state, path):
        is_empty = not live(state, path)
        if is_empty:
            opening.remove(path, state.directory)
        return is_empty


@contextmanager
def _locked(state: State, path: Path, more_flags: int = 0) -> Iterator[BinaryIO]:
    """Hold the only lock on a history file, open for appending. Raises `FileError`."""
    try:
        flags = os.O_RDWR | os.O_APPEND | more_flags
        with os.fdopen(opening.opened(path, flags, state.directory), "a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}; nothing was changed") from error
