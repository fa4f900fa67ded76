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
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from rewriter.article import OutcomeStatus
from rewriter.errors import QueueError
from rewriter.observability import events
from rewriter.queue.batch_api.polling import Poller
from rewriter.queue.claims import BEAT_SECONDS, LEASE_SECONDS, Consumer, Delivery, End, Return
from rewriter.queue.fleet_rate_limiter import FleetRateLimiter
from rewriter.runs.concurrency import ConcurrencyLimiter, Permit

# Seconds between two questions to Redis: of articles that end together one reports about ten.
_REFILL_SECONDS = 0.05
# Seconds between two questions when there is nothing to do.
_IDLE_SECONDS = 0.5
# With this many calls waiting at the rate limiter only urgent articles are claimed: others would
# hold permits without using them.
_MOST_WAITING = 4
# Most articles for one claim: a closed limiter is noticed before hundreds wait at it, and a process
# has no CPU for more in `_REFILL_SECONDS`.
_MOST_AT_ONCE = 16
# Seconds between two looks for dead processes of the same machine, and for what is due.
_LOOK_SECONDS = 1.0
# Forgetting looks at the rows of all batches, so one process does it, at a random time.
_FORGET_SECONDS = 7200
# The last reports wait this long for Redis. Without them the articles come back when leases end.
_LAST_SECONDS = 5.0
# A message that has not arrived by then is sent again: Celery's transport has lost it, or is away.
_LOST_SECONDS = 5.0
# A process to which Celery has brought no article for this long ends, and another one begins.
_DEAF_SECONDS = 60.0

Work = Callable[[Delivery, Permit], Awaitable[End | Return]]
Send = Callable[[Sequence[Delivery]], None]
STANDARD_ERROR = 2  # the descriptor itself: Celery replaces sys.stderr by its log
_log = logging.getLogger(__name__)


class _Claimed:
    """A claimed article, its permit, and `reported`, which is set once the table has the outcome.

    `reported` is False where the report was ignored because the claim had been lost before.
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
        """Run `work` to its end, or until some seconds after a stop; whether it ended by itself."""
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

        None where there is nothing to do: the claim has another number by now, another message has
        brought the article, or another process has it.
        """
        claimed = self._claimed.get(article)
        if claimed is None or claimed.delivery.number != number or claimed.task:
            return None
        self._unheard = 0.0
        claimed.task = asyncio.ensure_future(self._see_through(claimed))
        return claimed.outcome if await claimed.reported else None

    def end(self, article: str, number: str, status: OutcomeStatus, reason: str) -> None:
        """End an article whose task does not begin.

        The task was revoked, or cannot be sent, as one that another program put into the table.
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
        """Let articles at work end for the grace; those that have not begun go back at once.

        After the grace the others go back too, and at once those that wait for the rate limit,
        because they may wait longer. The last reports wait for Redis for some seconds only.
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
            # Calls in flight are paid for: they go on, and the next question reports them.
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
        """Send lost messages again: Celery's transport has none left for this process."""
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
        """End this process: its Celery takes no messages any more."""
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
        """Wait until an article ends or it is time to ask again; not where `more` can be claimed.

        Two questions are `_REFILL_SECONDS` apart, so that several articles can end in between.
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
        """Forget batches that ended long ago, at random times: processes rarely do it at once."""
        while True:
            await asyncio.sleep(secrets.randbelow(_FORGET_SECONDS))
            with suppress(QueueError):
                await self._consumer.forget_old()

    async def _is_held(self) -> bool:
        """Renew the lease; whether it was still held. True also where Redis cannot be asked."""
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
        """End the process when its event loop does not run for the length of a lease.

        By then other processes have its articles. The supervisor starts another process.
        """
        while True:
            faulthandler.dump_traceback_later(LEASE_SECONDS, exit=True, file=STANDARD_ERROR)
            await asyncio.sleep(BEAT_SECONDS)


async def cancel(tasks: Collection[asyncio.Future[Any]]) -> None:
    """Cancel tasks, and return once all have ended; their errors are dropped.

    They are cancelled more than once: redis-py loses a cancellation that meets an error or the end
    of a time-out, and the task would go on for ever.
    """
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=_IDLE_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)


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
