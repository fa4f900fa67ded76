"""Checks files that exist already: finished articles, or plain text and its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from rewriter import document, frontmatter
from rewriter.article import Finding, Passage, Source
from rewriter.checks import Evidence, check_headline, check_rewrite, downgrade_for_draft
from rewriter.checks.grounding import ground
from rewriter.checks.reader import UNREAD
from rewriter.cleaning import clean
from rewriter.cleaning.blocks import refuse_collections
from rewriter.errors import ConfigurationError, FrontMatterError, SourceError
from rewriter.files import inputs
from rewriter.frontmatter import Document
from rewriter.prompting import prompt_file
from rewriter.prompting.prompt import Prompt
from rewriter.rules import Rules
from rewriter.runs.checking.positions import (
    Located,
    decision_on,
    located,
    silences_in,
    unheeded_in,
    without_comments,
)
from rewriter.settings import Settings
from rewriter.state import NAME, State, find_root, held, originals, records
from rewriter.state.records import Record

Judging: TypeAlias = Rules | Callable[[Record | None], Rules]
"""Rules, or what they are for a file with this record."""


def prompt_of(record: Record | None, settings: Settings) -> Prompt:
    """The prompt that the record names, by path or by name; that of the settings otherwise.

    Raises `PromptError` where that of the settings cannot be used.
    """
    for name in (record.prompt_path, record.prompt) if record else ():
        if name:
            with suppress(ConfigurationError):
                return prompt_file.load(name, settings.prompts_dir)
    return prompt_file.load(settings.prompt, settings.prompts_dir)


@dataclass(frozen=True)
class Checked:
    """The findings of a file, each with line, column and a person's decision.

    `unheeded` are the lines of silencing comments that have no known code or no reason.
    """

    findings: tuple[Located, ...]
    unheeded: tuple[int, ...] = ()


@dataclass(frozen=True)
class JudgedText:
    """A text with the findings of the checks, before they have a line and a column.

    A draft is not held to a standard that only a model can meet.
    """

    path: str
    text: str
    body: str
    source: Source
    passages: tuple[Passage, ...]
    findings: tuple[Finding, ...]
    evidence: Evidence
    is_draft: bool = False
    record: Record | None = None

    def placed(self, more: Iterable[Finding] = ()) -> Checked:
        """The findings of the checks and `more` ones, each with line, column and decision."""
        other = tuple(downgrade_for_draft(more) if self.is_draft else more)
        silences = silences_in(self.body)
        found = located(
            self.path, without_comments(self.text), self.passages, (*self.findings, *other)
        )
        return Checked(
            tuple(
                p._replace(decision=decision_on(p.finding, silences, self.record)) for p in found
            ),
            tuple(_lines_of(unheeded_in(self.body), self.text)),
        )


def files(paths: Iterable[str]) -> Iterator[Path]:
    """The files that `paths` name, without the records of held rewrites.

    Raises `FileError` for a glob that matches nothing.
    """
    for path in inputs.expand(paths):
        if path.suffix != ".json" or NAME not in path.absolute().parts:
            yield path


def judge_file(
    path: str, source: str | None, rules: Judging, root: Path | None = None
) -> JudgedText:
    """The findings on the finished article, the held rewrite or the plain text at `path`.

    `source` is the raw article to check against; without one the state directory has it. Either may
    be `-`, standard input. The file's record has the findings that a person accepted on publishing.
    `rules` may be a function of that record. Plain text is checked for grounding only. Raises
    `FileError`s that name the file.
    """
    state = State(root=find_root([path], root))
    is_file = path != inputs.STDIN
    record = records.of_target(state.records, Path(path), state.root) if is_file else None
    data = _read(path, state.root)
    if not isinstance(rules, Rules):
        rules = rules(record or _held_record(path, state))
    name, raw = (source, _read(source)) if source else _known_source(path, state, record)
    if raw == data and not source:
        raise SourceError(f"{path}: it is the raw article itself; check its rewrite instead")
    try:
        cleaned = clean(raw, name=name, keys=rules.keys)
    except SourceError as error:
        raise SourceError(f"{source or f'the source of {path}'}: {error}") from error
    return judge(data, cleaned, rules, path=path, record=record)


def _held_record(path: str, state: State) -> Record | None:
    """The record of a held document."""
    document = Path(path)
    is_held = held.is_document(state, document)
    return records.read(document.with_suffix(".json"), state.directory) if is_held else None


def _read(path: str, root: Path | None = None) -> bytes:
    if path == inputs.STDIN:
        return inputs.read(None)
    return inputs.read(Path(path), inputs.home_of(Path(path), root) if root else None)


def _known_source(path: str, state: State, record: Record | None) -> tuple[str, bytes]:
    """The name of the source, whose suffix is its format, and its bytes in the state directory."""
    if held.is_document(state, Path(path)):
        return held.source_of(state, Path(path))
    name = record.name if record else inputs.name_of(Path(path), state.root)
    made_of = originals.find(state, name, record.source_digest, ()) if record else None
    original = made_of or originals.latest(state, name)
    if original is None:
        raise SourceError(
            f"{path}: no source of it is kept in {state.originals}; "
            "name it with --source, or its content root with --root"
        )
    return name, original


def judge(
    data: bytes, source: Source, rules: Rules, *, path: str = "", record: Record | None = None
) -> JudgedText:
    """Check the bytes of a file. `path` names it in findings and errors; `record` is its own.

    Raises `FrontMatterError` when its front matter is not understood, and `SourceError` when it
    is longer than one article, has no text, or lacks the headings of a rewrite, though its front
    matter says that it was rewritten.
    """
    evidence = Evidence(source)
    try:
        article = frontmatter.read(data)
        refuse_collections(article.body.splitlines())
        passages, findings = _found(article, evidence, rules)
    except FrontMatterError as error:
        raise error.at(path) from error
    except SourceError as error:
        raise SourceError(f"{path}: {error}" if path else str(error)) from error
    text = data.decode("utf-8-sig" if article.encoding == "utf-8" else article.encoding, "replace")
    is_draft = _is_rewrite(article) and article.metadata["ai"].get("rewritten") is not True
    return JudgedText(
        path,
        text,
        article.body,
        source,
        tuple(passages),
        tuple(downgrade_for_draft(findings) if is_draft else findings),
        evidence,
        is_draft,
        record,
    )


def still_read(record: Record, passages: Iterable[Passage]) -> list[Finding]:
    """The findings of another model's readings in passages that nobody has changed since.

    Whether it read them at all counts while one of them is as it was, and was not read since.
    """
    now, found = {_one_line(passage) for passage in passages}, list[Finding]()
    for read, findings in _readings(record):
        places = {(passage.section, passage.place) for passage in read & now}
        now -= read
        if places:
            places.add(("source", ""))
        found += [finding for finding in findings if (finding.section, finding.place) in places]
    return found


def not_yet_read(record: Record, passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """The passages that no second reader has read as they are now."""
    *known, first = _readings(record)
    failed = any(f.severity == "error" and not f.code.startswith("R") for f in record.findings)
    if record.reading and record.reading.readings and not failed:
        known.append(first)
    read = [texts for texts, found in known if all(f.code != UNREAD for f in found)]
    return tuple(p for p in passages if all(_one_line(p) not in texts for texts in read))


def _readings(record: Record) -> Iterator[tuple[set[Passage], Sequence[Finding]]]:
    """The passages that a second reader was asked about and its findings, the last time first."""
    for decided in reversed(record.decisions):
        yield set(map(_one_line, decided.read)), decided.findings
    later = [finding for decided in record.decisions for finding in decided.findings]
    found = [f for f in record.findings if f.code.startswith("R") and f not in later]
    written = record.rewrite.passages() if record.rewrite else ()
    yield set(map(_one_line, (Passage("headline", "", record.title), *written))), found


def _one_line(passage: Passage) -> Passage:
    return passage._replace(text=" ".join(passage.text.split()))


def left_in(record: Record, source: Source, data: bytes, settings: Settings) -> tuple[Finding, ...]:
    """What is wrong with a rewrite as a person has edited it, and is not silenced or accepted.

    Raises as `judge` does.
    """
    rules = prompt_of(record, settings).rules
    judged = judge(data, source, rules, path=record.name, record=record)
    found = judged.placed(still_read(record, judged.passages)).findings
    return tuple(one.finding for one in found if one.decision is None)


def left_to_accept(
    settings: Settings,
    record: Record,
    raw: bytes,
    data: bytes,
    tell: Callable[[str], object] = lambda reason: None,
) -> tuple[Finding, ...]:
    """As `left_in`, for a source that is not cleaned.

    Where the text is no finished article, as a person may have renamed a heading, it has the
    findings that it was held with, and `tell` is told why. Raises `FrontMatterError`, and
    `SourceError` for the source.
    """
    source = clean(raw, name=record.name, keys=prompt_of(record, settings).rules.keys)
    try:
        return left_in(record, source, data, settings)
    except SourceError as error:
        tell(str(error))
        return record.findings


def _is_rewrite(article: Document) -> bool:
    return isinstance(article.metadata.get("ai"), dict)


def _found(
    article: Document, evidence: Evidence, rules: Rules
) -> tuple[list[Passage], Iterable[Finding]]:
    """The passages of a file, and the findings in them."""
    body = without_comments(article.body)
    if not _is_rewrite(article):
        if not body.strip():
            raise SourceError("there is no text to check")
        passages = [Passage("text", "", body)]
        return passages, ground(passages, evidence, rules.grounding)
    rewrite = document.parse(body, rules.headings, evidence.source.lang)
    title = str(article.metadata.get("title", ""))
    findings = [
        *check_rewrite(rewrite, evidence.source, rules, evidence),
        *_title(title, rules, evidence),
    ]
    return [Passage("headline", "", title), *rewrite.passages()], findings


def _title(title: str, rules: Rules, evidence: Evidence) -> Iterator[Finding]:
    """The findings about a title; nobody but its publisher can mend the source's own."""
    is_own = title == evidence.source.title
    for finding in check_headline(title, rules, evidence) if title else ():
        is_error = finding.severity == "error"
        yield finding.model_copy(update={"severity": "warning"}) if is_own and is_error else finding


def _lines_of(comments: Iterable[str], text: str) -> Iterator[int]:
    at = 0
    for comment in comments:
        at = max(text.find(comment, at), at)
        yield text.count("\n", 0, at) + 1
        at += 1
