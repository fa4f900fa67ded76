"""The one retry policy: how often a completion is attempted, for how long and how far apart.

Waits are drawn evenly from 0 to a limit that doubles ("full jitter": Brooker, "Exponential Backoff
and Jitter", AWS Architecture Blog, 2015), so that callers that failed together do not return
together. The wait is added to a provider's Retry-After.
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

    A wait that would end after the deadline is not begun.
    """
    jitter = wait_random_exponential(multiplier=limits.first_wait, max=_MOST_BACKOFF_SECONDS)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        floor = error.retry_after if isinstance(error, Transient) else None
        return (floor or 0.0) + jitter(state)

    return AsyncRetrying(
        retry=retry_if_exception_type(Transient),
        stop=stop_after_attempt(limits.attempts) | stop_before_delay(limits.deadline),
        wait=wait,
        reraise=True,
    )
