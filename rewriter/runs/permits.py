"""Permits to wait for an answer: a bounded number, each released when its answer has come.

If an article kept its permit until it is written, the provider would be idle: with 100 permits no
call is made for three seconds whenever 100 answers come together.
"""

from __future__ import annotations

import asyncio
from collections import deque

# Articles in progress per permit: one waits for the model, one more is already answered and being
# checked or written. With more, articles would pile up where checking is slower than the answers.
MOST_AT_WORK = 2


class ConcurrencyLimiter:
    """Hands out at most `most` permits at a time, and sets `freed` when one becomes free."""

    def __init__(self, most: int, freed: asyncio.Event) -> None:
        self._most = most
        self._freed = freed
        self._held = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def free(self) -> int:
        """Permits for new articles: none while a repair waits for one."""
        return 0 if self._waiting else self._most - self._held

    def room(self, at_work: int) -> int:
        """How many new articles may begin while `at_work` are in progress; 0 or less for none."""
        return min(self.free, MOST_AT_WORK * self._most - at_work)

    def take(self) -> Permit:
        """A permit for a new article, for which there was room.

        A repair may have taken the last permit while the article was fetched. Then one permit too
        many is in use until the next release.
        """
        self._held += 1
        return Permit(self)

    def take_back(self) -> None:
        """Give a released permit to the first repair that waits, or to a new article."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._held -= 1
        self._freed.set()

    async def wait_for_one(self) -> None:
        """Wait for a permit. Repairs get theirs before new articles."""
        if self.free > 0:
            self._held += 1
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self.take_back()
            raise


class Permit:
    """One article's permit; without a `limiter` the number is not bounded."""

    def __init__(self, limiter: ConcurrencyLimiter | None = None) -> None:
        self._limiter = limiter
        self._held = limiter is not None

    def release(self) -> None:
        """Release the permit; a second call does nothing."""
        if self._limiter and self._held:
            self._held = False
            self._limiter.take_back()

    async def acquire(self) -> None:
        """Wait for the permit; return at once if it is still held."""
        if self._limiter and not self._held:
            await self._limiter.wait_for_one()
            self._held = True


UNBOUNDED = Permit()
