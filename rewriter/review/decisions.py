"""Carries out on disk what a person decides on the page, and notes it in the record.

Each decision names the digest of the file that the person saw. A file that has changed since is
left as it is. Files are kept among the originals before they change, so that `undo` can bring them
back.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rewriter import document, frontmatter
from rewriter.article import Finding, Passage, Rewrite, Section
from rewriter.checks.reader import ReaderReport, Trace, unread
from rewriter.completion import choosing
from rewriter.completion.answer import patched
from rewriter.completion.asking import Asker, Asking, Spent, drive, usable
from rewriter.completion.reading import read_json
from rewriter.errors import AnswerError, ConfigurationError, FileChangedError, FileError
from rewriter.files import atomic, inputs, opening
from rewriter.files.objects import is_address
from rewriter.pipeline import readable
from rewriter.prompting.reader_prompt import Reader
from rewriter.review.articles import Reviewed, ReviewEntry, load, load_record
from rewriter.rules import Rules
from rewriter.runs.checking import texts
from rewriter.runs.checking.positions import span_of
from rewriter.runs.checking.texts import prompt_of
from rewriter.second_reading import reading
from rewriter.settings import Settings
from rewriter.state import held, locking, originals, records
from rewriter.state.records import Decided, DecisionAction, Record


def publish(entry: ReviewEntry, seen: str, reason: str, settings: Settings) -> None:
    """Publish a held rewrite. Raises `FileError` where none is held, or a file has changed."""
    _refuse_changed(entry, seen)
    address = entry.record.input or ""
    article = address if is_address(address) else entry.article
    judge = partial(texts.left_to_accept, settings)
    target = held.publish(entry.state, article, reason, judge=judge)
    after = atomic.digest(target.read().data)
    _note(entry, "published", reason, before=entry.record.replaces, after=after)


def reject(entry: ReviewEntry, seen: str, reason: str) -> None:
    """Take a held rewrite away; it is kept for `undo`. Raises `FileError`, also for no held one."""
    if entry.status != "held":
        raise FileError(f"{entry.record.name}: not held any more; load the page again")
    data = _refuse_changed(entry, seen)
    originals.keep(entry.state, entry.record.name, data, "decided")
    with _alone(entry):
        held.release(entry.state, entry.record.name)
    _note(entry, "rejected", reason, before=seen)


def restore(entry: ReviewEntry, seen: str, reason: str) -> None:
    """Bring back the original of an article rewritten in place. Raises `FileError` for others."""
    if entry.is_held or not entry.is_in_place:
        raise FileError(f"{entry.record.name}: not rewritten in place; load the page again")
    _home(entry)
    _refuse_changed(entry, seen)
    data = originals.restore(entry.state, entry.record.name, inputs.FilePlace(entry.path))
    _note(entry, "restored", reason, before=seen, after=atomic.digest(data))


def edit(entry: ReviewEntry, seen: str, changed: bytes, place: str) -> None:
    """Write an edited file. Raises `FileError`, and `FileChangedError` for another file."""
    _write(entry, seen, changed)
    _note(entry, "edited", place=place, before=seen, after=atomic.digest(changed))


async def ask_again(
    entry: ReviewEntry, seen: str, section: Section, note: str, settings: Settings
) -> None:
    """Ask the model again for one section, with a note; the answer replaces the section.

    Where there is a second reader, it reads the answer, and what else it has not read as it is now.

    Raises `ConfigurationError` where no model is configured, the provider's errors, and `FileError`
    as `edit` does.
    """
    data = _refuse_changed(entry, seen)
    prompt = prompt_of(entry.record, settings)
    if choosing.engine(settings) == "extractive":
        raise ConfigurationError("no model is configured: set OPENAI_API_KEY or --base-url")
    reviewed = load(entry, settings)
    lang = prompt.language_of(reviewed.source)
    headings = prompt.rules.headings_for(lang)
    if headings is None:
        raise ConfigurationError(f"prompt {prompt.name} has no headings in language '{lang}'")
    rewrite = _parsed(reviewed, entry.record, settings)
    ledger = choosing.ledger(settings, entry.state.ledger)
    backend = choosing.backend(settings, ledger, prompt.rules)
    request = prompt.note_request(reviewed.source, backend.model, rewrite, section, note)
    shape = partial(_patch, rewrite, section)
    asker, trace = Asker(backend), entry.record.reading
    read: tuple[Passage, ...] = ()
    findings: tuple[Finding, ...] = ()
    try:
        answer, _ = await drive(usable(request, shape), asker.answer)
        if backend.reader is not None:
            read = texts.not_yet_read(entry.record, readable(answer, entry.record.title))
            if read:
                rules, reader = prompt.rules.grounding, backend.reader
                asking = reading(read, reviewed.source, reader, rules, lang)
                findings, trace = await _read(asking, reader, trace, asker)
    finally:
        await backend.aclose()
        spent = asker.spending.total
        _change(entry, partial(_with_spent, spent, trace))
    body = document.render(answer, headings)
    framed = document.framed(body, reviewed.source, prompt.rules.disclosure, lang)
    changed = document.with_body(data, framed)
    _write(entry, seen, changed)
    after = atomic.digest(changed)
    more: dict[str, Any] = {"usage": spent.paid, "read": read, "findings": findings}
    _note(entry, "asked again", note, place=section, before=seen, after=after, **more)


async def _read(
    asking: Asking[ReaderReport], reader: Reader, trace: Trace | None, asker: Asker
) -> tuple[tuple[Finding, ...], Trace]:
    """The findings of a reading, and `trace` with it."""
    trace = trace or reader.trace()
    try:
        report = await drive(asking, asker.answer)
    except AnswerError as error:
        return (unread(reader.prompt.rules, str(error)),), trace
    return report.findings, trace.after(report)


def _with_spent(spent: Spent, trace: Trace | None, record: Record) -> Record:
    """The record with what was paid since, and what the second reader did."""
    requests = dict.fromkeys((*record.request_digests, *spent.request_digests))
    readings = dict.fromkeys((*record.reading_digests, *spent.reading_digests))
    return record.model_copy(
        update={
            "attempts": record.attempts + spent.attempts - spent.replayed,
            "usage": record.usage + spent.paid,
            "request_digests": tuple(requests),
            "reading_digests": tuple(readings),
            "reading": trace,
        }
    )


def undo(entry: ReviewEntry, seen: str) -> None:
    """Take the last decision back. Raises `FileError`, also where there is none."""
    if not entry.record.decisions or entry.record.decisions[-1].action == "undone":
        raise FileError(f"{entry.record.name}: there is no decision to undo")
    last = entry.record.decisions[-1]
    _UNDO[last.action](entry, last, seen)
    _note(entry, "undone", place=last.action, before=last.after, after=last.before)


def _unpublish(entry: ReviewEntry, last: Decided, seen: str) -> None:
    """Hold a published rewrite again, and bring back what was at its target."""
    home = _home(entry)
    data = _refuse_changed(entry, seen)
    if last.before is None:
        originals.keep(entry.state, entry.record.name, data, "decided")
        opening.remove(entry.path, home or entry.path.parent)
    else:
        atomic.replace(entry.path, _kept(entry, last.before), seen, home)
    _hold(entry, data)


def _unreject(entry: ReviewEntry, last: Decided, _seen: str) -> None:
    _hold(entry, _kept(entry, last.before))


def _unwrite(entry: ReviewEntry, last: Decided, seen: str) -> None:
    _write(entry, seen, _kept(entry, last.before))


_UNDO: dict[DecisionAction, Callable[[ReviewEntry, Decided, str], None]] = {
    "published": _unpublish,
    "rejected": _unreject,
    "edited": _unwrite,
    "asked again": _unwrite,
    "restored": _unwrite,
}


def edited(reviewed: Reviewed, wanted: Passage, text: str, rules: Rules) -> bytes:
    """The file with another text in one passage, every other byte as it was.

    A description that was made of the overview is made again.

    Raises `FileError` where the passage is not found, or the text is empty or has several lines.
    """
    words = " ".join(text.split())
    if not words:
        raise FileError(f"{wanted.section}, {wanted.place}: the text is empty")
    header = frontmatter.read(reviewed.data)
    encoding = "utf-8" if header.encoding == "utf-8-sig" else header.encoding
    body = reviewed.data[header.body_offset :].decode(encoding)
    span = span_of(body, reviewed.passages, wanted)
    if span is None:
        raise FileError(f"{wanted.section}, {wanted.place}: not found in {reviewed.entry.path}")
    changed = body[: span[0]] + document.escape(words) + body[span[1] :]
    data = reviewed.data[: header.body_offset] + changed.encode(encoding)
    lang, most = str(header.metadata.get("lang", "en")), rules.description.max_characters
    if header.metadata.get("description") == document.describe(wanted.text, most, lang):
        shown = document.describe(words, most, lang)
        data = frontmatter.edit(data, {"description": shown})
    return data


# --- on disk -----------------------------------------------------------------------------------


def _refuse_changed(entry: ReviewEntry, seen: str) -> bytes:
    """The file's bytes. Raises `FileChangedError` where they are not those that were seen."""
    if not entry.is_held and is_address(entry.record.target):
        raise FileError(f"{entry.record.target}: the page changes files only; edit the object")
    data = inputs.read_if_there(entry.path) or b""
    if atomic.digest(data) != seen:
        raise FileChangedError(
            f"{entry.record.name}: decided or changed meanwhile, by another page or program; "
            "load the page again"
        )
    return data


