"""Translates errors of the provider, of the vendor's client and of the network into ours.

Messages name the endpoint's host, the status and what to do; a key never appears in them.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rewriter.completion import wordings
from rewriter.completion.reported import Reported, reported
from rewriter.errors import (
    AccessDeniedError,
    ProviderError,
    ProviderUnavailableError,
    QuotaExhaustedError,
    RateLimitedError,
    RefusedError,
    RewriterError,
)
from rewriter.escaping import redacted

if TYPE_CHECKING:
    from openai import APIStatusError

_TRANSIENT = frozenset({408, 409, 425})
_ACCESS = frozenset({401, 403, 404})
_ADVICE = {
    401: "the key was not accepted; check OPENAI_API_KEY",
    403: "the key may not do this; check its permissions, its project and the region",
    404: "no such model or address; check --model, and that --base-url ends as the provider says, "
    "mostly in /v1",
    413: "the article is too long for this endpoint",
}
_MOST_QUOTED = 300  # characters of a provider's message that a terminal shows without scrolling


def from_status(error: APIStatusError, host: str) -> RewriterError:
    """What an answer with an error status means."""
    return from_report(
        reported(error.response.content, error.response.headers, error.status_code), host
    )


def from_report(report: Reported, host: str) -> RewriterError:
    """What an error means that a provider reported, whatever status its answer had."""
    failure = _kind(report, f"{host} answered {_message_of(report)}")
    failure.status, failure.paid = report.status, report.usage
    return failure


def _kind(report: Reported, said: str) -> RewriterError:
    status, words, pause = report.status or 0, report.words, report.retry_after
    if wordings.FILTERED.search(words):
        return RefusedError(f"{said}; the provider's content filter declined this article")
    if wordings.TOO_LARGE_FOR_THE_ACCOUNT.search(words):
        return ProviderError(f"{said}; the article is larger than the account's limit a minute")
    if wordings.TOO_LONG.search(words):
        return ProviderError(f"{said}; the article is too long for this model")
    if status == 402 or _is_quota(report):
        return QuotaExhaustedError(f"{said}; top up or raise the account's limit, then run again")
    if status == 429 or (status not in _ACCESS and wordings.RATE_LIMITED.search(words)):
        wait = f" {pause:.0f} s" if pause else ""
        return RateLimitedError(f"{said}; lower --concurrency or wait{wait}", pause)
    if status < 500 and status != 404 and wordings.KEY_REFUSED.search(words):
        return AccessDeniedError(f"{said}; {_ADVICE[401]}")
    if status < 500 and wordings.NOT_SERVED.search(words):
        return AccessDeniedError(f"{said}; {_ADVICE[403]}")
    if status < 500 and (
        wordings.NO_SUCH_MODEL.search(words) or wordings.NO_SUCH_ADDRESS.search(words)
    ):
        return AccessDeniedError(f"{said}; {_ADVICE[404]}")
    if wordings.UNAVAILABLE.search(words) and status not in _ACCESS:
        return ProviderUnavailableError(f"{said}; try again later", pause)
    if not status or status >= 500 or status in _TRANSIENT:
        return ProviderUnavailableError(f"{said}; try again later", pause)
    kind = AccessDeniedError if status in _ACCESS else ProviderError
    return kind(f"{said}; {_ADVICE.get(status, 'check the model and its parameters')}")


def _is_quota(report: Reported) -> bool:
    """Whether money or a quota is used up, rather than a limit a minute."""
    if not wordings.QUOTA.search(report.words):
        return False
    passing = report.retry_after is not None or wordings.A_MINUTE.search(report.words)
    return not passing or bool(wordings.LASTING_QUOTA.search(report.words))


def _message_of(report: Reported) -> str:
    """Status and words for a message, or the code where there are no words."""
    param = report.param if report.param not in report.message else ""
    said = ": ".join(filter(None, (param, report.message)))
    words = quote(said) or quote(", ".join(sorted(report.codes))) or "no reason"
    return f"{report.status}: {words}" if report.status else f"an error: {words}"


def from_network(error: BaseException, host: str) -> RewriterError:
    """What a call without an answer means.

    The causes are read, not the vendor's class: its aiohttp transport calls every broken connection
    a time-out (openai 3.54).
    """
    import httpx2  # a call has imported it by now

    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, RewriterError):
            return cause
        if isinstance(cause, httpx2.TooManyRedirects):
            return AccessDeniedError(
                f"{host} redirects in a circle; set --base-url to the address that it wants"
            )
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


def quote(message: str) -> str:
    """A provider's words in one line: shortened, without anything that looks like a key."""
    known = redacted(message[:20_000])
    line = " ".join(wordings.SECRET.sub("[key]", known).split())
    if line.startswith("<"):
        return "a web page"
    return line if len(line) <= _MOST_QUOTED else f"{line[:_MOST_QUOTED]}…"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it, outermost first."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
