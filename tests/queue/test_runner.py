"""A process's event loop: where it fails, the process ends and no thread waits for it any more."""

from __future__ import annotations

import asyncio
import faulthandler
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from rewriter.queue.claims import Delivery, End, Return
from rewriter.queue.connection import connect
from rewriter.queue.runner import Runner
from rewriter.settings import Settings
from tests.queue.servers import RedisServer
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