def _home(entry: ReviewEntry) -> Path | None:
    """The folder that no link may lead the file out of. Raises `FileError` for a strange target."""
    if entry.is_held:
        return entry.state.directory
    return held.target_home(entry.state, entry.record)


def _write(entry: ReviewEntry, seen: str, data: bytes) -> None:
    home = _home(entry)
    before = _refuse_changed(entry, seen)
    originals.keep(entry.state, entry.record.name, before, "decided")
    atomic.replace(entry.path, data, seen, home)


def _hold(entry: ReviewEntry, data: bytes) -> None:
    again = entry.record.model_copy(update={"status": "held", "reason": None})
    with _alone(entry):
        held.keep(entry.state, again, data)
        records.save(entry.state.records, again)


def _kept(entry: ReviewEntry, digest: str | None) -> bytes:
    return originals.get(entry.state, entry.record.name, digest or "")


def _note(
    entry: ReviewEntry,
    action: DecisionAction,
    reason: str = "",
    *,
    place: str = "",
    before: str | None = None,
    after: str | None = None,
    **asked: Any,
) -> None:
    """Add a decision to the article's records."""
    decided = Decided(
        at=datetime.now(UTC),
        action=action,
        reason=reason,
        place=place,
        before=before,
        after=after,
        **asked,
    )
    _change(entry, partial(_with_decision, decided))


