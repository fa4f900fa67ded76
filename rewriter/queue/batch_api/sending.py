"""Sending a job: from kept questions to a batch at the provider, created once.

The intent is noted before a batch is created. A process that finds an intent without a batch first
asks the provider for a batch with the job's tag.
"""

from __future__ import annotations

import asyncio
import json
import math

from rewriter.completion.batch_endpoint import BatchJob
from rewriter.completion.limits import highest_cost
from rewriter.errors import NoBatchEndpointError
from rewriter.queue.batch_api.provider_batches import Claim, ClaimLostError, Resources, progress
from rewriter.queue.batch_api.questions import Load, load_of
from rewriter.queue.batch_api.sorting import Fate
from rewriter.queue.claims import MICRO
from rewriter.queue.fleet_budget import BUDGET_PAUSE_SECONDS, batch_spent
from rewriter.request import Request


async def send(resources: Resources, claim: Claim) -> None:
    """Create a batch of the job's questions, or note the one that was created already."""
    if claim.intended and (sent := await _found(resources, claim)):
        await _note(resources, claim, sent)
    elif claim.job.called_off:
        await resources.empty(claim, "back")
    else:
        await _create(resources, claim)


async def _found(resources: Resources, claim: Claim) -> BatchJob | None:
    """The batch of this job that a killed process has created and not noted, or None."""
    hour_earlier = claim.job.since / 1000 - 3600  # the provider's clock may differ
    try:
        return await resources.endpoint.find(claim.name, hour_earlier)
    except NoBatchEndpointError:
        return None  # then there cannot be one


async def _create(resources: Resources, claim: Claim) -> None:
    capabilities, digests = await resources.capabilities(claim), await claim.digests()

    def most(request: Request) -> float:
        budget = "" if resources.daily_budget is None else "daily_budget"
        return highest_cost(request, resources.prices, budget)

    load = await asyncio.to_thread(load_of, resources.questions, digests, capabilities, most)
    await resources.report(claim, [Fate(d, "lost") for d in digests if d not in load.digests])
    if not load.digests:
        await claim.finish()
    elif await _afford(resources, claim, load):
        await claim.note(capabilities=capabilities.model_dump_json(), total=len(load.digests))
        file = claim.job.file or await _uploaded(resources, claim, load.data)
        await claim.note(file=file)  # the last look at the claim before money is spent
        await _note(resources, claim, await resources.endpoint.create(file, claim.name))


async def _uploaded(resources: Resources, claim: Claim, data: bytes) -> str:
    """The id of the job's file, which a killed process may have uploaded and not noted."""
    found = await resources.endpoint.find_file(claim.file_name) if claim.intended else None
    return found or await resources.endpoint.upload(claim.file_name, data)


async def _note(resources: Resources, claim: Claim, batch: BatchJob) -> None:
    try:
        await claim.give_back(resources.poll, provider=batch.id, **progress(batch))
    except ClaimLostError:
        kept = await resources.connection.call("HGET", resources.connection.key("jobs"), claim.name)
        noted = json.loads(kept or "{}").get("provider")
        if noted and noted != batch.id:  # somebody has created another one meanwhile
            await resources.endpoint.cancel(batch.id)
        raise


async def _afford(resources: Resources, claim: Claim, load: Load) -> bool:
    """Whether the highest possible cost is set aside; if not, the job waits, splits or parks."""
    daily = "" if resources.daily_budget is None else round(resources.daily_budget * MICRO)
    cost = math.ceil(load.highest_cost * MICRO)
    field = f"job|{claim.name}"
    match await resources.connection.run(
        "reserve", field, claim.job.claim, claim.job.batch, cost, daily
    ):
        case "ok":
            return True
        case "batch" | "day" as whose if _too_large(resources, load, whose):
            await resources.halve(claim, len(load.digests))
            await resources.empty(claim, "back")
        case "batch":
            await claim.park(batch_spent(claim.job.batch))
        case "day":
            await claim.give_back(BUDGET_PAUSE_SECONDS, trouble="the day's budget is spent")
        case _:
            why = "waits for money that is set aside for others"
            await claim.give_back(resources.poll, trouble=why)
    return False


def _too_large(resources: Resources, load: Load, whose: str) -> bool:
    """Whether only a smaller job fits: the budget of tomorrow is no larger than today's."""
    too_dear = whose == "batch" or load.highest_cost > (resources.daily_budget or 0.0)
    return too_dear and len(load.digests) > 1
