"""The fleet's money: what a day and what a batch may cost, kept in Redis."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from typing import Literal

from rewriter.completion.limits import Reservation, highest_cost
from rewriter.errors import BudgetSpentError, Transient
from rewriter.prices import Price
from rewriter.queue.claims import MICRO, Delivery
from rewriter.queue.connection import Connection
from rewriter.request import Request

# How long the whole queue stands still before one article looks again.
REFUSAL_PAUSE_SECONDS = 300.0
BUDGET_PAUSE_SECONDS = 60.0
_POLL_SECONDS = 0.5
# Numbers this process's reservations, so that Redis can tell a script that was sent twice.
_numbers = count(1)


def batch_spent(batch: str) -> str:
    """Why `batch` is paused, and how it goes on."""
    return (
        f"the batch's budget is spent; `rewriter requeue {batch} --max-cost AMOUNT` raises it and "
        "goes on"
    )


class FleetBudgetSpentError(BudgetSpentError):
    """The day's or the batch's budget does not allow another call; `whose` says which.

    It is `jobs` where what is set aside for batches at the provider may leave enough.
    """

    def __init__(self, message: str, whose: Literal["day", "batch", "jobs"]) -> None:
        super().__init__(message, whose)
        self.whose = whose


class CancelledBatchError(Transient):
    """The article's batch was cancelled before the call was made, or another process has it."""


class FleetBudget:
    """Pays for one article's calls out of the day's and its batch's budget.

    The highest possible cost is set aside before a call and corrected after it. What a killed
    process had set aside counts as spent: the provider may have answered.
    """

    def __init__(
        self,
        connection: Connection,
        process: str,
        delivery: Delivery,
        *,
        daily_budget: float | None,
        prices: Mapping[str, Price],
    ) -> None:
        self._connection = connection
        self._field = f"{process}|{delivery.id}"
        self._batch = delivery.batch
        self._daily = daily_budget
        self._priced_by = "" if daily_budget is None else "daily_budget"
        self._prices = prices

    @asynccontextmanager
    async def reserve(self, request: Request) -> AsyncIterator[Reservation]:
        """Set money aside for the call made inside.

        Raises `FleetBudgetSpentError`, and `CancelledBatchError` where it is not wanted any more.
        """
        reservation = Reservation(highest_cost(request, self._prices, self._priced_by))
        number = next(_numbers)
        await self._set_aside(number, math.ceil(reservation.estimate * MICRO))
        try:
            yield reservation
        finally:
            cost = round(reservation.cost * MICRO)
            await self._connection.run_together("book", self._field, number, cost)

    async def _set_aside(self, number: int, cost: int) -> None:
        daily = "" if self._daily is None else round(self._daily * MICRO)
        asked = (self._field, number, self._batch, cost, daily)
        while (answer := await self._connection.run_together("reserve", *asked)) != "ok":
            match answer:
                case "day":
                    raise FleetBudgetSpentError(
                        f"the day's budget of ${self._daily:.2f} is spent; it begins anew at "
                        "midnight UTC, or raise daily_budget",
                        "day",
                    )
                case "jobs":
                    raise FleetBudgetSpentError("the rest is set aside for batches", "jobs")
                case "batch":
                    raise FleetBudgetSpentError(batch_spent(self._batch), "batch")
                case "cancelled":
                    raise CancelledBatchError(f"the batch {self._batch} was cancelled")
            await asyncio.sleep(_POLL_SECONDS)
