"""Rewrites that were held, waiting for a person's decision: the document and its record."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from rewriter import atomic, originals, records
from rewriter.errors import FileChangedError, FileError
from rewriter.inputs import name_of, read
from rewriter.records import Record
from rewriter.state import State


def keep(state: State, record: Record, document: bytes | None) -> None:
    """Keep a held rewrite with its findings; `document` is None where nothing was written yet."""
    release(state, record.name)  # a process that is killed here leaves no document of another run
    if document is not None:
        atomic.write(_document(state, record.name), document)
    records.save(state.held, record)


def release(state: State, name: str) -> None:
    """Forget the held rewrite of an article that has been published since."""
    records.discard(state.held, name)
    _document(state, name).unlink(missing_ok=True)


def publish(state: State, article: Path, reason: str) -> Path:
    """Write the held rewrite of `article` to where it was meant to go; returns that path.

    The source and what is replaced are kept, and the record says who is responsible by `reason`.
    Raises `FileError` when there is none, and `FileChangedError` when the article, or the file that
    it was to replace, has changed since.
    """
    name = name_of(article, state.root)
    record = records.load(state.held, name)
    if record is None or record.target is None or not _document(state, name).exists():
        raise FileError(f"{article}: no rewrite of it is held in {state.held}")
    source, target = _source(state, record, article), Path(record.target)
    data = read(_document(state, name))
    before = read(target) if target.exists() else None
    if before != data:  # it is, where a process was killed between the write and the record
        if record.replaces != (None if before is None else atomic.digest(before)):
            raise _changed(target)
        originals.write_over(state, name, target, data, source=source, before=before)
    done = {"verdict": "publish", "reason": reason, "output_digest": atomic.digest(data)}
    decided = record.model_copy(update={**done, "finished_at": datetime.now(UTC)})
    records.save(state.records, decided)
    release(state, name)
    return target


def _source(state: State, record: Record, article: Path) -> bytes:
    """The source of a held rewrite: the article, or the original of one that was rewritten before.

    Raises `FileChangedError` when neither is what the rewrite was made of.
    """
    sources = [read(article)]
    if os.path.abspath(article) == record.target:
        sources.append(originals.latest(state, record.name) or b"")
    for source in sources:
        if atomic.digest(source) == record.source_digest:
            return source
    raise _changed(article)


def _changed(path: Path) -> FileChangedError:
    return FileChangedError(
        f"{path}: changed since its rewrite was held; run 'rewriter rewrite' again"
    )


def _document(state: State, name: str) -> Path:
    return state.held / f"{name}.md"
