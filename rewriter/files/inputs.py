"""The articles of a command: paths, folders and globs become items with a target each."""

from __future__ import annotations

import glob
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from rewriter.errors import ConfigurationError, FileError
from rewriter.files.disk_set import DiskSet

SUFFIXES = (".txt", ".md", ".html", ".htm", ".json")
STDIN = "-"
# The longest news articles are under 100 KB; an HTML page around one can weigh some MB.
MOST_BYTES = 64_000_000


@dataclass(frozen=True)
class Item:
    """One article to work on.

    `path` is None for standard input. `name` is the article's path relative to the content root,
    with `/`; records are kept under it. `target` is None for a preview.
    """

    path: Path | None
    name: str
    target: Path | None = None

    def __str__(self) -> str:
        return printable(self.path) if self.path else "standard input"


def expand(paths: Iterable[str], out: Path | None = None) -> Iterator[Path]:
    """The files that `paths` name, in order, each once: files, folders (recursively), globs.

    In a folder all files with a known suffix are taken, except hidden files and files under `out`.
    A missing file or unreadable folder is yielded too: reading it reports the error, and the other
    articles go on. Raises `FileError` for a glob that matches nothing.
    """
    with DiskSet() as seen:
        for given in paths:
            for path in _named(given, out):
                if seen.add(str(path)):
                    yield path


def common_folder(paths: Sequence[str]) -> Path:
    """The deepest folder that holds everything that `paths` name; for stdin the working folder."""
    folders = [_folder(Path(given)) for given in paths if given != STDIN]
    return Path(os.path.commonpath(folders)) if folders else Path.cwd()


def items(
    paths: Sequence[str], root: Path, *, out: Path | None = None, in_place: bool = False
) -> Iterator[Item]:
    """The articles to work on, with targets: mirrored under `out` as `.md`, in place, or none.

    Items are yielded one by one, in bounded memory. Raises `ConfigurationError` at the first item
    whose target is an input or the target of another item, and `FileError` as `expand` does.
    """
    if STDIN in paths and in_place:
        raise ConfigurationError("standard input has no place to write to: use --out or a preview")
    found = _found(paths, root, out, in_place)
    if in_place:
        return _one_name_each(found)
    return _without_collisions(found) if out else found


def _found(paths: Sequence[str], root: Path, out: Path | None, in_place: bool) -> Iterator[Item]:
    base = common_folder(paths)
    for path in expand((given for given in paths if given != STDIN), out):
        yield _item(path, base, root, out, in_place)
    if STDIN in paths:
        yield Item(None, "stdin", out / "stdin.md" if out else None)


def _one_name_each(found: Iterable[Item]) -> Iterator[Item]:
    """The items without those that are another name (a link) of an earlier one's file."""
    with DiskSet() as files:
        for item in found:
            try:
                about = (item.path or Path()).stat()
            except OSError:
                yield item  # reading it will say what is wrong
            else:
                if files.add(f"{about.st_dev}/{about.st_ino}"):
                    yield item


def stream(
    paths: Sequence[str], root: Path, *, out: Path | None = None, in_place: bool = False
) -> Iterator[Item]:
    """Like `items`, without the memory of earlier items: a file may come twice or collide.

    `paths` has no standard input. Raises `ConfigurationError` and `FileError` as `items` does.
    """
    base = common_folder(paths)
    for given in paths:
        for path in _named(given, out):
            yield _item(path, base, root, out, in_place)


def refuse_undecodable(item: Item) -> None:
    """Raise `FileError` for a name that is not UTF-8: no record could be kept under it."""
    try:
        f"{item.name}{item.target}".encode()
    except UnicodeEncodeError:
        raise FileError(f"{item}: its name is not UTF-8; rename it") from None


