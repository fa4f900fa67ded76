"""Many articles with faults through two workers: what grows, and what gets lost.

    python -m benchmarks.soak [--articles 20000] [--minutes 20] [--fail-rate 0.03]
    python -m benchmarks.soak --short

Two workers of one process each work on a batch, with a provider in a process of its own that fails
at a share of all calls. Prints one JSON object:

- the counts of the batch, and how many articles are lost: submitted, but neither ended nor waiting;
- of each worker's process: memory (resident MB, first and last), its slope in KB an article by
  least squares, and open files, first and last. The first quarter of the samples is left out: until
  then pools and caches fill;
- of Redis: MB at its most and at the end, bytes an ended article, CPU in ms an article;
- of the disk: files and KB an article below the state directory, and MB of Redis's files;
- CPU of the workers in ms an article.

The exit code is 1 where an article is lost, a process has more open files at the end than a quarter
in, or memory grows by more than a tenth from then on. Articles that are left when the time is over
are no fault: the figures are those of the others.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import linear_regression, mean
from typing import Any, NamedTuple

import redis

from rewriter.queue.batches import Batch
from tests.e2e import chaos
from tests.provider.faults import MIXED
from tests.queue.conftest import write_articles
from tests.queue.servers import RedisServer, Worker, wait_until

_WORKERS = 2
_SHORT_ARTICLES, _SHORT_MINUTES = 2_000, 2.0
_LOOK_SECONDS = 2.0
_MB, _KB = 1 << 20, 1 << 10
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_MOST_GROWTH = 0.1
# All that a provider does wrong but for 429: each would hold the whole fleet back for seconds.
_FAULTS = tuple(fault for fault in MIXED if not fault.startswith("rate-limit"))
# Files that a process may have open for a moment: articles, answers and records being written.
_MOMENTARY = 20


class Sample(NamedTuple):
    """A process at a moment: articles that have ended, resident bytes, open files, CPU seconds."""

    ended: int
    resident: int
    files: int
    cpu: float

    @classmethod
    def of(cls, pid: int, ended: int) -> Sample:
        """The process as Linux sees it: proc(5)."""
        home = Path(f"/proc/{pid}")
        resident = int((home / "statm").read_text().split()[1]) * _PAGE
        fields = (home / "stat").read_text().rpartition(") ")[2].split()
        cpu = (int(fields[11]) + int(fields[12])) / _TICKS
        return cls(ended, resident, len(list((home / "fd").iterdir())), cpu)


def soak(given: argparse.Namespace, stack: ExitStack) -> tuple[dict[str, Any], bool]:
    """The figures, and whether all is as it should be."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    server = stack.enter_context(RedisServer(folder / "redis"))
    empty = _used(server)
    faults = ["--fail-rate", str(given.fail_rate), "--keep", "1"]
    faults += [part for fault in _FAULTS for part in ("--fault", fault)]
    url = stack.enter_context(chaos.provider("--latency", str(given.latency), *faults))
    environment = chaos.environment_of(server, url, folder) | {
        "REWRITER_PROCESSES": "1",
        "REWRITER_IN_FLIGHT": str(given.in_flight),
        "REWRITER_READER": "off",
        "REWRITER_TIMEOUT": "10",
    }
    write_articles(folder, given.articles)
    chaos.submit(folder, environment)
    workers = [
        stack.enter_context(Worker(f"w{number}", folder, environment, fresh=True))
        for number in range(_WORKERS)
    ]
    wait_until(lambda: all(worker.children() for worker in workers), 120)
    pids = [worker.children()[0] for worker in workers]
    began = time.monotonic()
    samples, most_redis = _watched(server, pids, began + given.minutes * 60)
    seconds = time.monotonic() - began
    batch = chaos.status(server.url)
    processes = [_growth(one) for one in samples]
    figures = {
        "articles": batch.submitted,
        "seconds": round(seconds),
        "ended": chaos.ended(server.url),
        **_counts(batch),
        "lost": _lost(batch, folder),
        "processes": processes,
        "worker_cpu_ms": _per_article(sum(one[-1].cpu - one[0].cpu for one in samples), samples),
        "redis": _redis(server, empty, most_redis, samples[0][-1].ended),
        "disk": _disk(folder, samples[0][-1].ended),
    }
    fine = all(
        one["grows_by"] <= _MOST_GROWTH and one["files"][1] <= one["files"][0] + _MOMENTARY
        for one in processes
    )
    return figures, fine and not figures["lost"]


