"""Records: what the last run did to each article, as JSON under the article's name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from rewriter.article import Finding, Passage, Rewrite, RewriteStatus, Usage, Value
from rewriter.checks.grounding import Coverage, Supported
from rewriter.checks.reader import Trace
from rewriter.errors import FileError
from rewriter.files import atomic, opening
from rewriter.files.inputs import SUFFIXES
from rewriter.files.places import SCHEME
from rewriter.state import kept_at, kept_name

_SUFFIX = ".json"
# A record holds the rewrite, its findings and its evidence: some hundred kilobytes.
_MOST_BYTES = 64_000_000
# The other results of an article that its record keeps: at a folder a day some weeks. It is read at
# each run, and nobody asks a store whether what was written there is there still.
_MOST_OTHERS = 20


DecisionAction = Literal["published", "rejected", "edited", "asked again", "restored", "undone"]


class Decided(Value):
    """A person's decision on an article, and the SHA-256 (hex) of its file before and after it.

    A digest is None where there was no file. `place` is the passage of an edit, such as
    "details, paragraph 1". Where the model was asked again, `usage` is what was paid for it, `read`
    are the passages that a second reader was shown then, and `findings` what it found in them.
    """

    at: datetime
    action: DecisionAction
    reason: str = ""
    place: str = ""
    before: str | None = None
    after: str | None = None
    usage: Usage | None = None
    read: tuple[Passage, ...] = ()
    findings: tuple[Finding, ...] = ()


class Record(Value):
    """What one run did to one article.

    `model` is the model that answered; `model_asked` is the model that was asked, whose name may be
    shorter. Digests are SHA-256 (hex): `source_digest` of the raw source, `replaces` of the file at
    `target` before the run (None where there was none), `output_digest` of the file last written
    there, by this run or an earlier one. `repaired` are errors that repairs removed; `support` and
    `coverage` are the evidence; `unchecked` names the checks that do not know the language;
    `reading` is what a second reader did, and `reading_digests` are those of its requests.
    `reason` is the reason of a person who published a held rewrite. `input` and `target` are
    absolute paths; `signed` is the user's signature of a target outside of the content root.
    `batch` is the batch of the queue. `decisions` are those of a person since, in order. `others`
    are the records of the article's other results, the youngest first; they have none themselves.
    """

    name: str
    status: RewriteStatus
    findings: tuple[Finding, ...]
    repaired: tuple[Finding, ...] = ()
    engine: str
    model: str
    prompt: str
    prompt_version: int
    prompt_digest: str
    prompt_path: str | None = None
    source_digest: str
    request_digests: tuple[str, ...]
    reading_digests: tuple[str, ...] = ()
    attempts: int
    usage: Usage
    finished_at: datetime
    input: str | None = None
    title: str = ""
    rewrite: Rewrite | None = None
    support: tuple[Supported, ...] = ()
    coverage: Coverage | None = None
    unchecked: tuple[str, ...] = ()
    reading: Trace | None = None
    target: str | None = None
    replaces: str | None = None
    output_digest: str | None = None
    signed: str | None = None
    reason: str | None = None
    batch: str | None = None
    model_asked: str | None = None
    decisions: tuple[Decided, ...] = ()
    others: tuple[Record, ...] = ()

    def each(self) -> tuple[Record, ...]:
        """This record and the `others`."""
        return (self, *self.others)


def lock(folder: Path, name: str) -> tuple[Path, int]:
    """The lock of the article called `name`, of which one process at a time writes records.

    `folder` is that of all records, also for those of held rewrites.
    """
    return folder / ".lock", int(atomic.digest(name.encode())[:15], 16)


def save(folder: Path, record: Record) -> bytes | None:
    """Keep `record`, and those of the article's youngest other results that are there.

    The caller holds the `lock` of the article. The record replaces the earlier one of the same
    target, and that of a held rewrite leaves that of the file at its target. Returns what was kept
    before, for `put_back`. Raises `FileError`.
    """
    path, root = path_of(folder, record.name), folder.parent.parent
    before = _bytes(path, folder.parent)
    last = _parsed(path, before)
    others = [one for one in (last.each() if last else ()) if not _replaces(record, one)]
    first, *rest = sorted((record, *others), key=lambda one: one.finished_at, reverse=True)
    kept = islice((one for one in rest if _has_result(one, root)), _MOST_OTHERS)
    alone = tuple(one.model_copy(update={"others": ()}) for one in kept)
    whole = first.model_copy(update={"others": alone})
    data = whole.model_dump_json(indent=1).encode() + b"\n"
    atomic.write(path, data, folder.parent)
    return before


def _replaces(record: Record, other: Record) -> bool:
    is_kept = record.status == "held" and other.status != "held"
    return record.target == other.target and not is_kept


def _has_result(record: Record, root: Path) -> bool:
    places = [place for place in (record.target, moved_target(record, root)) if place]
    is_there = any(place.startswith(SCHEME) or os.path.lexists(place) for place in places)
    return record.status != "held" and is_there


def load(folder: Path, name: str) -> Record | None:
    """The last record of the article called `name`, None where there is none.

    Raises `FileError` when it cannot be read or is not a record of this version.
    """
    return read(path_of(folder, name), folder.parent)


def read(path: Path, beneath: Path | None = None) -> Record | None:
    """The record in the file at `path`, None where there is none. Raises `FileError` as `load`.

    No link may lead out of the folder `beneath`.
    """
    return _parsed(path, _bytes(path, beneath))


def _parsed(path: Path, data: bytes | None) -> Record | None:
    try:
        return None if data is None else Record.model_validate_json(data)
    except ValidationError as error:
        raise FileError(
            f"{path}: not a record that this version understands; delete it and run again"
        ) from error


def _bytes(path: Path, beneath: Path | None) -> bytes | None:
    try:
        path.stat()  # most articles have none, and this is the quickest way to know
        return opening.read(path, beneath, _MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileError(f"{path}: cannot read the record: {error.strerror}") from error


def put_back(folder: Path, name: str, last: bytes | None) -> None:
    """Make what `save` gave the last record of its article again. Raises `FileError`."""
    if last is None:
        discard(folder, name)
    else:
        atomic.write(path_of(folder, name), last, folder.parent)


def every(
    folder: Path,
    named: Callable[[str], bool] = bool,
    damaged: Callable[[FileError], object] = lambda error: None,
) -> Iterator[Record]:
    """The records below `folder`, read one by one, in a stable order.

    `named` takes a file's name without `.json` and says whether the file is read. A damaged record
    concerns its own article only, so it is skipped, and `damaged` is told. Raises `FileError` where
    a folder cannot be listed.
    """
    for path in paths(folder):
        if named(path.name.removesuffix(_SUFFIX)):
            try:
                record = read(path, folder.parent)
            except FileError as error:
                damaged(error)
                continue
            if record is not None:
                yield record


def paths(folder: Path) -> Iterator[Path]:
    """The files of the records below `folder`, in a stable order.

    Raises `FileError` where a folder cannot be listed.
    """
    for parent, folders, files in os.walk(folder, onerror=opening.refuse_unlisted):
        folders.sort()
        yield from (Path(parent, file) for file in sorted(files) if file.endswith(_SUFFIX))


def of_target(folder: Path, target: Path, root: Path) -> Record | None:
    """The record of the run that wrote the file at `target`, None where there is none.

    The record is found also where the content root, now `root`, had another path during the run, as
    in a fresh checkout. Only records with a fitting name are read: a result has the name of its
    article, or ends in `.md`.
    """
    results = {target.name, Path(os.path.realpath(target)).name}
    stems = {name.removesuffix(".md") for name in results if name.endswith(".md")}
    cut = {kept_name(Path(name).stem + suffix) for name in results for suffix in SUFFIXES}

    def may_be(name: str) -> bool:
        return name in results or name in cut or _stem(name) in stems

    found = (at_target(record, target, root) for record in every(folder, may_be))
    return next(filter(None, found), None)


def at_target(record: Record, target: Path | str, root: Path) -> Record | None:
    """The record of the file at `target` among those of an article.

    Where no run wrote it, that of a rewrite which is held for it.
    """
    found = (
        one
        for one in record.each()
        if is_same(one.target, target) or is_same(moved_target(one, root), target)
    )
    return min(found, key=lambda one: one.status == "held", default=None)


def _stem(name: str) -> str:
    """A file's name without its suffix; of `FILE#NAME` the name of the article in the file."""
    return name.rpartition("#")[2] if "#" in name else name.rpartition(".")[0] or name


def moved_target(record: Record, root: Path) -> str | None:
    """The target's path now, where the content root of the run was moved to `root`."""
    if not (record.input and record.target):
        return None
    was_at = record.input.removesuffix(record.name)
    if was_at == record.input or not record.target.startswith(was_at):
        return None
    return str(root / record.target.removeprefix(was_at))


def of_input(folder: Path, article: Path) -> Record | None:
    """The record of the run over the article at `article`, None where there is none."""
    names = {kept_name(article.name), kept_name(Path(os.path.realpath(article)).name)}
    found = every(folder, names.__contains__)
    return next((record for record in found if is_same(record.input, article)), None)


def is_same(path: str | None, other: Path | str) -> bool:
    """Whether two paths or addresses are those of one file or object."""
    if path is None:
        return False
    return path == str(other) or os.path.realpath(path) == os.path.realpath(other)


def discard(folder: Path, name: str) -> None:
    """Delete the record of the article called `name`, if there is one."""
    opening.remove(path_of(folder, name), folder.parent)


def path_of(folder: Path, name: str) -> Path:
    """The file of the record of the article called `name`."""
    return kept_at(folder, name, _SUFFIX)
