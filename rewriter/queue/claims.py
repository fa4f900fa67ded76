"""The table in Redis that knows what is to be done, by whom it is claimed and how it ended.

`keys` lists what it consists of.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple, get_args

from rewriter.article import FinalStatus, OutcomeStatus, Usage, Value
from rewriter.errors import QueueError
from rewriter.escaping import line
from rewriter.queue.connection import Connection
from rewriter.queue.liveness import dead_among

# A process without a heartbeat for this long is taken for dead, and its articles go back. It is
# long enough for a loop that cleans a huge article, and short enough to resume within a minute.
LEASE_SECONDS = 20.0
BEAT_SECONDS = LEASE_SECONDS / 5
# The arguments of `tick.lua` in ms: the lease, and the time without any heartbeat that counts as an
# outage of Redis or of the whole fleet.
TICK = (round(LEASE_SECONDS * 1000), round((BEAT_SECONDS + 1) * 1000))

_KEEP_MS = 30 * 86_400_000  # a batch is kept this long after its end
ENDS: tuple[FinalStatus, ...] = get_args(FinalStatus)
# Most articles for one command: Redis serves nobody else for the milliseconds that it takes.
CHUNK = 500
MICRO = 1_000_000  # money is counted in millionths of a dollar, as whole numbers


class Delivery(NamedTuple):
    """An article that a process has claimed; `number` counts its claims and fences old ones.

    `call` is the task call of another app that it came by, empty where it was submitted.
    """

    id: str
    number: str
    message: str
    priority: str = "normal"
    call: str = ""

    @property
    def batch(self) -> str:
        """The batch that it belongs to."""
        return self.id.partition("/")[0]

    @property
    def path(self) -> str:
        """Its path below the content root."""
        return self.id.partition("/")[2].partition("//")[0]

    @property
    def again(self) -> bool:
        """Whether somebody has worked on it before."""
        return self.number != "1"


def money(usage: Usage) -> tuple[int, int, int, int]:
    """What scripts are told of a usage: micro-dollars, tokens in and out, 1 where unpriced."""
    cost = round((usage.cost or 0.0) * MICRO)
    return cost, usage.input_tokens, usage.output_tokens, int(usage.cost is None)


class Ending(Value):
    """How an article ended: the result of its task, and what `status` lists of it.

    `target` is relative to the content root, `codes` are those of the findings that are left;
    `cost` is in US dollars (None without a price). `claim` is the number of the claim that ended
    it.
    """

    outcome: OutcomeStatus
    reason: str = ""
    target: str | None = None
    codes: tuple[str, ...] = ()
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    seconds: float = 0.0
    at: datetime
    claim: str = ""


class End(NamedTuple):
    """How a claimed article ended, for good.

    With `caller_knows` Celery has told the caller already. `error` is the class of what ended it.
    """

    delivery: Delivery
    status: OutcomeStatus
    reason: str = ""
    usage: Usage = Usage()
    target: str | None = None
    codes: tuple[str, ...] = ()
    seconds: float = 0.0
    caller_knows: bool = False
    error: str = ""

    @property
    def ending(self) -> Ending:
        """The form in which it is stored and returned."""
        return Ending(
            outcome=self.status,
            reason=line(self.reason),
            target=self.target,
            codes=self.codes,
            input_tokens=self.usage.input_tokens,
            output_tokens=self.usage.output_tokens,
            cost=self.usage.cost,
            seconds=self.seconds,
            at=datetime.now(UTC),
            claim=self.delivery.number,
        )

    def as_list(self) -> list[object]:
        """The form that `exchange.lua` takes."""
        ending = self.ending.model_dump_json(exclude_defaults=True)
        return [self.delivery.id, self.delivery.number, ending, self.caller_knows]


class Ticket(NamedTuple):
    """A request for the batch API: its request's digest and model, and the bytes of its line.

    `most` bounds the requests of a job.
    """

    digest: str
    model: str
    bytes: int
    most: int


class Return(NamedTuple):
    """An article that goes back: at once, after `delay` seconds, or until its batch goes on.

    With `batch_api` it waits for the answer to the question on its ticket. With `money` the number
    of its delays is not bounded. `error` is the class of what sends it back.
    """

    delivery: Delivery
    where: Literal["ready", "delayed", "money", "parked", "batch_api"]
    reason: str = ""
    delay: float = 0.0
    ticket: Ticket | tuple[()] = ()
    error: str = ""

    def as_list(self) -> list[object]:
        """The form that `exchange.lua` takes."""
        delay = round(self.delay * 1000)
        to = (self.where, delay, self.reason, *self.ticket)
        return [self.delivery.id, self.delivery.number, *to]


class Taken(NamedTuple):
    """The articles that a process has claimed.

    `lost` are the ids of those whose reports were ignored: their claims had been lost before.
    """

    deliveries: list[Delivery]
    lost: tuple[str, ...] = ()


def chunks(rows: Sequence[str]) -> Iterator[Sequence[str]]:
    """The rows in groups, one for each command; at least one group, which may be empty."""
    for start in range(0, max(1, len(rows)), CHUNK):
        yield rows[start : start + CHUNK]


async def at_work(connection: Connection) -> list[str]:
    """The names of the processes whose lease is not over, by Redis's clock. Raises `QueueError`.

    Only a process that works takes the others out of the table: dead ones may stay in it.
    """
    now = round(1000 * await connection.now())
    key = connection.key("processes")
    names: list[str] = await connection.call("ZRANGEBYSCORE", key, f"({now}", "+inf")
    return names


class Consumer:
    """One process's claims, for as long as it renews its lease."""

    def __init__(self, connection: Connection, process: str) -> None:
        self.process = process
        self._connection = connection
        self._losses = connection.losses

    async def join(self) -> None:
        """Begin to work."""
        await self._connection.run("join", self.process, LEASE_SECONDS * 1000)

    async def leave(self) -> None:
        """End the work; no article may be in flight."""
        await self._connection.run("join", self.process, 0)
        await self._forget_list(self.process)

    async def beat(self) -> tuple[bool, list[Delivery]]:
        """Renew the lease, and end those of dead processes.

        A process that ran on this machine is dead once it has ended, others when their lease is
        over. Returns whether the lease was still held, and ended articles whose callers this
        process must tell. These have the number "", because nobody claims them any more.
        """
        known = await self._connection.call("ZRANGE", self._connection.key("processes"), 0, -1)
        dead = dead_among(known)
        held, flat, ended = await self._connection.run("tick", self.process, *TICK, *dead)
        for process in ended:
            await self._forget_list(process)
        calls = zip(flat[::2], flat[1::2], strict=True)
        return bool(held), [Delivery(one, "", "", call=call) for one, call in calls]

    async def forget_old(self) -> None:
        """Forget the batches that have been over for 30 days."""
        connection = self._connection
        before = round(1000 * await connection.now()) - _KEEP_MS
        old = await connection.call("ZRANGEBYSCORE", connection.key("batches"), "-inf", before)
        for batch in old:
            if not await connection.run("forget", batch, _KEEP_MS):
                continue
            for kept in ("ended", "targets", "batch"):  # the last tells that it is over
                found = connection.scan(connection.key(kept), f"{batch}/")
                for some in chunks([field async for field, _ in found]):
                    await connection.run("forget", batch, _KEEP_MS, *some)

    async def _forget_list(self, process: str) -> None:
        """Delete the list by which a process that has ended sent itself tasks."""
        tasks = self._connection.key("tasks", process)
        kept = (f"{name}.{tasks}" for name in ("_kombu.binding", "_kombu.binding_permanent"))
        await self._connection.call("DEL", tasks, *kept)

    async def messages(self) -> int:
        """Number of messages that Celery's transport has for this process."""
        tasks = self._connection.key("tasks", self.process)
        number: int = await self._connection.call("LLEN", tasks)
        return number

    async def exchange(
        self,
        done: Sequence[End | Return],
        flying: Collection[str],
        room: int,
        at_once: int | None = None,
        *,
        urgent_only: bool = False,
    ) -> Taken:
        """Report what became of articles, and claim at most `room` new ones, or `urgent_only`.

        Of those that are no suspects at most `at_once` are claimed. `flying` are the ids in flight;
        after a lost answer, what Redis believes to be here and is not goes back.
        """
        report: dict[str, object] = {
            "ended": [one.as_list() for one in done if isinstance(one, End)],
            "returned": [one.as_list() for one in done if isinstance(one, Return)],
        }
        if urgent_only:
            report["urgent_only"] = True
        losses = self._connection.losses
        if losses != self._losses:
            report["known"] = list(flying)
        room_for = (room, len(flying), at_once or room)
        try:
            taken, lost = await self._connection.run(
                "exchange", self.process, *room_for, json.dumps(report, ensure_ascii=False)
            )
        except (QueueError, asyncio.CancelledError):
            self._losses = -1  # the script may have given articles to this process before it failed
            raise
        self._losses = losses
        return Taken([Delivery(*one) for one in taken], tuple(lost))
