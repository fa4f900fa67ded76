"""Limits on calls: attempts and their waits, the rate limiter, and the budget.

Waits between attempts are drawn evenly from 0 to a limit that doubles ("full jitter": Brooker,
"Exponential Backoff and Jitter", AWS Architecture Blog, 2015), so that callers that failed together
do not return together. The wait is added to a provider's Retry-After.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import NamedTuple, Protocol

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from rewriter.article import Usage
from rewriter.errors import (
    BudgetSpentError,
    ConfigurationError,
    PriceUnknownError,
    RewriterError,
    Transient,
)
from rewriter.offload import ending, refuse_stopped
from rewriter.prices import Price, price_of
from rewriter.request import Completion, Request

# Upper bound of the jitter: a server that is down for minutes gets about 4 calls a minute.
_MOST_BACKOFF_SECONDS = 30.0


class Limits(NamedTuple):
    """Bounds on one completion: seconds for one call, seconds and calls for all attempts.

    The first wait is drawn from 0 to `first_wait` seconds: a server that failed at once may be well
    in half a second.
    """

    timeout: float
    deadline: float
    attempts: int
    first_wait: float = 0.5


def retrying(limits: Limits) -> AsyncRetrying:
    """The policy: transient errors are retried; the last error is raised as it is.

    A wait that would end after the deadline is not begun. Where the run is `ending`, the wait
    before an attempt ends, and raises `StoppedError` in place of the attempt.
    """
    jitter = wait_random_exponential(multiplier=limits.first_wait, max=_MOST_BACKOFF_SECONDS)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        floor = error.retry_after if isinstance(error, Transient) else None
        return (floor or 0.0) + jitter(state)

    async def sleep(seconds: float) -> None:
        stop = ending.get()
        stopped = stop.wait() if stop else asyncio.Future[bool]()
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped, seconds)
        refuse_stopped()

    return AsyncRetrying(
        retry=retry_if_exception_type(Transient),
        stop=stop_after_attempt(limits.attempts) | stop_before_delay(limits.deadline),
        wait=wait,
        sleep=sleep,
        reraise=True,
    )


# UTF-8 bytes a token. The rule of thumb is four characters of English; a little less here, and
# bytes instead of characters, because other scripts take more tokens for as many characters.
_BYTES_PER_TOKEN = 3.5
# Where a request sets no limit of its own: twice the longest answer of the default format.
_OUTPUT_TOKENS = 6_000
# The fleet uses this share of a limit a minute. `admit.lua` spreads the calls over the minute.
SPREAD = 0.92


class CallPermit:
    """A permit to make one call; `settle` says what the call really took."""

    def __init__(self) -> None:
        self.tokens = 0

    def settle(self, completion: Completion) -> None:
        """Note the tokens that the provider counted."""
        self.tokens = completion.usage.input_tokens + completion.usage.output_tokens


class RateLimiter(Protocol):
    """Says when a call may be made: one limiter for all that share a provider's limits."""

    def permit(self, request: Request) -> AbstractAsyncContextManager[CallPermit]:
        """Wait for a permit to make the call inside, and report the call's tokens to the permit."""
        ...


class NoRateLimit:
    """Permits every call at once."""

    @asynccontextmanager
    async def permit(self, request: Request) -> AsyncIterator[CallPermit]:
        """A permit, at once."""
        yield CallPermit()


class Reservation:
    """Money reserved for one call, `estimate`; `settle` or `fail` says what the call really cost.

    Calls that timed out cost the estimate each, since the provider may have billed them.
    """

    def __init__(self, estimate: float) -> None:
        self.estimate = estimate
        self.cost = 0.0

    def settle(self, completion: Completion) -> None:
        """Book the completion's cost, or the estimate where the cost is unknown."""
        cost = completion.usage.cost
        self.cost = self.estimate if cost is None else cost
        self.cost += completion.unanswered * self.estimate + self._known(completion.interrupted)

    def fail(self, error: RewriterError) -> None:
        """Book the calls that brought no answer."""
        self.cost = error.unanswered * self.estimate
        if error.paid is not None:
            self.cost += self._known(error.paid)

    def _known(self, usage: Usage) -> float:
        return self.estimate if usage.cost is None else usage.cost


class Budget(Protocol):
    """What calls may cost: money is reserved before a call and corrected after it."""

    def reserve(self, request: Request) -> AbstractAsyncContextManager[Reservation]:
        """Reserve money for the call made inside, and book what the reservation says it cost."""
        ...


class RunBudget:
    """An amount of US dollars that the calls of this process together do not pass.

    The most that a call can cost is reserved before it, and the real cost replaces it afterwards. A
    call that does not fit waits while other calls are in flight.
    """

    def __init__(self, amount: float, prices: Mapping[str, Price]) -> None:
        if not amount >= 0:  # "nan" is neither more nor less than anything
            raise ConfigurationError(f"--max-cost: {amount} is no amount of US dollars")
        self.amount = amount
        self.spent = 0.0
        # Not their sum: floats that are added and taken away again rarely come back to 0.
        self._in_flight: list[Reservation] = []
        self._prices = prices
        self._changed = asyncio.Condition()

    @property
    def left(self) -> float:
        """What is neither spent nor reserved."""
        reserved = sum(reservation.estimate for reservation in self._in_flight)
        return self.amount - self.spent - reserved

    @asynccontextmanager
    async def reserve(self, request: Request) -> AsyncIterator[Reservation]:
        """Reserve money for the call made inside, and book what the reservation says it cost.

        Raises `BudgetSpentError` when the call does not fit, and `PriceUnknownError` for a model
        without a price.
        """
        reservation = Reservation(self.estimate(request))
        await self._reserve(reservation)
        try:
            yield reservation
        finally:
            async with self._changed:
                self._in_flight.remove(reservation)
                self.spent += reservation.cost
                self._changed.notify_all()

    def estimate(self, request: Request) -> float:
        """The most that a call can cost; see `highest_cost`."""
        return highest_cost(request, self._prices, "--max-cost")

    async def _reserve(self, reservation: Reservation) -> None:
        estimate = reservation.estimate
        async with self._changed:
            await self._changed.wait_for(lambda: estimate <= self.left or not self._in_flight)
            if estimate > self.left:
                raise BudgetSpentError(
                    f"${self.spent:.4f} of --max-cost ${self.amount:.4f} are spent and the next "
                    f"call may cost ${estimate:.4f}; raise --max-cost to go on"
                )
            self._in_flight.append(reservation)


def highest_cost(request: Request, prices: Mapping[str, Price], budget: str) -> float:
    """The most that a call can cost, in US dollars: nothing cached, the longest answer.

    A model without a price costs 0. Where `budget` names a budget, it raises `PriceUnknownError`.
    """
    price = price_of(request.model, prices)
    if price is None and budget:
        raise PriceUnknownError(
            f"{budget} needs a price for the model {request.model}; "
            f'set [prices."{request.model}"] in rewriter.toml'
        )
    return price.cost(*most_tokens(request)) if price else 0.0


def most_tokens(request: Request) -> tuple[int, int]:
    """The most tokens in and out that `request` can take, estimated rather too high."""
    text = "".join(message.content for message in request.messages)
    size = len(text.encode()) + len(json.dumps(request.json_schema).encode())
    parameters = request.parameters
    output = parameters.get("max_completion_tokens") or parameters.get("max_tokens")
    return round(size / _BYTES_PER_TOKEN), output or _OUTPUT_TOKENS
