"""Jobs of the batch API in Redis: each becomes one batch of the provider.

A job is filled while articles come, then sent, looked at and emptied. It is removed when no
question is left in it. Every write is fenced by the number of the claim. `Resources` is what every
step needs.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from rewriter.completion.batch_endpoint import BatchEndpoint, BatchJob
from rewriter.completion.capabilities import Capabilities
from rewriter.errors import QueueError
from rewriter.prices import Price
from rewriter.queue.batch_api.questions import Questions
from rewriter.queue.batch_api.sorting import Fate, FateStatus
from rewriter.queue.connection import Connection
from rewriter.state.ledger import Ledger

# Most questions for one script: Redis serves nobody else for the milliseconds that it takes.
_CHUNK = 200
# The form that a model accepts is forgotten after a week: servers change.
_CAPABILITIES_SECONDS = 7 * 86_400
# Unanswered questions are sent again after this many looks: an outage may last minutes.
_LOOKS_BEFORE_AGAIN = 5


class ClaimLostError(QueueError):
    """Another process has the claim by now, and what this one does is ignored."""


class ClaimedJob(BaseModel):
    """A job whose next step is claimed; a field is empty until a step has noted it.

    `batch` is the queue's batch that pays. `claim` fences all writes of the step. `begun` counts
    how often the step was begun since the last one ended. `provider` is the id of the provider's
    batch, `file` that of its file. `age` counts seconds by Redis's clock since the batch was noted,
    and `cancelled_at` is an age. A job that is `called_off` is not sent: its batch was cancelled,
    or takes direct calls.
    """

    model_config = ConfigDict(frozen=True)

    batch: str
    model: str
    claim: str
    begun: int
    since: int
    provider: str = ""
    file: str = ""
    capabilities: str = ""
    age: float = 0.0
    cancelled_at: float = math.inf
    cancelling: bool = False
    called_off: bool = False


class Claim:
    """The right to make the next step of `job`."""

    def __init__(self, connection: Connection, name: str, job: ClaimedJob) -> None:
        self.name = name
        self.job = job
        self._connection = connection

    @classmethod
    async def take(cls, connection: Connection, process: str = "") -> Self | None:
        """A step that is due, None where there is none. It is due again once `process` is lost."""
        taken = await connection.run("job_claim", process)
        if not taken:
            return None
        name, fields = taken
        return cls(connection, name, ClaimedJob.model_validate_json(fields))

    @property
    def intended(self) -> bool:
        """Whether a process was about to create its batch, and may have done so."""
        return bool(self.job.capabilities)

    @property
    def file_name(self) -> str:
        """The name of its file at the provider."""
        return f"rewriter-{self.name.replace('/', '-')}.jsonl"

    async def digests(self) -> list[str]:
        """The questions that are in it."""
        questions = self._connection.scan(self._connection.key("questions"))
        return [digest async for digest, kept in questions if json.loads(kept)["job"] == self.name]

    async def note(self, **fields: str | int) -> None:
        """Note how far it is, and keep the claim. Raises `ClaimLostError`."""
        await self._note("", fields)

    async def give_back(self, due: float, **fields: str | int) -> None:
        """Leave the next step, in `due` seconds, to anybody. Raises `ClaimLostError`."""
        await self._note(round(due * 1000), fields)

    async def park(self, reason: str) -> None:
        """Pause its batch until a person lets it go on. Raises `ClaimLostError`."""
        await self._note(reason, {})

    async def deliver(self, fates: Sequence[Fate], *, most: int, delay: float) -> list[str]:
        """Say what becomes of questions; returns those that nobody waits for any more.

        `most` bounds the questions of a job that those to be sent again go into, and `delay` is
        the seconds until then. Raises `ClaimLostError`.
        """
        gone: list[str] = []
        for start in range(0, len(fates), _CHUNK):
            chunk = [fate.as_list() for fate in fates[start : start + _CHUNK]]
            text = json.dumps(chunk, ensure_ascii=False)
            gone += await self._run("job_deliver", most, round(delay * 1000), text)
        return gone

    async def finish(self, *, cost_known: bool = True) -> None:
        """End it, when no question is left in it. Raises `ClaimLostError`.

        Without `cost_known` the whole amount that was reserved for it counts as spent.
        """
        await self._run("job_finish", int(not cost_known))

    async def _note(self, step: int | str, fields: Mapping[str, str | int]) -> None:
        await self._run("job_note", step, *chain(*fields.items()))

    async def _run(self, script: str, *arguments: str | int) -> Any:
        """What a script about the job answers. Raises `ClaimLostError`."""
        answer = await self._connection.run(script, self.name, self.job.claim, *arguments)
        if answer is None:
            raise ClaimLostError(f"{self.name}: another process makes this step by now")
        return answer


@dataclass(frozen=True)
class Resources:
    """Redis, the provider, the stores of questions and answers, and how the batch API is used.

    `poll` is in seconds, `most` bounds the questions of a job, `daily_budget` is in US dollars.
    """

    connection: Connection
    endpoint: BatchEndpoint
    ledger: Ledger
    questions: Questions
    prices: Mapping[str, Price]
    daily_budget: float | None
    poll: float
    most: int

    async def report(self, claim: Claim, fates: Sequence[Fate]) -> None:
        """Say what becomes of questions, and forget those that nobody waits for any more."""
        delay = _LOOKS_BEFORE_AGAIN * self.poll
        gone = await claim.deliver(fates, most=self.most, delay=delay)
        await asyncio.to_thread(self.questions.forget, gone)

    async def empty(
        self, claim: Claim, become: FateStatus, reason: str = "", *, cost_known: bool = True
    ) -> None:
        """Give all questions that are left in a job the fate `become`, and end it."""
        left = [Fate(digest, become, reason) for digest in await claim.digests()]
        await self.report(claim, left)
        await claim.finish(cost_known=cost_known)

    async def halve(self, claim: Claim, requests: int) -> None:
        """Make jobs of at most half of `requests` of this batch from now on."""
        field, most = f"{claim.job.batch}/job_most", max(1, requests // 2)
        await self.connection.call("HSET", self.connection.key("batch"), field, most)

    async def capabilities(self, claim: Claim) -> Capabilities:
        """The form of its questions: that in which it was sent, otherwise that of its model."""
        kept = claim.job.capabilities or await self.connection.call(
            "GET", self.connection.key("capabilities", claim.job.model)
        )
        return Capabilities.model_validate_json(kept) if kept else Capabilities()

    async def learn(self, model: str, capabilities: Capabilities) -> None:
        """Send questions to `model` in this form from now on."""
        text = capabilities.model_dump_json()
        name = self.connection.key("capabilities", model)
        await self.connection.call("SET", name, text, "EX", _CAPABILITIES_SECONDS)


def progress(batch: BatchJob) -> dict[str, str | int]:
    """The fields of a job that say how far its batch is."""
    counts = {"completed": batch.completed, "failed": batch.failed}
    return {"status": batch.status, "trouble": "", **counts}
