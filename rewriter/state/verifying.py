"""Looks for damage in a state directory, and for files that do not belong there.

It changes nothing, reads every regular file once, and reports other files unread.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from rewriter.errors import FileError
from rewriter.files import atomic, opening
from rewriter.files.disk_set import DiskSet
from rewriter.state import State, held, originals, records
from rewriter.state.ledger import Entry
from rewriter.state.records import Record

_MOST_BYTES = 64_000_000
_DIGEST = re.compile("[0-9a-f]{64}")
_ADVICE = "move it out of the state directory, and run again"


class Damage(NamedTuple):
    """A file of the state directory, what is wrong with it, and what to do."""

    path: Path
    problem: str
    advice: str


class Verified(NamedTuple):
    """The number of files that were looked at, and the damage."""

    files: int
    damage: tuple[Damage, ...]


def verify(state: State) -> Verified:
    """What is damaged, left over or not to be trusted in the state directory, by path.

    Raises `FileError` where it cannot be listed.
    """
    files, damage = 0, []
    with DiskSet() as named:
        for path in _paths(state):
            files += 1
            for found in look_at(state, path, named):
                problem, _, advice = found.partition("; ")
                damage.append(Damage(path, problem, advice or _ADVICE))
    return Verified(files, tuple(damage))


def look_at(state: State, path: Path, named: DiskSet) -> Iterator[str]:
    """The problems of one file; none of a file that a worker has removed meanwhile.

    `named` collects the digests that histories name.
    """
    try:
        yield from _problems(state, path, named)
    except FileNotFoundError:
        return
    except FileError as error:
        yield str(error).removeprefix(f"{path}: ")
    except OSError as error:
        yield f"cannot read it: {error.strerror}; give this user permission to read it"


def _paths(state: State) -> Iterator[Path]:
    """All files, and links and folders in the place of others; none of the embedded Valkey."""
    for parent, folders, files in os.walk(state.directory, onerror=opening.refuse_unlisted):
        folders[:] = sorted(name for name in folders if Path(parent, name) != state.valkey)
        wrong = (name for name in folders if _is_no_folder(Path(parent, name)))
        yield from (Path(parent, name) for name in sorted((*files, *wrong)))


def _is_no_folder(path: Path) -> bool:
    """Whether a link is at a folder's place, or a folder at a file's.

    A folder of articles may be called as a file: then records are in the folder of its name.
    """
    is_named_as_a_file = path.suffix in (".json", ".jsonl", ".md") or _DIGEST.fullmatch(path.name)
    return path.is_symlink() or (bool(is_named_as_a_file) and not any(path.rglob("*.json")))


def _problems(state: State, path: Path, named: DiskSet) -> Iterator[str]:
    kind = path.lstat().st_mode
    if stat.S_ISLNK(kind):
        yield f"a link to {path.readlink()}, and nothing in the state directory is one; remove it"
        return
    if not stat.S_ISREG(kind):
        yield originals.NO_FILE
        return
    if atomic.is_temporary(path):
        yield (
            "half-written, by a process that was killed or still writes; "
            "'rewriter state prune' removes it"
        )
        return
    look = _LOOKS.get(path.relative_to(state.directory).parts[0])
    if look and path.name != ".lock":
        yield from look(state, path, named)


def _of_record(state: State, path: Path, _named: DiskSet) -> Iterator[str]:
    if path.suffix != ".json":
        return
    record = records.read(path, state.directory)
    if record is None:
        return
    if records.path_of(state.records, record.name) != path:
        yield f"the record of another article, {record.name}; delete it"
    for one in record.each():
        held.target_home(state, one)


def _of_held(state: State, path: Path, _named: DiskSet) -> Iterator[str]:
    other = path.with_suffix(".md" if path.suffix == ".json" else ".json")
    record = records.read(path if path.suffix == ".json" else other, state.directory)
    if path.suffix == ".md":
        if record is None:
            yield "it has no record next to it; read it, then delete it and run again"
        return
    if record is None:
        return
    yield from _of_held_record(state, path, other, record)


def _of_held_record(state: State, path: Path, other: Path, record: Record) -> Iterator[str]:
    if records.path_of(state.held, record.name) != path:
        yield f"the record of another article, {record.name}; delete it"
    if record.output_digest is not None and not os.path.lexists(other):
        yield f"its document {other.name} is missing; run again: stored answers cost nothing"
    held.target_home(state, record)


def _of_ledger(state: State, path: Path, _named: DiskSet) -> Iterator[str]:
    if path.suffix != ".json":
        return
    try:
        entry = Entry.model_validate_json(opening.read(path, state.directory))
    except ValidationError as error:
        yield f"damaged: {error.errors()[0]['msg']}; delete it to ask, and pay, again"
        return
    if path.name.partition(".")[0] != entry.request.digest():
        yield "the answer to another request than its name says; delete it to ask, and pay, again"


def _of_originals(state: State, path: Path, named: DiskSet) -> Iterator[str]:
    if path.suffix == ".jsonl":
        yield from _of_history(state, path, named)
    elif atomic.digest(opening.read(path, state.directory, _MOST_BYTES)) != path.name:
        yield "the stored content is damaged: it has another digest; restore it from a backup"
    elif named.owner(path.name) is None:  # histories come before contents
        yield "no history names it; 'rewriter state prune' removes it when it is old"


def _of_history(state: State, path: Path, named: DiskSet) -> Iterator[str]:
    for number, line in enumerate(opening.read(path, state.directory).split(b"\n"), 1):
        if line and originals.parsed(line) is None:
            yield f"line {number} is damaged; restore it from a backup, or leave it: it is ignored"
    for number, kept in originals.live(state, path).items():
        named.add(kept.digest)
        if "\\" not in kept.name and atomic.digest(os.fsencode(kept.name)) != path.stem:
            yield f"line {number} is about another article, {kept.name}; delete the line"
        if not originals.object_at(state, kept.digest).is_file():
            yield (
                f"line {number}: the content {kept.digest} of {kept.name} is missing; "
                "restore it from a backup"
            )


_LOOKS: dict[str, Callable[[State, Path, DiskSet], Iterator[str]]] = {
    "records": _of_record,
    "held": _of_held,
    "ledger": _of_ledger,
    "originals": _of_originals,
}
