"""Kill workers and Redis while a batch runs, and account for every article and every paid call.

python -m tests.e2e.chaos [--articles 500] [--worker-kills 20] [--redis-kills 3]
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from rewriter.queue import batches
from rewriter.queue.batches import Batch
from rewriter.queue.connection import Connection
from tests.queue import servers
from tests.queue.conftest import write_articles
from tests.queue.servers import ROOT, RedisServer, Worker

LATENCY_SECONDS = 0.4
# A call ends so much later than the provider answers: until then its answer may not be stored.
_SLACK_SECONDS = 1.0
# A kill is noted before it is done, and a request may be on its way then.
_NOTED_BEFORE_SECONDS = 0.2


@dataclass(frozen=True)
class Plan:
    """How much is to go wrong, over how many articles."""

    articles: int
    worker_kills: int
    redis_kills: int
    workers: int = 2
    fail_rate: float = 0.05
    seed: int = 7


class Kill(NamedTuple):
    """When a worker was killed, and the key that it called the provider with."""

    at: float
    worker: str


@dataclass
class Report:
    """What came of it."""

    batch: Batch
    published_files: int
    calls: list[dict[str, Any]]
    kills: list[Kill] = field(default_factory=list)
    seconds_after_last_kill: float = 0.0

    @property
    def paid_again(self) -> list[dict[str, Any]]:
        """For each good answer that was asked for again: the call that had it before."""
        first: dict[str, dict[str, Any]] = {}
        again = []
        for call in sorted(self.calls, key=lambda call: float(call["at"])):
            question = json.dumps(call["body"], sort_keys=True)
            if question in first:
                again.append(first[question])
            if call["answered"] == "ok":
                first[question] = call
        return again

    @property
    def paid_again_without_a_kill(self) -> list[dict[str, Any]]:
        """Those of them that were not in flight when their own worker was killed."""
        return [call for call in self.paid_again if not any(map(partial(_hit, call), self.kills))]


def _hit(call: Mapping[str, Any], kill: Kill) -> bool:
    """Whether a call was in flight in a worker when it was killed."""
    asked = float(call["at"]) - _NOTED_BEFORE_SECONDS
    ended = float(call["at"]) + LATENCY_SECONDS + _SLACK_SECONDS
    return bool(call["key"] == kill.worker and asked <= kill.at <= ended)


@contextmanager
def provider(*options: str) -> Iterator[str]:
    """The provider in a process of its own; yields its base URL."""
    command = [sys.executable, "-m", "tests.provider", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def ask(base_url: str, what: str) -> Any:
    """What the provider tells about itself: `_stats` or `_calls`."""
    with urllib.request.urlopen(base_url.removesuffix("/v1") + f"/{what}") as answer:  # noqa: S310
        return json.load(answer)


def run(plan: Plan, folder: Path) -> Report:
    """Submit, kill at random moments, wait for the end, and report."""
    chance = random.Random(plan.seed)
    write_articles(folder, plan.articles)
    options = ["--latency", str(LATENCY_SECONDS), "--fail-rate", str(plan.fail_rate)]
    options += ["--keep", "100000"]
    with ExitStack() as stack:
        redis = stack.enter_context(RedisServer(folder / "redis"))
        url = stack.enter_context(provider(*options))
        environment = environment_of(redis, url, folder)
        fleet = _Fleet(plan.workers, environment, folder)
        stack.callback(fleet.kill)
        submit(folder, environment)
        kills = _wreak_havoc(plan, chance, redis, fleet)
        last = time.monotonic()
        batch = wait_for_end(redis.url)
        return Report(
            batch=batch,
            published_files=len(list((folder / "site").rglob("*.md"))),
            calls=ask(url, "_calls"),
            kills=kills,
            seconds_after_last_kill=time.monotonic() - last,
        )


class _Fleet:
    """Workers that are started again when they die, as by systemd or Docker, with a new key."""

    def __init__(self, size: int, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = environment
        self._folder = folder
        self._started = 0
        self._workers = [self._start() for _ in range(size)]

    def kill(self) -> None:
        """All of them."""
        for worker, _ in self._workers:
            worker.kill()

    def kill_one(self, chance: random.Random) -> Kill:
        """All of a worker, only its main process, or only one of its processes."""
        n = chance.randrange(len(self._workers))
        worker, key = self._workers[n]
        kill = Kill(time.time(), key)
        match chance.choice(["all", "all", "main", "child"]):
            case "all":
                worker.kill()
            case "main":
                worker.process.kill()
                worker.process.wait()
            case _:
                children = worker.children()
                if children:
                    os.kill(chance.choice(children), signal.SIGKILL)
        if worker.process.poll() is not None:
            self._workers[n] = self._start()
        return kill

    def _start(self) -> tuple[Worker, str]:
        self._started += 1
        key = f"worker-{self._started}"
        environment = {**self._environment, "OPENAI_API_KEY": key}
        return Worker(key, self._folder, environment), key


def _wreak_havoc(
    plan: Plan, chance: random.Random, redis: RedisServer, fleet: _Fleet
) -> list[Kill]:
    wait_for(lambda: ended(redis.url) > 0, 30)
    victims = ["worker"] * plan.worker_kills + ["redis"] * plan.redis_kills
    chance.shuffle(victims)
    kills = []
    for victim in victims:
        time.sleep(chance.uniform(0.5, 3.0))
        if victim == "redis":
            redis.kill()
            time.sleep(chance.uniform(0.0, 1.0))
            redis.start()
        else:
            kills.append(fleet.kill_one(chance))
    return kills


# --- parts -------------------------------------------------------------------------------------


def environment_of(redis: RedisServer, base_url: str, folder: Path) -> dict[str, str]:
    """What workers and commands are configured by."""
    return servers.environment_of(redis, base_url, folder) | {
        "REWRITER_TIMEOUT": "2",
        "REWRITER_PROCESSES": "2",
        "REWRITER_IN_FLIGHT": "8",
        "OPENAI_API_KEY": "",
    }


def submit(folder: Path, environment: dict[str, str], *options: str) -> str:
    """Submit all articles; returns the batch's id."""
    command = [sys.executable, "-m", "rewriter", "submit", "raw", "--out", "site", "--batch", "b"]
    done = subprocess.run(
        [*command, *options],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def status(url: str) -> Batch:
    async def look() -> Batch:
        async with Connection(url, patience=20) as connection:
            return await batches.status(connection, "b")

    return asyncio.run(look())


def ended(url: str) -> int:
    """How many articles have ended."""
    batch = status(url)
    return batch.submitted - batch.queued - batch.running


def wait_for_end(url: str, within: float = 120) -> Batch:
    """The batch once nothing is queued or running."""
    ends = time.monotonic() + within
    while True:
        batch = status(url)
        if batch.submitted and not batch.queued and not batch.running:
            return batch
        assert time.monotonic() < ends, batch
        time.sleep(0.2)


def wait_for(condition: Any, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.1)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--worker-kills", type=int, default=20)
    parser.add_argument("--redis-kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    plan = Plan(given.articles, given.worker_kills, given.redis_kills, seed=given.seed)
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        report = run(plan, Path(folder))
        answers = collections.Counter(call["answered"] for call in report.calls)
    lines = [
        report.batch.model_dump_json(indent=1),
        f"{time.monotonic() - began:.0f} s in all",
        f"{report.seconds_after_last_kill:.0f} s after the last kill",
        f"{report.published_files} files, {len(report.calls)} calls: {dict(answers)}",
        f"{len(report.paid_again)} paid again",
        f"{len(report.paid_again_without_a_kill)} of them without a kill",
        *(f"  {call['at']:.2f} {call['key']}" for call in report.paid_again_without_a_kill),
        "kills: " + ", ".join(f"{kill.at:.2f} {kill.worker}" for kill in report.kills),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
