"""Rewrites that were held, waiting for a person's decision: the document and its record."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from rewriter.errors import FileChangedError, FileError
from rewriter.files import atomic
from rewriter.files.inputs import read
from rewriter.state import State, kept_at, originals, records
from rewriter.state.records import Record


def keep(state: State, record: Record, document: bytes | None) -> None:
    """Keep a held rewrite with its findings; `document` is None where nothing was written yet.

    The `output_digest` of a held record is that of its document.
    """
    release(state, record.name)  # a process that is killed here leaves no document of another run
    digest = None
    if document is not None:
        digest = atomic.digest(document)
        atomic.write(_document(state, record.name), document)
    records.save(state.held, record.model_copy(update={"output_digest": digest}))


def is_edited(state: State, name: str) -> bool:
    """Whether a person has edited the held document of an article. Raises `FileError`."""
    record = records.load(state.held, name)
    path = _document(state, name)
    if record is None or not os.path.exists(path):
        return False
    return atomic.digest(read(path)) != record.output_digest


def release(state: State, name: str) -> None:
    """Forget the held rewrite of an article; what a person has edited goes among the originals."""
    if is_edited(state, name):
        originals.keep(state, name, read(_document(state, name)), "replaced")
    _discard(state, name)


def publish(state: State, article: Path, reason: str) -> Path:
    """Write the held rewrite of `article` to where it was meant to go; returns that path.

    The source and what is replaced are kept, and the record says who is responsible by `reason`.
    Raises `FileError` when there is none, and `FileChangedError` when the article, or the file that
    it was to replace, has changed since.
    """
    record = records.of_input(state.held, article)
    if record is None or record.target is None or not os.path.exists(_document(state, record.name)):
        raise FileError(f"{article}: no rewrite of it is held in {state.held}")
    name = record.name
    source, target = _source(state, record, article), Path(record.target)
    data = read(_document(state, name))
    before = read(target) if os.path.exists(target) else None
    if before != data:  # it is, where a process was killed between the write and the record
        if record.replaces != (None if before is None else atomic.digest(before)):
            raise _changed(target)
        originals.write_over(state, name, target, data, source=source, before=before)
    done = {"verdict": "publish", "reason": reason, "output_digest": atomic.digest(data)}
    decided = record.model_copy(update={**done, "finished_at": datetime.now(UTC)})
    records.save(state.records, decided)
    _discard(state, name)
    return target


def is_document(state: State, path: Path) -> bool:
    """Whether the file at `path` is the document of a held rewrite."""
    real = Path(os.path.realpath(path))
    return real.suffix == ".md" and real.is_relative_to(os.path.realpath(state.held))


def source_of(state: State, document: Path) -> tuple[str, bytes]:
    """The article's name and raw source of the held rewrite at `document`.

    That is its input, or the original that was kept.

    Raises `FileError` where there is no record of it, or neither is what it was made of.
    """
    record = records.read(document.with_suffix(".json"))
    if record is None:
        raise FileError(f"{document}: no record stands beside it; name its source with --source")
    if record.input and os.path.exists(record.input):
        data = read(Path(record.input))
        if atomic.digest(data) == record.source_digest:
            return record.name, data
    if any(k.digest == record.source_digest for k in originals.history(state, record.name)):
        return record.name, originals.get(state, record.name, record.source_digest)
    raise FileError(
        f"{document}: its article {record.input or record.name} has changed or is gone; "
        "run 'rewriter rewrite' again, or name the source with --source"
    )


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


def _discard(state: State, name: str) -> None:
    records.discard(state.held, name)
    _document(state, name).unlink(missing_ok=True)


def _document(state: State, name: str) -> Path:
    return kept_at(state.held, name, ".md")
