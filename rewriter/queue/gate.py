"""The fleet's gate: requests and tokens a minute, and a pause for all when the provider asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rewriter.errors import RateLimitedError
from rewriter.limits import Passage, most_tokens
from rewriter.queue.connection import Connection
from rewriter.request import Request

# A limit that opens earlier than foretold (tokens come back, a pause is lifted) is seen this soon.
_LONGEST_SLEEP_SECONDS = 2.0
# Leave that took longer to get here is not used: the call would come to the provider in a later
# minute than it was counted in, together with those that are counted there. See `admit.lua`.
_FRESH_SECONDS = 1.0


class FleetGate:
    """Lets calls pass by limits that all processes share in Redis; see `admit.lua`.

    One call of a process asks at a time and the others wait behind it in order, so that a closed
    gate costs a few questions a second, not hundreds.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        requests_per_minute: int | None,
        tokens_per_minute: int | None,
    ) -> None:
        self.waiting = 0
        self._connection = connection
        self._requests = requests_per_minute or ""
        self._tokens = tokens_per_minute or ""
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def passage(self, request: Request) -> AsyncIterator[Passage]:
        """Wait for leave; tokens are reserved at their most and corrected afterwards."""
        tokens = sum(most_tokens(request)) if self._tokens else 0
        admitted_at = await self._admit(tokens)
        passage = Passage()
        try:
            yield passage
        except RateLimitedError as error:
            await self._connection.run("cool", admitted_at, round((error.retry_after or 0) * 1000))
            raise
        finally:
            if self._tokens:
                settled = (self._tokens, tokens, passage.tokens, admitted_at)
                await self._connection.run("settle", *settled)

    async def _admit(self, tokens: int) -> int:
        """When leave was given, in ms by Redis's clock."""
        self.waiting += 1
        try:
            async with self._turn:
                while True:
                    asked = time.monotonic()
                    wait, now = await self._connection.run(
                        "admit", self._requests, self._tokens, tokens
                    )
                    if wait == 0 and time.monotonic() - asked <= _FRESH_SECONDS:
                        return int(now)
                    await asyncio.sleep(min(wait / 1000, _LONGEST_SLEEP_SECONDS))
        finally:
            self.waiting -= 1
