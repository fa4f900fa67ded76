"""How one process works on the queue: it claims articles, and each is a Celery task of its own.

A claim is made in the table (`claims`), then the process sends the article to itself as a task, by
a list that only it reads. A thread of Celery's pool takes the task and waits here, on the event
loop that all articles of the process share. The result for the article goes into the table before
the task ends, so that a message that gets lost or comes twice changes nothing.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import secrets
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from rewriter.article import OutcomeStatus
from rewriter.errors import QueueError
from rewriter.observability import events
from rewriter.queue.batch_api.polling import Poller
from rewriter.queue.cancelling import cancel
from rewriter.queue.claims import BEAT_SECONDS, LEASE_SECONDS, Consumer, Delivery, End, Return
from rewriter.queue.fleet_rate_limiter import FleetRateLimiter
from rewriter.runs.concurrency import ConcurrencyLimiter, Permit

# Questions to Redis are so far apart: when articles end in a bunch, one is for some ten of them.
_REFILL_SECONDS = 0.05
# With nothing to do the table is asked this often.
_IDLE_SECONDS = 0.5
# With this many calls waiting at the rate limiter none but urgent articles are claimed: the others
# would only hold permits.
_MOST_WAITING = 4
# This many are claimed at a time: a limiter that is closed shows before hundreds stand in front of
# it. A process has no CPU for more in `_REFILL_SECONDS`.
_MOST_AT_ONCE = 16
# So often a process looks whether others of its machine have died, and for what is due.
_LOOK_SECONDS = 1.0
# A batch is forgotten by a look at the rows of all batches: once, not by each process.
_FORGET_SECONDS = 7200
# So long Redis may be away when the last reports are made; without them all comes back by leases.
_LAST_SECONDS = 5.0
# A message that has not come by then is sent again: Celery's transport lost it, or is away.
_LOST_SECONDS = 5.0
# A process whose Celery has brought none of its articles for so long ends, and another one begins.
_DEAF_SECONDS = 60.0

Work = Callable[[Delivery, Permit], Awaitable[End | Return]]
Send = Callable[[Sequence[Delivery]], None]
STANDARD_ERROR = 2  # the file itself: Celery puts its log in the place of sys.stderr
_log = logging.getLogger(__name__)


class _Claimed:
    """A claimed article: with its permit, and `reported` once the table knows what became of it.

    `reported` is False where the report counts for nothing, since the claim was lost before.
    """

    def __init__(self, delivery: Delivery, permit: Permit) -> None:
        self.delivery = delivery
        self.permit = permit
        self.sent_at = time.monotonic()
        self.task: asyncio.Task[None] | None = None
        self.outcome: End | Return = Return(delivery, "ready")
        self.reported: asyncio.Future[bool] = asyncio.get_running_loop().create_future()


class Dispatcher:
    """One process's part in the queue, until `stop` is set.

    `send` has articles sent to this process as tasks, and does not wait for it; each comes back by
    `perform`. At most `in_flight` articles await answers, and they have `grace` seconds to end.
    """

    def __init__(
        self,
        consumer: Consumer,
        rate_limiter: FleetRateLimiter,
        work: Work,
        send: Send,
        stop: asyncio.Event,
        poller: Poller | None = None,
        *,
        in_flight: int,
        grace: float,
    ) -> None:
        self._consumer = consumer
        self._rate_limiter = rate_limiter
        self._work = work
        self._send = send
        self._stop = stop
        self._poller = poller
        self._grace = grace
        self._lost = asyncio.Event()
        self._claimed: dict[str, _Claimed] = {}
        self._done: list[_Claimed] = []
        self._wake = asyncio.Event()
        self._limiter = ConcurrencyLimiter(in_flight, self._wake)
        self._ended = 0
        self._asked = 0.0
        self._looked = time.monotonic()
        self._unheard = 0.0  # seconds in which articles were late and Celery brought none
        self._refused = False  # whether Redis refused the last report, and holds more than is known

    async def run(self) -> int:
        """Work until the process is told to stop; returns the number of articles that ended."""
        if not await self._until_stopped(self._consumer.join()):
            return 0
        _log.info("%s begins", self._consumer.process)
        async with self._beating():
            await self._until_stopped(self._claim())
            await self._finish()
        if not self._lost.is_set() and not self._refused:  # else all comes back by the lease
            with suppress(TimeoutError):
                await asyncio.wait_for(self._consumer.leave(), _LAST_SECONDS)
        _log.info("%s ends: %d articles", self._consumer.process, self._ended)
        return self._ended

    async def _until_stopped(self, work: Coroutine[Any, Any, None]) -> bool:
        """Whether work ended by itself: while Redis is away it ends no more than a stop lets it."""
        tasks = [asyncio.ensure_future(work), asyncio.ensure_future(self._stop.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait(tasks[:1], timeout=_LAST_SECONDS)
            ended = tasks[0].done()
        finally:
            await cancel(tasks)
        if ended:
            tasks[0].result()
        return ended

    async def _claim(self) -> None:
        """Claim articles until the process is told to stop."""
        while not self._is_stopping:
            held_back = self._rate_limiter.waiting >= _MOST_WAITING
            room = self._limiter.room(len(self._claimed))
            taken = await self._exchange(room, urgent_only=held_back)
            await self._send_again()
            await self._pause(more=taken >= _MOST_AT_ONCE)

    async def perform(self, article: str, number: str) -> End | Return | None:
        """Work on an article that was claimed, by the task that brought it.

        None where there is nothing to do: it is not claimed by this number any more, another
        message has brought it, or another process has it by now.
        """
        claimed = self._claimed.get(article)
        if claimed is None or claimed.delivery.number != number or claimed.task:
            return None
        self._unheard = 0.0
        claimed.task = asyncio.ensure_future(self._see_through(claimed))
        return claimed.outcome if await claimed.reported else None

    def end(self, article: str, number: str, status: OutcomeStatus, reason: str) -> None:
        """End an article whose task does not begin.

        It was revoked, or the article can be none, such as one that somebody else put into the
        table.
        """
        claimed = self._claimed.get(article)
        if claimed and claimed.delivery.number == number and not claimed.task:
            claimed.outcome = End(claimed.delivery, status, reason, caller_knows=True)
            _report(claimed.outcome)
            self._give_up(claimed)

    @property
    def _is_stopping(self) -> bool:
        return self._stop.is_set() or self._lost.is_set()

    async def _finish(self) -> None:
        """Let what is at work end; what has not begun goes back, and after the grace the rest.

        What waits for the rate limit goes back too: it may wait longer than the grace. Redis may be
        away: for the last reports nobody waits as long.
        """
        if self._stop.is_set():
            self._rate_limiter.end()
        for claimed in [one for one in self._claimed.values() if one.task is None]:
            self._give_up(claimed)
        at_work = [one.task for one in self._claimed.values() if one.task]
        reporting = asyncio.ensure_future(self._report_all())
        ended = asyncio.gather(*at_work, return_exceptions=True)
        first: list[asyncio.Future[Any]] = [reporting, ended]
        await asyncio.wait(first, timeout=self._grace, return_when=asyncio.FIRST_COMPLETED)
        await cancel(at_work)
        await asyncio.wait([reporting], timeout=_LAST_SECONDS)
        await cancel([reporting])
        for claimed in [*self._done, *self._claimed.values()]:
            claimed.reported.set_result(False)

    async def _report_all(self) -> None:
        """Report until nothing is at work."""
        while not self._lost.is_set() and (self._claimed or self._done):
            await self._exchange(room=0)
            await asyncio.sleep(_REFILL_SECONDS)

    async def _exchange(self, room: int, *, urgent_only: bool = False) -> int:
        """Report what ended since the last time, and claim anew; returns the number claimed."""
        self._wake.clear()
        done, self._done = self._done, []
        if not done and room <= 0:
            return 0
        self._asked = time.monotonic()
        outcomes = [one.outcome for one in done]
        try:
            taken = await self._consumer.exchange(
                outcomes, self._claimed, room, _MOST_AT_ONCE, urgent_only=urgent_only
            )
        except QueueError as error:
            # What is in flight is paid for: it goes on, and is reported with the next question.
            self._done = done + self._done
            if not self._refused:
                _log.error("cannot claim or report articles: %s", error)
            self._refused = True
            return 0
        except asyncio.CancelledError:
            self._done = done + self._done
            self._refused = True
            raise
        self._refused = False
        for one in done:
            one.reported.set_result(one.delivery.id not in taken.lost)
            self._ended += isinstance(one.outcome, End)
        for delivery in taken.deliveries:
            self._claimed[delivery.id] = _Claimed(delivery, self._limiter.take())
        self._send(taken.deliveries)
        return len(taken.deliveries)

    async def _send_again(self) -> None:
        """Send again what Celery's transport has lost: it has nothing left for this process."""
        now = time.monotonic()
        late = [
            one
            for one in self._claimed.values()
            if not one.task and one.sent_at + _LOST_SECONDS < now
        ]
        # An outage of Redis hardly counts: it makes one round long.
        self._unheard += min(now - self._looked, _IDLE_SECONDS) if late else -self._unheard
        self._looked = now
        if self._unheard > _DEAF_SECONDS:
            self._end_process()
        elif late:
            with suppress(QueueError):  # it is asked again
                if await self._consumer.messages():
                    return
                for one in late:
                    one.sent_at = now
                self._send([one.delivery for one in late])

    def _end_process(self) -> None:
        """End a process whose Celery takes no messages any more, as after some losses of Redis."""
        _log.error(
            "%s ends, so that another one begins: Celery has brought no article for %d s",
            self._consumer.process,
            self._unheard,
        )
        self._unheard = 0.0
        os.kill(os.getpid(), signal.SIGTERM)

    async def _see_through(self, claimed: _Claimed) -> None:
        """Work on an article and keep what became of it for the next report."""
        began = time.monotonic()
        try:
            outcome = await self._work(claimed.delivery, claimed.permit)
            if isinstance(outcome, End):
                outcome = outcome._replace(seconds=round(time.monotonic() - began, 3))
            claimed.outcome = outcome
            _report(outcome)
        finally:
            self._give_up(claimed)

    def _give_up(self, claimed: _Claimed) -> None:
        """Put an article into the next report."""
        claimed.permit.release()
        del self._claimed[claimed.delivery.id]
        self._done.append(claimed)
        self._wake.set()

    async def _pause(self, *, more: bool) -> None:
        """Wait until an article ends or it is time to ask again; with `more` to take it is at once.

        Right after a question others get the time to end.
        """
        if not more:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _IDLE_SECONDS)
        if not self._is_stopping:
            await asyncio.sleep(self._asked + _REFILL_SECONDS - time.monotonic())

    @asynccontextmanager
    async def _beating(self) -> AsyncIterator[None]:
        work = [self._beat(), self._watch(), self._forget()]
        if self._poller:
            work.append(self._poller.run())
        tasks = [asyncio.ensure_future(one) for one in work]
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
            await cancel(tasks)

    async def _beat(self) -> None:
        while await self._is_held():
            await asyncio.sleep(min(BEAT_SECONDS, _LOOK_SECONDS))
        _log.error("%s was taken for dead and abandons its work", self._consumer.process)
        self._lost.set()

    async def _forget(self) -> None:
        """Forget batches that were over long ago, at times that other processes hardly have."""
        while True:
            await asyncio.sleep(secrets.randbelow(_FORGET_SECONDS))
            with suppress(QueueError):
                await self._consumer.forget_old()

    async def _is_held(self) -> bool:
        """Whether others leave this process its articles; where nobody can tell, they do."""
        try:
            held, untold = await self._consumer.beat()
        except QueueError as error:
            _log.error("cannot renew the lease: %s", error)
            return True
        except Exception:  # noqa: BLE001 - without a lease the process would idle for ever
            _log.exception("cannot renew the lease")
            return True
        self._send(untold)
        return held

    async def _watch(self) -> None:
        """End the process when its loop stands still for the length of a lease.

        By then others have its articles, and one that froze a process must not freeze it for good.
        Whoever started the process starts another one.
        """
        while True:
            faulthandler.dump_traceback_later(LEASE_SECONDS, exit=True, file=STANDARD_ERROR)
            await asyncio.sleep(BEAT_SECONDS)


def _report(outcome: End | Return) -> None:
    """Report to the log and the metrics what became of an article, without its text."""
    delivery = outcome.delivery
    if isinstance(outcome, Return):
        events.article_returned(
            delivery.path, outcome.where, batch=delivery.batch, error=outcome.error
        )
        return
    events.article_ended(
        delivery.path,
        outcome.status,
        batch=delivery.batch,
        seconds=outcome.seconds,
        cost=outcome.usage.cost,
        codes=outcome.codes,
        error=outcome.error,
    )
