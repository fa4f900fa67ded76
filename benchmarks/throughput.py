"""Articles a second as a share of what the provider's latency allows.

    python -m benchmarks.throughput [--in-flight 500] [--latency 10] [--waves 3] [--checks off]

The provider for tests runs as a process of its own and answers each call after the same latency.
The ideal is in flight / latency: what these calls would reach without any work beside them. Every
way to work is measured against it, start-up excluded:

- raw: `AsyncOpenAI` with its aiohttp transport, which only calls and parses;
- engine: the whole journey (read, clean, render, call, parse, check, write) in one process;
- engines: the same in two processes with half of the calls in flight each;
- workers: the same through the queue, by one worker of two processes, an article a Celery task.

Two shares are printed. `whole` is from the first call to the last article. All first calls go out
together, so that their answers come together too, and are worked on one after the other while no
new calls are out: each run pays for that once, however long it is. `steady` leaves it out: it is
the pace from the moment at which as many articles have ended as are in flight, the last wave
included. CPU is that of the same time, of the working processes (not of Redis and the provider).
`engines` and `workers` are watched from outside, by one clock: where one process has ended its last
article before the other, both lose the rest of its time.
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
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.unchecked import skip_checks
from rewriter.article import Rewrite
from rewriter.cleaning import clean
from rewriter.completion.capabilities import Capabilities, encode
from rewriter.prompting.prompt_file import load
from rewriter.runs import setup
from rewriter.runs.concurrency import UNBOUNDED, Permit, run_bounded, tune_process
from rewriter.runs.publishing import process
from rewriter.settings import Settings
from tests.e2e.chaos import ask, ended, environment_of, provider, status, submit
from tests.queue.conftest import write_articles
from tests.queue.servers import RedisServer, Worker

WAYS = ("raw", "engine", "engines", "workers")
_TICKS = os.sysconf("SC_CLK_TCK")
_LOOK_SECONDS = 0.2  # how often the queue is asked how far it is


class Measure(NamedTuple):
    """One way's figures: articles a second, CPU in ms an article, memory in MB of all processes."""

    whole: float
    steady: float
    cpu: float
    memory: float


class Mark(NamedTuple):
    """A moment of a run: articles ended, the time, and the CPU used by then, both in seconds."""

    done: int
    at: float
    cpu: float


