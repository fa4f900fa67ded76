"""The rate limiter of the fleet: requests and tokens a minute, and one pause for all processes."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from itertools import chain, islice

from rewriter.completion.limits import CallPermit, most_tokens
from rewriter.errors import QueueError, RateLimitedError
from rewriter.queue.connection import Connection
from rewriter.request import Request

# A limit that opens early (tokens come back, a pause is lifted) is noticed within this time.
_LONGEST_SLEEP_SECONDS = 2.0
# A permit that took longer to get here is not used: the provider would count the call in a later
# minute than `admit.lua` did.
_FRESH_SECONDS = 1.0
# Most calls for one question: this bounds how long the script keeps Redis busy.
_MOST_AT_ONCE = 100

_log = logging.getLogger(__name__)

# Whether the article of the running task goes before all others.
urgent: ContextVar[bool] = ContextVar("urgent", default=False)


class FleetRateLimiter:
    """Lets calls pass by limits that all processes share in Redis; see `admit.lua`.

    All calls of a process that wait stand in one line, those of urgent articles first. One script
    call at a time asks for all: many calls cost a single one, and a limit that is reached a few a
    second, not hundreds.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        requests_per_minute: int | None,
        tokens_per_minute: int | None,
    ) -> None:
        self._connection = connection
        self._requests = requests_per_minute or ""
        self._tokens = tokens_per_minute or ""
        self._line: dict[asyncio.Future[int], int] = {}  # the tokens of each call
        self._urgent: dict[asyncio.Future[int], int] = {}
        self._asking: asyncio.Task[None] | None = None
        self._urgent_came = asyncio.Event()
        self._settling: set[asyncio.Future[None]] = set()
        self._closed = False
        self._ended = False

    def end(self) -> None:
        """Cancel the tasks of articles whose calls a limit holds back.

        Articles in progress may still make their next call where the limit lets it pass soon.
        """
        self._ended = True
        if self._closed:
            self._cancel_waiting()

    def _cancel_waiting(self) -> None:
        for call in (*self._urgent, *self._line):
            call.cancel()

    @property
    def waiting(self) -> int:
        """Number of calls that a limit or a pause holds back."""
        return len(self._line) + len(self._urgent) if self._closed else 0

    @asynccontextmanager
    async def permit(self, request: Request) -> AsyncIterator[CallPermit]:
        """Wait for a permit; tokens are reserved at their most and corrected afterwards.

        Nobody waits for the correction: while Redis is away, an answer would not be stored.
        """
        tokens = sum(most_tokens(request)) if self._tokens else 0
        admitted_at = await self._admit(tokens)
        permit = CallPermit()
        try:
            yield permit
        except RateLimitedError as error:
            await self._connection.run("cool", admitted_at, round((error.retry_after or 0) * 1000))
            raise
        finally:
            if self._tokens:
                number = secrets.token_hex(8)  # by it Redis tells a script that was sent twice
                settled = (self._tokens, tokens, permit.tokens, admitted_at, number)
                correction = self._connection.run_together("settle", *settled)
                settling = asyncio.ensure_future(correction)
                self._settling.add(settling)
                settling.add_done_callback(self._note_settled)

    def _note_settled(self, settling: asyncio.Future[None]) -> None:
        self._settling.discard(settling)
        if not settling.cancelled() and (error := settling.exception()):
            _log.warning("a call's tokens count at their most: %s", error)

    async def _admit(self, tokens: int) -> int:
        """When the call was admitted, in ms by Redis's clock."""
        call = asyncio.get_running_loop().create_future()
        line = self._urgent if urgent.get() else self._line
        line[call] = tokens
        if urgent.get():
            self._urgent_came.set()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_for_all())
        try:
            return int(await call)
        finally:
            line.pop(call, None)

    async def _ask_for_all(self) -> None:
        """Ask until no call waits. An error is raised for all of them: nobody asks afterwards."""
        try:
            while self._line or self._urgent:
                await self._ask()
        except Exception as error:  # noqa: BLE001
            for call in chain(self._urgent, self._line):
                if not call.done():
                    call.set_exception(QueueError(str(error)))
            self._line.clear()
            self._urgent.clear()

    async def _ask(self) -> None:
        waiting = chain(self._urgent.items(), self._line.items())
        first = dict(islice(waiting, _MOST_AT_ONCE))
        limits = (self._requests, self._tokens, len(self._urgent))
        asked = time.monotonic()
        self._urgent_came.clear()
        passed, wait, now = await self._connection.run("admit", *limits, *first.values())
        if time.monotonic() - asked > _FRESH_SECONDS:
            return
        for call in islice(first, passed):
            self._line.pop(call, None)
            self._urgent.pop(call, None)
            if not call.done():  # its task may have been cancelled meanwhile
                call.set_result(now)
        self._closed = wait > 0
        if self._ended and wait > _LONGEST_SLEEP_SECONDS * 1000:
            self._cancel_waiting()
        elif self._closed:
            with suppress(TimeoutError):
                seconds = min(wait / 1000, _LONGEST_SLEEP_SECONDS)
                await asyncio.wait_for(self._urgent_came.wait(), seconds)
