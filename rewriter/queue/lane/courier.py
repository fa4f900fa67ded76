"""Carries parcels to the provider and back, each step by one process at a time.

Nothing is held in memory between two steps, and every step may be made again. Before a batch is
created, the intent is noted; whoever finds an intent without a batch asks the provider for a batch
with the parcel's tag before creating one.
"""

from __future__ import annotations

import asyncio
import logging
import math
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import islice
from pathlib import Path

from rewriter.completion import choosing
from rewriter.completion.batch_endpoint import BatchEndpoint, ProviderBatch
from rewriter.completion.wire import Dialect
from rewriter.errors import (
    AccessDeniedError,
    NoBatchEndpointError,
    QuotaExhaustedError,
    RewriterError,
    Transient,
)
from rewriter.ledger import Ledger
from rewriter.prices import in_batches
from rewriter.queue.connection import Connection
from rewriter.queue.lane.parcels import Claim, ClaimLostError
from rewriter.queue.lane.questions import Load, Questions, load_of
from rewriter.queue.lane.sorting import Become, Fate, Sorter, objects
from rewriter.queue.purse import BATCH_SPENT, dearest
from rewriter.queue.store import MICRO
from rewriter.queue.workshop import BUDGET_PAUSE_SECONDS, REFUSAL_PAUSE_SECONDS
from rewriter.request import Request
from rewriter.settings import Settings
from rewriter.state import State, find_root

_LOOK_SECONDS = 1.0
# A step that has been begun so often and never ended kills its processes.
_MOST_BEGUN = 5
# Answers that are stored at the same time, and reported together.
_LINES = 50
# What a model turned out to take is tried anew after a week: servers learn, too.
_DIALECT, _DIALECT_SECONDS = "rewriter:dialect:", 7 * 86_400
# The provider holds a bounded number of tokens in unfinished batches.
_FULL = "token_limit_exceeded"
_log = logging.getLogger(__name__)


