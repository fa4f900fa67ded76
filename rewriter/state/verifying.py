"""Looks for damage in a state directory, and for files that do not belong there.

It changes nothing, reads every regular file once, and reports other files unread.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from rewriter.errors import FileError
from rewriter.files import atomic, opening
from rewriter.state import State, held, records
from rewriter.state.ledger import Entry
from rewriter.state.originals import KeptOriginal, object_at
from rewriter.state.records import Record

_MOST_BYTES = 64_000_000


class Damage(NamedTuple):
    """A file of the state directory, and what is wrong with it."""

    path: Path
    problem: str


class Verified(NamedTuple):
    """The number of files that were looked at, and the damage."""

    files: int
    damage: tuple[Damage, ...]


def verify(state: State) -> Verified:
    """What is damaged or not to be trusted in the state directory, by path.

    Raises `FileError` where it cannot be listed.
    """
    paths = list(_paths(state))
    return Verified(
        len(paths), tuple(Damage(path, told) for path in paths for told in _problems(state, path))
    )


def _paths(state: State) -> Iterator[Path]:
    """All entries except folders and the files of the embedded Valkey."""
    failures: list[OSError] = []
    for parent, folders, files in os.walk(state.directory, onerror=failures.append):
        folders[:] = sorted(name for name in folders if Path(parent, name) != state.valkey)
        links = (name for name in folders if Path(parent, name).is_symlink())
        yield from (Path(parent, name) for name in sorted((*files, *links)))
    for failure in failures:
        raise FileError(f"{failure.filename}: cannot list it: {failure.strerror}")


def _problems(state: State, path: Path) -> Iterator[str]:
    kind = path.lstat().st_mode
    if stat.S_ISLNK(kind):
        yield f"a link to {path.readlink()}; nothing in the state directory is one"
        return
    if not stat.S_ISREG(kind):
        yield "a pipe, a socket or a device; nothing in the state directory is one"
        return
    folder = path.relative_to(state.directory).parts[0]
    look = _LOOKS.get(folder)
    if look is None:
        return
    try:
        yield from look(state, path)
    except FileError as error:
        yield str(error).removeprefix(f"{path}: ")
    except OSError as error:
        yield f"cannot read it: {error.strerror}"


def _of_record(state: State, path: Path) -> Iterator[str]:
    if path.suffix != ".json":
        return
    record = records.read(path, state.directory)
    if record is None:
        return
    if records.path_of(state.records, record.name) != path:
        yield f"the record of another article, {record.name}"
    held.target_home(state, record)


def _of_held(state: State, path: Path) -> Iterator[str]:
    beside = path.with_suffix(".md" if path.suffix == ".json" else ".json")
    record = records.read(path if path.suffix == ".json" else beside, state.directory)
    if path.suffix == ".md":
        if record is None:
            yield "no record stands beside it"
        return
    if record is None:
        return
    yield from _of_held_record(state, path, beside, record)


def _of_held_record(state: State, path: Path, beside: Path, record: Record) -> Iterator[str]:
    if records.path_of(state.held, record.name) != path:
        yield f"the record of another article, {record.name}"
    if record.output_digest is not None and not os.path.lexists(beside):
        yield f"its document {beside.name} is missing"
    held.target_home(state, record)


def _of_ledger(state: State, path: Path) -> Iterator[str]:
    if path.suffix != ".json":
        return
    try:
        entry = Entry.model_validate_json(opening.read(path, state.directory))
    except ValidationError as error:
        yield f"damaged: {error.errors()[0]['msg']}; delete it to ask, and pay, again"
        return
    if path.name.partition(".")[0] != entry.request.digest():
        yield "the answer to another request than its name says; delete it to ask, and pay, again"


def _of_originals(state: State, path: Path) -> Iterator[str]:
    if path.suffix == ".jsonl":
        yield from _of_history(state, path)
    elif atomic.digest(opening.read(path, state.directory, _MOST_BYTES)) != path.name:
        yield "the stored content is damaged: it has another digest"


def _of_history(state: State, path: Path) -> Iterator[str]:
    data = opening.read(path, state.directory)
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line:
            continue
        try:
            kept = KeptOriginal.model_validate_json(line)
        except ValidationError:
            yield f"line {number} is damaged"
            continue
        if "\\" not in kept.name and atomic.digest(os.fsencode(kept.name)) != path.stem:
            yield f"line {number} is about another article, {kept.name}"
        if not object_at(state, kept.digest).is_file():
            yield f"line {number}: the content {kept.digest} of {kept.name} is missing"


_LOOKS: dict[str, Callable[[State, Path], Iterator[str]]] = {
    "records": _of_record,
    "held": _of_held,
    "ledger": _of_ledger,
    "originals": _of_originals,
}
