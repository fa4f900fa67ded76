"""The articles of a command: paths, folders and globs become items with a target each."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NoReturn

from rewriter.errors import ConfigurationError, FileError
from rewriter.escaping import counted
from rewriter.files import atomic, opening
from rewriter.files.disk_set import DiskSet
from rewriter.files.places import SCHEME, Content, Place
from rewriter.items.parts import split

SUFFIXES = (
    *(".txt", ".md", ".markdown", ".mdx", ".html", ".htm", ".xhtml", ".mhtml", ".mht", ".json"),
    *(".jsonl", ".ndjson", ".xml", ".rss", ".atom", ".rdf", ".nitf"),
)
# A file of these may hold several articles; each is named `FILE#NAME`.
COLLECTIONS = SUFFIXES[SUFFIXES.index(".json") :]
# These may hold articles, too, but are passed over: a note names them.
OTHER_KINDS = (
    *(".docx", ".doc", ".odt", ".rtf", ".pdf", ".eml", ".msg", ".pages", ".epub"),
    *(".webarchive", ".tex", ".rst", ".adoc", ".csv"),
)
_SHOWN = 3
STDIN = "-"
# The longest news articles are under 100 KB; an HTML page around one can weigh some MB.
MOST_BYTES = 64_000_000
# This many folders are remembered: articles come folder by folder.
_MOST_FOLDERS = 1_000


@dataclass(frozen=True)
class FilePlace:
    """A file; no link may lead it out of the folder `home`, None where any place is right."""

    path: Path
    home: Path | None = None

    def __str__(self) -> str:
        return printable(self.path)

    @property
    def address(self) -> str:
        """The absolute path."""
        return os.path.abspath(self.path)

    @property
    def identity(self) -> str:
        """Where the path leads to."""
        return os.path.realpath(self.path)

    def read(self) -> Content:
        """The bytes as `read` of this module gives them; a file's content is its version."""
        return Content(read(self.path, self.home))

    def read_if_there(self) -> Content | None:
        """The file's bytes, None where there is none."""
        data = read_if_there(self.path, self.home)
        return None if data is None else Content(data)

    def refuse_unwritable(self) -> None:
        """Look at the permissions of the file and its folder."""
        atomic.refuse_unwritable(self.path, self.home)

    def create(self, data: bytes) -> None:
        """See `atomic.create`."""
        atomic.create(self.path, data, self.home)

    def replace(self, data: bytes, before: Content) -> None:
        """See `atomic.replace`."""
        atomic.replace(self.path, data, before.digest, self.home)


@dataclass(frozen=True)
class Item:
    """One article to work on.

    `name` is the article's path relative to the content root, with `/`; records are kept under it.
    `source` is where it is read, None for standard input, and `result` where its rewrite is
    written, None for a preview.
    """

    name: str
    source: Place | None
    result: Place | None = None

    def __str__(self) -> str:
        return str(self.source or "standard input")


@dataclass
class PassedOver:
    """The files of other kinds that a folder has: how many, and some of their names."""

    count: int = 0
    names: list[str] = field(default_factory=list)

    def add(self, path: Path) -> None:
        """Count a file."""
        self.count += 1
        if len(self.names) < _SHOWN:
            self.names.append(printable(path))

    def __str__(self) -> str:
        more = ", ..." if self.count > len(self.names) else ""
        return (
            f"{counted(self.count, 'file')} of other kinds passed over "
            f"({', '.join(self.names)}{more}): save them as text, Markdown or HTML"
        )


def expand(
    paths: Iterable[str], out: Path | None = None, passed_over: PassedOver | None = None
) -> Iterator[Path]:
    """The files that `paths` name, in order, each once: files, folders (recursively), globs.

    In a folder all files with a known suffix are taken, except hidden files and files under `out`;
    files of other kinds in it are added to `passed_over`.
    A missing file or unreadable folder is yielded too: reading it reports the error, and the other
    articles go on. Raises `FileError` for a glob that matches nothing.
    """
    parent, folder = None, ""
    with DiskSet() as seen:
        for given in paths:
            for path in _named(given, out, passed_over):
                if path.parent != parent:  # the files of a folder follow each other
                    parent, folder = path.parent, os.path.realpath(path.parent)
                if seen.add(f"{folder}/{path.name}"):
                    yield path


