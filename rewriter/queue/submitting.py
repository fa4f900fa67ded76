"""Putting articles into the queue: any number of paths, in bounded memory."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from rewriter.completion import choosing
from rewriter.errors import ConfigurationError, FileError, RewriterError
from rewriter.escaping import counted
from rewriter.files import inputs, objects
from rewriter.files.inputs import Item, PassedOver
from rewriter.files.places import Place
from rewriter.files.s3 import ObjectPlace
from rewriter.observability import tracing
from rewriter.prompting import prompt_file
from rewriter.queue.batches import Priority
from rewriter.queue.claims import CHUNK, MICRO
from rewriter.queue.connection import Connection, connect, state_of
from rewriter.queue.message import Api, Message, StoredArticle, outside
from rewriter.queue.safety import ensure_serving, lasting_problems
from rewriter.runs.due import decide, gather
from rewriter.runs.setup import Job
from rewriter.settings import Settings
from rewriter.state.ledger import NoLedger

# A store answers after some time: this many articles are asked for at once.
_READERS = 16
# Redis may restart while a long submission runs.
_PATIENCE_SECONDS = 30.0
# Paths that an error names at most.
_NAMED = 5


@dataclass(frozen=True)
class Submission:
    """How articles are submitted: where results go, the API, the priority and the budget."""

    batch: str
    out: Path | str | None = None
    in_place: bool = False
    force: bool = False
    fresh: bool = False
    priority: Priority = "normal"
    max_cost: float | None = None
    api: Api = "direct"

    @property
    def forces(self) -> bool:
        """Whether current articles are rewritten too; `fresh` implies it."""
        return self.force or self.fresh


@dataclass
class Tally:
    """How many articles were queued, were current already, or cannot be worked on."""

    queued: int = 0
    skipped: int = 0
    failed: int = 0


@dataclass
class _Chunk:
    """Some hundred articles on their way into Redis."""

    due: list[Message] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    skipped: int = 0


async def connect_and_submit(
    paths: Sequence[str],
    submission: Submission,
    settings: Settings,
    say: Callable[[str], object],
    on_failure: Callable[[str, str], object] = lambda path, reason: None,
    passed_over: PassedOver | None = None,
) -> Tally:
    """Submit as `submit` does; `say` is told of waiting for Redis, and of what is unsafe in it."""
    async with connect(settings, patience=_PATIENCE_SECONDS, on_wait=say) as connection:
        tally = await submit(connection, paths, submission, settings, on_failure, passed_over)
        for problem in lasting_problems(connection.url, await connection.call("INFO")):
            say(f"warning: {problem}")
    return tally


async def submit(
    connection: Connection,
    paths: Sequence[str],
    submission: Submission,
    settings: Settings,
    on_failure: Callable[[str, str], object] = lambda path, reason: None,
    passed_over: PassedOver | None = None,
) -> Tally:
    """Queue the articles that `paths` name, some hundred at a time.

    Current articles are skipped, and those that cannot be read are counted as failed; `on_failure`
    is told their paths and reasons. The batch begins to exist with its first article. Submitting
    it again adds what is new: an interrupted submission goes on. Raises `ConfigurationError` where
    there is no article, where nothing can be written, or outside of the content root, for the API
    `batch` what keeps the provider's Batch endpoint from working, and `FileError` where none of
    the paths is there.
    """
    if inputs.STDIN in paths:
        raise ConfigurationError("standard input cannot be queued; save it as a file")
    job = _job(submission, settings)
    await ensure_serving(connection)
    if submission.api == "batch":
        await _ensure_batch_api(settings)
    if not any(map(inputs.is_there, paths)):
        more = f" and {len(paths) - _NAMED:,} more" if len(paths) > _NAMED else ""
        named = " ".join(map(str, paths[:_NAMED])) + more
        raise FileError(f"{named}: no such file or folder; nothing is queued")
    items = _items(paths, submission, job.state.root, settings.object_store, passed_over)
    tally = Tally()
    fresh_from = await connection.now() if submission.fresh else None
    for chunk in _chunks(items, tally, lambda taken: _judge(taken, job, submission, fresh_from)):
        if tally == Tally():  # what was said of the batch before does not hold for these
            told = ("cancelling", *(["api"] if submission.api == "batch" else []))
            names = (f"{submission.batch}/{name}" for name in told)
            await connection.call("HDEL", connection.key("batch"), *names)
        await _send(connection, chunk, submission, tally)
        for path, reason in chunk.failed:
            on_failure(path, reason)
    if tally == Tally():
        raise inputs.nothing_found(paths)
    await asyncio.to_thread(tracing.end)
    return tally


def _chunks(
    items: Iterator[Item], tally: Tally, judge: Callable[[Sequence[Item]], _Chunk]
) -> Iterator[_Chunk]:
    """Some hundred articles at a time. An error says how many were queued before it."""
    try:
        while taken := list(islice(items, CHUNK)):
            yield judge(taken)
    except ConfigurationError as error:
        queued = counted(tally.queued, "article") if tally.queued else "nothing"
        raise ConfigurationError(f"{error}; {queued} of this call is queued") from error


def _items(
    paths: Sequence[str],
    submission: Submission,
    root: Path,
    store: str | None,
    passed_over: PassedOver | None,
) -> Iterator[Item]:
    """The articles that `paths` name. Raises `ConfigurationError` for what no worker would take."""
    out, in_place = submission.out, submission.in_place
    if isinstance(out, Path) and out.parts[:1] == ("s3:",):
        raise ConfigurationError(f"{out}: give an s3:// address as text, not as a Path")
    for address in filter(objects.is_address, (*paths, out)):
        if problem := outside(str(address), store):
            raise ConfigurationError(f"{problem}; set it for the workers and here")
    return objects.articles(
        paths, out, root, in_place=in_place, passed_over=passed_over, once=False
    )


async def _ensure_batch_api(settings: Settings) -> None:
    endpoint = choosing.batch_endpoint(settings)
    try:
        await endpoint.check()
    finally:
        await endpoint.aclose()


def _job(submission: Submission, settings: Settings) -> Job:
    """The job that decides whether an article is due; workers decide again by their own."""
    state = state_of(settings)
    if (submission.out is None) == (not submission.in_place):
        raise ConfigurationError("say where results go: either --out DIR or --in-place")
    prompt = prompt_file.load(settings.prompt, settings.prompts_dir)
    # The workers answer; here it only matters whether they make drafts.
    backend = choosing.backend(settings, NoLedger())
    if backend.drafts and submission.in_place:
        raise ConfigurationError("the extractive engine only makes drafts: use --out")
    return Job(prompt, backend, state, in_place=submission.in_place, force=submission.forces)


def _judge(
    items: Sequence[Item], job: Job, submission: Submission, fresh_from: float | None
) -> _Chunk:
    chunk, reference = _Chunk(), _References(job.state.root)
    for item, is_due in zip(items, _looked_at(items, job), strict=True):
        name = reference(item.source)
        try:
            if is_due():
                chunk.due.append(_message(item, reference, job, submission, fresh_from))
            else:
                chunk.skipped += 1
        except ConfigurationError:
            raise
        except RewriterError as error:
            chunk.failed.append((name, str(error)))
        except ValidationError as error:
            printable = name.encode("utf-8", "replace").decode()
            chunk.failed.append((printable, f"refused: {error.errors()[0]['msg']}"))
    return chunk


def _looked_at(items: Sequence[Item], job: Job) -> Iterator[Callable[[], bool]]:
    """For each article a call that says whether it is due; several are asked of a store at once."""
    if not any(isinstance(item.source, ObjectPlace) for item in items):
        yield from (partial(_is_due, item, job) for item in items)
        return
    with ThreadPoolExecutor(_READERS) as readers:
        yield from [readers.submit(_is_due, item, job).result for item in items]


def _is_due(item: Item, job: Job) -> bool:
    """Whether an article is to be rewritten. Raises `FileError` where it cannot be."""
    material = gather(item, job)
    if decide(material, job).action == "skip":
        return False
    if material.source is None:
        material.raw  # noqa: B018 - says what is missing
    return True


def _message(
    item: Item, reference: _References, job: Job, submission: Submission, fresh_from: float | None
) -> Message:
    stored = _stored(item)
    name, target = stored.names if stored else (reference(item.source), reference(item.result))
    return Message(
        batch=submission.batch,
        path=name,
        target=target,
        stored=stored,
        prompt=job.prompt.name,
        prompt_version=job.prompt.version,
        force=submission.forces,
        fresh_from=fresh_from,
        api=submission.api,
        traceparent=tracing.submitted(name, submission.batch),
    )


def _stored(item: Item) -> StoredArticle | None:
    source, result = item.source, item.result
    if not isinstance(source, ObjectPlace) or result is None:
        return None
    whole = replace(source, part="")
    return StoredArticle(source=whole.address, result=result.address, part=source.part)


class _References:
    """Paths relative to the content root, with `/`. Links are resolved once for each folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders: dict[Path, str] = {}

    def __call__(self, place: Place | None) -> str:
        """The name of a place. Raises `ConfigurationError` for a path outside of the root."""
        if isinstance(place, ObjectPlace):
            return objects.name_of(place)
        named = place.path if isinstance(place, inputs.FilePlace) else Path()
        folder = self._folders.get(named.parent)
        if folder is None:
            folder = os.path.relpath(os.path.realpath(named.parent), self._root)
            self._folders[named.parent] = folder
        if folder.startswith(os.pardir):
            raise ConfigurationError(
                f"{place} lies outside of the content root {self._root}; workers reach nothing else"
            )
        # The article itself may be a link: that is an article of its own.
        return os.path.normpath(f"{folder}/{named.name}").replace(os.sep, "/")


async def _send(
    connection: Connection, chunk: _Chunk, submission: Submission, tally: Tally
) -> None:
    budget = "" if submission.max_cost is None else round(submission.max_cost * MICRO)
    articles = [part for one in chunk.due for part in (one.path, one.target, one.encode())]
    failures = [part for path, reason in chunk.failed for part in (path, "", reason)]
    options = (submission.batch, submission.priority, budget, chunk.skipped)
    collisions = await connection.run("submit", *options, *failures, *articles)
    chunk.failed += map(tuple, collisions)
    tally.queued += len(chunk.due) - len(collisions)
    tally.skipped += chunk.skipped
    tally.failed += len(chunk.failed)
