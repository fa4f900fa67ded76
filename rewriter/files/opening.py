"""Opens files in untrusted folders: no link leads outside, and no open waits for ever.

A path is first resolved, and must stay beneath a given folder. Then each of its folders is opened
from the one above it, and no link is followed (`openat` with `O_NOFOLLOW`): a folder that somebody
replaces by a link meanwhile is refused, too. A file is opened without waiting for the other end of
a pipe, and is read only if it is a regular one.
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


def resolved(path: Path, beneath: Path | None, base: str | None = None) -> Path:
    """The file that `path` leads to; a loop of links is an OSError.

    `base` is where `beneath` leads to, where that is known: to find out takes a look at each of its
    folders. Raises `FileError` where a link leads out of the folder `beneath`.
    """
    if beneath is None and not path.is_symlink():
        return path  # links among its folders are the system's affair
    target = Path(os.path.realpath(path))  # `Path.resolve` raises a RuntimeError for loops
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    base = _base(beneath) if base is None else base
    if beneath is not None and not f"{target}/".startswith(f"{base.rstrip('/')}/"):
        raise FileError(f"{path}: leads out of {beneath}, to {target}, which is not allowed")
    return target


def _base(beneath: Path | None) -> str:
    return os.path.realpath(beneath) if beneath else ""


@contextmanager
def opened_folder(path: Path, beneath: Path | None = None, *, make: bool = False) -> Iterator[int]:
    """The descriptor of the folder that `resolved` paths lie in.

    With `make` missing folders are made. Raises `FileError` for a link in the path, and `OSError`
    otherwise.
    """
    with _opened_folder(path, _base(beneath) or path, make=make) as descriptor:
        yield descriptor


@contextmanager
def _opened_folder(path: Path, base: str | Path, *, make: bool) -> Iterator[int]:
    if make:
        Path(base).mkdir(parents=True, exist_ok=True)
    descriptor = os.open(base, _FOLDER)
    try:
        for part in path.relative_to(base).parts:
            inner = _entered(part, descriptor, path, make=make)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def _entered(part: str, parent: int, path: Path, *, make: bool) -> int:
    """The descriptor of the folder `part` of an opened one."""
    if make:
        with suppress(FileExistsError):
            os.mkdir(part, dir_fd=parent)
    try:
        return os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=parent)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR) and _is_link(part, parent):
            raise _followed(path) from error
        raise


def _is_link(part: str, parent: int) -> bool:
    return stat.S_ISLNK(os.stat(part, dir_fd=parent, follow_symlinks=False).st_mode)


def opened(path: Path, flags: int, beneath: Path | None = None) -> int:
    """The descriptor of a regular file, which `flags` may make. See `read` for what is raised."""
    base = _base(beneath)
    target = resolved(path, beneath, base)
    if str(target) == base or not target.name:  # `Path()` has no name
        raise _not_a_file(path)
    make = bool(flags & os.O_CREAT)
    with _opened_folder(target.parent, base or target.parent, make=make) as folder:
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


def remove(path: Path, beneath: Path) -> None:
    """Remove a file or a link, if there is one. Raises `FileError` for a way out of `beneath`."""
    folder = resolved(path.parent, beneath)
    with suppress(FileNotFoundError), opened_folder(folder, beneath) as descriptor:
        os.unlink(path.name, dir_fd=descriptor)


def _not_a_file(path: Path) -> FileError:
    return FileError(f"{path}: not a file; what a program writes can be piped in as -")


def _followed(path: Path) -> FileError:
    return FileError(f"{path}: a link was put in its way meanwhile; it is not followed")