class Courier:
    """One process's part in carrying parcels; `busy` while it makes a step."""

    def __init__(
        self,
        settings: Settings,
        connection: Connection,
        endpoint: BatchEndpoint,
        ledger: Ledger,
        questions: Questions,
    ) -> None:
        self.busy = False
        self._connection = connection
        self._endpoint = endpoint
        self._ledger = ledger
        self._questions = questions
        self._prices = in_batches(settings.price_list)
        self._daily = settings.daily_budget
        self._poll = settings.lane_poll
        self._most = settings.lane_requests

    async def run(self) -> None:
        """Make the steps that are due, for ever."""
        while True:
            try:
                if await self.step():
                    continue
            except Exception:  # noqa: BLE001 - a surprise in one step must not end the lane
                _log.exception("unexpected error in the batch lane")
            await asyncio.sleep(_LOOK_SECONDS)

    async def step(self) -> bool:
        """Make one step that is due; whether there was one."""
        claim = await Claim.take(self._connection)
        if claim is None:
            return False
        self.busy = True
        try:
            async with claim.renewed():
                await self._make(claim)
        except ClaimLostError as error:
            _log.warning("%s", error)
        except RewriterError as error:
            await self._failed(claim, error)
        except asyncio.CancelledError:
            with suppress(RewriterError):
                await claim.give_back(0)
            raise
        finally:
            self.busy = False
        return True

    async def _make(self, claim: Claim) -> None:
        if int(claim.fields["begun"]) > _MOST_BEGUN:
            await claim.park(f"the batch lane failed {_MOST_BEGUN} times at {claim.parcel}")
        elif "provider" in claim.fields:
            await self._look(claim)
        else:
            await self._send(claim)

    # --- there ---------------------------------------------------------------------------------

    async def _send(self, claim: Claim) -> None:
        intended = "dialect" in claim.fields
        if intended and (sent := await self._found(claim)):
            await self._sent(claim, sent)
        elif "called_off" in claim.fields:
            await self._empty(claim, "back")
        else:
            await self._create(claim, intended=intended)

    async def _found(self, claim: Claim) -> ProviderBatch | None:
        """The batch that somebody created of this parcel and did not live to note."""
        try:
            return await self._endpoint.find(claim.parcel, claim.created_after)
        except NoBatchEndpointError:
            return None  # then there cannot be one

    async def _create(self, claim: Claim, *, intended: bool) -> None:
        dialect, digests = await self._dialect(claim), await claim.digests()
        load = await asyncio.to_thread(load_of, self._questions, digests, dialect, self._dearest)
        await self._report(claim, [Fate(d, "lost") for d in digests if d not in load.digests])
        if not load.digests:
            await claim.finish()
        elif await self._afford(claim, load):
            await claim.note(dialect=dialect.model_dump_json(), total=len(load.digests))
            file = await self._uploaded(claim, load.data, intended=intended)
            await claim.note(file=file)  # the last look at the claim before money is spent
            await self._sent(claim, await self._endpoint.create(file, claim.parcel))

    async def _uploaded(self, claim: Claim, data: bytes, *, intended: bool) -> str:
        """The id of the parcel's file, uploaded once."""
        if "file" in claim.fields:
            return claim.fields["file"]
        found = await self._endpoint.find_file(claim.file_name) if intended else None
        return found or await self._endpoint.upload(claim.file_name, data)

    async def _sent(self, claim: Claim, batch: ProviderBatch) -> None:
        try:
            await claim.give_back(self._poll, provider=batch.id, **_progress(batch))
        except ClaimLostError:
            noted = await self._connection.call(
                "HGET", f"rewriter:parcel:{claim.parcel}", "provider"
            )
            if noted and noted != batch.id:  # somebody has created another one meanwhile
                await self._endpoint.cancel(batch.id)
            raise

    async def _afford(self, claim: Claim, load: Load) -> bool:
        """Whether the dearest outcome is set aside; if not, the parcel waits, splits or parks."""
        daily = "" if self._daily is None else round(self._daily * MICRO)
        field, cost = f"lane|{claim.parcel}", math.ceil(load.dearest * MICRO)
        match await self._connection.run("reserve", field, claim.batch, cost, daily):
            case "ok":
                return True
            case "batch" | "day" as whose if self._divisible(load, whose):
                await self._halve(claim.batch, len(load.digests))
                await self._empty(claim, "back")
            case "batch":
                await claim.park(BATCH_SPENT)
            case "day":
                told = "the day's budget is spent"
                await claim.give_back(BUDGET_PAUSE_SECONDS, trouble=told)
            case _:
                told = "waits for money that other batches have set aside"
                await claim.give_back(self._poll, trouble=told)
        return False

    def _divisible(self, load: Load, whose: str) -> bool:
        """Whether a smaller parcel may fit; tomorrow's budget is as large as today's was."""
        too_dear = whose == "batch" or load.dearest > (self._daily or 0.0)
        return too_dear and len(load.digests) > 1

    def _dearest(self, request: Request) -> float:
        return dearest(request, self._prices, self._daily)

    async def _halve(self, batch: str, requests: int) -> None:
        """Have smaller parcels made of this batch from now on."""
        await self._connection.call(
            "HSET", f"rewriter:batch:{batch}", "lane_most", max(1, requests // 2)
        )

    async def _dialect(self, claim: Claim) -> Dialect:
        """How its questions are put: as they were at first, else as the model takes them."""
        kept = claim.fields.get("dialect") or await self._connection.call(
            "GET", _DIALECT + claim.fields["model"]
        )
        return Dialect.model_validate_json(kept) if kept else Dialect()

    # --- and back ------------------------------------------------------------------------------

    async def _look(self, claim: Claim) -> None:
        batch = await self._endpoint.get(claim.fields["provider"])
        if "cancelling" in claim.fields and not batch.ended and batch.status != "cancelling":
            batch = await self._endpoint.cancel(batch.id)
        if batch.ended:
            await claim.note(**_progress(batch))
            await self._collect(claim, batch)
        else:
            await claim.give_back(self._poll, **_progress(batch))

    async def _collect(self, claim: Claim, batch: ProviderBatch) -> None:
        """Store all answers, then see to what was not answered, and end the parcel."""
        dialect = await self._dialect(claim)
        sorter = Sorter(self._questions, self._ledger, self._prices, self._endpoint.host, dialect)
        others: dict[str, Fate] = {}
        for file in filter(None, (batch.output_file, batch.error_file)):
            async for fates in self._sorted(claim, sorter, file):
                await self._report(claim, [one for one in fates if one.become == "answered"])
                others |= {one.digest: one for one in fates if one.become != "answered"}
        await self._learn(claim, sorter, batch)
        await self._report(claim, list(others.values()))
        full = any(problem.startswith(_FULL) for problem in batch.problems)
        why = "; ".join(batch.problems) or f"the batch {batch.id} has {batch.status} without it"
        await self._empty(claim, "back" if full else "again", why)
        with suppress(RewriterError):  # a file left behind costs nothing
            await self._endpoint.delete(claim.fields["file"])

    async def _sorted(self, claim: Claim, sorter: Sorter, file: str) -> AsyncIterator[list[Fate]]:
        """What becomes of the questions that a file has lines for, some at a time."""
        waiting = set(await claim.digests())
        self._questions.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._questions.folder) as folder:
            path = Path(folder, "results.jsonl")
            await self._endpoint.download(file, path)
            with path.open("rb") as text:
                wanted = (line for line in objects(text) if line.get("custom_id") in waiting)
                while some := list(islice(wanted, _LINES)):
                    yield list(await asyncio.gather(*map(sorter.sort, some)))

    async def _learn(self, claim: Claim, sorter: Sorter, batch: ProviderBatch) -> None:
        """Keep what a parcel teaches for the next ones, before they are made of what is left."""
        if sorter.concession:
            model, used = claim.fields["model"], await self._dialect(claim)
            changes = used.changes_to(sorter.concession)
            _log.warning("%s, model %s: %s", self._endpoint.host, model, changes)
            told = sorter.concession.model_dump_json()
            await self._connection.call("SET", _DIALECT + model, told, "EX", _DIALECT_SECONDS)
        if sorter.refusal:
            await claim.park(str(sorter.refusal))
        alone = await self._connection.call("SCARD", f"rewriter:parcels:{claim.batch}") == 1
        if alone and any(problem.startswith(_FULL) for problem in batch.problems):
            await self._halve(claim.batch, len(await claim.digests()))

    async def _empty(self, claim: Claim, become: Become, reason: str = "") -> None:
        """See off all that is left in a parcel, and end it."""
        await self._report(
            claim, [Fate(digest, become, reason) for digest in await claim.digests()]
        )
        await claim.finish()

    async def _report(self, claim: Claim, fates: list[Fate]) -> None:
        gone = await claim.deliver(fates, self._most)
        await asyncio.to_thread(self._questions.forget, gone)

    async def _failed(self, claim: Claim, error: RewriterError) -> None:
        """Whether an error passes, pauses the queue, or needs a person."""
        _log.warning("%s: %s", claim.parcel, error)
        with suppress(ClaimLostError):
            match error:
                case QuotaExhaustedError() | AccessDeniedError():
                    pause = REFUSAL_PAUSE_SECONDS
                    await self._connection.run("pause", str(error), round(pause * 1000))
                    await claim.give_back(pause, trouble=str(error))
                case Transient():
                    due = max(self._poll, error.retry_after or 0.0)
                    await claim.give_back(due, trouble=str(error))
                case NoBatchEndpointError() if "called_off" in claim.fields:
                    await self._empty(claim, "back")  # the batch is gone
                case _:
                    await claim.park(str(error))


@asynccontextmanager
async def lane_of(settings: Settings, connection: Connection) -> AsyncIterator[Courier | None]:
    """The courier for `settings`, None where they ask no provider."""
    if choosing.engine(settings) != "openai":
        yield None
        return
    state = State(root=find_root([], settings.root))
    endpoint = choosing.batch_endpoint(settings)
    ledger = choosing.ledger(settings, state.ledger)
    try:
        yield Courier(settings, connection, endpoint, ledger, Questions(state.lane))
    finally:
        await endpoint.aclose()


def _progress(batch: ProviderBatch) -> dict[str, str | int]:
    counts = {"completed": batch.completed, "failed": batch.failed}
    return {"status": batch.status, "trouble": "", **counts}