def _watched(
    server: RedisServer, pids: Sequence[int], until: float
) -> tuple[list[list[Sample]], int]:
    """Samples of each process until all has ended or the time is over; the most bytes of Redis."""
    samples: list[list[Sample]] = [[] for _ in pids]
    most = 0
    while time.monotonic() < until:
        batch = chaos.status(server.url)
        ended = batch.submitted - batch.queued - batch.running
        for pid, seen in zip(pids, samples, strict=True):
            seen.append(Sample.of(pid, ended))
        most = max(most, _used(server))
        if ended == batch.submitted:
            break
        time.sleep(_LOOK_SECONDS)
    return samples, most


def _growth(samples: Sequence[Sample]) -> dict[str, Any]:
    """What a process grew by, from the first quarter of the samples on."""
    later = samples[len(samples) // 4 :]
    slope = 0.0
    if later[0].ended < later[-1].ended:
        slope = linear_regression(
            [one.ended for one in later], [one.resident for one in later]
        ).slope
    grown = slope * (later[-1].ended - later[0].ended)
    return {
        "resident_mb": [round(one.resident / _MB, 1) for one in (later[0], later[-1])],
        "slope_kb_an_article": round(slope / _KB, 2),
        "grows_by": round(grown / mean(one.resident for one in later), 3),
        "files": [later[0].files, later[-1].files],
    }


def _counts(batch: Batch) -> dict[str, int]:
    names = ("published", "held", "failed", "dead", "queued", "running")
    return {name: getattr(batch, name) for name in names}


def _lost(batch: Batch, folder: Path) -> int:
    """Articles that are in none of the counts, or published without a file."""
    ends = (batch.published, batch.drafted, batch.held, batch.skipped, batch.failed, batch.dead)
    uncounted = batch.submitted - sum(ends) - batch.cancelled - batch.queued - batch.running
    return abs(uncounted) + max(0, batch.published - len(list((folder / "site").glob("*.md"))))


def _per_article(seconds: float, samples: Sequence[Sequence[Sample]]) -> float:
    ended = samples[0][-1].ended - samples[0][0].ended
    return round(seconds / max(1, ended) * 1000, 2)


def _redis(server: RedisServer, empty: int, most: int, ended: int) -> dict[str, float]:
    with redis.Redis.from_url(server.url) as client:
        cpu = client.info("cpu")
    used = _used(server)
    seconds = cpu["used_cpu_user"] + cpu["used_cpu_sys"]
    return {
        "most_mb": round(most / _MB, 1),
        "mb": round(used / _MB, 1),
        "bytes_an_article": round((used - empty) / max(1, ended)),
        "cpu_ms_an_article": round(seconds / max(1, ended) * 1000, 2),
    }


def _used(server: RedisServer) -> int:
    with redis.Redis.from_url(server.url) as client:
        return int(client.info("memory")["used_memory"])


def _disk(folder: Path, ended: int) -> dict[str, float]:
    state = [one.stat() for one in (folder / ".rewriter").rglob("*") if one.is_file()]
    durable = sum(one.stat().st_size for one in (folder / "redis").rglob("*") if one.is_file())
    return {
        "state_files_an_article": round(len(state) / max(1, ended), 2),
        "state_kb_an_article": round(
            sum(one.st_blocks * 512 for one in state) / max(1, ended) / _KB, 1
        ),
        "redis_files_mb": round(durable / _MB, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--minutes", type=float, default=20.0, help="the most that it takes")
    parser.add_argument("--fail-rate", type=float, default=0.03, help="share of calls that fail")
    parser.add_argument("--latency", type=float, default=1.0, help="seconds of a call")
    parser.add_argument("--in-flight", type=int, default=50, help="calls of a worker at a time")
    parser.add_argument("--short", action="store_true", help="two minutes and 2,000 articles")
    given = parser.parse_args()
    if given.short:
        given.articles, given.minutes = _SHORT_ARTICLES, _SHORT_MINUTES
    with ExitStack() as stack:
        figures, fine = soak(given, stack)
        print(json.dumps(figures, indent=1))
    sys.exit(not fine)


if __name__ == "__main__":
    main()
