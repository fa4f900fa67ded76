"""Whether an article is due, and why, by its files alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rewriter import document, frontmatter
from rewriter.errors import FileError, FrontMatterError, SourceError
from rewriter.files import inputs
from rewriter.files.inputs import Item
from rewriter.files.places import Content
from rewriter.runs.setup import Job
from rewriter.state import held, originals, records
from rewriter.state.records import Record

CURRENT = "current"
"""The beginning of the reason of an article that is up to date."""


@dataclass(frozen=True)
class Material:
    """An article's files as they were read before the work.

    `source` is the raw source: the input, or the stored original of a finished article (None where
    none is stored). `file` is what is at the target, None where there is no file; in place both are
    the same. `last` is the record of the last run, and `record` that of the run that wrote the
    target, or the last. `hold_edited` is True where a person has edited the held document.
    """

    item: Item
    source: Content | None
    file: Content | None
    record: Record | None
    last: Record | None
    hold_edited: bool = False

    @property
    def file_digest(self) -> str | None:
        """SHA-256 (hex) of the bytes at the target, None where there is no file."""
        return self.file.digest if self.file else None

    @property
    def raw(self) -> Content:
        """The source. Raises `SourceError` for a finished article without its original."""
        if self.source is None:
            raise SourceError(
                f"{self.item}: {document.OURS} is never taken for a source, and its original is "
                "not in the state directory: rewrite the original file"
            )
        return self.source


def gather(item: Item, job: Job) -> Material:
    """Read the files that decision and rewrite need. Raises `FileError` and `FrontMatterError`."""
    inputs.refuse_undecodable(item)
    target = item.result
    read = item.source.read() if item.source else Content(inputs.read(None))
    last = records.load(job.state.records, item.name) if target else None
    record = records.at_target(last, target.address, job.state.root) if target and last else None
    there = read if job.in_place else target.read_if_there() if target else None
    edited = target is not None and held.is_edited(job.state, item.name)
    try:
        is_ours = document.is_ours(read.data)
    except FrontMatterError as error:
        raise error.at(item) from error
    original = originals.latest(job.state, item.name) if is_ours else None
    source = read if not is_ours else None if original is None else Content(original)
    if record is None and (is_ours or not job.in_place):  # no file tells of a raw article in place
        record = last
    return Material(item, source, there, record, last, edited)


@dataclass(frozen=True)
class Decision:
    """What to do with an article, and the reason in a few words."""

    action: Literal["rewrite", "skip"]
    reason: str


def decide(material: Material, job: Job) -> Decision:
    """Decide by the target's `ai` key and the last record whether an article is due.

    Raises `FrontMatterError` for a target whose front matter is not understood, and `FileError` for
    one that another program wrote.
    """
    ai = _ai(material.file, material.item.result)
    if job.backend.drafts and ai is not None and ai.get("rewritten") is True:
        return Decision("skip", "a draft never replaces a rewrite")
    forced = job.force and not _finished_by_batch(material, job)
    is_foreign = ai is None and material.file is not None and not job.in_place
    if forced and is_foreign:
        return Decision("rewrite", "forced")
    found = _unforced(material, job, ai, is_foreign=is_foreign)
    if forced and found.action == "skip":
        return Decision("rewrite", model_change(material, job) or "forced")
    return found


def _unforced(
    material: Material, job: Job, ai: Mapping[str, object] | None, *, is_foreign: bool
) -> Decision:
    if material.hold_edited and not _source_changed(material):
        return Decision(
            "skip",
            "held, and its document edited: 'rewriter publish' it, or begin again by --force",
        )
    if _rejected(material, job):
        return Decision("skip", "a person rejected its rewrite; --force begins again")
    if is_foreign:
        raise FileError(
            f"{material.item.result}: exists and was not written by this program; "
            "move it away, or overwrite it with --force"
        )
    if ai is None:
        was_held = material.last is not None and material.last.status == "held"
        return Decision("rewrite", "held before" if was_held else "new")
    stale = _staleness(ai, material, job)
    if stale is None:
        return Decision("skip", f"{CURRENT}{_other_prompt(material, job)}")
    if _edited(material):
        return Decision("skip", f"{stale}, but edited since it was written; --force overwrites")
    return Decision("rewrite", stale)


def model_change(material: Material, job: Job) -> str:
    """`model A -> B` where the file is a rewrite that was asked of another model, otherwise "".

    Another model alone makes no article due: an experiment must not pay for the whole archive.
    The last record may be of another file (a draft elsewhere), or of a rewrite that is held.
    """
    record, now = material.record, job.backend.model
    wrote = record and record.status != "held" and record.output_digest == material.file_digest
    before = record.model_asked if record and wrote else None
    return "" if before in (None, now) else f"model {before} -> {now}"


def _staleness(ai: Mapping[str, object], material: Material, job: Job) -> str | None:
    """Why a finished article is out of date, None where it is current."""
    record = material.record
    if ai.get("rewritten") is not True:
        drafted = record is not None and record.status == "drafted"
        if not (drafted and job.backend.drafts):
            return "only a draft so far" if drafted else "not rewritten yet"
    if ai.get("version") != job.prompt.version:
        return f"prompt version {ai.get('version')} -> {job.prompt.version}"
    return "source changed" if _source_changed(material) else None


def _other_prompt(material: Material, job: Job) -> str:
    """What the reason says of a current article that another prompt of the same version made."""
    record, prompt = material.record, job.prompt
    if record is None or job.backend.drafts or record.prompt_digest == prompt.digest():
        return ""
    if record.prompt != prompt.name:
        return f", but made by the prompt {record.prompt}; --force rewrites it by {prompt.name}"
    return (
        f", but the prompt {prompt.name} was edited under the same version {prompt.version}; "
        "raise its version, or --force"
    )


def _source_changed(material: Material) -> bool:
    record, source = material.record, material.source
    return record is not None and source is not None and record.source_digest != source.digest


def _rejected(material: Material, job: Job) -> bool:
    """Whether a person rejected the rewrite that this prompt made of this source."""
    record = material.last
    if record is None or not record.decisions or record.decisions[-1].action != "rejected":
        return False
    is_same_source = material.source is None or material.source.digest == record.source_digest
    return record.prompt_digest == job.prompt.digest() and is_same_source


def _finished_by_batch(material: Material, job: Job) -> bool:
    """Whether a worker that died finished the article before it could report that."""
    last = material.last
    if not job.redelivered or last is None or last.batch != job.batch:
        return False
    return last.output_digest == material.file_digest  # the record is written before the file


def _edited(material: Material) -> bool:
    """Whether the file differs from what the last run wrote and from what it was to replace."""
    record, file = material.record, material.file
    if record is None or file is None or record.output_digest is None:
        return False
    return file.digest not in (record.output_digest, record.replaces)


def _ai(file: Content | None, path: object) -> Mapping[str, object] | None:
    """The `ai` map of a file's front matter, None where there is none."""
    if file is None:
        return None
    try:
        ai = frontmatter.read(file.data).metadata.get("ai")
    except FrontMatterError as error:
        raise error.at(path) from error
    return ai if isinstance(ai, Mapping) else None
