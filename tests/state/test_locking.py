"""One process at a time at a number, and a killed one keeps nobody out."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rewriter.state.locking import alone

_HOLDER = (
    "import asyncio, pathlib, sys\n"
    "from rewriter.state.locking import alone\n"
    "async def hold():\n"
    "    async with alone(pathlib.Path(sys.argv[1]), int(sys.argv[2])):\n"
    "        print('held', flush=True)\n"
    "        await asyncio.to_thread(sys.stdin.read)\n"
    "asyncio.run(hold())\n"
)


@contextmanager
def another_process(lock_file: Path, number: int = 7) -> Iterator[subprocess.Popen[str]]:
    """One that holds a number until its standard input ends."""
    command = [sys.executable, "-c", _HOLDER, str(lock_file), str(number)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


async def _take(lock_file: Path, number: int) -> float:
    """When the turn came."""
    async with alone(lock_file, number):
        return time.monotonic()


async def test_a_second_process_waits_and_its_loop_goes_on(tmp_path: Path) -> None:
    with another_process(tmp_path / "lock") as first:
        waiting = asyncio.create_task(_take(tmp_path / "lock", 7))
        for _ in range(20):
            await asyncio.sleep(0.005)  # served at once while the task waits
        assert not waiting.done()
        assert first.stdin
        first.stdin.close()
        first.wait(10)
        left = time.monotonic()
        assert await asyncio.wait_for(waiting, 5) >= left


async def test_another_number_does_not_wait(tmp_path: Path) -> None:
    with another_process(tmp_path / "lock"):
        await asyncio.wait_for(_take(tmp_path / "lock", 2**60 - 1), 1)


async def test_a_killed_process_keeps_nobody_out(tmp_path: Path) -> None:
    with another_process(tmp_path / "lock") as first:
        first.kill()
        first.wait(10)
        await asyncio.wait_for(_take(tmp_path / "lock", 7), 1)


async def test_a_turn_that_ends_by_an_error_is_given_back(tmp_path: Path) -> None:
    async def fail() -> None:
        async with alone(tmp_path / "lock", 7):
            raise ValueError

    await asyncio.gather(fail(), return_exceptions=True)
    with another_process(tmp_path / "lock"):
        pass


async def test_where_no_lock_file_can_be_made_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    await asyncio.wait_for(_take(tmp_path / "file" / "lock", 7), 1)