def _with_decision(decided: Decided, record: Record) -> Record:
    return record.model_copy(update={"decisions": (*record.decisions, decided)})


def _change(entry: ReviewEntry, changed: Callable[[Record], Record]) -> None:
    """Change the article's records: the last run's, and that of a held document."""
    with _alone(entry):
        for folder in (entry.state.records, entry.state.held):
            record = load_record(folder, entry.record)
            if record is not None:
                records.save(folder, changed(record))


def _alone(entry: ReviewEntry) -> AbstractContextManager[None]:
    """Let no other process write the records of the article meanwhile."""
    return locking.held(*records.lock(entry.state.records, entry.record.name))


def _parsed(reviewed: Reviewed, record: Record, settings: Settings) -> Rewrite:
    """The rewrite in the file as it is now, with the metadata that only the record has."""
    body = frontmatter.read(reviewed.data).body
    headings = prompt_of(record, settings).rules.headings
    now = document.parse(body, headings, reviewed.lang)
    if record.rewrite is None:
        return now
    own = ("overview", "details", "from_author", "impact", "qa")
    return record.rewrite.model_copy(update={name: getattr(now, name) for name in own})


def _patch(rewrite: Rewrite, section: Section, answer: str) -> Rewrite:
    return patched(rewrite, read_json(answer), [section])
