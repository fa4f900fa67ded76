"""Atomic writes that never overwrite the change of another program.

A temporary file is written beside the target, flushed to disk and renamed over it (atomic on
POSIX); then the folder is flushed. A lock on the target excludes a second writer of this package.
Another program's change is found by comparing contents right before the rename. A change in the
about ten microseconds between the comparison and the rename is lost; no file system prevents that.
A hard link to the target keeps the old content.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from rewriter.errors import FileChangedError, FileError

# Hidden from site generators and globs, and short enough for any file system beside a long name.
_PREFIX = ".rewriter-"
_SUFFIX = ".tmp"
_NEW_FILE_MODE = 0o666  # the process's umask takes away from it, as for any new file


def digest(data: bytes) -> str:
    """SHA-256 (hex) of a file's content."""
    return hashlib.sha256(data).hexdigest()


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, over any earlier content; missing folders are made.

    An existing file keeps mode and owner, a symbolic link its target. Raises `FileError` where the
    file cannot be written.
    """
    with _named(path):
        target = _target(path)
        with _temporary(target, data, _stat(target)) as temporary:
            temporary.replace(target)
        _flush_folder(target.parent)


def create(path: Path, data: bytes) -> None:
    """Write a new file whole or not at all; missing folders are made.

    Of two processes that create the same file, exactly one succeeds. Raises `FileChangedError`
    where the file exists, `FileError` where it cannot be written.
    """
    with _named(path):
        target = _target(path)
        with _temporary(target, data, None) as temporary:
            try:
                os.link(temporary, target)  # unlike a rename, fails where the target exists
            except FileExistsError:
                raise FileChangedError(f"{path}: there is such a file by now") from None
            temporary.unlink()
        _flush_folder(target.parent)


def replace(path: Path, new: bytes, expected: bytes | str) -> None:
    """Replace a file's content if it still is `expected`: the bytes, or their digest.

    Mode and owner stay; a symbolic link keeps its target. Raises `FileChangedError` where the file
    has changed, has vanished, or is being replaced by another process of this package, and
    `FileError` where it cannot be written. After an error the file is as before.
    """
    wanted = expected if isinstance(expected, str) else digest(expected)
    with _named(path):
        target = _target(path)
        with _locked(path, target) as descriptor:
            before = os.fstat(descriptor)
            if not before.st_mode & 0o222 or not os.access(target, os.W_OK):
                raise FileError(f"{path}: the file is read-only")
            with _temporary(target, new, before) as temporary:
                if not _is_still(target, descriptor, wanted):
                    raise FileChangedError(f"{path}: the file changed since it was read")
                temporary.replace(target)
            _flush_folder(target.parent)


def refuse_unwritable(path: Path) -> None:
    """Raise `FileError` where a write to `path` would fail: called before work is paid for."""
    target = _target(path)
    if target.exists() and not os.access(target, os.W_OK):
        raise FileError(f"{path}: the file is read-only")
    folder = next(parent for parent in target.parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise FileError(f"{path}: cannot be written: no permission to write into {folder}")


def sweep(folder: Path) -> list[Path]:
    """Remove the temporary files of killed writers in a folder and below; return their paths.

    The temporary file of a running writer stays. Raises `FileError` for a folder that cannot be
    read.
    """
    removed: list[Path] = []
    with _named(folder):
        for parent, _, names in os.walk(folder):
            found = (name for name in names if name.startswith(_PREFIX) and name.endswith(_SUFFIX))
            removed += (path for name in found if _remove_stale(path := Path(parent, name)))
    return removed


# --- parts -------------------------------------------------------------------------------------


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turn what the operating system says into a FileError that names the file."""
    try:
        yield
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}; nothing was changed") from error


def _target(path: Path) -> Path:
    """The file that a path leads to, behind any symbolic links; a loop of them is an OSError."""
    if not path.is_symlink():
        return path  # links among its folders are the system's affair
    target = Path(os.path.realpath(path))  # `Path.resolve` raises a RuntimeError for loops
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return target


def _stat(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except FileNotFoundError:
        return None


@contextlib.contextmanager
def _locked(path: Path, target: Path) -> Iterator[int]:
    """Hold the only lock on a file; yields its descriptor, open for reading."""
    try:
        descriptor = os.open(target, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise FileChangedError(f"{path}: the file has vanished since it was read") from None
    try:
        if not _lock(descriptor):
            raise FileChangedError(f"{path}: another process is writing the file")
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Take the lock on an open file, False where another holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(target: Path, descriptor: int, wanted: str) -> bool:
    """Whether a path still leads to the locked file, and that to the wanted content."""
    try:
        if not os.path.samestat(target.stat(), os.fstat(descriptor)):
            return False
    except FileNotFoundError:
        return False
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == wanted


@contextlib.contextmanager
def _temporary(target: Path, data: bytes, like: os.stat_result | None) -> Iterator[Path]:
    """A flushed file beside the target, with the mode and owner of `like`; folders are made.

    Inside it is renamed or removed; after an exception it is gone.
    """
    path, descriptor = _open_locked(target.parent)
    try:
        _write_all(descriptor, data)
        if like is not None:
            _copy_owner(descriptor, like)
            os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
        os.fsync(descriptor)
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _open_locked(folder: Path) -> tuple[Path, int]:
    """A new file that `sweep` leaves alone as long as it is open."""
    while True:
        path = folder / f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            descriptor = os.open(path, flags, _NEW_FILE_MODE)
        except FileNotFoundError:
            folder.mkdir(parents=True, exist_ok=True)
            continue
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if path.exists():
            return path, descriptor
        os.close(descriptor)  # a sweep came between the opening and the lock


def _copy_owner(descriptor: int, like: os.stat_result) -> None:
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        os.chown(descriptor, like.st_uid, like.st_gid)


def _flush_folder(folder: Path) -> None:
    """Make a rename last over a power cut; some network file systems know no such thing."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_stale(path: Path) -> bool:
    """Remove a temporary file, unless its writer lives."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        is_stale = _lock(descriptor)
        if is_stale:
            path.unlink(missing_ok=True)
        return is_stale
    finally:
        os.close(descriptor)
