"""Carries jobs to the provider and back, each step by one process at a time.

Nothing is held in memory between two steps, and every step may be made again. Sending notes the
intent before it creates a batch: a process that finds an intent without a batch first asks the
provider for a batch with the job's tag. Collecting stores and reports answers in portions, so an
interrupted one continues where it was. Questions without an answer at the end are sent again.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from rewriter.completion import choosing
from rewriter.completion.batch_endpoint import CALL_SECONDS, WINDOW_HOURS, BatchJob
from rewriter.completion.limits import highest_cost
from rewriter.errors import (
    AccessDeniedError,
    NoBatchEndpointError,
    ProviderError,
    QuotaExhaustedError,
    RewriterError,
    Transient,
)
from rewriter.observability import events
from rewriter.prices import in_batches
from rewriter.queue.batch_api.provider_batches import Claim, ClaimLostError, Resources, progress
from rewriter.queue.batch_api.questions import Load, Questions, load_of
from rewriter.queue.batch_api.sorting import Fate, FateStatus, Sorter, portions
from rewriter.queue.claims import MICRO
from rewriter.queue.connection import Connection, state_of
from rewriter.queue.fleet_budget import BUDGET_PAUSE_SECONDS, REFUSAL_PAUSE_SECONDS, batch_spent
from rewriter.request import Request
from rewriter.settings import Settings

_LOOK_SECONDS = 1.0
# A step that was begun more often than this without an end kills its processes.
_MOST_BEGUN = 5
# A batch that has not ended by then is cancelled: the window that the provider promises, and two
# hours to write the results.
_MOST_HOURS = WINDOW_HOURS + 2
_LATE_SECONDS = _MOST_HOURS * 3600.0
# Cancelling takes up to ten minutes (OpenAI). A batch that has not ended after an hour is given up.
_CANCEL_SECONDS = 3600.0
# The provider holds a bounded number of tokens in unfinished batches.
_FULL = "token_limit_exceeded"
_log = logging.getLogger(__name__)


class Poller:
    """One process's part in carrying jobs."""

    def __init__(self, resources: Resources, process: str) -> None:
        self._resources = resources
        self._process = process

    async def run(self) -> None:
        """Make the steps that are due, for ever."""
        while True:
            try:
                if await self.step():
                    continue
            except Exception:  # noqa: BLE001 - an error in one step must not end the others
                _log.exception("unexpected error in the batch API")
            await asyncio.sleep(_LOOK_SECONDS)

    async def step(self) -> bool:
        """Make one step that is due; whether there was one."""
        claim = await Claim.take(self._resources.connection, self._process)
        if claim is None:
            return False
        try:
            if claim.job.begun > _MOST_BEGUN:
                await claim.park(f"the batch API failed {_MOST_BEGUN} times at {claim.name}")
            elif claim.job.provider:
                await _look(self._resources, claim, claim.job.provider)
            else:
                await _send(self._resources, claim)
        except ClaimLostError as error:
            _log.warning("%s", error)
        except RewriterError as error:
            await self._failed(claim, error)
        except asyncio.CancelledError:
            with suppress(RewriterError):
                await claim.give_back(0)
            raise
        return True

    async def _failed(self, claim: Claim, error: RewriterError) -> None:
        """Whether an error passes, pauses the queue, or needs a person."""
        events.job_failed(claim.name, error)
        resources = self._resources
        with suppress(ClaimLostError):
            match error:
                case QuotaExhaustedError() | AccessDeniedError():
                    pause = REFUSAL_PAUSE_SECONDS
                    await resources.connection.run("pause", str(error), round(pause * 1000))
                    await claim.give_back(pause, trouble=str(error))
                case Transient():
                    # A call without an answer may still create the batch within this time.
                    least = 0.0 if claim.job.provider else CALL_SECONDS
                    due = max(resources.poll, least, error.retry_after or 0.0)
                    await claim.give_back(due, trouble=str(error))
                case NoBatchEndpointError() if claim.job.called_off:
                    await resources.empty(claim, "back")  # the batch is gone
                case _:
                    await claim.park(str(error))


@asynccontextmanager
async def poller_of(
    settings: Settings, connection: Connection, process: str = ""
) -> AsyncIterator[Poller | None]:
    """The poller of a process with these settings, None where they ask no provider."""
    if choosing.engine(settings) != "openai":
        yield None
        return
    state = state_of(settings)
    endpoint = choosing.batch_endpoint(settings)
    try:
        yield Poller(
            Resources(
                connection,
                endpoint,
                choosing.ledger(settings, state.ledger),
                Questions(state.batch_requests),
                in_batches(settings.price_list),
                settings.daily_budget,
                settings.batch_poll,
                settings.batch_requests,
            ),
            process,
        )
    finally:
        await endpoint.aclose()