class Terms(NamedTuple):
    """What is measured."""

    in_flight: int
    latency: float
    waves: int
    checks: bool
    reader: str

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
        "--waves", type=int, default=3, help="articles, in times of those in flight; at least 2"
    )
    parser.add_argument("--checks", choices=["on", "off"], default="on")
    parser.add_argument(
        "--reader", choices=["on", "off"], default="off", help="the second call for each article"
    )
    parser.add_argument("--way", action="append", choices=WAYS)
    parser.add_argument("--inside", nargs=2, metavar=("URL", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    terms = Terms(given.in_flight, given.latency, given.waves, given.checks == "on", given.reader)
    if given.inside:
        print(json.dumps(_inside(given.way[0], terms, given.inside[0], Path(given.inside[1]))))
        return
    print(
        f"{terms.in_flight} in flight, {terms.latency:g} s latency, checks {given.checks}, "
        f"second reader {given.reader}: ideal {terms.ideal:.1f} articles/s"
    )
    # Removed at the end only: for minutes after thousands of files are deleted, ext4 takes
    # milliseconds to make a new one.
    with tempfile.TemporaryDirectory() as folder:
        for way in given.way or WAYS:
            _report(way, terms, Path(folder) / way)


def _report(way: str, terms: Terms, folder: Path) -> None:
    folder.mkdir()
    with provider("--latency", str(terms.latency), "--keep", "1") as url:
        found = _measure(way, terms, url, folder)
        calls = ask(url, "_stats")["calls"]
    print(
        f"{way:<8} {found.steady:6.1f} articles/s  share: steady {found.steady / terms.ideal:.2f} "
        f"whole {found.whole / terms.ideal:.2f}  CPU {found.cpu:5.1f} ms an article  "
        f"{found.memory:4.0f} MB  {calls:.0f} calls",
        flush=True,
    )


def _measure(way: str, terms: Terms, url: str, folder: Path) -> Measure:
    match way:
        case "workers":
            return _workers(terms, url, folder)
        case "engines":
            return _engines(terms, url, folder)
        case _:
            return _result(_process(way, terms, url, folder))


def _process(way: str, terms: Terms, url: str, folder: Path) -> subprocess.Popen[str]:
    folder.mkdir(exist_ok=True)
    write_articles(folder, terms.articles + 1)
    checks = "on" if terms.checks else "off"
    command = [sys.executable, "-m", "benchmarks.throughput", "--way", way, "--checks", checks]
    command += ["--in-flight", str(terms.in_flight), "--latency", str(terms.latency)]
    command += ["--waves", str(terms.waves), "--reader", terms.reader, "--inside", url, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _result(part: subprocess.Popen[str]) -> Measure:
    out, _ = part.communicate()
    return Measure(*json.loads(out))


def _measured(begin: Mark, steady: Mark, end: Mark, memory: float) -> Measure:
    articles, seconds = end.done - steady.done, end.at - steady.at
    cpu = (end.cpu - steady.cpu) / articles * 1000
    return Measure(end.done / (end.at - begin.at), articles / seconds, cpu, memory)


# --- inside of a process -----------------------------------------------------------------------


def _inside(way: str, terms: Terms, url: str, folder: Path) -> Measure:
    work = _raw if way == "raw" else _engine
    if not terms.checks:
        skip_checks()
    return asyncio.run(work(terms, url, folder))


async def _engine(terms: Terms, url: str, folder: Path) -> Measure:
    settings = Settings.model_validate(
        {
            "engine": "openai",
            "base_url": url,
            "api_key": "k",
            "root": folder,
            "timeout": 600,
            "reader": terms.reader,
        }
    )
    items, work = setup.prepare([str(folder / "raw")], settings, out=folder / "site")
    await process(next(items), work)  # imports, prompt, connection
    tune_process()
    begin = steady = _mark(0)
    done = 0
    async for result in run_bounded(
        items, lambda item, permit: process(item, work, permit), concurrency=terms.in_flight
    ):
        if result.status != "published":
            raise SystemExit(f"{result.path} was {result.status}: {result.reason}")
        done += 1
        if done == terms.in_flight:
            steady = _mark(done)
    await work.backend.aclose()
    return _measured(begin, steady, _mark(done), _peak_of_this())


async def _raw(terms: Terms, url: str, folder: Path) -> Measure:
    from openai import AsyncOpenAI, DefaultAioHttpClient

    bodies = list(_bodies(folder))
    client = AsyncOpenAI(
        api_key="k", base_url=url, max_retries=0, http_client=DefaultAioHttpClient(timeout=600)
    )

    async def call(body: dict[str, Any], _: Permit = UNBOUNDED) -> Rewrite:
        answer = await client.chat.completions.create(**body)
        return Rewrite.model_validate_json(answer.choices[0].message.content or "")

    await call(bodies[0])
    tune_process()
    begin = steady = _mark(0)
    done = 0
    async for _ in run_bounded(bodies[1:], call, concurrency=terms.in_flight):
        done += 1
        if done == terms.in_flight:
            steady = _mark(done)
    return _measured(begin, steady, _mark(done), _peak_of_this())


def _bodies(folder: Path) -> Iterator[dict[str, Any]]:
    prompt = load()
    for path in sorted((folder / "raw").iterdir()):
        source = clean(path.read_bytes(), name=path.name)
        yield encode(prompt.request(source, "gpt-4.1-mini"), Capabilities())


def _mark(done: int) -> Mark:
    return Mark(done, time.monotonic(), time.process_time())


def _peak_of_this() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- seen from outside -------------------------------------------------------------------------


def _engines(terms: Terms, url: str, folder: Path) -> Measure:
    half = terms._replace(in_flight=terms.in_flight // 2)
    parts = [_process("engine", half, url, folder / str(n)) for n in range(2)]

    def done() -> int:
        return sum(1 for _ in folder.glob("*/site/*.md")) - len(parts)  # one each to begin with

    try:
        measure = _followed(terms, done, lambda: [part.pid for part in parts])
        return measure._replace(memory=sum(_result(part).memory for part in parts))
    finally:
        for part in parts:
            part.kill()


def _workers(terms: Terms, url: str, folder: Path) -> Measure:
    write_articles(folder, terms.articles)
    with RedisServer(folder / "redis") as redis:
        environment = _environment(terms, redis, url, folder)
        module = "rewriter" if terms.checks else "benchmarks.unchecked"
        with Worker("w", folder, environment, module=module, fresh=True) as worker:
            submit(folder, environment)

            def pids() -> list[int]:
                return [worker.process.pid, *worker.children()]

            measure = _followed(terms, lambda: ended(redis.url), pids)
            memory = sum(map(_peak, pids()))
            found = status(redis.url)
    if found.published != terms.articles:
        raise SystemExit(str(found))
    whole = found.articles_a_minute / 60  # from the first that was taken
    return measure._replace(whole=whole, memory=memory)


def _environment(terms: Terms, redis: RedisServer, url: str, folder: Path) -> dict[str, str]:
    return environment_of(redis, url, folder) | {
        "REWRITER_TIMEOUT": "600",
        "REWRITER_READER": terms.reader,
        "REWRITER_IN_FLIGHT": str(terms.in_flight // 2),
    }


def _followed(terms: Terms, done: Callable[[], int], pids: Callable[[], list[int]]) -> Measure:
    """What is seen from outside: from the first article that has ended to the last."""
    # On a machine that others use an article takes tenths of a second of a core.
    gives_up = time.monotonic() + terms.latency * terms.waves * 5 + 60 + terms.articles / 5

    def wait_for(wanted: int) -> Mark:
        while (so_many := done()) < wanted:
            if time.monotonic() > gives_up:
                raise SystemExit(f"only {so_many} of {terms.articles} articles ended in time")
            time.sleep(_LOOK_SECONDS)
        return Mark(so_many, time.monotonic(), _cpu(pids()))

    marks = [wait_for(wanted) for wanted in (1, terms.in_flight, terms.articles)]
    begin = marks[0]._replace(done=0, at=marks[0].at - terms.latency)
    return _measured(begin, marks[1], marks[2], 0.0)


def _cpu(pids: Sequence[int]) -> float:
    """Seconds of CPU that processes have used since they began."""
    fields = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids)
    return sum(int(one[11]) + int(one[12]) for one in fields) / _TICKS


def _peak(pid: int) -> float:
    """The most MB that a process ever held."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
