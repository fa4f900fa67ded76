"""Batches as people see them: how far they are, what failed, and steering them.

At the end, the whole queue in numbers, and whether it is healthy: for metrics and for probes.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Literal

from rewriter.article import Value
from rewriter.errors import ConfigurationError
from rewriter.queue.claims import ENDS, MICRO, Ending, at_work, chunks
from rewriter.queue.connection import Connection
from rewriter.queue.fleet_budget import batch_spent
from rewriter.queue.message import Api

Priority = Literal["high", "normal"]
# What is read of a batch.
_FIELDS = (
    *("submitted_at", "started_at", "ended_at", "priority", "paused", "cancelling", "submitted"),
    *("running", "awaiting", "input_tokens", "output_tokens", "unpriced", "spent", *ENDS),
)
NO_WORKER = "no worker of its content root is running"


class BatchAtProvider(Value):
    """Questions of the batch API that went, or go, to the provider as one batch.

    `id` is the provider's, empty before it is sent; `status` the provider's word, or `filling`,
    `sending`; `trouble` what went wrong at the last look. `completed` and `failed` are of `total`.
    """

    id: str
    status: str
    total: int
    completed: int
    failed: int
    trouble: str = ""


class Batch(Value):
    """How far a batch is; `submitted` is the sum of the other counts.

    `awaiting` are the articles that `provider_batches` are to answer. `cost` is in US dollars, None
    while a model has no price; `seconds_left` is None unless the batch is running and has a pace.
    """

    id: str
    priority: Priority
    submitted_at: datetime
    state: Literal["running", "paused", "cancelled", "done"]
    reason: str = ""
    submitted: int
    queued: int
    running: int
    awaiting: int = 0
    published: int = 0
    drafted: int = 0
    held: int = 0
    skipped: int = 0
    failed: int = 0
    dead: int = 0
    cancelled: int = 0
    articles_a_minute: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    seconds_left: float | None = None
    provider_batches: tuple[BatchAtProvider, ...] = ()


class EndedArticle(Ending):
    """An article that has ended; `call` is the id of the task call it came by, empty for none."""

    batch: str
    path: str
    call: str

    @property
    def row(self) -> str:
        """What the article is called within its batch."""
        return f"{self.path}//{self.call}" if self.call else self.path


async def ids(connection: Connection) -> list[str]:
    """The batches that are known, the oldest first; finished ones are forgotten after 30 days."""
    known: list[str] = await connection.call("ZRANGE", connection.key("batches"), 0, -1)
    return known


async def known(connection: Connection) -> list[Batch]:
    """How far each batch is, the oldest first; without those of which only the name is left."""
    seen = [await _seen(connection, batch) for batch in await ids(connection)]
    return [one for one in seen if one]


async def status(connection: Connection, batch: str) -> Batch:
    """How far `batch` is. Raises `ConfigurationError` when there is none of that name."""
    seen = await _seen(connection, batch)
    if seen is None:
        raise ConfigurationError(f"no such batch: {batch}; `rewriter status` lists them")
    return seen


async def _seen(connection: Connection, batch: str) -> Batch | None:
    names = [f"{batch}/{name}" for name in _FIELDS]
    values = await connection.call("HMGET", connection.key("batch"), *names)
    fields = {name: kept for name, kept in zip(_FIELDS, values, strict=True) if kept is not None}
    if not fields:
        return None
    seen = _batch(batch, fields, await _at_provider(connection, batch))
    if seen.state == "running" and seen.queued and not await at_work(connection):
        return seen.model_copy(update={"reason": NO_WORKER})
    return seen


async def _at_provider(connection: Connection, batch: str) -> tuple[BatchAtProvider, ...]:
    kept: Mapping[str, str] = await connection.call("HGETALL", connection.key("jobs"))
    jobs = [json.loads(kept[name]) for name in sorted(kept) if name.startswith(f"{batch}/")]
    return tuple(
        BatchAtProvider(
            id=job.get("provider", ""),
            status=job.get("status", "sending" if job["claim"] else "filling"),
            total=job.get("total", job["questions"]),
            completed=job.get("completed", 0),
            failed=job.get("failed", 0),
            trouble=job.get("trouble", ""),
        )
        for job in jobs
    )


async def ended(connection: Connection, batch: str = "") -> AsyncIterator[EndedArticle]:
    """The articles that have ended, of `batch` or of all, in any order.

    Those that were current when submitted are left out.
    """
    async for article, kept in connection.scan(connection.key("ended"), batch and f"{batch}/"):
        name, _, row = article.partition("/")
        path, _, call = row.partition("//")
        yield EndedArticle(batch=name, path=path, call=call, **json.loads(kept))


async def cancel(connection: Connection, batch: str) -> int:
    """Cancel the articles that nobody works on; returns their number.

    Articles in flight end by themselves; those whose call is not made yet come back, and are
    cancelled then. A batch that is done stays so. A worker cancels batches at the provider, and
    keeps the answers that they have by then.
    """
    await status(connection, batch)
    messages = connection.scan(connection.key("messages"), f"{batch}/")
    rows = [article.partition("/")[2] async for article, _ in messages]
    return sum([await connection.run("cancel", batch, *some) for some in chunks(rows)])


async def spent_budget(connection: Connection, batch: str) -> float | None:
    """The budget in US dollars that `batch` is paused for, None where it is not."""
    names = (f"{batch}/paused", f"{batch}/budget")
    paused, budget = await connection.call("HMGET", connection.key("batch"), *names)
    return int(budget) / MICRO if paused == batch_spent(batch) and budget else None


async def requeue(
    connection: Connection, batch: str, max_cost: float | None = None, api: Api | None = None
) -> int:
    """Put failed, dead and parked articles back, with a new budget; returns how many.

    An article that failed when it was submitted stays failed: only a new submission reads it again.
    A pause of all work ends, too, and one article tries whether its reason is gone.
    With the API `direct`, what is not at the provider by a batch yet is asked directly.
    """
    await status(connection, batch)
    budget = "" if max_cost is None else round(max_cost * MICRO)
    parked: list[str] = await connection.call("ZRANGE", connection.key("parked"), 0, -1)
    rows = [one.partition("/")[2] for one in parked if one.startswith(f"{batch}/")]
    rows += [one.row async for one in ended(connection, batch) if one.outcome in ("failed", "dead")]
    tries = connection.key("tries")
    async for mark, _ in connection.scan(tries, f"cancel/{batch}/"):
        await connection.call("HDEL", tries, mark)
    options = (batch, budget, api or "")
    return sum([await connection.run("requeue", *options, *some) for some in chunks(rows)])


def _batch(name: str, fields: Mapping[str, str], at_provider: tuple[BatchAtProvider, ...]) -> Batch:
    def number(field: str) -> int:
        return int(fields.get(field, 0))

    ends = {end: number(end) for end in ENDS}
    ended = sum(ends.values())
    running, awaiting = number("running"), number("awaiting")
    queued = max(number("submitted") - ended - running - awaiting, 0)
    left = queued + running + awaiting
    pace = _pace(fields, ended - ends["skipped"])
    state, reason = _state(fields, left)
    return Batch(
        id=name,
        priority="high" if fields.get("priority") == "high" else "normal",
        submitted_at=datetime.fromtimestamp(number("submitted_at") / 1000, UTC),
        state=state,
        reason=reason,
        submitted=number("submitted"),
        queued=queued,
        running=running,
        awaiting=awaiting,
        **ends,
        articles_a_minute=round(pace, 1),
        input_tokens=number("input_tokens"),
        output_tokens=number("output_tokens"),
        cost=None if number("unpriced") else number("spent") / MICRO,
        # Nobody knows how long a batch of the provider takes.
        seconds_left=round(left / pace * 60)
        if state == "running" and pace and not awaiting
        else None,
        provider_batches=at_provider,
    )


def _pace(fields: Mapping[str, str], ended: int) -> float:
    """Articles a minute since the first was taken."""
    started, last = (int(fields.get(name, 0)) for name in ("started_at", "ended_at"))
    return ended / ((last - started) / 60_000) if started and last > started else 0.0


def _state(
    fields: Mapping[str, str], left: int
) -> tuple[Literal["running", "paused", "cancelled", "done"], str]:
    if "cancelling" in fields:
        return "cancelled", ""
    if left and "paused" in fields:
        return "paused", fields["paused"]
    return ("running", "") if left else ("done", "")


class Standing(Value):
    """The queue of one content root at one moment.

    The first six count articles. `oldest_seconds` is how long ago the batch of the first waiting
    article was submitted. `taken_over` counts, since the root's first batch, the claims that were
    taken from dead processes. `paused` is the reason of a pause, empty for none, and
    `pause_seconds` are left of it. `spent_today` is the fleet's, in US dollars (UTC day).
    """

    ready: int = 0
    delayed: int = 0
    suspect: int = 0
    running: int = 0
    parked: int = 0
    awaiting: int = 0
    oldest_seconds: float = 0.0
    processes: int = 0
    taken_over: int = 0
    paused: str = ""
    pause_seconds: float = 0.0
    cooling_seconds: float = 0.0
    spent_today: float = 0.0


class Health(Value):
    """Whether articles that are queued go on; `problems` say why not, without an article's text."""

    healthy: bool
    problems: tuple[str, ...] = ()
    processes: int = 0
    waiting: int = 0


async def standing(connection: Connection) -> Standing:
    """The state of the queue. Raises `QueueError`."""
    return Standing.model_validate_json(await connection.run("gauges"))


async def health(connection: Connection) -> Health:
    """Whether Redis answers, a worker of the content root is at work, and nothing is paused.

    Raises `QueueError` where Redis does not answer.
    """
    now = await standing(connection)
    problems = [] if now.processes else [NO_WORKER]
    if now.paused:
        problems.append("all work is paused; `rewriter status` says why")
    waiting = now.ready + now.delayed + now.suspect
    return Health(
        healthy=not problems, problems=tuple(problems), processes=now.processes, waiting=waiting
    )
