"""Calls in flight, a bounded number; an article gives its place up as soon as it has an answer.

Else the places of answers that come together stay empty until all of them are checked and written.
With 100 articles in flight that is three seconds without a call, in every bunch.
"""

from __future__ import annotations

import asyncio
from collections import deque


class Places:
    """At most `most` places; `freed` is set whenever one becomes free."""

    def __init__(self, most: int, freed: asyncio.Event) -> None:
        self.most = most
        self._freed = freed
        self._held = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def free(self) -> int:
        """Places for new articles: none while a repair waits for one."""
        return 0 if self._waiting else self.most - self._held

    def take(self) -> Place:
        """A place for a new article, of which there must be one."""
        self._held += 1
        return Place(self)

    def give_back(self) -> None:
        """Pass a place to the first that waits, or let it be free."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._held -= 1
        self._freed.set()

    async def wait_for_one(self) -> None:
        """Take a place, before all new articles."""
        if self.free > 0:
            self._held += 1
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self.give_back()
            raise


class Place:
    """One article's place; without `places` there is no bound."""

    def __init__(self, places: Places | None = None) -> None:
        self._places = places
        self._held = places is not None

    def leave(self) -> None:
        """Give it up, where that has not been done: the answer is there."""
        if self._places and self._held:
            self._held = False
            self._places.give_back()

    async def retake(self) -> None:
        """Have a place again, for a repair."""
        if self._places and not self._held:
            await self._places.wait_for_one()
            self._held = True


UNBOUNDED = Place()
