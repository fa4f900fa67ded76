"""Kill workers and Redis while a batch runs, and account for every article and every paid call.

python -m tests.e2e.chaos [--articles 500] [--worker-kills 20] [--redis-kills 3] [--stops 4]

With --apart each worker has processes and a host name of its own, as a container has: nobody sees
that a process of another one is dead, and only its lease tells. It needs root and unshare(1).
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import redis

from rewriter.queue import batches
from rewriter.queue.batches import Batch
from rewriter.queue.connection import Connection
from rewriter.queue.keys import Keys
from tests.e2e.fleet import Fleet, Kill, Stop
from tests.queue import servers
from tests.queue.conftest import write_articles
from tests.queue.servers import ROOT, RedisServer, wait_until

LATENCY_SECONDS = 0.4
# A call ends so much later than the provider answers: until then its answer may not be stored.
_SLACK_SECONDS = 1.0
# A kill is noted before it is done, and a request may be on its way then.
_NOTED_BEFORE_SECONDS = 0.2
# A worker takes some three seconds to start, so that kills meet it at whatever it does then too.
# Slower ones would find the articles done before the last kill.
_GAP_SECONDS = (0.2, 2.0)
# The promise is a minute; a run that breaks it is to tell by how much.
_MOST_SECONDS = 240.0


@dataclass(frozen=True)
class Plan:
    """How much is to go wrong, over how many articles."""

    articles: int
    worker_kills: int
    redis_kills: int
    stops: int = 4
    apart: bool = False
    workers: int = 2
    fail_rate: float = 0.05
    seed: int = 7


class Resumption(NamedTuple):
    """Articles left at the last kill; seconds until one ended, none was suspect, all had ended."""

    left: int
    first_end: float
    no_suspects: float
    last_end: float


@dataclass
class Report:
    """What came of it."""

    batch: Batch
    published_files: int
    calls: list[dict[str, Any]]
    kills: list[Kill]
    stops: list[Stop]
    resumption: Resumption

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
    write_articles(folder, plan.articles)
    options = ["--latency", str(LATENCY_SECONDS), "--fail-rate", str(plan.fail_rate)]
    options += ["--keep", "100000"]
    with ExitStack() as stack:
        server = stack.enter_context(RedisServer(folder / "redis"))
        url = stack.enter_context(provider(*options))
        environment = environment_of(server, url, folder)
        fleet = Fleet(plan.workers, environment, folder, apart=plan.apart)
        stack.callback(fleet.kill)
        submit(folder, environment)
        havoc = _Havoc(random.Random(plan.seed), server, fleet)
        havoc.wreak(plan)
        resumption, batch = _see_to_the_end(server.url, fleet)
        return Report(
            batch=batch,
            published_files=len(list((folder / "site").rglob("*.md"))),
            calls=ask(url, "_calls"),
            kills=havoc.kills,
            stops=havoc.stops,
            resumption=resumption,
        )


class _Havoc:
    """Kills and stops at random moments, and notes them."""

    def __init__(self, chance: random.Random, server: RedisServer, fleet: Fleet) -> None:
        self._chance = chance
        self._server = server
        self._fleet = fleet
        self.kills: list[Kill] = []
        self.stops: list[Stop] = []

    def wreak(self, plan: Plan) -> None:
        wait_until(lambda: ended(self._server.url) > 0, 30)
        kills = [self._kill_worker] * plan.worker_kills + [self._kill_redis] * plan.redis_kills
        self._chance.shuffle(kills)
        last, ills = kills[:1], kills[1:] + [self._stop] * plan.stops
        self._chance.shuffle(ills)
        for ill in ills + last:  # what follows the last kill is measured
            time.sleep(self._chance.uniform(*_GAP_SECONDS))
            self._fleet.tend()
            ill()

    def _kill_worker(self) -> None:
        self.kills.append(self._fleet.kill_one(self._chance))

    def _kill_redis(self) -> None:
        self._server.kill()
        time.sleep(self._chance.uniform(0.0, 1.0))
        self._server.start()

    def _stop(self) -> None:
        self.stops.append(self._fleet.stop_one(self._chance, self._server.url))


def _see_to_the_end(url: str, fleet: Fleet) -> tuple[Resumption, Batch]:
    """Wait until all articles have ended, and note when what had happened."""
    began, before = time.monotonic(), status(url)
    first_end = no_suspects = 0.0
    with redis.Redis.from_url(url) as client:
        while True:
            fleet.tend()
            batch, now = status(url), time.monotonic() - began
            assert now < _MOST_SECONDS, batch
            if not first_end and _ended(batch) > _ended(before):
                first_end = now
            suspects = next(client.scan_iter("rewriter:*:suspects", count=1_000), None)
            if suspects or client.scard(f"{Keys(servers.root_in(url), '').root}isolating"):
                no_suspects = now
            if not batch.queued and not batch.running:
                left = before.submitted - _ended(before)
                return Resumption(left, first_end, no_suspects, now), batch
            time.sleep(0.1)


# --- parts -------------------------------------------------------------------------------------


def environment_of(server: RedisServer, base_url: str, folder: Path) -> dict[str, str]:
    """What workers and commands are configured by."""
    return servers.environment_of(server, base_url, folder) | {
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
        async with Connection(url, servers.root_in(url), patience=20) as connection:
            return await batches.status(connection, "b")

    return asyncio.run(look())


def ended(url: str) -> int:
    """How many articles have ended."""
    return _ended(status(url))


def _ended(batch: Batch) -> int:
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


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--worker-kills", type=int, default=20)
    parser.add_argument("--redis-kills", type=int, default=3)
    parser.add_argument("--stops", type=int, default=4, help="workers that get a SIGTERM")
    parser.add_argument("--apart", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    plan = Plan(**vars(parser.parse_args(arguments)))
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        report = run(plan, Path(folder))
        answers = collections.Counter(call["answered"] for call in report.calls)
    lines = [
        report.batch.model_dump_json(indent=1),
        f"{time.monotonic() - began:.0f} s in all",
        f"after the last kill: {report.resumption}",
        f"{report.published_files} files, {len(report.calls)} calls: {dict(answers)}",
        f"{len(report.paid_again)} paid again",
        f"{len(report.paid_again_without_a_kill)} of them without a kill",
        *(f"  {call['at']:.2f} {call['key']}" for call in report.paid_again_without_a_kill),
        *map(str, report.stops),
        "kills: " + ", ".join(f"{kill.at:.2f} {kill.worker}" for kill in report.kills),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
