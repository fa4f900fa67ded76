"""One article from file to file: read, decide, rewrite, write, record.

The command line calls `process` for each article, and the queue calls `attempt`. Both get a
`Result`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import cast

from rewriter import document
from rewriter.article import Finding, OutcomeStatus, Source, Usage, Value
from rewriter.checks import reader
from rewriter.cleaning import clean
from rewriter.completion.asking import Asker, drive_until
from rewriter.errors import (
    ENDING_A_RUN,
    BudgetSpentError,
    FileChangedError,
    FileError,
    FrontMatterError,
    RewriterError,
    SourceError,
    StoppedError,
    StoreUnreachableError,
)
from rewriter.files import atomic
from rewriter.files.inputs import Item
from rewriter.files.s3 import ObjectPlace
from rewriter.observability import events, tracing
from rewriter.offload import offload, refuse_stopped
from rewriter.pipeline import Outcome, rewriting
from rewriter.prompting.prompt import Prompt
from rewriter.request import Completion, Request
from rewriter.runs.concurrency import UNBOUNDED, Permit
from rewriter.runs.due import CURRENT, Decision, Material, decide, gather
from rewriter.runs.setup import Job
from rewriter.state import held, kept_at, originals, records
from rewriter.state.locking import alone
from rewriter.state.records import Record

# Characters of an article's name in a file name with a digest: 255 bytes, at 4 bytes a character.
_NAME_LENGTH = 50
# Writing an article flushes seven files and folders to disk. Where a shared folder takes 50 ms for
# each, 8 threads write 20 articles a second; with more threads the event loop took more CPU. The
# ledger writes in asyncio's own threads, so that no paid answer waits for an article.
_WRITERS = ThreadPoolExecutor(8, thread_name_prefix="write")
_FAULT_KINDS = {code: kind for kind, code in reader.CODES.items()}
_log = logging.getLogger(__name__)


class Result(Value):
    """The outcome of one article.

    `reason` says why it was rewritten, skipped or failed. `usage` is what this run paid for it,
    and `reader_usage` is the second reader's part of that.
    `document` is the finished file of a preview. `exit_code` is the command's exit code if this
    were its only article. `ends_run` is True where every further article would fail in the same
    way.
    """

    path: str
    status: OutcomeStatus
    reason: str = ""
    target: str | None = None
    title: str = ""
    findings: tuple[Finding, ...] = ()
    repaired: tuple[Finding, ...] = ()
    usage: Usage = Usage()
    reader_usage: Usage = Usage()
    attempts: int = 0
    seconds: float = 0.0
    exit_code: int = 0
    ends_run: bool = False
    document: str | None = None


async def process(item: Item, job: Job, permit: Permit = UNBOUNDED) -> Result:
    """Rewrite one article. Never raises: the result of a failed article has the reason.

    `permit` is held while the article waits for an answer.
    """
    started, asker, kind = time.monotonic(), Asker(job.backend), ""
    try:
        with tracing.article(item.name):
            result = cast(Result, await attempt(item, job, asker, asker.answer, permit))
    except RewriterError as error:
        spent, kind = asker.spending.total, type(error).__name__
        if isinstance(error, FrontMatterError) and not error.path:
            error = error.at(item)
        result = Result(
            path=str(item),
            status="left" if isinstance(error, (BudgetSpentError, StoppedError)) else "failed",
            reason=str(error).removeprefix(f"{item}: "),
            exit_code=error.exit_code,
            ends_run=isinstance(error, ENDING_A_RUN),
            usage=spent.paid,
            reader_usage=spent.reader_paid,
            attempts=spent.attempts,
        )
    except Exception as error:  # noqa: BLE001 - one article's surprise must not end the batch
        kind = type(error).__name__
        _log.debug("unexpected error on %s", item, exc_info=True)
        result = Result(
            path=str(item),
            status="failed",
            reason=f"unexpected {type(error).__name__}: {error}; please report it",
            exit_code=FileError.exit_code,
        )
    result = result.model_copy(update={"seconds": round(time.monotonic() - started, 3)})
    events.article_ended(
        result.path,
        result.status,
        seconds=result.seconds,
        cost=result.usage.cost,
        codes=sorted({finding.code for finding in result.findings}),
        error=kind,
    )
    return result


async def attempt(
    item: Item,
    job: Job,
    asker: Asker,
    ask: Callable[[Request], Awaitable[Completion | None]],
    permit: Permit = UNBOUNDED,
) -> Result | Request:
    """Rewrite one article with the answers of `ask`, a method of `asker`.

    Returns the first request that `ask` has no answer to (None). Raises the `RewriterError` that
    stopped it; `asker.spending` has what was paid before.
    """
    prepared = await begin(item, job)
    if isinstance(prepared, Result):
        return prepared

    async def answer(request: Request) -> Completion | None:
        await permit.acquire()
        completion = await ask(request)
        permit.release()  # not after an error, which every further article might have too
        await job.scheduler(urgent=job.urgent)  # the checks of an answer take CPU
        return completion

    backend = job.backend
    asking = rewriting(
        prepared.source, job.prompt, backend.model, drafts=backend.drafts, reader=backend.reader
    )
    outcome = await drive_until(asking, answer)
    if isinstance(outcome, Request):
        return outcome
    return await finish(prepared, replace(outcome, spent=asker.spending.total), job)


@dataclass(frozen=True)
class Prepared:
    """A due article: its files as they were read, its cleaned source, and the reason."""

    item: Item
    material: Material
    source: Source
    reason: str


async def begin(item: Item, job: Job) -> Prepared | Result:
    """Read an article and clean it where it is due; the result of one that is skipped.

    Raises `FileError`s, before anything is paid, for what could not be written afterwards, and
    `StoppedError` where the run is to end.
    """
    await job.scheduler(before_call=True, urgent=job.urgent)
    refuse_stopped()
    # A store answers after some time, a file system at once.
    material = gather(item, job) if _is_near(item) else await asyncio.to_thread(gather, item, job)
    decision = decide(material, job)
    if decision.action == "skip":
        return Result(
            path=str(item), status="skipped", reason=decision.reason, target=_target(item)
        )
    return await offload(len(material.raw.data), prepare, item, material, decision, job)


def prepare(item: Item, material: Material, decision: Decision, job: Job) -> Prepared:
    """Clean a due article. Raises `FileError`s for what could not be written afterwards."""
    source = clean(material.raw.data, name=item.name, keys=job.prompt.rules.keys)
    if job.in_place and source.kind not in ("text", "markdown"):
        raise SourceError(
            f"{item}: {source.kind} in place would become Markdown under its old name; use --out"
        )
    if source.kind == "markdown" or job.in_place:
        document.refuse_uneditable(material.raw.data, job.prompt.rules)
    if item.result:
        item.result.refuse_unwritable()
        record = kept_at(job.state.records, item.name, ".json")
        atomic.refuse_unwritable(record, job.state.directory)
    left_out = f"; leaves out {', '.join(source.left_out)}" if source.left_out else ""
    return Prepared(item, material, source, decision.reason + left_out)


async def finish(prepared: Prepared, outcome: Outcome, job: Job) -> Result:
    """Write the outcome of the article, in a thread. Raises `FileError`s.

    Of two processes with the same article one writes after the other.
    """
    events.found(outcome.findings, outcome.repaired, _FAULT_KINDS)
    writing = partial(publish, prepared, outcome, job)
    loop = asyncio.get_running_loop()
    if prepared.item.result is None:
        return await loop.run_in_executor(_WRITERS, writing)
    with tracing.publication():
        async with alone(*records.lock(job.state.records, prepared.item.name)):
            return await loop.run_in_executor(_WRITERS, writing)


# --- write -------------------------------------------------------------------------------------


def publish(prepared: Prepared, outcome: Outcome, job: Job) -> Result:
    """Write the article where its status allows it, and its record. Raises `FileError`s."""
    item, material, reason = prepared.item, prepared.material, prepared.reason
    now = datetime.now(UTC)
    source = prepared.source
    original = material.raw.data if source.kind == "markdown" else None
    data = compose(outcome, source, original, job.prompt, now)
    record = _record(item, material, outcome, job, now)
    if item.result is None:
        return _result(item, outcome, data, reason)
    if outcome.status == "held":
        if not _is_near(item):  # who decides about it reads no store
            originals.keep(job.state, item.name, material.raw.data, digest=material.raw.digest)
        held.keep(job.state, record, data)
    elif data is not None:
        record = record.model_copy(update={"output_digest": atomic.digest(data)})
    # Before the file: a file without a record would have no known source after a kill.
    last = records.save(job.state.records, record)
    if outcome.status != "held" and data is not None:
        try:
            originals.write_over(
                job.state,
                item.name,
                item.result,
                data,
                source=material.raw,
                before=material.file,
                written=material.record.output_digest if material.record else None,
            )
        except StoreUnreachableError:
            raise  # the write may still arrive, and belongs to this record
        except FileError as error:
            records.put_back(job.state.records, item.name, last)
            if isinstance(error, FileChangedError):
                return _changed(prepared, outcome, data, job, error)
            raise
        held.release(job.state, item.name)
    return _result(item, outcome, data, reason)


def _changed(
    prepared: Prepared, outcome: Outcome, data: bytes, job: Job, error: FileChangedError
) -> Result:
    """The result of an article whose target changed meanwhile: skipped if another run wrote it.

    Otherwise raises `FileChangedError` after keeping `data` in the state directory's conflicts.
    """
    item = prepared.item
    material = gather(item, job)
    now = decide(material, replace(job, force=False))
    by_run = material.record and material.record.output_digest == material.file_digest
    if by_run and now.reason.startswith(CURRENT):
        spent = outcome.spent
        return Result(
            path=str(item),
            status="skipped",
            reason=now.reason,
            target=_target(item),
            usage=spent.paid,
            reader_usage=spent.reader_paid,
            attempts=spent.attempts,
        )
    name = f"{atomic.digest(data)[:12]}-{Path(item.name).name[-_NAME_LENGTH:]}.md"
    rescued = job.state.conflicts / name
    atomic.write(rescued, data, job.state.directory)
    raise FileChangedError(f"{error}; the new text is in {rescued}") from error


def compose(
    outcome: Outcome, source: Source, original: bytes | None, prompt: Prompt, now: datetime
) -> bytes | None:
    """The finished file, None where there is no rewrite.

    `original` is a Markdown input, of whose front matter only our keys change; None for others.
    Raises `FrontMatterError` when the original's front matter is not understood.
    """
    if outcome.rewrite is None:
        return None
    return document.compose(
        original,
        source,
        outcome.rewrite,
        prompt.rules,
        title=outcome.title,
        version=prompt.version,
        lang=prompt.language_of(source),
        now=now,
        draft=outcome.status == "drafted",
    )


def _record(item: Item, material: Material, outcome: Outcome, job: Job, now: datetime) -> Record:
    before = material.record
    target = item.result.address if item.result else None
    return Record(
        name=item.name,
        status=outcome.status,
        findings=outcome.findings,
        repaired=outcome.repaired,
        engine=job.backend.name,
        model=outcome.model,
        prompt=job.prompt.name,
        prompt_version=job.prompt.version,
        prompt_digest=job.prompt.digest(),
        source_digest=material.raw.digest,
        request_digests=outcome.spent.request_digests,
        reading_digests=outcome.spent.reading_digests,
        attempts=outcome.spent.attempts,
        usage=outcome.spent.usage,
        finished_at=now,
        title=outcome.title,
        rewrite=outcome.rewrite,
        support=outcome.support,
        coverage=outcome.coverage,
        unchecked=outcome.unchecked,
        reading=outcome.reading,
        input=item.source.address if item.source else None,
        target=target,
        signed=held.signature_of(job.state, item.name, target),
        replaces=material.file_digest,
        output_digest=before.output_digest if before else None,
        batch=job.batch,
        prompt_path=job.prompt_path,
        model_asked=job.backend.model,
    )


def _result(item: Item, outcome: Outcome, data: bytes | None, reason: str) -> Result:
    is_held = outcome.status == "held"
    return Result(
        path=str(item),
        status=outcome.status if item.result or is_held else "previewed",
        reason=_first_error(outcome) if is_held else reason,
        target=None if is_held else _target(item),
        title=outcome.title,
        findings=outcome.findings,
        repaired=outcome.repaired,
        usage=outcome.spent.paid,
        reader_usage=outcome.spent.reader_paid,
        attempts=outcome.spent.attempts,
        exit_code=1 if is_held else 0,
        document=document.text(data) if data is not None and item.result is None else None,
    )


def _first_error(outcome: Outcome) -> str:
    errors = [finding for finding in outcome.findings if finding.severity == "error"]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{errors[0]}{more}" if errors else ""


def _target(item: Item) -> str | None:
    return str(item.result) if item.result else None


def _is_near(item: Item) -> bool:
    """Whether the article is read from a file system, not from a store."""
    return not isinstance(item.source, ObjectPlace)
