"""The provider: a chat-completions server that answers by schema, fails by script, and measures."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.provider.answers import answer_to
from tests.provider.batching import BatchDesk
from tests.provider.faults import FAULTS, MIXED, OBJECTIONS, Good, error
from tests.provider.shapes import SHAPES
from tests.provider.vendors import VENDORS, Vendor

_CHARACTERS_PER_TOKEN = 4
_MINUTE = 60.0

# A step of a script: the name of a fault, "ok", or {"content": ...} to answer just that.
Step = str | Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One request as it came, and how it was answered ("ok" or the name of a fault).

    `peer` is the client's end of its connection, None for a line of a batch.
    """

    at: float
    answered: str
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    peer: object = None
    query: str = ""


@dataclass(frozen=True)
class Traits:
    """How a provider behaves at all times.

    `latency` in seconds; `fail_rate` is the share of calls that meet one of `faults`, drawn with
    `seed`; `refuse` names `OBJECTIONS`, `vendor` one of `VENDORS`; above `rpm` accepted requests in
    a minute it answers 429 and says when to come back. Without `batches` it has no Batch endpoint;
    `batch_delay` is how many seconds a batch takes. `answer` makes the content of a good answer
    from a request's body.
    """

    latency: float = 0.0
    fail_rate: float = 0.0
    faults: Sequence[str] = MIXED
    seed: int = 1
    refuse: Sequence[str] = ()
    vendor: str | None = None
    rpm: int | None = None
    keep: int = 10_000
    batches: bool = True
    batch_delay: float = 0.0
    answer: Callable[[Mapping[str, Any]], str] = answer_to


@dataclass
class Meter:
    """A sum over the last minute, and the highest it ever was."""

    peak: float = 0.0
    _events: deque[tuple[float, float]] = field(default_factory=deque)
    _sum: float = 0.0

    def add(self, amount: float) -> None:
        """Count `amount` now."""
        self._events.append((time.monotonic(), amount))
        self._sum += amount
        self.peak = max(self.peak, self.now)

    @property
    def pause(self) -> float:
        """Seconds until the oldest event is a minute old."""
        return max(0.0, self._events[0][0] + _MINUTE - time.monotonic()) if self._events else 0.0

    @property
    def now(self) -> float:
        """The sum over the last minute."""
        while self._events and self._events[0][0] <= time.monotonic() - _MINUTE:
            self._sum -= self._events.popleft()[1]
        return self._sum


