"""Starts workers and commands by forking a process that has loaded all that they need.

A new interpreter takes seconds to load it, and the tests start some hundred of them. Each is a
process of its own all the same, with its own session, folder, environment and log.

    python -m tests.queue.forking    # the process that forks, told what to do line by line
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parent.parent.parent
_LOOK_SECONDS = 0.02


class Forked:
    """A Python module that runs in a forked process; used like `subprocess.Popen`.

    What it says goes to the file `out`, its standard error to `err` where there is one.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        out: Path,
        err: Path | None = None,
    ) -> None:
        self.returncode: int | None = None
        told = [*arguments], str(folder), {**os.environ, **environment}, str(out), str(err or out)
        self.pid: int = _asked("start", *told)

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        if self.returncode is None:
            self.returncode = _asked("poll", self.pid)
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        """Wait for its end; returns the exit code. Raises `TimeoutExpired`."""
        ends = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > ends:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            time.sleep(_LOOK_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to it, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


@cache
def _forker() -> subprocess.Popen[str]:
    """The process that forks; it ends with this one."""
    command = [sys.executable, "-m", "tests.queue.forking"]
    pipe = subprocess.PIPE
    return subprocess.Popen(  # no signal for the test process ends it before its workers
        command, cwd=_ROOT, stdin=pipe, stdout=pipe, text=True, start_new_session=True
    )


def _asked(*question: object) -> Any:
    forker = _forker()
    assert forker.stdin is not None and forker.stdout is not None
    forker.stdin.write(json.dumps(question) + "\n")
    forker.stdin.flush()
    return json.loads(forker.stdout.readline())


def _load() -> None:
    """Load what a worker loads, and work on its sample."""
    import celery.bin.celery
    import structlog.dev

    import rewriter.cli.worker
    from rewriter import tasks
    from rewriter.queue.warming import warm_up
    from rewriter.settings import Settings

    assert celery.bin.celery and structlog.dev and rewriter.cli.worker and tasks
    warm_up(Settings(engine="openai", base_url="http://127.0.0.1:9/v1"))


def _serve() -> None:
    """Start processes until the test process has ended, and leave none behind."""
    _load()
    running = set[int]()
    while line := sys.stdin.readline():
        question, *told = json.loads(line)
        answer: int | None
        if question == "start":
            running.add(answer := _started(*told))
        elif (answer := _code_of(*told)) is not None:
            running -= {*told}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for pid in running:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _code_of(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _started(arguments: list[str], folder: str, environment: dict[str, str], *files: str) -> int:
    if pid := os.fork():
        return pid
    code = 1
    try:
        os.setsid()
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, file in enumerate(files, start=1):
            os.dup2(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644), number)
        sys.argv = arguments
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