def nothing_found(paths: Iterable[str]) -> ConfigurationError:
    """The error of a command whose paths name no article."""
    return ConfigurationError(f"no articles found in {' '.join(paths)} ({', '.join(SUFFIXES)})")


def is_there(given: str) -> bool:
    """Whether a path may name articles. A missing file (for `FILE#NAME` the FILE) does not."""
    if not given or given.startswith(SCHEME) or glob.has_magic(given):
        return True
    return os.path.lexists(given) or os.path.lexists(given.rpartition("#")[0] or given)


def opened(path: Path) -> Iterator[Path]:
    """The path of each article in a file: `FILE#NAME` for several, or the file's path."""
    names: Iterable[str] = ()
    if path.suffix.lower() in COLLECTIONS and os.path.isfile(path):
        with suppress(FileError):  # reading it will say what is wrong
            names = _articles(path)
    yield from (path.with_name(f"{path.name}#{name}") for name in names) if names else (path,)


def _articles(path: Path) -> dict[str, bytes]:
    about = path.stat()
    return _split(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=2)  # the articles of a file are worked on one after the other
def _split(path: Path, changed: int, size: int) -> dict[str, bytes]:
    return split(read(path))


def common_folder(paths: Sequence[str]) -> Path:
    """The deepest folder that holds everything that `paths` name; for stdin the working folder."""
    folders = [_folder(Path(_refuse_empty(given))) for given in paths if given != STDIN]
    return Path(os.path.commonpath(folders)) if folders else Path.cwd()


def items(
    paths: Sequence[str],
    root: Path,
    *,
    out: Path | None = None,
    in_place: bool = False,
    passed_over: PassedOver | None = None,
    once: bool = True,
) -> Iterator[Item]:
    """The articles to work on, with targets: mirrored under `out` as `.md`, in place, or none.

    Items are yielded one by one, in bounded memory. Raises `ConfigurationError` at the first item
    whose target is an input or the target of another item, and `FileError` as `expand` does.
    Unless they come `once`, no earlier item is remembered: a file may come twice, or collide.
    """
    if STDIN in paths and in_place:
        raise ConfigurationError("standard input has no place to write to: use --out or a preview")
    named = [given for given in paths if given != STDIN]
    item = _Items(paths, root, out, in_place)
    if not once:
        return _found((file for given in named for file in _named(given, out, passed_over)), item)
    files = expand(named, out, passed_over)
    if in_place:
        return _found(_one_name_each(files), item)
    found = _found(files, item)
    if STDIN in paths:
        result = FilePlace(out / "stdin.md", _home_of_results(out, root)) if out else None
        found = chain(found, [Item("stdin", None, result)])
    return without_collisions(found) if out else found


def _found(files: Iterable[Path], item: Callable[[Path], Item]) -> Iterator[Item]:
    for file in files:
        yield from map(item, opened(file))


def _one_name_each(files: Iterable[Path]) -> Iterator[Path]:
    """The files without links to an earlier one."""
    with DiskSet() as seen:
        for file in files:
            try:
                about = file.stat()
            except OSError:
                yield file  # reading it will say what is wrong
            else:
                if seen.add(f"{about.st_dev}/{about.st_ino}"):
                    yield file


def refuse_undecodable(item: Item) -> None:
    """Raise `FileError` for a name that is not UTF-8: no record could be kept under it."""
    try:
        f"{item.name}{item.result.address if item.result else ''}".encode()
    except UnicodeEncodeError:
        raise FileError(f"{item}: its name is not UTF-8; rename it") from None


