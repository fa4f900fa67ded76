"""Connects to a provider: its address, and what is refused while an answer is read."""

from __future__ import annotations

import os
import zlib
from collections.abc import AsyncIterator, Callable
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from rewriter.errors import (
    AccessDeniedError,
    ConfigurationError,
    ProviderError,
    ProviderUnavailableError,
)
from rewriter.escaping import remember

if TYPE_CHECKING:
    import ssl

    import httpx2
    from openai import AsyncOpenAI

# An answer has some kilobytes; nothing that a model writes has megabytes.
MOST_BYTES = 4_000_000
_CONNECT_SECONDS = 10.0
_CALL = "/chat/completions"
_GZIP = 16 + zlib.MAX_WBITS  # what zlib calls it


def import_client() -> None:
    """Import what the first call would: for processes that fork, and share it afterwards."""
    from openai import AsyncOpenAI, DefaultAioHttpClient  # noqa: F401 - the rest comes with them

    _certificates()


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to trust. Reading it takes 40 ms, so that all clients of a process share it.

    Raises `ConfigurationError` where the environment names certificates that cannot be read.
    """
    import httpx2

    try:
        return httpx2.create_ssl_context()
    except OSError as error:  # that of TLS is one, too
        given = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR") or "the system"
        raise ConfigurationError(
            f"the certificates of {given} cannot be read: {error.strerror}; correct the variable "
            "SSL_CERT_FILE or SSL_CERT_DIR, or unset it"
        ) from error


def host_of(base_url: str) -> str:
    """The endpoint's host and port, for messages."""
    return urlsplit(base_url).netloc


def connect(base_url: str, api_key: str | None, most_bytes: int | None = MOST_BYTES) -> AsyncOpenAI:
    """A client without retries and time-outs of its own: both belong to the caller.

    A query in `base_url` (Azure's `?api-version=`) is sent with every call. No redirect to another
    origin is followed, and no answer above `most_bytes` is read, compressed or not. The key is
    redacted wherever it turns up from now on.
    """
    # Importing the client takes more than a second, which no other engine should pay for.
    from openai import AsyncOpenAI, DefaultAioHttpClient, Timeout

    remember(api_key)
    url, query = _split(base_url)
    timeout = Timeout(None, connect=_CONNECT_SECONDS)
    guard = _Guard(url, most_bytes)
    hooks: dict[str, list[Callable[..., Any]]] = {
        "request": [guard.check_origin],
        "response": [guard.bound],
    }
    return AsyncOpenAI(
        api_key=api_key or "none",
        base_url=url,
        max_retries=0,
        timeout=timeout,
        default_query=query,
        default_headers=_headers(url, api_key),
        http_client=DefaultAioHttpClient(
            timeout=timeout, event_hooks=hooks, verify=_certificates()
        ),
    )


def _split(base_url: str) -> tuple[str, dict[str, object]]:
    """The address below which calls are made, and the query that each call carries."""
    parts = urlsplit(base_url)
    path = parts.path.rstrip("/").removesuffix(_CALL)
    return urlunsplit((parts.scheme, parts.netloc, path, "", "")), dict(parse_qsl(parts.query))


def _headers(url: str, api_key: str | None) -> dict[str, str]:
    """What a call carries besides the usual: Azure's own header for the key, one encoding."""
    host = (urlsplit(url).hostname or "").lower()
    azure = host.endswith((".azure.com", ".azure-api.net", ".azure.us", ".azure.cn"))
    headers = {"Accept-Encoding": "gzip"}
    return headers | ({"api-key": api_key} if azure and api_key else {})


class _Guard:
    """Hooks into each call of a client: where it goes, and how much comes back."""

    def __init__(self, base_url: str, most_bytes: int | None) -> None:
        self._origin = _origin(base_url)
        self._host = host_of(base_url)
        self._most_bytes = most_bytes

    async def check_origin(self, request: httpx2.Request) -> None:
        """Refuse a call to another origin: a redirect would take the article there."""
        if _origin(str(request.url)) != self._origin:
            raise AccessDeniedError(
                f"{self._host} redirects to {host_of(str(request.url))}, which is not followed: "
                "set --base-url to the address that the provider names"
            )

    async def bound(self, response: httpx2.Response) -> None:
        """Have the answer read up to the bound only."""
        if self._most_bytes is None or response.is_redirect:
            return
        encoding = response.headers.pop("content-encoding", "identity").lower()
        if encoding not in ("gzip", "x-gzip", "identity", ""):
            raise ProviderError(
                f"{self._host} sent an answer in the encoding {encoding}, which was not asked for"
            )
        response.headers.pop("content-length", None)
        stream = response.stream
        is_gzip = encoding.endswith("gzip")
        response.stream = _bounded(stream, self._host, self._most_bytes, is_gzip=is_gzip)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or usual


def _bounded(
    stream: httpx2.AsyncByteStream | httpx2.SyncByteStream,
    host: str,
    most_bytes: int,
    *,
    is_gzip: bool,
) -> httpx2.AsyncByteStream:
    """`stream`, decompressed; reading it raises `ProviderError` above `most_bytes`."""
    import httpx2

    class Bounded(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            left = most_bytes
            decoder = _Gunzip(host) if is_gzip else None
            async for chunk in stream:  # type: ignore[union-attr] # an asynchronous client's
                data = decoder.decoded(chunk, left + 1) if decoder else chunk
                left -= len(data)
                if left < 0:
                    raise _too_large(host, most_bytes)
                yield data

        async def aclose(self) -> None:
            await stream.aclose()  # type: ignore[union-attr] # as above

    return Bounded()


class _Gunzip:
    """Decompresses an answer as it comes, in any number of parts."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._part = zlib.decompressobj(_GZIP)
        self._ended = False

    def decoded(self, chunk: bytes, most: int) -> bytes:
        """What a chunk holds, `most` bytes of it; raises `ProviderUnavailableError`."""
        found = b""
        while chunk and len(found) < most:
            try:
                found += self._part.decompress(chunk, most - len(found))
            except zlib.error as error:
                if self._ended:
                    return found  # padding follows the last part
                raise _damaged(self._host) from error
            chunk = self._part.unused_data
            if self._part.eof:
                self._ended = True
                self._part = zlib.decompressobj(_GZIP)
        return found


def _damaged(host: str) -> ProviderUnavailableError:
    error = ProviderUnavailableError(
        f"{host} sent a compressed answer that is damaged; try again later"
    )
    error.unanswered = 1
    return error


def _too_large(host: str, most_bytes: int) -> ProviderError:
    error = ProviderError(
        f"{host} sent an answer of more than {most_bytes / 1_000_000:g} MB, which was not read; "
        "check --base-url, or raise the setting `max_answer_bytes`"
    )
    error.unanswered = 1
    return error
