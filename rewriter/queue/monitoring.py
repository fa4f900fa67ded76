"""The state of the queue in numbers, and whether it is healthy: for metrics and for probes."""

from __future__ import annotations

from rewriter.article import Value
from rewriter.queue.batches import NO_WORKER
from rewriter.queue.connection import Connection


class Standing(Value):
    """The queue of one content root at one moment.

    The first six count articles. `oldest_seconds` is how long ago the batch of the first waiting
    article was submitted. `taken_over` counts, since the root's first batch, the claims that were
    taken from dead processes. `paused` is the reason of a pause, empty for none. `spent_today` is
    the fleet's, in US dollars (UTC day).
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
