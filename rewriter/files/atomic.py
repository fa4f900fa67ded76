"""Atomic writes that never overwrite the change of another program.

A temporary file is written into the folder of the target, flushed to disk and renamed over it
(atomic on POSIX); then the folder is flushed. A lock on the target excludes a second writer of this
package. Another program's change is found by comparing contents right before the rename. A change
in the about ten microseconds between the comparison and the rename is lost; no file system prevents
that.
A hard link to the target keeps the old content. All steps name files relative to the opened folder
of the target: a link that is put in the way meanwhile is not followed.
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
from typing import NamedTuple

from rewriter.errors import FileChangedError, FileError
from rewriter.files import opening

# Hidden from site generators and globs, and short enough for any file system.
_PREFIX = ".rewriter-"
_SUFFIX = ".tmp"
_NEW_FILE_MODE = 0o666  # the process's umask takes away from it, as for any new file


def digest(data: bytes) -> str:
    """SHA-256 (hex) of a file's content."""
    return hashlib.sha256(data).hexdigest()


def write(path: Path, data: bytes, beneath: Path | None = None) -> None:
    """Write a file whole or not at all, over any earlier content; missing folders are made.

    An existing file keeps mode and owner, a symbolic link its target. Raises `FileError` where the
    file cannot be written, or lies outside of the folder `beneath`, and for a pipe or a device.
    """
    with _placed(path, beneath) as place:
        before = place.stat()
        if before and not (stat.S_ISREG(before.st_mode) or stat.S_ISDIR(before.st_mode)):
            raise FileError(f"{path}: not a file; nothing was changed")
        with place.temporary(data, before) as temporary:
            place.rename(temporary)


def create(path: Path, data: bytes, beneath: Path | None = None) -> None:
    """Write a new file whole or not at all; missing folders are made.

    Of two processes that create the same file, exactly one succeeds. Raises `FileChangedError`
    where the file exists, `FileError` where it cannot be written, or lies outside of `beneath`.
    """
    with _placed(path, beneath) as place, place.temporary(data, None) as temporary:
        try:
            place.link(temporary)  # unlike a rename, fails where the target exists
        except FileExistsError:
            raise FileChangedError(f"{path}: there is such a file by now") from None


def replace(path: Path, new: bytes, expected: bytes | str, beneath: Path | None = None) -> None:
    """Replace a file's content if it still is `expected`: the bytes, or their digest.

    Mode and owner stay; a symbolic link keeps its target. Raises `FileChangedError` where the file
    has changed, has vanished, or is being replaced by another process of this package, and
    `FileError` where it cannot be written, or lies outside of `beneath`. After an error the file is
    as before.
    """
    wanted = expected if isinstance(expected, str) else digest(expected)
    with _placed(path, beneath, make=False) as place, _locked(path, place) as descriptor:
        before = os.fstat(descriptor)
        if not before.st_mode & 0o222 or not place.is_writable():
            raise FileError(f"{path}: the file is read-only")
        with place.temporary(new, before) as temporary:
            if not _is_still(place, descriptor, wanted):
                raise FileChangedError(f"{path}: the file changed since it was read")
            place.rename(temporary)


def refuse_unwritable(path: Path, beneath: Path | None = None) -> None:
    """Raise `FileError` where a write to `path` would fail: called before work is paid for."""
    with _named(path):
        _, target = opening.resolved(path, beneath)
        if os.path.lexists(target) and not target.is_file():
            raise FileError(f"{path}: not a file")
        if target.exists() and not os.access(target, os.W_OK):
            raise FileError(f"{path}: the file is read-only")
        folder = next(parent for parent in target.parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise FileError(f"{path}: cannot be written: no permission to write into {folder}")


def sweep(folder: Path, passing: str = "") -> list[Path]:
    """Remove the temporary files of killed writers in a folder and below; return their paths.

    Folders called `passing`, and those that cannot be listed, are passed over. The temporary file
    of a running writer stays. Raises `FileError` where one cannot be removed.
    """
    removed: list[Path] = []
    with _named(folder):
        for parent, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if name != passing]
            found = (path for name in names if is_temporary(path := Path(parent, name)))
            removed += (path for path in found if remove_stale(path))
    return removed


