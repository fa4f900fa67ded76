"""The one retry policy: how often, how long, and how far apart a completion is attempted.

Waits are drawn evenly from 0 to a limit that doubles ("full jitter": Brooker, "Exponential Backoff
and Jitter", AWS Architecture Blog, 2015), so that callers that failed together do not return
together. A provider's Retry-After is a floor under that wait.
"""

from __future__ import annotations

from typing import NamedTuple

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from rewriter.errors import Transient

# A server that fails at once may be well in half a second; one that is down for a minute is asked
# about twice a minute.
_jitter = wait_random_exponential(multiplier=0.5, max=30)


class Limits(NamedTuple):
    """Bounds on one completion: seconds for one call, seconds and calls for all attempts."""

    timeout: float
    deadline: float
    attempts: int


def retrying(limits: Limits) -> AsyncRetrying:
    """The policy: transient errors are retried; the last error is raised as it is.

    A wait that would end after the deadline is not begun.
    """
    return AsyncRetrying(
        retry=retry_if_exception_type(Transient),
        stop=stop_after_attempt(limits.attempts) | stop_before_delay(limits.deadline),
        wait=_wait,
        reraise=True,
    )


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    floor = error.retry_after if isinstance(error, Transient) else None
    return (floor or 0.0) + _jitter(state)