def read(path: Path | None, beneath: Path | None = None) -> bytes:
    """The bytes of a regular file, of standard input for None, of one article for `FILE#NAME`.

    Raises `FileError` that says why not; a pipe or a device could keep a run waiting for ever, and
    a link could lead out of the folder `beneath`.
    """
    if path is None:
        return sys.stdin.buffer.read()
    file, _, name = path.name.rpartition("#")
    try:
        if file and name and not os.path.lexists(path) and path.with_name(file).is_file():
            opening.resolved(path.with_name(file), beneath)
            return _article_in(path.with_name(file), name)
        if path.is_dir():
            next(path.iterdir(), None)  # says why a folder could not be walked
            raise FileError(f"{path}: a folder, not a file")
        return opening.read(path, beneath, MOST_BYTES)
    except OSError as error:
        raise FileError(f"{path}: cannot read it: {error.strerror}") from error


def read_if_there(path: Path, beneath: Path | None = None) -> bytes | None:
    """As `read`, None where there is no file. Raises `FileError` where that cannot be seen."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        pass  # reading it will say what is wrong
    return read(path, beneath)


def _article_in(file: Path, name: str) -> bytes:
    articles = _articles(file)
    if name not in articles:
        raise FileError(f"{file}: no article {name} in it any more ({len(articles)} others)")
    return articles[name]


def printable(path: Path) -> str:
    """A path for people: bytes of its name that are not UTF-8 are shown as `\\udcXX`."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def home_of(path: Path, root: Path) -> Path:
    """The folder that links may not leave: the content root, or the input's own folder."""
    folder = Path(os.path.realpath(path.parent))
    return root if folder.is_relative_to(root) else folder


def name_of(path: Path, root: Path) -> str:
    """The name of the article at `path`: relative to the content root, with `/`.

    A symbolic link to a file is an article of its own. Raises `ConfigurationError` for one outside
    of the root.
    """
    return _named_below(os.path.realpath(path.parent), path, root)


def _named_below(folder: str, path: Path, root: Path) -> str:
    """As `name_of`; `folder` is where the path's folder leads to."""
    absolute = Path(folder, path.name)
    if not absolute.is_relative_to(root):
        raise ConfigurationError(f"{path}: outside of the content root {root}; see --root")
    return absolute.relative_to(root).as_posix()


class _Items:
    """Makes paths into items. Links among their folders are resolved once for each folder."""

    def __init__(self, paths: Sequence[str], root: Path, out: Path | None, in_place: bool) -> None:
        self._base = common_folder(paths)
        self._root = root
        self._out = out
        self._in_place = in_place
        self._inside = self._base.is_relative_to(root)
        self._home = _home_of_results(out, root)
        self._resolved = lru_cache(maxsize=_MOST_FOLDERS)(os.path.realpath)
        self._below_base = lru_cache(maxsize=_MOST_FOLDERS)(self._mirrored)

    def __call__(self, path: Path) -> Item:
        """The item of an article. Raises `ConfigurationError` for one outside of its folder."""
        name = path.name
        part = name.rpartition("#")[2] if "#" in name and not os.path.lexists(path) else ""
        if self._in_place and part:
            raise ConfigurationError(
                f"{path}: one of several articles in a file; rewrite it to --out"
            )
        if self._in_place:
            place = FilePlace(path, self._root)
            return Item(self._name(path), place, place)
        folder = self._below_base(path.parent)
        if folder == os.pardir or folder.startswith(f"{os.pardir}/"):
            if self._resolved(path) == str(self._base):
                read(path)  # says why the folder that was named cannot be listed
            # a glob has followed a link out of the folder that it began in
            raise ConfigurationError(
                f"{path}: outside of {self._base}; name its own folder instead"
            )
        mirrored = os.path.normpath(f"{folder}/{name}")
        named = self._name(path) if self._inside else Path(mirrored).as_posix()
        source = FilePlace(path, self._root if self._inside else self._base)
        target = self._out / _result(mirrored, part) if self._out else None
        return Item(named, source, FilePlace(target, self._home) if target else None)

    def _name(self, path: Path) -> str:
        return _named_below(self._resolved(path.parent), path, self._root)

    def _mirrored(self, folder: Path) -> str:
        return os.path.relpath(self._resolved(folder), self._base)