def is_temporary(path: Path) -> bool:
    """Whether the name is that of a temporary file of a writer."""
    return path.name.startswith(_PREFIX) and path.name.endswith(_SUFFIX)


def remove_stale(path: Path) -> bool:
    """Remove a temporary file and return True, unless its writer lives. May raise `OSError`.

    A link or a pipe of that name, which no writer makes, is removed too, neither followed nor read.
    """
    try:
        if path.is_symlink():
            path.unlink()
            return True
        # Without O_NONBLOCK a pipe would wait for somebody who writes into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return False
    try:
        is_stale = try_lock(descriptor)
        if is_stale:
            path.unlink(missing_ok=True)
        return is_stale
    finally:
        os.close(descriptor)


# --- parts -------------------------------------------------------------------------------------


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turn what the operating system says into a FileError that names the file."""
    try:
        yield
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}; nothing was changed") from error


@contextlib.contextmanager
def _placed(path: Path, beneath: Path | None, *, make: bool = True) -> Iterator[_FileInFolder]:
    """Where the file that `path` leads to lies; afterwards its folder is flushed.

    With `make` missing folders are made.
    """
    with _named(path):
        base, target = opening.resolved(path, beneath)
        try:
            with opening.opened_folder(target.parent, base, make=make) as folder:
                yield _FileInFolder(folder, target.name)
                with contextlib.suppress(OSError):  # some network file systems cannot do this
                    os.fsync(folder)  # a rename lasts over a power cut
        except FileNotFoundError:
            gone = "its folder has vanished, or takes no file"
            what = gone if make else "the file has vanished since it was read"
            raise FileChangedError(f"{path}: {what}") from None


class _FileInFolder(NamedTuple):
    """A file by the descriptor of its folder and its name: no link among its folders matters."""

    folder: int
    name: str

    def stat(self) -> os.stat_result | None:
        """What is there, None where nothing is; a link is not followed."""
        try:
            return os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def open(self) -> int:
        """The file's descriptor, open for reading."""
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        return os.open(self.name, flags, dir_fd=self.folder)

    def is_writable(self) -> bool:
        """Whether this process may write the file."""
        return os.access(self.name, os.W_OK, dir_fd=self.folder)

    def rename(self, temporary: str) -> None:
        """Put a temporary file in the place of the file."""
        os.replace(temporary, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)

    def link(self, temporary: str) -> None:
        """Give a temporary file the file's name, unless there is one."""
        os.link(temporary, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)
        os.unlink(temporary, dir_fd=self.folder)

    @contextlib.contextmanager
    def temporary(self, data: bytes, like: os.stat_result | None) -> Iterator[str]:
        """The name of a flushed file in the target's folder, with the mode and owner of `like`.

        The caller renames or removes it. After an exception it is removed.
        """
        name, descriptor = self._open_locked()
        try:
            _write_all(descriptor, data)
            if like is not None:
                _copy_owner(descriptor, like)
                os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
            os.fsync(descriptor)
            yield name
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name, dir_fd=self.folder)
            raise
        finally:
            os.close(descriptor)

    def _open_locked(self) -> tuple[str, int]:
        """A new file that `sweep` leaves alone as long as it is open."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        while True:
            name = f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
            descriptor = os.open(name, flags, _NEW_FILE_MODE, dir_fd=self.folder)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _FileInFolder(self.folder, name).stat() is not None:
                return name, descriptor
            os.close(descriptor)  # a sweep came between the opening and the lock


@contextlib.contextmanager
def _locked(path: Path, place: _FileInFolder) -> Iterator[int]:
    """Hold the only lock on a file; yields its descriptor, open for reading."""
    descriptor = place.open()
    try:
        kind = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(kind):
            raise FileError(f"{path}: not a file")
        if not try_lock(descriptor):
            raise FileChangedError(f"{path}: another process is writing the file")
        yield descriptor
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Take the exclusive lock on an open file; False where another process holds one."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(place: _FileInFolder, descriptor: int, wanted: str) -> bool:
    """Whether the locked file is still at its place, with the wanted content."""
    found = place.stat()
    if found is None or not os.path.samestat(found, os.fstat(descriptor)):
        return False
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == wanted


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _copy_owner(descriptor: int, like: os.stat_result) -> None:
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        os.chown(descriptor, like.st_uid, like.st_gid)
