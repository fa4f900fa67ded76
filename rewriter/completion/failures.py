"""Translates the errors of the vendor's client and of the network into ours.

Messages name the endpoint's host, the status and what to do; a key never appears in them.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from rewriter.errors import (
    AccessDeniedError,
    ProviderError,
    ProviderUnavailableError,
    QuotaExhaustedError,
    RateLimitedError,
    RefusedError,
    RewriterError,
)

if TYPE_CHECKING:
    from openai import APIStatusError

_QUOTA_CODES = frozenset(
    {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "access_terminated"}
)
_FILTER_CODES = frozenset({"content_filter", "content_policy_violation"})
_TRANSIENT = frozenset({408, 409, 425})
_ACCESS = frozenset({401, 403, 404})
_ADVICE = {
    401: "the key was not accepted; check OPENAI_API_KEY",
    403: "the key may not do this; check its permissions, its project and the region",
    404: "no such model or address; check --model, and that --base-url ends as the provider says, "
    "mostly in /v1",
    413: "the article is too long for this endpoint",
}
_KEY = re.compile(r"\b(sk|pk|key)-[\w*.-]{6,}|Bearer \S+", re.IGNORECASE)
_MOST_QUOTED = 300  # characters of a provider's message that a terminal shows without scrolling


def from_status(error: APIStatusError, host: str) -> RewriterError:
    """What an answer with an error status means."""
    status, said = (
        error.status_code,
        f"{host} answered {error.status_code}: {quote(_message(error))}",
    )
    pause = retry_after(error.response.headers)
    codes = {error.code, error.type}
    if codes & _FILTER_CODES:
        return RefusedError(f"{said}; the provider's content filter declined this article")
    if status == 402 or codes & _QUOTA_CODES:
        return QuotaExhaustedError(f"{said}; top up or raise the account's limit, then run again")
    if status == 429:
        return RateLimitedError(f"{said}; lower --concurrency or wait", pause)
    if status >= 500 or status in _TRANSIENT:
        return ProviderUnavailableError(f"{said}; try again later", pause)
    if error.code == "context_length_exceeded":
        return ProviderError(f"{said}; the article is too long for this model")
    kind = AccessDeniedError if status in _ACCESS else ProviderError
    return kind(f"{said}; {_ADVICE.get(status, 'check the model and its parameters')}")


def from_network(error: BaseException, host: str) -> RewriterError:
    """What a call without an answer means.

    The causes are read, not the vendor's class: its aiohttp transport calls every broken connection
    a time-out (openai 3.54).
    """
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return AccessDeniedError(
                f"{host}: its certificate is not trusted ({cause.verify_message}); "
                "check --base-url or install the authority's certificate"
            )
        if isinstance(cause, socket.gaierror):
            return ProviderUnavailableError(
                f"{host}: no such host; check --base-url and the network"
            )
        if isinstance(cause, ConnectionRefusedError):
            return ProviderUnavailableError(
                f"{host} refused the connection; check --base-url and that the server is running"
            )
        if isinstance(cause, TimeoutError):
            return ProviderUnavailableError(f"{host}: no connection in time; try again later")
    reason = quote(str(causes[-1])) or type(causes[-1]).__name__
    return ProviderUnavailableError(f"{host}: the connection broke ({reason}); try again later")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from `retry-after-ms` or `retry-after` (seconds or an HTTP date).

    RFC 9110, section 10.2.3; `retry-after-ms` is Azure's. A past date is 0, what cannot be read
    None.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None or value is None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def quote(message: str) -> str:
    """A provider's words in one line: shortened, without anything that looks like a key."""
    line = " ".join(_KEY.sub("[key]", message).split())
    if line.startswith("<"):
        return "a web page"
    return line if len(line) <= _MOST_QUOTED else f"{line[:_MOST_QUOTED]}…"


def _message(error: APIStatusError) -> str:
    """The server's own words, without the client's around them."""
    said = error.body.get("message") if isinstance(error.body, dict) else error.body
    return said if isinstance(said, str) else error.message


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it, outermost first."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