# --- sending ----------------------------------------------------------------------------------


async def _send(resources: Resources, claim: Claim) -> None:
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


# --- collecting -------------------------------------------------------------------------------


async def _look(resources: Resources, claim: Claim, provider: str) -> None:
    """Note the progress of the batch `provider`, cancel it if it is late, or collect it."""
    batch = await resources.endpoint.get(provider)
    cancelling_for = claim.job.age - claim.job.cancelled_at
    if batch.ended or cancelling_for > _CANCEL_SECONDS:
        await claim.note(**progress(batch))
        await _collect(resources, claim, batch)
    elif (claim.job.cancelling or claim.job.age > _LATE_SECONDS) and batch.status != "cancelling":
        await _cancel(resources, claim, batch)
    else:
        await claim.give_back(resources.poll, **progress(batch))


async def _cancel(resources: Resources, claim: Claim, batch: BatchJob) -> None:
    """Cancel a batch. If the provider refuses, the next look tries again."""
    try:
        batch, trouble = await resources.endpoint.cancel(batch.id), ""
    except ProviderError as error:
        trouble = str(error)
    fields = progress(batch) | {"trouble": trouble}
    fields["cancelled_at"] = round(min(claim.job.age, claim.job.cancelled_at))
    await claim.give_back(resources.poll, **fields)


async def _collect(resources: Resources, claim: Claim, batch: BatchJob) -> None:
    """Store all answers, send the other questions back, and end the job."""
    capabilities = await resources.capabilities(claim)
    sorter = Sorter(
        resources.questions,
        resources.ledger,
        resources.prices,
        resources.endpoint.host,
        capabilities,
    )
    unanswered: list[Fate] = []
    for file in filter(None, (batch.output_file, batch.error_file)):
        unanswered += await _sort(resources, claim, sorter, file)
    full = any(problem.startswith(_FULL) for problem in batch.problems)
    # Before anything is sent again: it is sent in the form that is learned here.
    await _learn(resources, claim, sorter, full=full)
    await resources.report(claim, unanswered)
    become: FateStatus = "back" if full else "again"
    await resources.empty(claim, become, _why(claim, batch), cost_known=batch.ended)
    with suppress(RewriterError):  # a file left behind costs nothing
        await resources.endpoint.delete(claim.job.file)


def _why(claim: Claim, batch: BatchJob) -> str:
    """The reason for questions about which the provider said nothing."""
    if _LATE_SECONDS < claim.job.cancelled_at < math.inf:
        return f"the batch {batch.id} had not ended after {_MOST_HOURS} hours and was cancelled"
    return "; ".join(batch.problems) or f"the batch {batch.id} has {batch.status} without it"


async def _sort(resources: Resources, claim: Claim, sorter: Sorter, file: str) -> list[Fate]:
    """Store the answers in a file and report them; returns what else its lines say."""
    others: list[Fate] = []
    waiting = set(await claim.digests())
    async with _downloaded(resources, file) as path:
        with path.open("rb") as text:
            for some in portions(text, waiting):
                fates = await asyncio.gather(*map(sorter.sort, some))
                await resources.report(claim, [one for one in fates if one.status == "answered"])
                others += [one for one in fates if one.status != "answered"]
    return others


@asynccontextmanager
async def _downloaded(resources: Resources, file: str) -> AsyncIterator[Path]:
    resources.questions.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=resources.questions.folder) as folder:
        path = Path(folder, "results.jsonl")
        await resources.endpoint.download(file, path)
        yield path


async def _learn(resources: Resources, claim: Claim, sorter: Sorter, *, full: bool) -> None:
    """Keep for later jobs what the provider accepts, and whether it is full."""
    if sorter.fallback:
        used = await resources.capabilities(claim)
        changes = used.changes_to(sorter.fallback)
        _log.warning("%s, model %s: %s", resources.endpoint.host, claim.job.model, changes)
        await resources.learn(claim.job.model, sorter.fallback)
    if sorter.refusal:
        await claim.park(str(sorter.refusal))
    jobs = await resources.connection.call("HKEYS", resources.connection.key("jobs"))
    # If the batch has other jobs, the next one that ends makes room.
    if full and sum(job.startswith(f"{claim.job.batch}/") for job in jobs) == 1:
        await resources.halve(claim, len(await claim.digests()))
