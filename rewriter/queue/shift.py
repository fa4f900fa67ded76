"""How one process works: hundreds of articles at work on one event loop, refilled as they end."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

from rewriter.errors import QueueError
from rewriter.queue.connection import Connection
from rewriter.queue.gate import FleetGate
from rewriter.queue.lane.courier import Courier, courier_of
from rewriter.queue.liveness import process_name
from rewriter.queue.store import BEAT_SECONDS, LEASE_SECONDS, Delivery, End, Hold, Return
from rewriter.queue.workshop import Workshop, state_of
from rewriter.runs.permits import ConcurrencyLimiter, Permit
from rewriter.settings import Settings
from rewriter.state.identity import root_id

# A shift's length. Its end costs some throughput, since the last articles run alone; it is there
# for Celery to replace processes now and then.
SHIFT_SECONDS = 3600.0
# Questions to Redis are so far apart: when articles end in a bunch, one is for some ten of them.
_REFILL_SECONDS = 0.05
# With nothing to do the queue is asked this often, and after this long the shift ends.
_IDLE_SECONDS = 0.5
_MOST_IDLE_SECONDS = 10.0
# With more calls than this waiting at the gate no further articles are taken: they would only hold
# limiter, and a high priority could not overtake them.
_MOST_WAITING = 4
# So many are taken at a time: a gate that is closed shows before hundreds stand in front of it. A
# process has no CPU for more in `_REFILL_SECONDS`.
_MOST_AT_ONCE = 16

Work = Callable[[Delivery, Permit], Awaitable[End | Return]]
_STANDARD_ERROR = 2  # the file itself: Celery puts its log in the place of sys.stderr
_log = logging.getLogger(__name__)


class Terms(NamedTuple):
    """Bounds on a shift: articles that await answers, seconds until it ends, seconds to end in."""

    in_flight: int
    length: float
    grace: float


async def work(settings: Settings, stop: asyncio.Event) -> int:
    """Work until `stop` is set, the queue is empty or `SHIFT_SECONDS` are over.

    Returns the number of articles that ended. Raises `ConfigurationError` for settings that do not
    go together.
    """
    process = process_name()
    async with Connection(settings.redis_url.get_secret_value(), patience=float("inf")) as redis:
        gate = FleetGate(
            redis,
            requests_per_minute=settings.requests_per_minute,
            tokens_per_minute=settings.tokens_per_minute,
        )
        workshop = Workshop(settings, redis, gate, process)
        terms = Terms(settings.in_flight, SHIFT_SECONDS, settings.shutdown_grace)
        async with courier_of(settings, redis) as courier:
            hold = Hold(redis, process, root_id(state_of(settings)))
            shift = Shift(hold, gate, workshop.work, terms, stop, courier)
            try:
                return await shift.run()
            finally:
                await workshop.aclose()


class Shift:
    """One process's turn at the queue."""

    def __init__(
        self,
        hold: Hold,
        gate: FleetGate,
        work: Work,
        terms: Terms,
        stop: asyncio.Event,
        courier: Courier | None = None,
    ) -> None:
        self._hold = hold
        self._gate = gate
        self._work = work
        self._terms = terms
        self._stop = stop
        self._courier = courier
        self._lost = asyncio.Event()
        self._flying: dict[str, asyncio.Task[None]] = {}
        self._done: list[End | Return] = []
        self._wake = asyncio.Event()
        self._limiter = ConcurrencyLimiter(terms.in_flight, self._wake)
        self._ended = 0
        self._asked = 0.0
        self._refused = False  # whether Redis refused the last report, and holds more than is known

    async def run(self) -> int:
        """Work until the end of the shift; returns the number of articles that ended."""
        await self._hold.join()
        _log.info("%s begins", self._hold.process)
        async with self._beating():
            await self._take_until_told()
            await self._finish()
        if not self._lost.is_set() and not self._refused:  # else all comes back by the lease
            await self._hold.leave()
        _log.info("%s ends: %d articles", self._hold.process, self._ended)
        return self._ended

    @property
    def _told_to_stop(self) -> bool:
        return self._stop.is_set() or self._lost.is_set()

    async def _take_until_told(self) -> None:
        ends = time.monotonic() + self._terms.length
        busy = time.monotonic()
        while not self._told_to_stop:
            now = time.monotonic()
            if self._flying or (self._courier and self._courier.busy):
                busy = now
            elif now >= ends or now - busy > _MOST_IDLE_SECONDS:
                return
            taken = await self._exchange(self._room() if now < ends else 0)
            await self._pause(more=taken >= _MOST_AT_ONCE)

    async def _finish(self) -> None:
        """Let what is in flight end; after the grace it goes back."""
        ends = time.monotonic() + self._terms.grace
        while self._flying and time.monotonic() < ends and not self._lost.is_set():
            await self._exchange(room=0)
            await asyncio.sleep(_REFILL_SECONDS)
        while self._flying:  # more than once: a cancellation that meets an error can get lost
            for task in self._flying.values():
                task.cancel()
            await asyncio.wait(self._flying.values(), timeout=_IDLE_SECONDS)
        if not self._lost.is_set():
            await self._exchange(room=0)

    async def _exchange(self, room: int) -> int:
        """Report what ended since the last time, and refill; returns the number taken."""
        self._wake.clear()
        done, self._done = self._done, []
        if not done and room <= 0:
            return 0
        self._asked = time.monotonic()
        try:
            taken = await self._hold.exchange(done, self._flying, room, _MOST_AT_ONCE)
        except QueueError as error:
            # What is in flight is paid for: it goes on, and is reported with the next question.
            self._done = done + self._done
            if not self._refused:
                _log.error("cannot take or report articles: %s", error)
            self._refused = True
            return 0
        self._refused = False
        if taken.troubles:
            _log.error("%d strange ids in the queue: %s", len(taken.troubles), taken.troubles[0])
        self._ended += sum(isinstance(one, End) for one in done)
        for delivery in taken.deliveries:
            work = self._see_through(delivery, self._limiter.take())
            self._flying[delivery.id] = asyncio.ensure_future(work)
        return len(taken.deliveries)

    async def _see_through(self, delivery: Delivery, permit: Permit) -> None:
        """Work on an article and keep what became of it for the next report."""
        outcome: End | Return = Return(delivery, "ready")
        try:
            outcome = await self._work(delivery, permit)
        finally:
            permit.release()
            del self._flying[delivery.id]
            self._done.append(outcome)
            self._wake.set()

    def _room(self) -> int:
        if self._gate.waiting >= _MOST_WAITING:
            return 0
        return self._limiter.room(len(self._flying))

    async def _pause(self, *, more: bool) -> None:
        """Wait until an article ends or it is time to ask again; with `more` to take it is at once.

        Right after a question others get the time to end.
        """
        if not more:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _IDLE_SECONDS)
        if not self._told_to_stop:
            await asyncio.sleep(self._asked + _REFILL_SECONDS - time.monotonic())

    @asynccontextmanager
    async def _beating(self) -> AsyncIterator[None]:
        tasks = [asyncio.ensure_future(self._beat()), asyncio.ensure_future(self._watch())]
        if self._courier:
            tasks.append(asyncio.ensure_future(self._courier.run()))
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _beat(self) -> None:
        while await self._is_held():
            await asyncio.sleep(BEAT_SECONDS)
        _log.error("%s was taken for dead and abandons its work", self._hold.process)
        self._lost.set()

    async def _is_held(self) -> bool:
        """Whether others leave this process its articles; where nobody can tell, they do."""
        try:
            return await self._hold.beat()
        except QueueError as error:
            _log.error("cannot renew the lease: %s", error)
            return True

    async def _watch(self) -> None:
        """End the process when its loop stands still for the length of a lease.

        By then others have its articles, and one that froze a process must not freeze it for good.
        Celery replaces a process that ends.
        """
        while True:
            faulthandler.dump_traceback_later(LEASE_SECONDS, exit=True, file=_STANDARD_ERROR)
            await asyncio.sleep(BEAT_SECONDS)
