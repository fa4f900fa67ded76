"""The completer for every OpenAI-compatible endpoint: OpenAI, Azure, vLLM, Ollama, llama.cpp."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rewriter.completion import Completion, Request
from rewriter.completion.capabilities import Capabilities
from rewriter.completion.failures import from_network, from_status
from rewriter.completion.limits import NoRateLimit, RateLimiter
from rewriter.completion.retrying import Limits, retrying
from rewriter.completion.wire import Timing, decode, encode
from rewriter.errors import ProviderUnavailableError, RewriterError
from rewriter.prices import PRICES, Price

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

logger = logging.getLogger(__name__)

OPENAI_URL = "https://api.openai.com/v1"
# Statuses with which servers object to a part of the body rather than to the call.
OBJECTIONS = frozenset({400, 404, 422, 501})
_CONNECT_SECONDS = 10.0


def import_client() -> None:
    """Import what the first call would: for processes that fork, and share it afterwards."""
    from openai import AsyncOpenAI, DefaultAioHttpClient  # noqa: F401 - the rest comes with them


class RemoteCompleter:
    """Asks an endpoint over HTTP; one client and one connection pool for its whole life.

    `api_key` may be None for servers without keys; every call needs a permit of `limiter`. What
    a server turned out to refuse is remembered for each model, and logged once.
    """

    name = "openai"

    def __init__(
        self,
        *,
        limits: Limits,
        base_url: str | None = None,
        api_key: str | None = None,
        prices: Mapping[str, Price] = PRICES,
        limiter: RateLimiter | None = None,
    ) -> None:
        self._base_url = base_url or OPENAI_URL
        self._api_key = api_key
        self._limits = limits
        self._prices = prices
        self._limiter = limiter or NoRateLimit()
        self._client: AsyncOpenAI | None = None
        self._capabilities: dict[str, Capabilities] = {}

    @property
    def host(self) -> str:
        """The endpoint's host and port, for messages."""
        return urlsplit(self._base_url).netloc

    def capabilities(self, model: str) -> Capabilities:
        """What the endpoint is known to take for `model`."""
        return self._capabilities.get(model, Capabilities())

    async def complete(self, request: Request) -> Completion:
        """Ask until there is an answer, an error that waiting does not mend, or no time left."""
        ends = time.monotonic() + self._limits.deadline
        unanswered = 0

        async def attempt() -> Completion:
            nonlocal unanswered
            try:
                return await self._attempt(request, ends)
            except RewriterError as error:
                unanswered += error.unanswered
                raise

        try:
            completion: Completion = await retrying(self._limits)(attempt)
        except RewriterError as error:
            error.unanswered = unanswered
            raise
        return completion.model_copy(update={"unanswered": unanswered})

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _attempt(self, request: Request, ends: float) -> Completion:
        """One attempt, in as many calls as it takes to find what the server accepts."""
        self._connected()  # takes a second the first time, which no leave to call should wait for
        while True:
            async with self._limiter.permit(request) as permit:
                completion = await self._put(request, ends)
                if completion is not None:
                    permit.settle(completion)
                    return completion

    async def _put(self, request: Request, ends: float) -> Completion | None:
        """The answer to the question as it is put now, None where it is to be put differently."""
        from openai import APIStatusError

        capabilities = self.capabilities(request.model)
        body = encode(request, capabilities)
        try:
            return await self._call(request.model, body, ends)
        except APIStatusError as error:
            if not self._fall_back(request.model, capabilities, error, body):
                raise from_status(error, self.host) from error
            return None

    def _fall_back(
        self, model: str, used: Capabilities, error: APIStatusError, body: dict[str, Any]
    ) -> bool:
        """Whether there is another way to put the question, which is then used from now on."""
        if self.capabilities(model) != used:
            return True  # a call beside this one has found it meanwhile
        objection = f"{error.message} {error.param} {error.code}"
        lower = used.fallback(objection, body) if error.status_code in OBJECTIONS else None
        if lower is None:
            return False
        self._capabilities[model] = lower
        logger.warning("%s, model %s: %s", self.host, model, used.changes_to(lower))
        return True

    async def _call(self, model: str, body: dict[str, Any], ends: float) -> Completion:
        import aiohttp
        import httpx2
        import openai

        began = time.monotonic()
        seconds = max(0.0, min(self._limits.timeout, ends - began))
        try:
            # The client's own time-out is for each read: a slow drip passes it.
            async with asyncio.timeout(seconds):
                response = await self._connected().post(
                    "/chat/completions", cast_to=httpx2.Response, body=body
                )
        except openai.APIStatusError:
            raise
        except TimeoutError as error:
            raise self._late(in_all=seconds < self._limits.timeout) from error
        except (openai.OpenAIError, httpx2.HTTPError, aiohttp.ClientError, OSError) as error:
            raise from_network(error, self.host) from error
        timing = Timing(response.headers.get("x-request-id"), time.monotonic() - began)
        return self._decoded(response.content, model, timing)

    def _decoded(self, body: bytes, model: str, timing: Timing) -> Completion:
        try:
            return decode(body, model, timing, self._prices)
        except ValueError as error:
            raise ProviderUnavailableError(
                f"{self.host} answered {error}; check that --base-url is the address of an "
                "OpenAI-compatible API, mostly ending in /v1"
            ) from error

    def _late(self, *, in_all: bool) -> RewriterError:
        setting = "deadline" if in_all else "timeout"
        seconds = self._limits.deadline if in_all else self._limits.timeout
        error = ProviderUnavailableError(
            f"{self.host} did not answer within {seconds:g} s; try again later or raise the "
            f"setting `{setting}`"
        )
        error.unanswered = 1
        return error

    def _connected(self) -> AsyncOpenAI:
        if self._client is None:
            self._client = connect(self._base_url, self._api_key)
        return self._client


def connect(base_url: str, api_key: str | None) -> AsyncOpenAI:
    """A client without retries and time-outs of its own: both belong to the caller."""
    # Importing the client takes more than a second, which no other engine should pay for.
    from openai import AsyncOpenAI, DefaultAioHttpClient, Timeout

    timeout = Timeout(None, connect=_CONNECT_SECONDS)
    return AsyncOpenAI(
        api_key=api_key or "none",
        base_url=base_url,
        max_retries=0,
        timeout=timeout,
        http_client=DefaultAioHttpClient(timeout=timeout),
    )
