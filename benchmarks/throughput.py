"""Articles a second as a share of what the provider's latency allows.

    python -m benchmarks.throughput [--in-flight 500] [--latency 10] [--waves 3] [--checks off]

The provider for tests runs as a process of its own and answers each call after the latency. With
so many articles in flight the ideal is in flight / latency; every way to work is measured against
it, from its first call to its last article, start-up excluded:

- raw: `AsyncOpenAI` with its aiohttp transport, which only calls and parses;
- engine: the whole journey (read, clean, render, call, parse, check, write) in one process;
- engines: the same in two processes with half of the articles in flight each;
- workers: the same through the queue, by one Celery worker of two processes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rewriter import batch, job, pipeline
from rewriter.article import Rewrite
from rewriter.cleaning import clean
from rewriter.completion.wire import Dialect, encode
from rewriter.prompt_file import load
from rewriter.publishing import process
from rewriter.settings import Settings
from tests.e2e.chaos import ask, environment_of, provider, submit, wait_for_end
from tests.queue.conftest import write_articles
from tests.queue.servers import RedisServer, Worker

WAYS = ("raw", "engine", "engines", "workers")
_TICKS = os.sysconf("SC_CLK_TCK")


class Measure(NamedTuple):
    """One way's figures; CPU in ms an article, memory in MB of all its processes."""

    articles: int
    seconds: float
    cpu: float
    memory: float


