"""Opens files in untrusted folders: no link leads outside, and no open waits for ever.

A path is first resolved, and must stay beneath a given folder; where no part of it is a link, to
look at each is enough. Then each of its folders is opened from the one above it, and no link is
followed (`openat` with `O_NOFOLLOW`): a folder that somebody replaces by a link meanwhile is
refused, too. A file is opened without waiting for the other end of a pipe, and is read only if it
is a regular one.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rewriter.errors import FileError

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY


def resolved(path: Path, beneath: Path | None) -> tuple[Path, Path]:
    """The folder to enter from, and the file below it that `path` leads to.

    A loop of links is an OSError. Raises `FileError` where a link leads out of the folder
    `beneath`.
    """
    if beneath is None and not path.is_symlink():
        return path.parent, path  # links among its folders are the system's affair
    if beneath is not None and not _may_be_linked(path, beneath):
        return beneath, path
    target = Path(os.path.realpath(path))  # `Path.resolve` raises a RuntimeError for loops
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if beneath is None:
        return target.parent, target
    base = Path(os.path.realpath(beneath))
    if not target.is_relative_to(base):
        raise FileError(f"{path}: leads out of {beneath}, to {target}, which is not allowed")
    return base, target


def _may_be_linked(path: Path, beneath: Path) -> bool:
    """Whether a link stands between a folder and a path, or the path does not begin with it.

    An article has dozens of such paths: to find out where each leads to took 230 system calls, the
    looks take 40.
    """
    if not path.is_relative_to(beneath):
        return True
    parts, at = path.relative_to(beneath).parts, str(beneath)
    for part in parts:
        at = f"{at}/{part}"
        try:
            if part == os.pardir or stat.S_ISLNK(os.lstat(at).st_mode):
                return True
        except OSError:
            return os.pardir in parts  # what is missing is no link
    return False


@contextmanager
def opened_folder(path: Path, base: Path, *, make: bool = False) -> Iterator[int]:
    """The descriptor of a folder that is entered from `base`, both as `resolved` gives them.

    With `make` missing folders are made. Raises `FileError` for a link in between, and `OSError`
    otherwise.
    """
    descriptor = _base(base, make=make)
    try:
        for part in path.relative_to(base).parts:
            inner = _entered(part, descriptor, path, make=make)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def _base(base: Path, *, make: bool) -> int:
    try:
        return os.open(base, _FOLDER)
    except FileNotFoundError:
        if not make:
            raise
    base.mkdir(parents=True, exist_ok=True)
    return os.open(base, _FOLDER)


def _entered(part: str, parent: int, path: Path, *, make: bool) -> int:
    """The descriptor of the folder `part` of an opened one."""
    try:
        return os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=parent)
    except FileNotFoundError:
        if not make:
            raise
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR) and _is_link(part, parent):
            raise _followed(path) from error
        raise
    with suppress(FileExistsError):
        os.mkdir(part, dir_fd=parent)
    return _entered(part, parent, path, make=False)


def _is_link(part: str, parent: int) -> bool:
    return stat.S_ISLNK(os.stat(part, dir_fd=parent, follow_symlinks=False).st_mode)


def opened(path: Path, flags: int, beneath: Path | None = None) -> int:
    """The descriptor of a regular file, which `flags` may make. See `read` for what is raised."""
    base, target = resolved(path, beneath)
    if target == base or not target.name:  # `Path()` has no name
        raise _not_a_file(path)
    with opened_folder(target.parent, base, make=bool(flags & os.O_CREAT)) as folder:
        try:
            descriptor = os.open(target.name, flags | _FILE, 0o666, dir_fd=folder)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise _followed(path) from error
            if error.errno == errno.ENXIO:  # a pipe without a reader, or a socket
                raise _not_a_file(path) from error
            raise
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISREG(kind):
        return descriptor
    os.close(descriptor)
    raise FileError(f"{path}: a folder, not a file") if stat.S_ISDIR(kind) else _not_a_file(path)


def read(path: Path, beneath: Path | None = None, most_bytes: int | None = None) -> bytes:
    """The bytes of a regular file.

    Raises `FileError` for pipes, devices and folders, for a link out of the folder `beneath`, and
    above `most_bytes`; `OSError` otherwise, such as for a missing file.
    """
    with os.fdopen(opened(path, os.O_RDONLY, beneath), "rb") as file:
        if most_bytes is None:
            return file.read()
        data = file.read(most_bytes + 1)
        if len(data) > most_bytes:
            size = max(len(data), os.fstat(file.fileno()).st_size)
            raise FileError(f"{path}: {size:,} bytes, at most {most_bytes:,} are read")
        return data


def refuse_unlisted(error: OSError) -> None:
    """For `os.walk`: raise `FileError` for a folder that cannot be listed; none is an empty one."""
    if not isinstance(error, FileNotFoundError):
        raise FileError(
            f"{error.filename}: cannot list the folder: {error.strerror}; give this user "
            "permission to read it"
        )


def remove(path: Path, beneath: Path) -> None:
    """Remove a file or a link, if there is one.

    Raises `FileError` where it cannot be removed, and for a way out of `beneath`.
    """
    try:
        base, folder = resolved(path.parent, beneath)
        with suppress(FileNotFoundError), opened_folder(folder, base) as descriptor:
            os.unlink(path.name, dir_fd=descriptor)
    except OSError as error:
        raise FileError(f"{path}: cannot remove it: {error.strerror}") from error


def _not_a_file(path: Path) -> FileError:
    return FileError(f"{path}: a pipe, a socket or a device, not a file; save what it gives as one")


def _followed(path: Path) -> FileError:
    return FileError(f"{path}: a link was put in its way meanwhile; it is not followed")
