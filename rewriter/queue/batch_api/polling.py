"""Carries jobs to the provider and back, each step by one process at a time.

Nothing is held in memory between two steps, and every step may be made again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from rewriter.completion import choosing
from rewriter.completion.batch_endpoint import CALL_SECONDS
from rewriter.errors import (
    AccessDeniedError,
    NoBatchEndpointError,
    QuotaExhaustedError,
    RewriterError,
    Transient,
)
from rewriter.observability import events
from rewriter.prices import in_batches
from rewriter.queue.batch_api.collecting import look
from rewriter.queue.batch_api.provider_batches import Claim, ClaimLostError, Resources
from rewriter.queue.batch_api.questions import Questions
from rewriter.queue.batch_api.sending import send
from rewriter.queue.connection import Connection, state_of
from rewriter.queue.fleet_budget import REFUSAL_PAUSE_SECONDS
from rewriter.settings import Settings

_LOOK_SECONDS = 1.0
# A step that was begun more often than this without an end kills its processes.
_MOST_BEGUN = 5
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
                await look(self._resources, claim, claim.job.provider)
            else:
                await send(self._resources, claim)
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