def read(path: Path | None) -> bytes:
    """The bytes of a regular file, of standard input for None.

    Raises `FileError` that says why not; a pipe or a device could keep a run waiting for ever.
    """
    if path is None:
        return sys.stdin.buffer.read()
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            next(path.iterdir(), None)  # says why a folder could not be walked
        if not stat.S_ISREG(found.st_mode):
            raise FileError(f"{path}: not a file; what a program writes can be piped in as -")
        if found.st_size > MOST_BYTES:
            raise FileError(f"{path}: {found.st_size:,} bytes, at most {MOST_BYTES:,} are read")
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot read it: {error.strerror}") from error


def printable(path: Path) -> str:
    """A path for people: bytes of its name that are not UTF-8 are shown as `\\udcXX`."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def name_of(path: Path, root: Path) -> str:
    """The name of the article at `path`: relative to the content root, with `/`.

    A symbolic link to a file is an article of its own. Raises `ConfigurationError` for one outside
    of the root.
    """
    absolute = Path(os.path.realpath(path.parent), path.name)
    if not absolute.is_relative_to(root):
        raise ConfigurationError(f"{path}: outside of the content root {root}; see --root")
    return absolute.relative_to(root).as_posix()


def _item(path: Path, base: Path, root: Path, out: Path | None, in_place: bool) -> Item:
    if in_place:
        return Item(path, name_of(path, root), path)
    mirrored = Path(os.path.relpath(Path(os.path.realpath(path.parent), path.name), base))
    if ".." in mirrored.parts:  # a glob has followed a link out of the folder that it began in
        raise ConfigurationError(f"{path}: outside of {base}; name its own folder instead")
    inside = base.is_relative_to(root)
    name = name_of(path, root) if inside else mirrored.as_posix()
    return Item(path, name, out / mirrored.with_suffix(".md") if out else None)


def _without_collisions(found: Iterable[Item]) -> Iterator[Item]:
    """The items. Raises `ConfigurationError` where a target is an input or another's target."""
    with DiskSet() as inputs, DiskSet() as targets:
        for item in found:
            source = os.path.realpath(item.path) if item.path else ""
            target = os.path.realpath(item.target or "")
            inputs.add(source, str(item))
            if (writer := targets.owner(source)) is not None:
                _refuse_overwriting(writer, item)
            if (read := inputs.owner(target)) is not None:
                _refuse_overwriting(item, read)
            if not targets.add(target, str(item)):
                raise ConfigurationError(
                    f"{targets.owner(target)} and {item} would both be written to {item.target}: "
                    "rename one, or rewrite them into different folders"
                )
            yield item


def _refuse_overwriting(writer: object, read: object) -> NoReturn:
    raise ConfigurationError(
        f"{writer}: --out would write over the input {read}; choose another folder, or --in-place"
    )


def _named(given: str, out: Path | None) -> Iterator[Path]:
    path = Path(given)
    if path.is_dir():
        yield from _walk(path, out)
    elif not path.exists() and glob.has_magic(given):
        matches = sorted(glob.glob(given, recursive=True))
        if not matches:
            raise FileError(f"{given}: no file matches")
        for match in matches:
            if Path(match).is_dir():
                yield from _walk(Path(match), out)
            elif not out or not Path(os.path.realpath(match)).is_relative_to(os.path.realpath(out)):
                yield Path(match)
    else:
        yield path


def _walk(folder: Path, out: Path | None) -> Iterator[Path]:
    results = os.path.realpath(out) if out else None
    unlisted: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: unlisted.append(Path(error.filename)))
    for parent, folders, files in walk:
        inside = (name for name in folders if not name.startswith("."))
        folders[:] = sorted(n for n in inside if os.path.realpath(Path(parent, n)) != results)
        for name in sorted(files):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield Path(parent, name)
    yield from unlisted


def _folder(path: Path) -> str:
    magic = next((i for i, part in enumerate(path.parts) if glob.has_magic(part)), None)
    if magic is not None and not os.path.exists(path):
        path = Path(*path.parts[:magic]) if magic else Path()
        return os.path.realpath(path)
    return os.path.realpath(path if os.path.isdir(path) else path.parent)