class ProviderApp:
    """The server's state and its handlers."""

    def __init__(self, traits: Traits) -> None:
        self.traits = traits
        self._vendor = VENDORS[traits.vendor] if traits.vendor else Vendor("")
        self.script: deque[Step] = deque()
        self.batch_script: deque[Step] = deque()
        self.calls: deque[Call] = deque(maxlen=traits.keep)
        self.answered: Counter[str] = Counter()
        self.count = self.in_flight = self.most_in_flight = 0
        self.requests, self.accepted, self.tokens = Meter(), Meter(), Meter()
        self._random = random.Random(traits.seed)
        self.desk = BatchDesk(traits.batch_delay, self.answer_in_batch)

    def application(self) -> web.Application:
        """The routes: the API under `/v1`, and what only tests ask for."""
        app = web.Application(client_max_size=256 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._complete)
        if self.traits.batches:
            self.desk.add_routes(app)
        app.router.add_get("/_calls", self._show_calls)
        app.router.add_get("/_stats", self._show_stats)
        app.router.add_get("/_answered", self._show_answered)
        app.router.add_post("/_script", self._take_script)
        return app

    def stats(self) -> dict[str, float]:
        """The counts and the measures so far."""
        return {
            "calls": self.count,
            "in_flight": self.in_flight,
            "most_in_flight": self.most_in_flight,
            "requests_a_minute": self.requests.now,
            "most_requests_a_minute": self.requests.peak,
            "tokens_a_minute": self.tokens.now,
            "most_tokens_a_minute": self.tokens.peak,
        }

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.read())
        self.count += 1
        self.requests.add(1)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._respond(request, body)
        except ConnectionResetError:
            return web.Response()  # the client has left
        finally:
            self.in_flight -= 1

    async def _respond(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        step = self._next_step()
        for name in (*self.traits.refuse, *self._vendor.refuses):
            if refused := OBJECTIONS[name](body):
                self._record(request, body, f"refuse {name}")
                return self._vendor.refusal(refused) if self.traits.vendor else refused
        if self.traits.rpm is not None and self.accepted.now >= self.traits.rpm:
            self._record(request, body, "rpm")
            pause = {"retry-after-ms": str(round(self.accepted.pause * 1000))}
            return error(429, "Too many requests", headers=pause)
        self.accepted.add(1)
        self._record(request, body, step if isinstance(step, str) else "scripted")
        if self.traits.latency:
            await asyncio.sleep(self.traits.latency)
        completion = self._completion(body, step)
        if isinstance(step, str) and step != "ok":
            return await (FAULTS | SHAPES)[step](request, Good(body, completion))
        self.tokens.add(completion["usage"]["total_tokens"])
        return web.json_response(completion, headers={"x-request-id": f"req-{self.count}"})

    def answer_in_batch(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and body for a line of a batch; one that is billed is recorded as "batch"."""
        for name in self.traits.refuse:
            if refused := OBJECTIONS[name](body):
                return refused.status, json.loads(refused.text or "")
        self.count += 1
        self.calls.append(Call(time.time(), "batch", body, {}))
        step = self.batch_script.popleft() if self.batch_script else "ok"
        return 200, self._completion(body, step)

    def _next_step(self) -> Step:
        if self.script:
            return self.script.popleft()
        if self.traits.fail_rate and self._random.random() < self.traits.fail_rate:
            return self._random.choice(self.traits.faults)
        return "ok"

    def _record(self, request: web.Request, body: dict[str, Any], answered: str) -> None:
        peer = request.transport and request.transport.get_extra_info("peername")
        self.answered[answered] += 1
        headers, query = dict(request.headers), request.query_string
        self.calls.append(Call(time.time(), answered, body, headers, peer, query))

    def _answer(self, body: Mapping[str, Any]) -> str:
        """The content of a good answer; prose where nothing told the model of the schema."""
        if self._vendor.ignores_schema and "JSON schema" not in body["messages"][0]["content"]:
            return "I would be happy to rewrite this article."
        return self.traits.answer(body)

    def _completion(self, body: Mapping[str, Any], step: Step) -> dict[str, Any]:
        content = self._answer(body) if isinstance(step, str) else step["content"]
        asked = sum(len(message["content"]) for message in body["messages"])
        tokens_in, tokens_out = (
            max(1, size // _CHARACTERS_PER_TOKEN) for size in (asked, len(content))
        )
        message = {"role": "assistant", "content": content, "refusal": None}
        return {
            "id": f"chatcmpl-{self.count}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {
                "prompt_tokens": tokens_in,
                "completion_tokens": tokens_out,
                "total_tokens": tokens_in + tokens_out,
                "prompt_tokens_details": {"cached_tokens": 0},
            },
        }

    async def _show_calls(self, _: web.Request) -> web.Response:
        shown = [
            {
                "at": call.at,
                "answered": call.answered,
                "body": call.body,
                "key": call.headers.get("Authorization", "").removeprefix("Bearer "),
            }
            for call in self.calls
        ]
        return web.json_response(shown)

    async def _show_answered(self, _: web.Request) -> web.Response:
        return web.json_response(self.answered)

    async def _show_stats(self, _: web.Request) -> web.Response:
        return web.json_response(self.stats())

    async def _take_script(self, request: web.Request) -> web.Response:
        self.script.extend(await request.json())
        return web.json_response({"steps": len(self.script)})


async def serve(app: ProviderApp, port: int = 0) -> tuple[web.AppRunner, int]:
    """Listen on the loopback; returns the runner, to be cleaned up, and the port."""
    runner = web.AppRunner(app.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, backlog=4096)
    await site.start()
    return runner, runner.addresses[0][1]
