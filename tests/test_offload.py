"""Large work holds up neither the event loop nor a signal; small work is done at once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rewriter.completion import Completion, Request
from rewriter.completion.asking import Asking, drive
from rewriter.errors import INTERRUPTED, StoppedError
from rewriter.offload import LARGE, ending, is_busy, offload
from rewriter.request import ChatMessage
from rewriter.runs.publishing import begin
from rewriter.runs.setup import prepare
from rewriter.settings import Settings

_SECONDS = 3.0
_MOST_GAP = 2.0  # what is promised; a thread gives way every few milliseconds


def _busy() -> str:
    ends = time.process_time() + _SECONDS
    while time.process_time() < ends:
        sum(range(1_000))
    return threading.current_thread().name


@asynccontextmanager
async def _watched() -> AsyncIterator[list[float]]:
    """The seconds between two turns of the event loop."""
    gaps = [0.0]

    async def watch() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            gaps.append(time.monotonic() - before - 0.01)

    watching = asyncio.create_task(watch())
    try:
        yield gaps
        await asyncio.sleep(0.02)
    finally:
        watching.cancel()


@pytest.mark.slow
async def test_the_loop_goes_on_beside_large_work() -> None:
    async with _watched() as gaps:
        assert (await offload(LARGE, _busy)).startswith("large")
    assert max(gaps) < _MOST_GAP


async def test_large_work_that_waits_when_the_process_is_told_to_stop_does_not_begin() -> None:
    stop, goes_on = asyncio.Event(), threading.Event()
    running = asyncio.create_task(offload(LARGE, goes_on.wait, 10))
    ending.set(stop)
    later = [asyncio.create_task(offload(LARGE, _busy)) for _ in range(20)]
    await asyncio.sleep(0.01)
    began = time.process_time()
    stop.set()
    goes_on.set()
    ended = await asyncio.gather(*later, return_exceptions=True)
    assert [type(one) for one in ended] == [StoppedError] * 20
    assert await running
    assert time.process_time() - began < _SECONDS


async def test_large_work_holds_up_the_end_of_the_process_for_seconds_only() -> None:
    stop, goes_on = asyncio.Event(), threading.Event()
    ending.set(stop)
    running = asyncio.create_task(offload(LARGE, goes_on.wait, 10))
    await asyncio.sleep(0.1)
    stop.set()
    with pytest.raises(StoppedError):
        await running
    assert is_busy()
    goes_on.set()


async def test_small_work_needs_no_thread() -> None:
    assert await offload(1, lambda: threading.current_thread().name) == "MainThread"


@pytest.mark.slow
@pytest.mark.parametrize("article", [True, False])
async def test_checks_of_a_large_article_or_answer_hold_up_no_loop_and_no_signal(
    article: bool,
) -> None:
    def asking() -> Asking[str]:
        said = ChatMessage(role="user", content="a" * (LARGE if article else 1))
        yield Request(messages=(said,), model="m", json_schema={})
        return _busy()

    async def answer(_: Request) -> Completion:
        return Completion(text="b" if article else "b" * LARGE, model="m")

    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    async with _watched() as gaps:
        driving = asyncio.create_task(drive(asking(), answer))
        await asyncio.sleep(0.1)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(told.wait(), _MOST_GAP)
        assert not driving.done()
        assert (await driving).startswith("large")
    assert max(gaps) < _MOST_GAP


_INTERRUPTED_AMID_WORK = """
import asyncio, sys, time
import click
from rewriter import cli
from rewriter.errors import INTERRUPTED
from rewriter.offload import LARGE, offload

async def work():
    working = asyncio.create_task(offload(LARGE, time.sleep, 60))
    await asyncio.sleep(0.1)
    working.cancel()

@click.command()
def command():
    asyncio.run(work())
    print("abandoned")
    return INTERRUPTED

sys.modules["rewriter.cli.rewrite"] = sys.modules["__main__"]
sys.argv[1:] = ["rewrite"]
cli.main()
"""


@pytest.mark.slow
def test_an_interrupted_process_ends_amid_large_work() -> None:
    command = (sys.executable, "-c", _INTERRUPTED_AMID_WORK)
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (INTERRUPTED, "abandoned\n")


@pytest.mark.slow
async def test_a_large_article_is_cleaned_beside_the_loop(tmp_path: Path) -> None:
    text = "Fares stay\n\n" + "The council paid 2.40 euros for the ferry on Monday.\n\n" * 7_000
    (tmp_path / "a.txt").write_text(text)
    items, job = prepare([str(tmp_path / "a.txt")], Settings(engine="extractive"))
    async with _watched() as gaps:
        assert await begin(next(items), job)
    assert max(gaps) < _MOST_GAP


def test_work_that_is_done_always_is_not_given_up_where_the_run_ends() -> None:
    async def work() -> str:
        stop = asyncio.Event()
        stop.set()
        ending.set(stop)
        with pytest.raises(StoppedError):
            await offload(LARGE, str.upper, "paid")
        return await offload(LARGE, str.upper, "paid", always=True)

    assert asyncio.run(work()) == "PAID"
