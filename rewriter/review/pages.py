"""The HTML of the review: one article, and the index of several.

A page is self-contained. Its content security policy allows only its own style and script, by
their digests, so that nothing in an article is run or fetched.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from rewriter.article import Source
from rewriter.files import atomic
from rewriter.review import changes
from rewriter.review.articles import Reviewed, ReviewEntry
from rewriter.review.marks import MarkedPassage, marked

# Characters that show nothing or turn the text around them: they are written out instead.
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]"
)


def article(reviewed: Reviewed, *, index: str = "", address: str = "") -> str:
    """The page of one article.

    `index` is the address of the index, if there is one. `address` is where the server takes
    decisions on the article; without it the page only shows.
    """
    findings = [one.finding for one in reviewed.findings if one.decision is None]
    evidence = reviewed.evidence
    passages = tuple(marked(reviewed.passages, findings, evidence)) if evidence else ()
    return _render(
        "article.html.j2",
        title=reviewed.entry.title,
        entry=reviewed.entry,
        record=reviewed.entry.record,
        reviewed=reviewed,
        sections=_sections(passages),
        paragraphs=_paragraphs(reviewed.source, passages),
        front_matter=changes.front_matter(reviewed),
        repairs=changes.repairs(reviewed),
        index=index,
        digest=atomic.digest(reviewed.data),
        address=address,
    )


def index(entries: Sequence[ReviewEntry], addresses: Sequence[str]) -> str:
    """The page that lists several articles, in the given order, with the address of each."""
    return _render(
        "index.html.j2",
        title=f"{len(entries)} articles",
        rows=list(zip(entries, addresses, strict=True)),
        held=sum(entry.status == "held" for entry in entries),
        most=max((len(entry.record.findings) for entry in entries), default=0),
    )


def policy(*, served: bool = False) -> str:
    """The content security policy of a page; that of a served one lets it talk to its server."""
    own = "'self'" if served else "'none'"
    style, script = _digest("review.css"), _digest("review.js")
    return (
        f"default-src 'none'; style-src {style}; script-src {script}; connect-src {own}; "
        "img-src data:; form-action 'none'; base-uri 'none'"
    )


def visible(text: str) -> str:
    """The text with each control, zero-width and bidirectional character written out."""
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


# --- templates ---------------------------------------------------------------------------------


def _render(name: str, **values: Any) -> str:
    return (
        _environment()
        .get_template(name)
        .render(
            style=_asset("review.css"),
            script=_asset("review.js"),
            policy=policy(served=bool(values.get("address"))),
            **values,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rewriter.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    environment.filters["visible"] = visible
    return environment


@cache
def _asset(name: str) -> str:
    return (files(__package__) / "templates" / name).read_text("utf-8")


@cache
def _digest(name: str) -> str:
    digest = b64encode(hashlib.sha256(_asset(name).encode()).digest()).decode()
    return f"'sha256-{digest}'"


# --- what the templates loop over ---------------------------------------------------------------


def _sections(passages: Sequence[MarkedPassage]) -> list[tuple[str, list[MarkedPassage]]]:
    """The passages by section, in order."""
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
