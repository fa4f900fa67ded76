"""Calls in flight, a bounded number; an article gives its slot up as soon as it has an answer.

Else the slots of answers that come together stay empty until all of them are checked and written.
With 100 calls in flight that is three seconds without a call, in every bunch.
"""

from __future__ import annotations

import asyncio
from collections import deque

# Articles at work, in times of those that may wait for an answer. The rest have theirs: so many can
# come at once. More would only pile up where the answers are faster than this machine.
MOST_AT_WORK = 2


class Slots:
    """At most `most` slots; `freed` is set whenever one becomes free."""

    def __init__(self, most: int, freed: asyncio.Event) -> None:
        self._most = most
        self._freed = freed
        self._held = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def free(self) -> int:
        """Slots for new articles: none while a repair waits for one."""
        return 0 if self._waiting else self._most - self._held

    def room(self, at_work: int) -> int:
        """How many new articles may begin while `at_work` are at work; 0 or less for none."""
        return min(self.free, MOST_AT_WORK * self._most - at_work)

    def take(self) -> Slot:
        """A slot for a new article, for which there was room.

        Where a repair took the last one while the article was fetched, there is one more for once.
        """
        self._held += 1
        return Slot(self)

    def give_back(self) -> None:
        """Pass a slot to the first that waits, or let it be free."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._held -= 1
        self._freed.set()

    async def wait_for_one(self) -> None:
        """Take a slot, before all new articles."""
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


class Slot:
    """One article's slot; without `slots` there is no bound."""

    def __init__(self, slots: Slots | None = None) -> None:
        self._slots = slots
        self._held = slots is not None

    def leave(self) -> None:
        """Give it up, where that has not been done: the answer is there."""
        if self._slots and self._held:
            self._held = False
            self._slots.give_back()

    async def retake(self) -> None:
        """Have a slot again, for a repair."""
        if self._slots and not self._held:
            await self._slots.wait_for_one()
            self._held = True


UNBOUNDED = Slot()
