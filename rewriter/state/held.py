"""Held rewrites: the document and its record, until a person decides."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from rewriter.article import Finding
from rewriter.errors import FileChangedError, FileError, FrontMatterError
from rewriter.files import atomic, opening
from rewriter.files.inputs import read
from rewriter.files.objects import is_address, name_of, place_at
from rewriter.files.places import Content, Place
from rewriter.state import State, kept_at, locking, originals, records
from rewriter.state.records import Record


def keep(state: State, record: Record, document: bytes | None) -> None:
    """Keep a held rewrite with its findings; `document` is None where there is no rewrite.

    The `output_digest` of a held record is the digest of its document. Raises `FileError`.
    """
    release(state, record.name)  # a process that is killed here leaves no document of another run
    digest = None
    if document is not None:
        digest = atomic.digest(document)
        atomic.write(document_at(state, record.name), document, state.directory)
    records.save(state.held, record.model_copy(update={"output_digest": digest}))


def is_edited(state: State, name: str) -> bool:
    """Whether a person has edited the held document of an article. Raises `FileError`."""
    path = document_at(state, name)
    if not os.path.exists(path):
        return False
    record = records.load(state.held, name)
    return record is not None and atomic.digest(_document(state, name)) != record.output_digest


def release(state: State, name: str) -> None:
    """Delete the held rewrite of an article; an edited document is first kept as an original.

    Raises `FileError`.
    """
    if is_edited(state, name):
        originals.keep(state, name, _document(state, name), "decided")
    _discard(state, name)


def publish(
    state: State,
    article: Path | str,
    reason: str,
    *,
    edit: Callable[[bytes], bytes] = bytes,
    judge: Callable[[Record, bytes, bytes], Iterable[Finding]] | None = None,
) -> Place:
    """Write the held rewrite of `article` to its target, and return that.

    `article` may also be the target; an `s3://` address is that of an article. `edit` makes the
    text to write of the one that was held, and `judge` finds what is wrong with it, given the
    record, the source and the text: a person may have edited it.

    The source and the replaced file are kept as originals. The record takes the person's `reason`
    and what `judge` finds. Raises `FileError` where no rewrite is held or its target is not
    trusted, `FrontMatterError` where that of the document is broken, and `FileChangedError` where
    the article or the file at the target has changed since.
    """
    with locking.held(*records.lock(state.records, _publishable(state, article).name)):
        return _publish(state, article, reason, edit, judge)


def _publish(
    state: State,
    article: Path | str,
    reason: str,
    edit: Callable[[bytes], bytes],
    judge: Callable[[Record, bytes, bytes], Iterable[Finding]] | None,
) -> Place:
    record = _publishable(state, article)
    name = record.name
    target = place_at(record.target or "", target_home(state, record))
    source = _source(state, record, place_at(record.input or str(article)))
    try:
        data = edit(_document(state, name))
        findings = tuple(judge(record, source.data, data)) if judge else record.findings
    except FrontMatterError as error:
        raise error.at(document_at(state, name)) from error
    for path in (records.path_of(state.records, name), document_at(state, name)):
        atomic.refuse_unwritable(path, state.directory)  # else the target alone would be written
    before = target.read_if_there()
    digest = atomic.digest(data)
    # The digests are equal where a process was killed between the write and the record.
    if before is None or before.digest != digest:
        if record.replaces != (before and before.digest):
            raise _changed(target)
        last = records.load(state.records, name)
        result = records.at_target(last, target.address, state.root) if last else None
        written = result.output_digest if result else None
        originals.write_over(
            state, name, target, data, source=source, before=before, written=written
        )
    done = {"status": "published", "reason": reason, "output_digest": digest, "findings": findings}
    decided = record.model_copy(update={**done, "finished_at": datetime.now(UTC)})
    records.save(state.records, decided)
    _discard(state, name)
    return target


def _publishable(state: State, article: Path | str) -> Record:
    """The record of a held rewrite. Raises `FileError` where there is nothing to publish."""
    record = record_of(state, article)
    if record is None:
        raise FileError(
            f"{article}: no rewrite of it is held in {state.held}; 'rewriter held' lists what is, "
            "and an article of a file with several is called FILE#NAME"
        )
    if record.target is None or not os.path.exists(document_at(state, record.name)):
        codes = ", ".join(sorted({finding.code for finding in record.findings}))
        raise FileError(
            f"{article}: it is held without a rewrite{f' ({codes})' if codes else ''}, so nothing "
            "can be published; mend the article and run 'rewriter rewrite' again"
        )
    if is_address(record.input) and not is_address(record.target):
        raise FileError(
            f"{article}: its record names the object {record.input} as the source of a file, which "
            "no run does; run 'rewriter rewrite' again"
        )
    return record


def record_of(state: State, article: Path | str) -> Record | None:
    """The record of the held rewrite of an article or its target, None where none is held."""
    if isinstance(article, Path):
        found = records.of_input(state.held, article)
        return found or records.of_target(state.held, article, state.root)
    return records.load(state.held, name_of(place_at(article)))


def signature_of(state: State, name: str, target: str | None) -> str | None:
    """What a record needs to be trusted later where its target is outside of the content root."""
    if target is None or _is_inside(state, target):
        return None
    return signature(name, target)


def target_home(state: State, record: Record) -> Path | None:
    """The folder that a link may not lead the record's target out of, None where it has none.

    Records may come with a folder of somebody else's. Raises `FileError` for a target outside of
    the content root, unless a run of this user named it.
    """
    target = record.target
    if target is None:
        return None
    if _is_inside(state, target):
        return state.root
    if is_signed(record.name, target, record.signed):
        return None
    raise FileError(
        f"{record.name}: its record names a target outside of the content root {state.root}: "
        f"{target}; no run of yours on this machine has named it, so it is not written: run "
        "'rewriter rewrite' again, or give a --root that holds the article and its target"
    )


def _is_inside(state: State, target: str) -> bool:
    return not is_address(target) and Path(os.path.abspath(target)).is_relative_to(state.root)


def is_document(state: State, path: Path) -> bool:
    """Whether the file at `path` is the document of a held rewrite."""
    real = Path(os.path.realpath(path))
    return real.suffix == ".md" and real.is_relative_to(os.path.realpath(state.held))


def source_of(state: State, document: Path) -> tuple[str, bytes]:
    """The article's name and the raw source of the held rewrite at `document`.

    The source is the input, or the original that was kept. Raises `FileError` where there is no
    record, or where neither has the recorded digest.
    """
    record = records.read(document.with_suffix(".json"), state.directory)
    if record is None:
        raise FileError(f"{document}: it has no record next to it; name its source with --source")
    places = [Path(record.input)] if record.input else []
    data = originals.find(state, record.name, record.source_digest, places)
    if data is not None:
        return record.name, data
    raise FileError(
        f"{document}: its article {record.input or record.name} has changed or is gone; "
        "run 'rewriter rewrite' again, or name the source with --source"
    )


def _source(state: State, record: Record, article: Place) -> Content:
    """The source of a held rewrite: the article, or the original of an article rewritten before.

    Raises `FileChangedError` where neither has the recorded digest.
    """
    sources = [article.read()]
    if article.address == record.target:
        sources.append(Content(originals.latest(state, record.name) or b""))
    for source in sources:
        if source.digest == record.source_digest:
            return source
    raise _changed(article)


def _changed(path: Place) -> FileChangedError:
    return FileChangedError(
        f"{path}: changed since its rewrite was held; run 'rewriter rewrite' again"
    )


def _document(state: State, name: str) -> bytes:
    return read(document_at(state, name), state.directory)


def _discard(state: State, name: str) -> None:
    records.discard(state.held, name)
    opening.remove(document_at(state, name), state.directory)


def document_at(state: State, name: str) -> Path:
    """The file of the held rewrite of an article; it exists only while one is held."""
    return kept_at(state.held, name, ".md")


# --- signatures ----------------------------------------------------------------------------------

# A record says where its rewrite is to be written. Inside of the content root anybody may say so.
# For a place outside of it (`--out`) the record is signed with a key of the user (HMAC-SHA-256, RFC
# 2104), which lies in `$XDG_STATE_HOME/rewriter/` and never in a content root. So a record in a
# copied folder is recognised.
_KEY_BYTES = 32


def signature(name: str, target: str) -> str:
    """The signature of where the article called `name` is to be written; "" without a key."""
    key = _key()
    if key is None:
        return ""
    return hmac.new(key, f"{name}\0{target}".encode(), hashlib.sha256).hexdigest()


def is_signed(name: str, target: str, signed: str | None) -> bool:
    """Whether a run of this user has signed where the article is to be written."""
    return bool(signed) and hmac.compare_digest(signature(name, target), signed or "")


def _key() -> bytes | None:
    """The user's key, made at the first use; None where it can be neither made nor read."""
    state_home = os.environ.get("XDG_STATE_HOME") or Path("~/.local/state").expanduser()
    path = Path(state_home, "rewriter", "key")
    try:
        if not path.exists():
            with suppress(FileChangedError):  # another process has made it at the same time
                atomic.create(path, secrets.token_bytes(_KEY_BYTES))
                path.chmod(0o600)
        key = opening.read(path, most_bytes=_KEY_BYTES)
    except (OSError, FileError, RuntimeError):
        return None
    return key if len(key) == _KEY_BYTES else None
