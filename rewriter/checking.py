"""Checking text that is already on disk: finished articles, and plain text beside its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rewriter import document, frontmatter, inputs, originals, records
from rewriter.article import Finding, Passage, Source
from rewriter.checks import Evidence, check_headline, check_rewrite, soften_for_draft
from rewriter.checks.grounding import ground
from rewriter.cleaning import clean
from rewriter.errors import FrontMatterError, SourceError
from rewriter.reports import Located, located
from rewriter.rules import Rules
from rewriter.silencing import silence, silences_in, unheeded_in, without_comments
from rewriter.state import State, find_root


@dataclass(frozen=True)
class Checked:
    """What was found in a file, placed by line and column; `silenced` by a person's comment.

    `unheeded` are the lines of comments that silence nothing for want of a code or a reason.
    """

    findings: tuple[Located, ...]
    silenced: tuple[Finding, ...] = ()
    unheeded: tuple[int, ...] = ()


def check_file(path: str, source: str | None, rules: Rules, root: Path | None = None) -> Checked:
    """The findings on the finished article or the plain text at `path`.

    `source` is the raw article to check against; without one, that which the state directory keeps.
    Either may be `-`, standard input.
    Plain text is checked for grounding only. Raises `FileError`s that name the file.
    """
    data = _read(path)
    raw = _read(source) if source else _kept_source(path, root)
    try:
        cleaned = clean(raw, name=source or path)
    except SourceError as error:
        raise SourceError(f"{source or f'the source of {path}'}: {error}") from error
    try:
        return check(data, cleaned, rules, path=path)
    except FrontMatterError as error:
        raise error.at(path) from error
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error


def _read(path: str) -> bytes:
    return inputs.read(None if path == inputs.STDIN else Path(path))


def check(data: bytes, source: Source, rules: Rules, *, path: str = "") -> Checked:
    """The findings on a file's bytes; `path` is for their places.

    Raises `FrontMatterError` when its front matter is not understood, and `SourceError` when it
    says that it was rewritten and lacks the headings of a rewrite.
    """
    article = frontmatter.read(data)
    text = data.decode("utf-8-sig" if article.encoding == "utf-8" else article.encoding, "replace")
    evidence = Evidence(source)
    if not isinstance(article.metadata.get("ai"), dict):
        passages = [Passage("text", "", article.body)]
        found = ground(passages, evidence, rules.grounding)
        return Checked(tuple(located(path, text, passages, found)))
    rewrite = document.parse(without_comments(article.body), rules.headings)
    title = str(article.metadata.get("title", ""))
    findings = [*check_rewrite(rewrite, source, rules, evidence), *_title(title, rules, evidence)]
    if article.metadata["ai"].get("rewritten") is not True:
        findings = soften_for_draft(findings)
    standing, silenced = silence(findings, silences_in(article.body))
    passages = [Passage("headline", "", title), *rewrite.passages()]
    placed = tuple(located(path, text, passages, standing))
    return Checked(placed, silenced, tuple(_lines_of(unheeded_in(article.body), text)))


def _lines_of(comments: Iterable[str], text: str) -> Iterator[int]:
    at = 0
    for comment in comments:
        at = max(text.find(comment, at), at)
        yield text.count("\n", 0, at) + 1
        at += 1


def _title(title: str, rules: Rules, evidence: Evidence) -> Iterator[Finding]:
    return check_headline(title, rules, evidence) if title else iter(())


def _kept_source(path: str, root: Path | None) -> bytes:
    state = State(root=find_root([path], root))
    record = records.of_target(state.records, Path(path))
    name = record.name if record else inputs.name_of(Path(path), state.root)
    original = originals.latest(state, name)
    if original is None:
        raise SourceError(
            f"{path}: no source of it is kept in {state.originals}; "
            "name it with --source, or its content root with --root"
        )
    return original
