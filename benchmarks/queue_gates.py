"""What the queue promises under load, measured: each command prints its figures.

    python -m benchmarks.queue_gates submit [--articles 100000]
    python -m benchmarks.queue_gates kills [--kills 50]
    python -m benchmarks.queue_gates away [--seconds 4]
    python -m benchmarks.queue_gates urgent [--articles 50000]

- submit: seconds, memory of Redis and of the submitter for many articles;
- kills: workers are killed amid calls of 50 ms; articles lost, and run twice at the same time;
- away: Redis is killed and comes back; the longest time that a worker's event loop stood still;
- urgent: seconds from the command until an urgent article is on disk, while a rate limit holds the
  others back.

`tests.e2e.chaos` kills workers and Redis and accounts for every paid call.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import redis

from tests.e2e import chaos
from tests.e2e.fleet import Fleet
from tests.queue.conftest import write_articles
from tests.queue.servers import ROOT, RedisServer, Worker, wait_until

_QUICK_SECONDS = 0.05
_MB = 1 << 20
_SLOW_STEP = re.compile(r"Executing .* took ([\d.]+) seconds")


class Bench:
    """A folder, a Redis and a provider of one measurement, with the settings of its workers."""

    def __init__(self, stack: ExitStack, latency: float) -> None:
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.redis = stack.enter_context(RedisServer(self.folder / "redis"))
        options = ("--latency", str(latency), "--keep", "1000000")
        self.provider = stack.enter_context(chaos.provider(*options))
        self.environment = chaos.environment_of(self.redis, self.provider, self.folder) | {
            "REWRITER_READER": "off",
            "REWRITER_TIMEOUT": "30",
        }

    def ended(self) -> int:
        """Number of articles that have ended."""
        return chaos.ended(self.redis.url)

    def wait(self, articles: int, within: float) -> None:
        """Until so many articles have ended."""
        wait_until(lambda: self.ended() >= articles, within)


def submit(given: argparse.Namespace, stack: ExitStack) -> dict[str, Any]:
    """Put many articles into the queue."""
    bench = Bench(stack, 1)
    write_articles(bench.folder, given.articles)
    with redis.Redis.from_url(bench.redis.url) as client:
        before = client.info("memory")["used_memory"]
        began = time.monotonic()
        chaos.submit(bench.folder, bench.environment)
        seconds = time.monotonic() - began
        used = client.info("memory")["used_memory"] - before
    used_by = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "articles": given.articles,
        "seconds": round(seconds, 1),
        "redis_mb": round(used / _MB, 1),
        "submitter_mb": round(used_by.ru_maxrss / 1024, 1),
        "submitter_cpu_seconds": round(used_by.ru_utime + used_by.ru_stime, 1),
    }


def kills(given: argparse.Namespace, stack: ExitStack) -> dict[str, Any]:
    """Kill workers amid quick calls."""
    bench = Bench(stack, _QUICK_SECONDS)
    write_articles(bench.folder, given.articles)
    chaos.submit(bench.folder, bench.environment)
    fleet = Fleet(2, bench.environment, bench.folder, apart=False)
    stack.callback(fleet.kill)
    chance, killed = random.Random(7), 0  # noqa: S311 - moments, no secrets
    wait_until(lambda: bench.ended() > 0, 60)
    while killed < given.kills and bench.ended() < given.articles:
        time.sleep(chance.uniform(0.1, 1.5))
        fleet.kill_one(chance)
        killed += 1
    batch = chaos.wait_for_end(bench.redis.url, 240)
    calls = chaos.ask(bench.provider, "_calls")
    return {
        "articles": given.articles,
        "kills": killed,
        "published": batch.published,
        "files": len(list((bench.folder / "site").rglob("*.md"))),
        "other_ends": {
            n: getattr(batch, n) for n in ("failed", "dead", "held") if getattr(batch, n)
        },
        "calls": len(calls),
        "twice_at_once": _overlaps(calls),
    }


def _overlaps(calls: list[Mapping[str, Any]]) -> int:
    """Calls that began while the same question of another, living worker was being answered."""
    last: dict[str, Mapping[str, Any]] = {}
    found = 0
    for call in sorted(calls, key=lambda one: float(one["at"])):
        question = json.dumps(call["body"], sort_keys=True)
        before = last.get(question)
        found += before is not None and float(call["at"]) < float(before["at"]) + _QUICK_SECONDS
        last[question] = call
    return found


def away(given: argparse.Namespace, stack: ExitStack) -> dict[str, Any]:
    """Have Redis away for some seconds, and watch the event loop."""
    bench = Bench(stack, 1)
    write_articles(bench.folder, given.articles)
    # In its debug mode asyncio logs each step of a loop that takes over 0.1 s.
    environment = bench.environment | {"PYTHONASYNCIODEBUG": "1"}
    worker = stack.enter_context(Worker("w", bench.folder, environment, fresh=True))
    chaos.submit(bench.folder, environment)
    wait_until(lambda: bench.ended() > given.articles // 4, 120)
    before, log = bench.ended(), len(worker.log.read_text("utf-8"))
    bench.redis.kill()
    time.sleep(given.seconds)
    bench.redis.start()
    began = time.monotonic()
    wait_until(lambda: bench.ended() > before, 60)
    first = time.monotonic() - began
    bench.wait(given.articles, 240)
    steps = [float(one) for one in _SLOW_STEP.findall(worker.log.read_text("utf-8")[log:])]
    return {
        "away_seconds": given.seconds,
        "longest_step_seconds": max(steps, default=0.1),
        "first_end_after": round(first, 1),
        "ended": bench.ended(),
    }


def urgent(given: argparse.Namespace, stack: ExitStack) -> dict[str, Any]:
    """Ask for an urgent article while a rate limit holds many others back."""
    latency = 2.0
    bench = Bench(stack, latency)
    write_articles(bench.folder, given.articles)
    environment = bench.environment | {"REWRITER_REQUESTS_PER_MINUTE": "60"}
    chaos.submit(bench.folder, environment)
    worker = stack.enter_context(Worker("w", bench.folder, environment, fresh=True))
    wait_until(lambda: " ready." in worker.log.read_text("utf-8"), 60)
    time.sleep(10)  # until the limit holds calls back
    waits = []
    for number in range(given.urgent):
        path = bench.folder / "urgent" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        text = (ROOT / "examples" / "raw" / "harbor-ferries.txt").read_text("utf-8")
        path.write_text(text.replace("240 businesses", f"{number + 7} businesses"), "utf-8")
        command = [sys.executable, "-m", "rewriter", "submit", str(path), "--out", "site"]
        subprocess.run(
            [*command, "--priority", "high"],
            cwd=bench.folder,
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
        )
        submitted = time.monotonic()
        wait_until((bench.folder / "site" / f"{number}.md").exists, 60)
        waits.append(round(time.monotonic() - submitted, 1))
        time.sleep(3)
    return {"articles": given.articles, "call_seconds": latency, "on_disk_after": waits}


_GATES: dict[str, tuple[Callable[[argparse.Namespace, ExitStack], dict[str, Any]], int]] = {
    "submit": (submit, 100_000),
    "kills": (kills, 2_000),
    "away": (away, 200),
    "urgent": (urgent, 50_000),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gate", choices=sorted(_GATES))
    parser.add_argument("--articles", type=int)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=4.0, help="how long Redis is away")
    parser.add_argument("--urgent", type=int, default=3, help="urgent articles")
    given = parser.parse_args()
    measure, articles = _GATES[given.gate]
    given.articles = given.articles or articles
    with ExitStack() as stack:
        print(json.dumps(measure(given, stack)))


if __name__ == "__main__":
    main()
