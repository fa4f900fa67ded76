"""What every step of the batch API needs, and the ends that every step can come to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rewriter.completion.batch_endpoint import BatchEndpoint
from rewriter.completion.capabilities import Capabilities
from rewriter.prices import Price
from rewriter.queue.batch_api.provider_batches import Claim
from rewriter.queue.batch_api.questions import Questions
from rewriter.queue.batch_api.sorting import Fate, FateStatus
from rewriter.queue.connection import Connection
from rewriter.state.ledger import Ledger

# What a model turned out to take is tried anew after a week: servers learn, too.
_CAPABILITIES_SECONDS = 7 * 86_400
# What was not answered is sent again after this many looks: minutes, for an outage to pass.
_LOOKS_BEFORE_AGAIN = 5


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
        """See off all that is left in a job, and end it; see `Claim.finish`."""
        left = [Fate(digest, become, reason) for digest in await claim.digests()]
        await self.report(claim, left)
        await claim.finish(cost_known=cost_known)

    async def halve(self, claim: Claim, requests: int) -> None:
        """Have jobs of half of `requests` made of this batch from now on."""
        field, most = f"{claim.job.batch}/job_most", max(1, requests // 2)
        await self.connection.call("HSET", self.connection.key("batch"), field, most)

    async def capabilities(self, claim: Claim) -> Capabilities:
        """How its questions are put: as they were at first, otherwise as the model takes them."""
        kept = claim.job.capabilities or await self.connection.call(
            "GET", self.connection.key("capabilities", claim.job.model)
        )
        return Capabilities.model_validate_json(kept) if kept else Capabilities()

    async def learn(self, model: str, capabilities: Capabilities) -> None:
        """Put the questions to `model` like this from now on."""
        text = capabilities.model_dump_json()
        name = self.connection.key("capabilities", model)
        await self.connection.call("SET", name, text, "EX", _CAPABILITIES_SECONDS)
