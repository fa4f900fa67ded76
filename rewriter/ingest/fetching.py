"""Fetching: politely, one request at a time a host, within bounds of size and time."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import httpx2
from protego import Protego

from rewriter.errors import FileError
from rewriter.ingest.addresses import host_of, joined, resolved

USER_AGENT = f"rewriter/{version('rewriter')}"
MOST_BYTES = 20_000_000
_REDIRECTS = 5
_ROBOTS_BYTES = 500_000
_SHOWN_ADDRESS = 200


@dataclass(frozen=True)
class Politeness:
    """How sites are asked: seconds between two requests to a host, seconds for one, and where.

    `private` allows loopback and addresses of private networks.
    """

    pause: float = 1.0
    timeout: float = 30.0
    private: bool = False


@dataclass(frozen=True)
class Fetched:
    """What a URL gave: `data` is None where it has not changed since `validators`."""

    url: str
    data: bytes | None
    validators: Mapping[str, str] = field(default_factory=dict)


class Fetcher:
    """Fetches URLs. All errors are `FileError`s that name the URL."""

    def __init__(self, client: httpx2.AsyncClient, politeness: Politeness) -> None:
        self._client = client
        self._politeness = politeness
        self._hosts: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._next: dict[str, float] = {}
        self._robots: dict[str, Protego] = {}

    async def fetch(self, url: str, validators: Mapping[str, str] | None = None) -> Fetched:
        """What stands at `url`, through redirects.

        `validators` are those of an earlier answer: an unchanged one is not sent again.
        """
        asked = url
        for _ in range(_REDIRECTS + 1):
            await self._refuse_forbidden(asked)
            found = await self._ask(asked, validators or {})
            if isinstance(found, Fetched):
                return found
            asked = found
        raise FileError(f"{url}: more than {_REDIRECTS} redirects")

    async def _refuse_forbidden(self, url: str) -> None:
        """Raise `FileError` where the site's robots.txt forbids `url`, or cannot be asked."""
        host = host_of(url)
        parts = urlsplit(url)
        if host not in self._robots:
            self._robots[host] = await self._rules(f"{parts.scheme}://{parts.netloc}/robots.txt")
        if not self._robots[host].can_fetch(url, USER_AGENT):
            raise FileError(f"{url}: the site's robots.txt forbids it")

    async def _rules(self, url: str) -> Protego:
        """A site's rules; a site without the file forbids nothing (RFC 9309)."""
        asked = url
        for _ in range(_REDIRECTS + 1):
            try:
                found = await self._ask(asked, {}, most=_ROBOTS_BYTES)
            except NotThereError:
                break
            if isinstance(found, Fetched):
                return Protego.parse((found.data or b"").decode("utf-8", "replace"))
            asked = found
        return Protego.parse("")

    async def _ask(
        self, url: str, validators: Mapping[str, str], most: int = MOST_BYTES
    ) -> Fetched | str:
        """One answer, or the URL that it redirects to."""
        host = host_of(url)
        async with self._hosts[host]:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(0.0, self._next.get(host, 0.0) - loop.time()))
            try:
                async with asyncio.timeout(self._politeness.timeout):
                    async with self._response(url, validators) as response:
                        return await _read(url, response, most)
            except TimeoutError as error:
                seconds = self._politeness.timeout
                raise FileError(f"{url}: no whole answer within {seconds:g} s") from error
            except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
                reason = str(error) or type(error).__name__
                raise FileError(f"{url}: cannot be fetched: {reason}") from error
            finally:
                self._next[host] = loop.time() + self._pause(host)

    def _pause(self, host: str) -> float:
        rules = self._robots.get(host)
        asked = rules.crawl_delay(USER_AGENT) if rules else None
        return max(self._politeness.pause, min(float(asked or 0), 60.0))

    @asynccontextmanager
    async def _response(
        self, url: str, validators: Mapping[str, str]
    ) -> AsyncIterator[httpx2.Response]:
        """The answer of the very address that was judged; the certificate is still the host's."""
        ip = await resolved(url, private=self._politeness.private)
        asked = httpx2.URL(url)
        extensions: dict[str, Any] = {"sni_hostname": asked.host}
        request = self._client.build_request(
            "GET",
            asked.copy_with(host=ip),
            headers={"Host": asked.netloc.decode("ascii"), **_conditions(validators)},
            extensions=extensions,
        )
        response = await self._client.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()


class NotThereError(FileError):
    """The site has nothing at this address."""


@asynccontextmanager
async def fetcher(politeness: Politeness) -> AsyncIterator[Fetcher]:
    """A fetcher, closed at the end."""
    headers = {"User-Agent": USER_AGENT, "Accept": "*/*"}
    async with httpx2.AsyncClient(
        headers=headers, follow_redirects=False, timeout=politeness.timeout, trust_env=False
    ) as client:
        yield Fetcher(client, politeness)


def _conditions(validators: Mapping[str, str]) -> dict[str, str]:
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {names[name]: value for name, value in validators.items() if name in names}


async def _read(url: str, response: httpx2.Response, most: int) -> Fetched | str:
    if response.status_code == httpx2.codes.NOT_MODIFIED:
        return Fetched(url, None)
    if response.is_redirect and "location" in response.headers:
        if address := joined(url, response.headers["location"]):
            return address
        raise FileError(f"{url[:_SHOWN_ADDRESS]}: leads to what is no URL")
    if 400 <= response.status_code < 500:
        raise NotThereError(f"{url[:_SHOWN_ADDRESS]}: the site answered {response.status_code}")
    if not response.is_success:
        raise FileError(f"{url[:_SHOWN_ADDRESS]}: the site answered {response.status_code}")
    data = bytearray()
    async for piece in response.aiter_bytes():
        data += piece
        if len(data) > most:
            raise FileError(f"{url}: more than {most:,} bytes")
    known = {n: response.headers[n] for n in ("etag", "last-modified") if n in response.headers}
    return Fetched(url, bytes(data), known)
