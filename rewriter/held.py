"""Rewrites that were held, waiting for a person's decision: the document and its record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rewriter import atomic, records
from rewriter.errors import FileChangedError, FileError
from rewriter.inputs import read
from rewriter.originals import Originals
from rewriter.records import Record
from rewriter.state import State


def keep(state: State, record: Record, document: bytes | None) -> None:
    """Keep a held rewrite with its findings; `document` is None where nothing was written yet."""
    records.save(state.held, record)
    if document is not None:
        atomic.write(_document(state, record.name), document)


def release(state: State, name: str) -> None:
    """Forget the held rewrite of an article that has been published since."""
    records.discard(state.held, name)
    _document(state, name).unlink(missing_ok=True)


def publish(state: State, article: Path, reason: str) -> Path:
    """Write the held rewrite of `article` to where it was meant to go; returns that path.

    The source is kept, and the record says who is responsible by `reason`. Raises `FileError` when
    there is none, and `FileChangedError` when the article has changed since.
    """
    name = state.name_of(article).as_posix()
    record = records.load(state.held, name)
    if record is None or record.target is None or not _document(state, name).exists():
        raise FileError(f"{article}: no rewrite of it is held in {state.held}")
    source, target = read(article), Path(record.target)
    if atomic.digest(source) != record.source_digest:
        raise FileChangedError(
            f"{article}: changed since its rewrite was held; run 'rewriter rewrite' again"
        )
    data = read(_document(state, name))
    _write(state, article, source, target, data)
    done = {"verdict": "publish", "reason": reason, "output_digest": atomic.digest(data)}
    decided = record.model_copy(update={**done, "finished_at": datetime.now(UTC)})
    records.save(state.records, decided)
    release(state, name)
    return target


def _write(state: State, article: Path, source: bytes, target: Path, data: bytes) -> None:
    store = Originals(state)
    if target.resolve() == article.resolve():
        store.replace(article, data, source)
        return
    store.keep(article, source)
    if target.exists():
        atomic.replace(target, data, read(target))
    else:
        atomic.create(target, data)


def _document(state: State, name: str) -> Path:
    return state.held / f"{name}.md"