class Terms(NamedTuple):
    """What is measured."""

    in_flight: int
    latency: float
    waves: int
    checks: bool

    @property
    def articles(self) -> int:
        return self.in_flight * self.waves

    @property
    def ideal(self) -> float:
        return self.in_flight / self.latency


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--in-flight", type=int, default=200)
    parser.add_argument("--latency", type=float, default=10.0)
    parser.add_argument(
        "--waves", type=int, default=3, help="articles, in times of those in flight"
    )
    parser.add_argument("--checks", choices=["on", "off"], default="on")
    parser.add_argument("--way", action="append", choices=WAYS)
    parser.add_argument("--inside", nargs=2, metavar=("URL", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    terms = Terms(given.in_flight, given.latency, given.waves, given.checks == "on")
    if given.inside:
        print(json.dumps(_inside(given.way[0], terms, given.inside[0], Path(given.inside[1]))))
        return
    print(
        f"{terms.in_flight} in flight, {terms.latency:g} s latency, checks {given.checks}: ", end=""
    )
    print(f"ideal {terms.ideal:.1f} articles/s")
    for way in given.way or WAYS:
        with tempfile.TemporaryDirectory() as folder, provider(*_traits(terms)) as url:
            found = _measure(way, terms, url, Path(folder))
            calls = ask(url, "_stats")["calls"]
        share = found.articles / found.seconds / terms.ideal
        print(
            f"{way:<8} {found.articles / found.seconds:6.1f} articles/s  share {share:.2f}  "
            f"CPU {found.cpu:5.1f} ms an article  {found.memory:4.0f} MB  {calls:.0f} calls",
            flush=True,
        )


def _traits(terms: Terms) -> list[str]:
    return ["--latency", str(terms.latency), "--keep", "1"]


def _measure(way: str, terms: Terms, url: str, folder: Path) -> Measure:
    match way:
        case "workers":
            return _workers(terms, url, folder)
        case "engines":
            half = terms._replace(in_flight=terms.in_flight // 2)
            parts = [_process("engine", half, url, folder / str(n)) for n in range(2)]
            both = [_result(part) for part in parts]
            articles = sum(one.articles for one in both)
            return Measure(
                articles,
                max(one.seconds for one in both),
                sum(one.cpu for one in both) / 2,
                sum(one.memory for one in both),
            )
        case _:
            return _result(_process(way, terms, url, folder))


def _process(way: str, terms: Terms, url: str, folder: Path) -> subprocess.Popen[str]:
    folder.mkdir(exist_ok=True)
    write_articles(folder, terms.articles)
    checks = "on" if terms.checks else "off"
    command = [sys.executable, "-m", "benchmarks.throughput", "--way", way, "--checks", checks]
    command += ["--in-flight", str(terms.in_flight), "--latency", str(terms.latency)]
    command += ["--waves", str(terms.waves), "--inside", url, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _result(part: subprocess.Popen[str]) -> Measure:
    out, _ = part.communicate()
    return Measure(*json.loads(out))


# --- inside of a process -----------------------------------------------------------------------


def _inside(way: str, terms: Terms, url: str, folder: Path) -> Measure:
    work = _raw if way == "raw" else _engine
    if not terms.checks:
        vars(pipeline).update(
            check_rewrite=lambda *_, **__: iter(()),
            check_headline=lambda *_, **__: iter(()),
            Evidence=lambda *_: None, supports=lambda *_: (), coverage=lambda *_: None)
    return asyncio.run(work(terms, url, folder))


async def _engine(terms: Terms, url: str, folder: Path) -> Measure:
    settings = Settings.model_validate(
        {"engine": "openai", "base_url": url, "api_key": "k", "root": folder, "timeout": 600}
    )
    items, work = job.prepare([str(folder / "raw")], settings, out=folder / "site")
    await process(items[0], work)  # imports, prompt, connection
    batch.tune_process()
    began, before = time.monotonic(), time.process_time()
    done = 0
    async for result in batch.run(
        items[1:], lambda item: process(item, work), concurrency=terms.in_flight
    ):
        if result.status != "published":
            raise SystemExit(f"{result.path} was {result.status}: {result.reason}")
        done += 1
    await work.engine.completer.aclose()
    return _measured(done, began, before)


async def _raw(terms: Terms, url: str, folder: Path) -> Measure:
    from openai import AsyncOpenAI, DefaultAioHttpClient

    bodies = list(_bodies(folder))
    client = AsyncOpenAI(
        api_key="k", base_url=url, max_retries=0, http_client=DefaultAioHttpClient(timeout=600)
    )

    async def call(body: dict[str, Any]) -> Rewrite:
        answer = await client.chat.completions.create(**body)
        return Rewrite.model_validate_json(answer.choices[0].message.content or "")

    await call(bodies[0])
    batch.tune_process()
    began, before = time.monotonic(), time.process_time()
    done = 0
    async for _ in batch.run(bodies[1:], call, concurrency=terms.in_flight):
        done += 1
    return _measured(done, began, before)


def _bodies(folder: Path) -> Iterator[dict[str, Any]]:
    prompt = load()
    for path in sorted((folder / "raw").iterdir()):
        source = clean(path.read_bytes(), name=path.name)
        body = encode(prompt.request(source, "gpt-4.1-mini"), Dialect())
        yield body


def _measured(done: int, began: float, before: float) -> Measure:
    seconds = time.monotonic() - began
    cpu = (time.process_time() - before) / done * 1000
    return Measure(done, seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


# --- through the queue -------------------------------------------------------------------------


def _workers(terms: Terms, url: str, folder: Path) -> Measure:
    write_articles(folder, terms.articles)
    with RedisServer(folder / "redis") as redis:
        environment = environment_of(redis, url, folder) | {
            "REWRITER_TIMEOUT": "600",
            "REWRITER_IN_FLIGHT": str(terms.in_flight // 2),
        }
        with Worker("w", folder, environment) as worker:
            submit(folder, environment)
            found = wait_for_end(redis.url, within=terms.latency * terms.waves * 5 + 60)
            if found.published != terms.articles:
                raise SystemExit(str(found))
            pids = [worker.process.pid, *worker.children()]
            cpu = sum(_cpu(pid) for pid in pids) / terms.articles * 1000
            memory = sum(_peak(pid) for pid in pids)
    return Measure(terms.articles, terms.articles / found.articles_a_minute * 60, cpu, memory)


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has used, start-up included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _peak(pid: int) -> float:
    """The most MB that a process ever held."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
