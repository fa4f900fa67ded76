"""A process at work: what it does when its own loop stands still."""

from __future__ import annotations

import subprocess
import sys

_FROZEN = """
import asyncio, time
from rewriter.queue import dispatcher

dispatcher.LEASE_SECONDS, dispatcher.BEAT_SECONDS = 0.5, 0.1
one = dispatcher.Dispatcher(
    None, None, None, None, asyncio.Event(), in_flight=1, grace=1
)

async def main():
    async with one._beating():
        await asyncio.sleep(0.3)
        print("alive", flush=True)
        time.sleep(20)

asyncio.run(main())
"""


def test_a_process_whose_loop_stands_still_for_a_lease_ends_and_says_where() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FROZEN], capture_output=True, text=True, timeout=15, check=False
    )
    assert done.stdout == "alive\n"
    assert done.returncode == 1
    assert "Timeout" in done.stderr
    assert "in main" in done.stderr
