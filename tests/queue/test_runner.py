"""A process's event loop: where it fails, the process ends and no thread waits for it any more."""

from __future__ import annotations

import asyncio
import faulthandler
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr

from rewriter.queue.claims import Delivery, End, Return
from rewriter.queue.connection import connect
from rewriter.queue.runner import Runner
from rewriter.settings import Settings
from tests.queue.servers import ROOT, RedisServer
from tests.queue.test_claims import put


async def test_a_process_whose_loop_fails_ends_and_leaves_no_thread_waiting(
    server: RedisServer, tmp_path: Path
) -> None:
    terminated = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminated.set)
    settings = Settings(redis_url=SecretStr(server.url), root=tmp_path, engine="extractive")
    async with connect(settings) as connection:
        await put(connection, "b", "one")
    outcomes, threads = list[End | Return | None](), list[threading.Thread]()

    def send(some: Sequence[Delivery]) -> None:
        """Begin as a thread of Celery's pool does, and fail."""
        for one in some:
            perform = lambda: outcomes.append(runner.perform(*one[:2]))  # noqa: B023, E731
            threads.append(threading.Thread(target=perform))
            threads[-1].start()
            raise RuntimeError("no such thing happens")

    runner = Runner(settings, send)
    runner.start()
    await asyncio.wait_for(terminated.wait(), 10)
    await asyncio.to_thread(runner.join)
    faulthandler.cancel_dump_traceback_later()  # it would end a process that does not end by itself
    await asyncio.to_thread(threads[0].join, 10)
    assert outcomes == [None]
    assert runner.perform("b/one", "1") is None


async def test_a_call_that_comes_while_the_loop_ends_returns(
    server: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(redis_url=SecretStr(server.url), root=tmp_path, engine="extractive")
    runner = Runner(settings, lambda some: None)
    late = threading.Thread(target=lambda: runner.perform("b/one", "1"), daemon=True)

    close = runner._loop.close

    def call_and_close() -> None:
        late.start()
        late.join(0.2)
        close()

    monkeypatch.setattr(runner._loop, "close", call_and_close)
    runner.start()
    await asyncio.to_thread(runner.join)
    faulthandler.cancel_dump_traceback_later()
    await asyncio.to_thread(late.join, 5)
    assert not late.is_alive()


_STUCK = """
import time
from rewriter.queue import runner
from rewriter.settings import Settings

class Idle(runner.Runner):
    async def _work(self):
        pass

runner._LAST_SECONDS = 0.3
idle = Idle(Settings(shutdown_grace=0.2), print)
idle.start()
idle.join()
time.sleep(20)  # as Celery does that cannot end
"""


def test_a_process_that_does_not_end_with_its_loop_is_ended() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _STUCK], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert ended.returncode == 1
    assert "Timeout (0:00:00.5" in ended.stderr
