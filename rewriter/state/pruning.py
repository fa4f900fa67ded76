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
from rewriter.files import atomic, opening
from rewriter.files.disk_set import DiskSet
from rewriter.state import State, originals, records
from rewriter.state.originals import KeptOriginal
from rewriter.state.records import Record

_BLOCK_BYTES = 512  # the unit of `st_blocks` on POSIX


class Pruned(NamedTuple):
    """A removed file, and the bytes that it occupied on the disk."""

    path: Path
    size: int


def prune(state: State, before: float, *, dry_run: bool = False) -> Iterator[Pruned]:
    """Remove what is older than `before` (Unix seconds), file by file; a dry run only lists it.

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
    yield from _originals(state, before, dry_run=dry_run)


def _old(folder: Path, before: float, passed_over: Path | None = None) -> Iterator[Path]:
    """The files below `folder` that were last written before a time."""
    for parent, folders, names in os.walk(folder):
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
    """The digests of the requests of held rewrites; a decision may still need their answers."""
    return {
        digest
        for record in records.every(state.held)
        for digest in (*record.request_digests, *record.reading_digests)
    }


def _originals(state: State, before: float, *, dry_run: bool) -> Iterator[Pruned]:
    """Take old rewrites back from the histories, then remove contents that no history names."""
    with DiskSet() as named:
        for path in state.originals.glob("history/*/*.jsonl"):
            kept = list(originals.live(state, path).values())
            gone = _gone(state, kept, before)
            for one in kept:
                if one.digest not in gone:
                    named.add(one.digest)
            if not dry_run:
                for one in {one.digest: one for one in kept if one.digest in gone}.values():
                    originals.forget(state, path, one, datetime.fromtimestamp(before, UTC))
        for path in _old(state.originals / "objects", before):
            if not atomic.is_temporary(path) and named.owner(path.name) is None:
                with originals.content_lock(state, path.name):
                    if _is_old(path, before):  # it may have been kept again meanwhile
                        yield from _removed(state, path, dry_run=dry_run)


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
    return {digest for record in found if record for digest in _digests(record)}


def _digests(record: Record) -> Iterator[str]:
    named = (record.source_digest, record.replaces, record.output_digest)
    decided = (digest for one in record.decisions for digest in (one.before, one.after))
    yield from (digest for digest in (*named, *decided) if digest)


def _is_old(path: Path, before: float) -> bool:
    try:
        return path.lstat().st_mtime < before
    except FileNotFoundError:
        return False
