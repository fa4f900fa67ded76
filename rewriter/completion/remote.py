"""The completer for every OpenAI-compatible endpoint: OpenAI, Azure, vLLM, Ollama, llama.cpp."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rewriter.article import Usage
from rewriter.completion import Completion, Request
from rewriter.completion.capabilities import Capabilities, encode, known
from rewriter.completion.connection import MOST_BYTES, connect, host_of
from rewriter.completion.decoding import Timing, decode
from rewriter.completion.failures import from_network, from_report
from rewriter.completion.limits import Limits, NoRateLimit, RateLimiter, retrying
from rewriter.completion.reported import Reported, reported
from rewriter.errors import AccessDeniedError, ProviderUnavailableError, RewriterError
from rewriter.observability import events
from rewriter.offload import offload
from rewriter.prices import PRICES, Price
from rewriter.settings import OPENAI_URL

if TYPE_CHECKING:
    from openai import AsyncOpenAI

logger = logging.getLogger(__name__)

# Characters a token: no tokenizer of a current model comes near it in any language, so a server
# that counts fewer tokens has cut the prompt. Short prompts are mostly the server's own tokens.
_MOST_CHARACTERS_PER_TOKEN = 6.5
_SHORT_PROMPT = 3_000
# Servers count tokens a little differently; one that passes its limit by this factor ignores it.
_TOLERANCE = 1.2


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
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._base_url = base_url or OPENAI_URL
        self._api_key = api_key
        self._limits = limits
        self._prices = prices
        self._limiter = limiter or NoRateLimit()
        self._most_bytes = most_bytes
        self._client: AsyncOpenAI | None = None
        self._capabilities: dict[str, Capabilities] = {}
        self._warned: set[str] = set()
        self._has_answered = False

    @property
    def host(self) -> str:
        """The endpoint's host and port, for messages."""
        return host_of(self._base_url)

    def capabilities(self, model: str) -> Capabilities:
        """What the endpoint is known to accept for `model`."""
        return self._capabilities.get(model) or known(self._base_url)

    def learn(self, model: str, capabilities: Capabilities) -> None:
        """Send requests to `model` in this form from now on."""
        self._capabilities[model] = capabilities

    async def complete(self, request: Request) -> Completion:
        """Ask until there is an answer, an error that waiting does not mend, or no time left.

        Raises `StoppedError` in place of a further attempt once the process is to end.
        """
        self._connected()  # takes a second the first time, which no deadline and no permit counts
        ends = time.monotonic() + self._limits.deadline
        failed: list[RewriterError] = []

        async def attempt() -> Completion:
            try:
                return await self._attempt(request, ends)
            except RewriterError as error:
                failed.append(error)
                raise

        try:
            completion: Completion = await retrying(self._limits)(attempt)
        except RewriterError as error:
            error.unanswered, error.paid = _lost(failed)
            raise
        self._warn_of_a_cut_prompt(request, completion)
        unanswered, paid = _lost(failed)
        return completion.model_copy(update={"unanswered": unanswered, "interrupted": paid})

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _attempt(self, request: Request, ends: float) -> Completion:
        """One attempt, in as many calls as it takes to find what the server accepts."""
        while True:
            asked = time.monotonic()
            async with self._limiter.permit(request) as permit:
                with events.call(self.host, request, time.monotonic() - asked) as call:
                    completion = call.completion = await self._put(request, ends)
                if completion is not None:
                    permit.settle(completion)
                    return completion

    async def _put(self, request: Request, ends: float) -> Completion | None:
        """The answer to the request in its present form, None where another form must be tried."""
        from openai import APIStatusError

        capabilities = self.capabilities(request.model)
        body, cause = encode(request, capabilities), None
        try:
            answer = await self._call(request.model, body, ends)
        except APIStatusError as error:
            cause, response = error, error.response
            received = response.content
            parts = received, response.headers, response.status_code
            answer = await offload(len(received), reported, *parts, always=True)
        if isinstance(answer, Completion):
            self._has_answered = True
            self._notice_an_ignored_limit(request.model, capabilities, body, answer)
            return answer
        if answer.about_generation or answer.at_output_limit:
            return useless(answer, request.model)
        if self._fall_back(request.model, capabilities, answer, body):
            return None
        raise from_report(answer, self.host) from cause

    def _fall_back(
        self, model: str, used: Capabilities, answer: Reported, body: dict[str, Any]
    ) -> bool:
        """Whether the request has another form, which is used from now on."""
        lower = used.fallback(answer, body)
        if lower is None:
            return False
        if self.capabilities(model) != used:
            return True  # another call has found it since
        self.learn(model, lower)
        logger.warning("%s, model %s: %s", self.host, model, used.changes_to(lower))
        return True

    async def _call(self, model: str, body: dict[str, Any], ends: float) -> Completion | Reported:
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
        content = response.content
        return await offload(len(content), self._decoded, content, model, timing, always=True)

    def _decoded(self, body: bytes, model: str, timing: Timing) -> Completion | Reported:
        try:
            return decode(body, model, timing, self._prices)
        except ValueError as error:
            # Behind a gateway a page comes amid good answers. Before any, it is another address.
            is_elsewhere = str(error).startswith("a web page") and not self._has_answered
            raise (AccessDeniedError if is_elsewhere else ProviderUnavailableError)(
                f"{self.host} answered {error}; check that --base-url is the address of an "
                "OpenAI-compatible API, mostly ending in /v1"
            ) from error

    def _notice_an_ignored_limit(
        self, model: str, used: Capabilities, body: dict[str, Any], answer: Completion
    ) -> None:
        """Send the token limit under its other name from now on, where the server passed it."""
        limit = body.get("max_completion_tokens")
        ignored = isinstance(limit, int) and answer.usage.output_tokens > _TOLERANCE * limit
        if ignored and self.capabilities(model) == used and not used.renamed_limit:
            self.learn(model, used.model_copy(update={"renamed_limit": True}))
            logger.warning(
                "%s, model %s: the server wrote %d tokens and ignores max_completion_tokens (%s), "
                "using max_tokens from now on",
                *(self.host, model, answer.usage.output_tokens, limit),
            )

    def _warn_of_a_cut_prompt(self, request: Request, completion: Completion) -> None:
        """Say once for each model that the server read less than it was sent."""
        sent = sum(len(message.content) for message in request.messages)
        read = completion.usage.input_tokens
        cut = 0 < read * _MOST_CHARACTERS_PER_TOKEN < sent and sent > _SHORT_PROMPT
        if cut and request.model not in self._warned:
            self._warned.add(request.model)
            logger.warning(
                "%s, model %s: the prompt has %d characters and the server counted %d tokens, so "
                "it has cut the prompt; raise its context length (Ollama: OLLAMA_CONTEXT_LENGTH, "
                "llama.cpp: --ctx-size)",
                *(self.host, request.model, sent, read),
            )

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
            self._client = connect(self._base_url, self._api_key, self._most_bytes)
        return self._client


def _lost(failed: Sequence[RewriterError]) -> tuple[int, Usage]:
    """What the failed attempts took: calls without an answer, and usage."""
    paid = sum((error.paid for error in failed if error.paid), Usage())
    return sum(error.unanswered for error in failed), paid


def useless(answer: Reported, model: str) -> Completion:
    """The answer that a server reports as an error, because it could not use what the model wrote.

    Its text is what the model wrote, or the server's words. Nobody knows what it cost.
    """
    return Completion(
        text=answer.generated or answer.message,
        model=model,
        finish_reason="length" if answer.at_output_limit else "stop",
        usage=Usage(cost=None),
    )
