"""Articles through the queue's table alone: what one Redis takes, with any number of processes.

    python -m benchmarks.scale [--articles 20000] [--processes 8] [--roots 2]

Nothing is rewritten and no task is sent: simulated processes of several content roots claim
articles, ask for leave and for money as workers do, and report them published. Prints an object:

- bytes of Redis for an article that waits, and for one that has ended;
- CPU of Redis in ms an article, and the articles a second that fill one core of it;
- CPU of Redis in ms a second for a process that has nothing to do.

What Celery's messages and events take comes on top: `benchmarks.soak` measures all of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path
from typing import Any

import redis

from rewriter.article import Usage
from rewriter.prices import Price
from rewriter.queue.claims import BEAT_SECONDS, CHUNK, Consumer, Delivery, End
from rewriter.queue.connection import Connection
from rewriter.queue.fleet_budget import FleetBudget
from rewriter.queue.fleet_rate_limiter import FleetRateLimiter
from rewriter.queue.message import Message
from rewriter.request import ChatMessage, Completion, Request
from tests.queue.servers import RedisServer

_BATCH = "20261129-174000-ab12"
_IN_FLIGHT = 50
_IDLE_SECONDS = 5.0
_REFILL_SECONDS = 0.05
_PRICE = {"m": Price(input=0.4, output=1.6, as_of=date(2026, 11, 1))}
_USAGE = Usage(input_tokens=1_650, output_tokens=750, cost=0.00186)
_REQUEST = Request(
    messages=(ChatMessage(role="user", content="x" * 4_000),),
    model="m",
    json_schema={},
    parameters={"max_completion_tokens": 2_000},
)


def _path(number: int) -> str:
    """A path as newsrooms have them."""
    return f"2026/11/{number % 30 + 1:02}/council-approves-the-harbor-plan-{number:07}"


async def _submit(connection: Connection, articles: int) -> None:
    for start in range(0, articles, CHUNK):
        parts: list[str] = []
        for number in range(start, min(start + CHUNK, articles)):
            path, target = f"raw/{_path(number)}.html", f"site/{_path(number)}.md"
            message = Message(
                batch=_BATCH, path=path, target=target, prompt="article", prompt_version=1
            )
            parts += [path, target, message.encode()]
        await connection.run("submit", _BATCH, "normal", "", 0, *parts)


async def _work(connection: Connection, name: str) -> None:
    """One process, until nothing is left to claim."""
    consumer = Consumer(connection, name)
    gate = FleetRateLimiter(
        connection, requests_per_minute=10_000_000, tokens_per_minute=100_000_000_000
    )

    async def rewrite(one: Delivery) -> End:
        budget = FleetBudget(connection, name, one, daily_budget=1e9, prices=_PRICE)
        async with gate.permit(_REQUEST) as permit, budget.reserve(_REQUEST) as reservation:
            completion = Completion(text="", model="m", usage=_USAGE)
            permit.settle(completion)
            reservation.settle(completion)
        path = one.path.replace("raw/", "site/").replace(".html", ".md")
        return End(one, "published", "new", _USAGE, path, seconds=9.876)

    await consumer.join()
    ended: list[End] = []
    while True:
        taken = (await consumer.exchange(ended, (), _IN_FLIGHT)).deliveries
        if not taken:
            return
        ended = list(await asyncio.gather(*map(rewrite, taken)))
        await asyncio.sleep(_REFILL_SECONDS)


async def _idle(consumer: Consumer) -> None:
    """Look for work as often as a worker does."""
    await consumer.join()
    for turn in range(round(_IDLE_SECONDS * 2)):
        await consumer.exchange([], (), _IN_FLIGHT)
        if turn % round(2 * min(1.0, BEAT_SECONDS)) == 0:
            await consumer.beat()
        await asyncio.sleep(0.5)


async def measure(server: RedisServer, given: argparse.Namespace) -> dict[str, Any]:
    """All figures."""
    share = given.articles // given.roots
    async with AsyncExitStack() as stack:
        roots = [
            await stack.enter_async_context(Connection(server.url, f"{number:032x}"))
            for number in range(given.roots)
        ]
        empty = _seen(server)
        for root in roots:
            await _submit(root, share)
        waiting = _seen(server)
        names = [f"host{n}:0123456789ab:{n}:0:01234567" for n in range(given.processes)]
        working = zip(_around(roots, given.processes), names, strict=True)
        await asyncio.gather(*(_work(root, name) for root, name in working))
        for root in roots:
            await root.call("DEL", root.key("targets"))  # as an hour later
        ended = _seen(server)
        consumers = [Consumer(roots[0], name) for name in names]
        await asyncio.gather(*map(_idle, consumers))
        idle = _seen(server)
        left = sum([await root.call("HLEN", root.key("messages")) for root in roots])
    articles = share * given.roots
    cpu_ms = (ended[1] - waiting[1]) / articles * 1000
    return {
        "articles": articles,
        "left": left,
        "bytes_an_article_that_waits": round((waiting[0] - empty[0]) / articles),
        "bytes_an_article_that_ended": round((ended[0] - empty[0]) / articles),
        "redis_ms_an_article_submitted": round((waiting[1] - empty[1]) / articles * 1000, 3),
        "redis_ms_an_article": round(cpu_ms, 3),
        "articles_a_second_a_core": round(1000 / cpu_ms),
        "redis_ms_a_second_an_idle_process": round(
            (idle[1] - ended[1]) / _IDLE_SECONDS / given.processes * 1000, 2
        ),
    }


def _around(roots: Sequence[Connection], count: int) -> list[Connection]:
    return [roots[number % len(roots)] for number in range(count)]


def _seen(server: RedisServer) -> tuple[int, float]:
    """Bytes that Redis uses, and seconds of CPU that it has taken."""
    with redis.Redis.from_url(server.url) as client:
        cpu, memory = client.info("cpu"), client.info("memory")
    return memory["used_memory"], cpu["used_cpu_user"] + cpu["used_cpu_sys"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--roots", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, RedisServer(Path(folder)) as server:
        print(json.dumps(asyncio.run(measure(server, given)), indent=1))


if __name__ == "__main__":
    main()