def _result(mirrored: str, part: str) -> Path:
    """Where a result goes; articles of one file have a folder, and a result in it each."""
    stem = Path(mirrored.rpartition("#")[0] if part else mirrored).with_suffix("")
    return stem / f"{part}.md" if part else stem.with_name(f"{stem.name}.md")


def _home_of_results(out: Path | None, root: Path) -> Path | None:
    """The folder that no link may lead a result out of: the content root where `out` is in it."""
    return root if out and Path(os.path.realpath(out)).is_relative_to(root) else out


def without_collisions(found: Iterable[Item]) -> Iterator[Item]:
    """The items. Raises `ConfigurationError` where a target is an input or another's target."""
    with DiskSet() as names, DiskSet() as inputs, DiskSet() as targets:
        for item in found:
            if item.source and not names.add(item.name):
                continue  # `FILE#NAME` of a file that is named, too
            source = item.source.identity if item.source else ""
            target = item.result.identity if item.result else ""
            inputs.add(source, str(item))
            if (writer := targets.owner(source)) is not None:
                _refuse_overwriting(writer, item)
            if target and (read := inputs.owner(target)) is not None:
                _refuse_overwriting(item, read)
            if target and not targets.add(target, str(item)):
                raise ConfigurationError(
                    f"{targets.owner(target)} and {item} would both be written to {item.result}: "
                    "rename one, or rewrite them into different folders"
                )
            yield item


def _refuse_overwriting(writer: object, read: object) -> NoReturn:
    raise ConfigurationError(
        f"{writer}: --out would write over the input {read}; choose another folder, or --in-place"
    )


def _refuse_empty(given: str) -> str:
    """The path. An unset variable in a script leaves it empty, and `.` would be every article."""
    if not given:
        raise ConfigurationError("an empty path names no article; name the working folder by .")
    return given


def _named(given: str, out: Path | None, passed_over: PassedOver | None = None) -> Iterator[Path]:
    path = Path(_refuse_empty(given))
    if given.startswith(SCHEME):
        raise ConfigurationError(
            f"{given}: this command takes files; `rewriter rewrite`, `plan`, `submit`, `publish` "
            "and `restore` take s3:// addresses"
        )
    if os.path.isdir(path):  # unlike `Path.is_dir` it raises nothing for a name that is too long
        yield from _walk(path, out, passed_over)
    elif not os.path.exists(path) and glob.has_magic(given):
        matches = sorted(glob.glob(given, recursive=True))
        if not matches:
            raise FileError(f"{given}: no file matches")
        for match in matches:
            if os.path.isdir(match):
                yield from _walk(Path(match), out, passed_over)
            elif not out or not Path(os.path.realpath(match)).is_relative_to(os.path.realpath(out)):
                yield Path(match)
    else:
        yield path


def _walk(folder: Path, out: Path | None, passed_over: PassedOver | None) -> Iterator[Path]:
    results = os.path.realpath(out) if out else None
    unlisted: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: unlisted.append(Path(error.filename)))
    for parent, folders, files in walk:
        inside = (name for name in folders if not name.startswith("."))
        folders[:] = sorted(n for n in inside if os.path.realpath(Path(parent, n)) != results)
        for name in sorted(files):
            if name.startswith("."):
                continue
            if name.lower().endswith(SUFFIXES):
                yield Path(parent, name)
            elif passed_over is not None and name.lower().endswith(OTHER_KINDS):
                passed_over.add(Path(parent, name))
    yield from unlisted


def _folder(path: Path) -> str:
    magic = next((i for i, part in enumerate(path.parts) if glob.has_magic(part)), None)
    if magic is not None and not os.path.exists(path):
        path = Path(*path.parts[:magic]) if magic else Path()
        return os.path.realpath(path)
    return os.path.realpath(path if os.path.isdir(path) else path.parent)
