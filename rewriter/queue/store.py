"""The queue in Redis, as a worker sees it: taking articles and saying what became of them.

batches            by time of submission
batch:<b>          options and counters of a batch
messages:<b>       path -> message, until the article has ended well
reasons:<b>        path -> why it failed or is dead
tries:<b>          path -> deliveries, tries and kills so far
ready:<priority>   ids that may be taken
suspects           ids that were lost with a process
delayed            ids that wait for a time
parked:<b>         ids of a paused batch
processes          who works, by the end of their lease
holds:<process>    id -> the delivery that it works on
busy               path -> id, for one batch at a time to work on an article
roots              content roots, by when a worker of theirs was last heard of
isolating          processes that work on suspects, and on nothing else meanwhile

`ready` and `suspects` are followed by `:<root>`, the id of the content root that a batch was
submitted from: workers of another root do not see them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Generic, Literal, NamedTuple, TypeVar, get_args

from rewriter.article import FinalStatus, OutcomeStatus, Usage
from rewriter.errors import QueueError
from rewriter.queue.connection import Connection

# A process that has not been heard of for so long is taken for dead, and its articles are brought
# back: long enough for a loop that cleans a huge article, short enough to resume within a minute.
LEASE_SECONDS = 20.0
BEAT_SECONDS = LEASE_SECONDS / 5
# What `tick.lua` is told, in ms: the lease, and how long nobody may tick before it is taken for an
# outage of Redis or of the whole fleet.
TICK = (round(LEASE_SECONDS * 1000), round((BEAT_SECONDS + 1) * 1000))

ENDS: tuple[FinalStatus, ...] = get_args(FinalStatus)
MICRO = 1_000_000  # money is counted in millionths of a dollar, as whole numbers


class Delivery(NamedTuple):
    """An article in the hands of a process; `number` counts its deliveries and fences old ones."""

    id: str
    number: str
    message: str
    priority: str = "normal"

    @property
    def batch(self) -> str:
        """The batch that it belongs to."""
        return self.id.partition("/")[0]

    @property
    def again(self) -> bool:
        """Whether somebody has worked on it before."""
        return self.number != "1"


Subject = TypeVar("Subject", bound=Delivery | str)
Status = TypeVar("Status", bound=str)


class Report(NamedTuple, Generic[Subject, Status]):
    """What became of a delivery, or of the question with a digest, why, and what it took."""

    subject: Subject
    status: Status
    reason: str = ""
    usage: Usage = Usage()

    def as_list(self) -> list[object]:
        """The form that scripts take; money is in micro-dollars, and unpriced is 1 or 0."""
        subject, usage = self.subject, self.usage
        names = (subject.id, subject.number) if isinstance(subject, Delivery) else (subject,)
        took = (round((usage.cost or 0.0) * MICRO), usage.input_tokens, usage.output_tokens)
        return [*names, self.status, self.reason, *took, int(usage.cost is None)]


class End(Report[Delivery, OutcomeStatus]):
    """How an article ended, for good."""

    __slots__ = ()


class Ticket(NamedTuple):
    """A question for the batch lane: its request's digest and model, and the bytes of its line.

    `most` bounds the questions of a parcel.
    """

    digest: str
    model: str
    bytes: int
    most: int


class Return(NamedTuple):
    """An article that goes back: at once, after `delay` seconds, or until its batch goes on.

    In the lane it waits for the answer to the question on its ticket; without one for money that
    the lane has set aside.
    """

    delivery: Delivery
    where: Literal["ready", "delayed", "parked", "lane"]
    reason: str = ""
    delay: float = 0.0
    ticket: Ticket | tuple[()] = ()

    def as_list(self) -> list[object]:
        """The form that `exchange.lua` takes."""
        delay = round(self.delay * 1000)
        to = (self.where, delay, self.reason, *self.ticket)
        return [self.delivery.id, self.delivery.number, *to]


class Taken(NamedTuple):
    """What a process got: articles, or the reason why the whole queue is paused.

    `troubles` are ids that could not be taken, with the reason: those of no article are dropped.
    """

    deliveries: list[Delivery]
    pause: str
    troubles: tuple[str, ...] = ()


class Hold:
    """One process's place in the queue, for as long as it renews its lease.

    `root` is the id of the content root that it works on; without one it takes what has none.
    """

    def __init__(self, connection: Connection, process: str, root: str = "") -> None:
        self.process = process
        self._root = root
        self._connection = connection
        self._losses = connection.losses

    async def join(self) -> None:
        """Begin to work."""
        await self._connection.run("join", self.process, LEASE_SECONDS * 1000)

    async def leave(self) -> None:
        """End it; nothing may be in flight."""
        await self._connection.run("join", self.process, 0)

    async def beat(self) -> bool:
        """Renew the lease, and end those of dead processes; whether this one was still held."""
        alive, _ = await self._connection.run("tick", self.process, *TICK, self._root)
        return bool(alive)

    async def exchange(
        self,
        done: Sequence[End | Return],
        flying: Collection[str],
        room: int,
        at_once: int | None = None,
    ) -> Taken:
        """Report what became of articles, and take at most `room` new ones.

        Of those that are no suspects at most `at_once` are taken. `flying` are the ids in flight;
        after a lost answer, what Redis believes to be here and is not goes back.
        """
        report: dict[str, object] = {
            "ended": [one.as_list() for one in done if isinstance(one, End)],
            "returned": [one.as_list() for one in done if isinstance(one, Return)],
        }
        losses = self._connection.losses
        if losses != self._losses:
            report["known"] = list(flying)
        room_for = (room, len(flying), at_once or room)
        try:
            pause, taken, troubles = await self._connection.run(
                "exchange", self.process, *room_for, self._root, json.dumps(report)
            )
        except QueueError:
            self._losses = -1  # the script may have given articles to this process before it failed
            raise
        self._losses = losses
        return Taken([Delivery(*one) for one in taken], pause, tuple(troubles))
