"""The HTML of the review: one article, and the index of several."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from rewriter import frontmatter
from rewriter.article import Rewrite, Source
from rewriter.completion.answer import to_rewrite
from rewriter.errors import FileError, FrontMatterError, MalformedAnswerError
from rewriter.escaping import counted
from rewriter.files import atomic
from rewriter.review.articles import Reviewed, ReviewEntry
from rewriter.review.marks import MarkedPassage, marked
from rewriter.state.ledger import FileLedger, Key
from rewriter.webpage import Pages, diffs
from rewriter.webpage.diffs import DiffPiece

PAGES = Pages(__package__, "review.css", "review.js")


def article(reviewed: Reviewed, *, index: str = "", address: str = "") -> str:
    """The page of one article.

    `index` is the address of the index, if there is one. `address` is where the server takes
    decisions on the article; without it the page only shows.
    """
    findings = [one.finding for one in reviewed.findings if one.decision is None]
    evidence = reviewed.evidence
    passages = tuple(marked(reviewed.passages, findings, evidence)) if evidence else ()
    return PAGES.render(
        "article.html.j2",
        served=bool(address),
        title=reviewed.entry.title,
        entry=reviewed.entry,
        record=reviewed.entry.record,
        reviewed=reviewed,
        sections=_sections(passages),
        wrong=next((f.section for f in findings if f.severity == "error"), ""),
        paragraphs=_paragraphs(reviewed.source, passages),
        front_matter=front_matter(reviewed),
        repairs=repairs(reviewed),
        index=index,
        digest=atomic.digest(reviewed.data),
        address=address,
    )


def index(entries: Sequence[ReviewEntry], addresses: Sequence[str]) -> str:
    """The page that lists several articles, in the given order, with the address of each."""
    return PAGES.render(
        "index.html.j2",
        title=counted(len(entries), "article"),
        rows=list(zip(entries, addresses, strict=True)),
        held=sum(entry.status == "held" for entry in entries),
        most=max((len(entry.record.findings) for entry in entries), default=0),
    )


# --- what the templates loop over ---------------------------------------------------------------


def _sections(passages: Sequence[MarkedPassage]) -> list[tuple[str, list[MarkedPassage]]]:
    found: dict[str, list[MarkedPassage]] = {}
    for passage in passages:
        found.setdefault(passage.section, []).append(passage)
    return list(found.items())


def _paragraphs(source: Source, passages: Sequence[MarkedPassage]) -> list[dict[str, Any]]:
    """The source's blocks, each with its sentences and the rewrite's sentences on each of them."""
    users: dict[str, list[str]] = {}
    for passage in passages:
        for sentence in passage.sentences:
            for name in sentence.sources:
                users.setdefault(name, []).append(sentence.id)
    blocks: dict[tuple[str, int], dict[str, Any]] = {}
    for said in source.sentences:
        kind = said.place if said.place in ("question", "answer") else "text"
        block = blocks.setdefault((kind, said.index), {"place": said.place, "sentences": []})
        block["sentences"].append(
            {"id": said.id, "text": said.text, "users": users.get(said.id, [])}
        )
    return list(blocks.values())


# --- what changed: the front matter by the rewrite, and the passages by each repair ---------------


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
