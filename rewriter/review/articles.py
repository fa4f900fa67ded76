"""The articles to review, and everything that the page says about one of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rewriter.article import Passage, Severity, Source
from rewriter.checks import Evidence
from rewriter.cleaning import clean
from rewriter.errors import ConfigurationError, FileError
from rewriter.files import atomic, inputs
from rewriter.runs.checking import texts
from rewriter.runs.checking.positions import Located, decision_on
from rewriter.runs.checking.texts import prompt_of
from rewriter.settings import Settings
from rewriter.state import State, find_root, held, originals, records
from rewriter.state.records import Record

# The order of findings that a person has not decided.
_URGENCY: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True)
class ReviewEntry:
    """An article that has a record, as the index lists it."""

    record: Record
    state: State

    @property
    def is_held(self) -> bool:
        """Whether no rewrite was published: it waits for a person's decision, or was rejected."""
        return self.record.status == "held"

    @property
    def path(self) -> Path:
        """The file with the rewrite: the held document, or the published file."""
        if self.is_held:
            return held.document_at(self.state, self.record.name)
        target = Path(self.record.target or "")
        moved = records.moved_target(self.record, self.state.root)
        return Path(moved) if moved and not os.path.exists(target) else target

    @property
    def article(self) -> Path:
        """The raw article, which may have moved with its content root."""
        moved = self.state.root / self.record.name
        given = Path(self.record.input) if self.record.input else moved
        return given if os.path.exists(given) else moved

    @property
    def is_in_place(self) -> bool:
        """Whether the rewrite replaces the article itself."""
        return self.record.input is not None and self.record.input == self.record.target

    @property
    def exists(self) -> bool:
        """Whether there still is something to review: a published file may have been deleted."""
        return self.is_held or os.path.isfile(self.path)

    @property
    def status(self) -> str:
        """The result for the article: published, drafted, held, rejected or restored."""
        if self.record.decisions and self.record.decisions[-1].action == "rejected":
            return "rejected"
        return "restored" if self._is_restored else self.record.status

    @property
    def _is_restored(self) -> bool:
        """Whether the original of an article that was rewritten in place is back."""
        data = inputs.read_if_there(self.path) if self.is_in_place and not self.is_held else None
        return data is not None and atomic.digest(data) == self.record.source_digest

    @property
    def title(self) -> str:
        """The headline, or the article's name where there is none."""
        return self.record.title or self.record.name

    @property
    def place(self) -> str:
        """The article's name, and the target of this rewrite where it is another file."""
        name, target = self.record.name, self.record.target
        if target is None or self.is_in_place:
            return name
        return f"{name} → {target.removeprefix(f'{self.state.root}/')}"

    def count(self, severity: Severity) -> int:
        """How many findings of a severity the run left and no person accepted."""
        return sum(
            finding.severity == severity and decision_on(finding, (), self.record) is None
            for finding in self.record.findings
        )

    @property
    def urgency(self) -> tuple[bool, int, int, str]:
        """The sorting key: held articles first, then by errors, warnings and name."""
        errors, warnings = self.count("error"), self.count("warning")
        return self.status != "held", -errors, -warnings, self.record.name


@dataclass(frozen=True)
class Reviewed:
    """One article as the page shows it.

    `original` are the bytes of the source. `data` are those of the file with the rewrite, empty
    where no rewrite could be made; then there is no `evidence` either. `findings` are those of the
    checks on `data` now. Findings of another model's reading are the record's, in the passages that
    still are as they were read. `lang` is the language of the rewrite.
    """

    entry: ReviewEntry
    source: Source
    original: bytes
    data: bytes
    passages: tuple[Passage, ...]
    findings: tuple[Located, ...]
    lang: str
    evidence: Evidence | None = None

    @property
    def counts(self) -> Counter[str]:
        """How many findings of each severity are open, and how many a person has decided."""
        return Counter("decided" if one.decision else one.finding.severity for one in self.findings)


