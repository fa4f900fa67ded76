"""Removes from a state directory what is old and not needed any more.

Removed are answers, replaced rewrites, rescued texts of changed articles, and temporary files of
killed processes. Records, held rewrites, the last source of an article, what a person edited or
decided about, and the answers of held rewrites stay, however old they are. Workers may run
meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from rewriter.errors import FileError
from rewriter.files import atomic, inputs, opening
from rewriter.files.disk_set import DiskSet
from rewriter.state import State, originals, records
from rewriter.state.originals import KeptOriginal
from rewriter.state.records import Record

_BLOCK_BYTES = 512  # the unit of `st_blocks` on POSIX


class Pruned(NamedTuple):
    """A removed file, and the bytes that it occupied on the disk."""

    path: Path
    size: int


def prune(
    state: State, before: float, *, dry_run: bool = False, kept_twice: bool = False
) -> Iterator[Pruned]:
    """Remove what is older than `before` (Unix seconds), file by file; a dry run only lists it.

    With `kept_twice` also originals go whose article is still where it was read, byte for byte,
    and has a result of its own that nobody has decided about.

    Raises `FileError` where a file cannot be read or removed. What was removed until then is gone;
    a second call goes on.
    """
    needed = _answers_of_held(state)
    for path in _old(state.directory, before, passed_over=state.valkey):
        is_answer = path.is_relative_to(state.ledger) and path.suffix == ".json"
        if (
            atomic.is_temporary(path)
            or path.is_relative_to(state.conflicts)
            or (is_answer and path.name.partition(".")[0] not in needed)
        ):
            yield from _removed(state, path, dry_run=dry_run)
    yield from _originals(state, before, dry_run=dry_run, kept_twice=kept_twice)


def _old(folder: Path, before: float, passed_over: Path | None = None) -> Iterator[Path]:
    """The files below `folder` that were last written before a time."""
    for parent, folders, names in os.walk(folder, onerror=opening.refuse_unlisted):
        folders[:] = [name for name in folders if Path(parent, name) != passed_over]
        yield from (path for name in names if _is_old(path := Path(parent, name), before))


def _removed(state: State, path: Path, *, dry_run: bool) -> Iterator[Pruned]:
    try:
        size = path.lstat().st_blocks * _BLOCK_BYTES
        if not dry_run:
            if atomic.is_temporary(path):
                if not atomic.remove_stale(path):
                    return
            else:
                opening.remove(path, state.directory)
    except FileNotFoundError:
        return
    except OSError as error:
        raise FileError(f"{path}: cannot remove it: {error.strerror}") from error
    yield Pruned(path, size)


def _answers_of_held(state: State) -> set[str]:
    """The digests of the requests of held rewrites; a decision may still need their answers.

    Raises `FileError` for a damaged record: which answers it needs is not known.
    """
    return {
        digest
        for record in records.every(state.held, damaged=_refuse)
        for digest in (*record.request_digests, *record.reading_digests)
    }


def _refuse(damage: FileError) -> None:
    raise damage


def _originals(state: State, before: float, *, dry_run: bool, kept_twice: bool) -> Iterator[Pruned]:
    """Take old rewrites back from the histories, then remove contents that no history names."""
    with DiskSet() as named, DiskSet() as twice:
        for path in state.originals.glob("history/*/*.jsonl"):
            kept = list(originals.live(state, path).values())
            gone = _gone(state, kept, before)
            left = [one for one in kept if one.digest not in gone]
            if kept_twice and _is_at_its_input(state, left, before):
                twice.add(str(path))
            else:
                for one in left:
                    named.add(one.digest)
            if not dry_run:
                for one in {one.digest: one for one in kept if one.digest in gone}.values():
                    originals.forget(state, path, one, datetime.fromtimestamp(before, UTC))
        for history in twice:
            yield from _kept_twice(state, Path(history), named, before, dry_run=dry_run)
        for path in _old(state.originals / "objects", before):
            if not atomic.is_temporary(path) and named.owner(path.name) is None:
                with originals.content_lock(state, path.name):
                    if _is_old(path, before):  # it may have been kept again meanwhile
                        yield from _removed(state, path, dry_run=dry_run)


def _kept_twice(
    state: State, path: Path, named: DiskSet, before: float, *, dry_run: bool
) -> Iterator[Pruned]:
    """Remove the history of an original that is still at its input, or name its content.

    Other articles may have the same content, so contents that nobody names go at the end.
    A run that reads the input, to write over it, makes the content young before it does so.
    """
    kept = list(originals.live(state, path).values())
    content = originals.object_at(state, kept[-1].digest)
    with originals.content_lock(state, kept[-1].digest):
        if not (_is_old(content, before) and _is_at_its_input(state, kept, before)):
            named.add(kept[-1].digest)
            return
        if not dry_run:
            originals.forget(state, path, kept[-1], datetime.fromtimestamp(before, UTC))
    size = path.lstat().st_blocks * _BLOCK_BYTES
    if dry_run or originals.remove_if_empty(state, path):
        yield Pruned(path, size)


def _is_at_its_input(state: State, kept: list[KeptOriginal], before: float) -> bool:
    """Whether one old source is all that is kept of an article, and its input still has it."""
    if not kept:
        return False
    name, digest = kept[-1].name, kept[-1].digest
    is_one_source = {(one.digest, one.kind) for one in kept} == {(digest, "original")}
    if "\\" in name or not is_one_source or kept[-1].at.timestamp() >= before:
        return False
    try:
        record, is_held = records.load(state.records, name), records.load(state.held, name)
        if record is None or is_held or not record.input or record.source_digest != digest:
            return False
        if any(one.decisions or one.reason for one in record.each()):
            return False
        if any(one.target in (None, one.input) for one in record.each()):
            return False
        return atomic.digest(inputs.read(Path(record.input))) == digest
    except FileError:
        return False


def _gone(state: State, kept: list[KeptOriginal], before: float) -> set[str]:
    """The digests of an article that are old, and that nobody needs."""
    if not kept:
        return set()
    sources = [one.digest for one in kept if one.kind == "original"]
    needed = {one.digest for one in kept if one.kind == "decided" or one.at.timestamp() >= before}
    needed |= {kept[-1].digest, *sources[-1:]}
    gone = {one.digest for one in kept} - needed
    return gone - _named_by_records(state, kept[-1].name, gone) if gone else gone


def _named_by_records(state: State, name: str, digests: set[str]) -> set[str]:
    """Those of `digests` that the records of an article name; all where that is not known."""
    if "\\" in name:  # a name that is not UTF-8 cannot be made of what the history writes
        return digests
    try:
        found = [records.load(folder, name) for folder in (state.records, state.held)]
    except FileError:
        return digests
    each = (one for record in found if record for one in record.each())
    return {digest for one in each for digest in _digests(one)}


def _digests(record: Record) -> Iterator[str]:
    named = (record.source_digest, record.replaces, record.output_digest)
    decided = (digest for one in record.decisions for digest in (one.before, one.after))
    yield from (digest for digest in (*named, *decided) if digest)


def _is_old(path: Path, before: float) -> bool:
    try:
        return path.lstat().st_mtime < before
    except FileNotFoundError:
        return False
