"""What changed: the front matter by the rewrite, and the passages by each repair."""

from __future__ import annotations

import json
from typing import NamedTuple

from rewriter import frontmatter
from rewriter.article import Rewrite
from rewriter.completion.answer import to_rewrite
from rewriter.errors import FileError, FrontMatterError, MalformedAnswerError
from rewriter.review.articles import Reviewed
from rewriter.state.ledger import FileLedger, Key
from rewriter.webpage import diffs
from rewriter.webpage.diffs import DiffPiece


class Change(NamedTuple):
    """A passage before and after the repairs, as pieces."""

    section: str
    place: str
    pieces: tuple[DiffPiece, ...]


def front_matter(reviewed: Reviewed) -> tuple[DiffPiece, ...]:
    """The lines of the front matter: kept, removed and added by the rewrite."""
    before = _header(reviewed.original) if reviewed.source.kind == "markdown" else []
    return tuple(diffs.compared(before, _header(reviewed.data), "\n"))


def _header(data: bytes) -> list[str]:
    try:
        document = frontmatter.read(data)
    except FrontMatterError:
        return []
    encoding = "utf-8" if document.encoding == "utf-8-sig" else document.encoding
    return data[: document.body_offset].decode(encoding, "replace").splitlines()


def repairs(reviewed: Reviewed) -> tuple[Change, ...]:
    """What the repairs changed in the model's first answer; empty where none is stored."""
    rewrite, first = reviewed.entry.record.rewrite, _first_answer(reviewed)
    if rewrite is None or first is None:
        return ()
    earlier = {(passage.section, passage.place): passage.text for passage in first.passages()}
    return tuple(
        Change(passage.section, passage.place, diffs.words(before, passage.text))
        for passage in rewrite.passages()
        if (before := earlier.get((passage.section, passage.place), "")) != passage.text
    )


def _first_answer(reviewed: Reviewed) -> Rewrite | None:
    record = reviewed.entry.record
    if len(record.request_digests) < 2:  # nothing was asked again
        return None
    ledger = FileLedger(reviewed.entry.state.ledger)
    try:
        entry = ledger.entry(Key(record.request_digests[0]))
        return to_rewrite(json.loads(entry.completion.text)) if entry else None
    except (FileError, MalformedAnswerError, ValueError):
        return None  # an answer that was asked for again, or is damaged: there is no comparison
