"""Collecting a job: the progress of its batch, and its answers.

Answers are stored and reported in portions, so an interrupted collection continues where it was.
Questions without an answer at the end are sent again.
"""

from __future__ import annotations

import asyncio
import logging
import math
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from rewriter.completion.batch_endpoint import WINDOW_HOURS, BatchJob
from rewriter.errors import ProviderError, RewriterError
from rewriter.queue.batch_api.provider_batches import Claim, Resources, progress
from rewriter.queue.batch_api.sorting import Fate, FateStatus, Sorter, portions

# A batch that has not ended by then is cancelled: the window that the provider promises, and two
# hours to write the results.
_MOST_HOURS = WINDOW_HOURS + 2
_LATE_SECONDS = _MOST_HOURS * 3600.0
# Cancelling takes up to ten minutes (OpenAI). A batch that has not ended after an hour is given up.
_CANCEL_SECONDS = 3600.0
# The provider holds a bounded number of tokens in unfinished batches.
_FULL = "token_limit_exceeded"
_log = logging.getLogger(__name__)


async def look(resources: Resources, claim: Claim, provider: str) -> None:
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