def entries(
    paths: Sequence[str],
    settings: Settings,
    damaged: Callable[[FileError], object] = lambda error: None,
) -> list[ReviewEntry]:
    """The articles at or below `paths`, the most urgent first.

    A path names a raw article, a finished one, a held document, or a folder of them. `damaged` is
    told each record that cannot be read. Raises `ConfigurationError` where none of the articles
    there has a record.
    """
    state = State(root=find_root(paths, settings.root))
    wanted = [os.path.realpath(path) for path in paths]
    found = [
        entry
        for record in records.every(state.records, damaged=damaged)
        for entry in {one.target: ReviewEntry(one, state) for one in record.each()[::-1]}.values()
        if _is_wanted(entry, wanted)
    ]
    if not found:
        raise ConfigurationError(
            f"{', '.join(paths)}: no rewrite of an article there is recorded in {state.records}; "
            "run 'rewriter rewrite' first, or name the content root with --root"
        )
    return sorted(found, key=lambda entry: entry.urgency)


def reload(entry: ReviewEntry) -> ReviewEntry | None:
    """The article as its record is now, None where there is nothing to review any more."""
    record = load_record(entry.state.records, entry.record)
    again = ReviewEntry(record, entry.state) if record else None
    return again if again and again.exists else None


def load_record(folder: Path, known: Record) -> Record | None:
    """The record of the same article and target as it is now in `folder`, None where it is gone."""
    last = records.load(folder, known.name)
    return next((one for one in last.each() if one.target == known.target), None) if last else None


def _is_wanted(entry: ReviewEntry, wanted: Sequence[str]) -> bool:
    record = entry.record
    if not entry.exists:
        return False
    places = {str(entry.state.root / record.name), str(entry.path)}
    places |= {place for place in (record.input, record.target) if place}
    real = {os.path.realpath(place) for place in places}
    return any(
        place == path or place.startswith((path + os.sep, path + "#"))
        for place in real
        for path in wanted
    )


def load(entry: ReviewEntry, settings: Settings) -> Reviewed:
    """Read and check an article. Raises `FileError`s that name the file."""
    record, path = entry.record, entry.path
    original, data = source_of(entry), _rewrite_of(entry)
    prompt = prompt_of(record, settings)
    source = clean(original, name=record.name, keys=prompt.rules.keys)
    lang = prompt.language_of(source)
    if not data:
        located = tuple(Located(str(path), 1, 1, finding) for finding in record.findings)
        return Reviewed(entry, source, original, data, (), located, lang)
    judged = texts.judge(data, source, prompt.rules, path=str(path), record=record)
    found = sorted(
        judged.placed(texts.still_read(record, judged.passages)).findings, key=_by_urgency
    )
    passages, evidence = judged.passages, judged.evidence
    return Reviewed(entry, source, original, data, passages, tuple(found), lang, evidence)


def _rewrite_of(entry: ReviewEntry) -> bytes:
    """The file with the rewrite; that which a person rejected is kept among the originals."""
    if (data := inputs.read_if_there(entry.path)) is not None:
        return data
    if entry.status == "rejected" and (digest := entry.record.decisions[-1].before):
        return originals.get(entry.state, entry.record.name, digest)
    return b""


def source_of(entry: ReviewEntry) -> bytes:
    """The raw source that was rewritten: the kept original, or the input if it is unchanged.

    Raises `FileError` where neither has the digest of the record.
    """
    record = entry.record
    data = originals.find(entry.state, record.name, record.source_digest, [entry.article])
    if data is not None:
        return data
    raise FileError(
        f"{record.input or record.name}: the article has changed or is gone since its rewrite; "
        "run 'rewriter rewrite' again"
    )


def _by_urgency(located: Located) -> tuple[bool, int]:
    return located.decision is not None, _URGENCY.index(located.finding.severity)
