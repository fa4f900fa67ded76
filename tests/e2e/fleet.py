"""Workers that are killed, stopped and started again."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import redis

from rewriter.queue.keys import Keys
from tests.queue.servers import Worker, root_in, wait_until

# More than `shutdown_grace`: a run is to tell how long a stop took, also where it took too long.
_MOST_TO_STOP_SECONDS = 150.0
# A container's own processes, which all die with the first, and its own host name.
_CONTAINER = (
    *("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--uts"),
    *("sh", "-c", 'hostname "$0" && exec "$@"'),
)


class Kill(NamedTuple):
    """When a worker was killed, and the key that it called the provider with."""

    at: float
    worker: str


class Stop(NamedTuple):
    """What a worker that was told to stop did: how long it took, and what it left in its hands."""

    worker: str
    exit_code: int
    seconds: float
    left_behind: int


class Fleet:
    """Workers that are started again when they end, as by systemd or Docker, with a new key."""

    def __init__(
        self, size: int, environment: Mapping[str, str], folder: Path, *, apart: bool
    ) -> None:
        self._apart = apart
        self._environment = environment
        self._folder = folder
        self._started = 0
        self._workers = [self._start() for _ in range(size)]

    def kill(self) -> None:
        """All of them."""
        for worker, _ in self._workers:
            worker.kill()

    def tend(self) -> None:
        """Start those again that have ended: a worker gives up where it finds no Redis."""
        for n, (worker, _) in enumerate(self._workers):
            if worker.process.poll() is not None:
                self._workers[n] = self._start()

    def kill_one(self, chance: random.Random) -> Kill:
        """All of a worker, only its main process, or only one of its processes."""
        worker, key = chance.choice(self._workers)
        kill = Kill(time.time(), key)
        match chance.choice(["all", "all", "main", "child"]):
            case "all":
                worker.kill()
            case "main":
                worker.process.kill()
                worker.process.wait()
            case _:
                children = worker.children()
                if children:
                    os.kill(chance.choice(children), signal.SIGKILL)
        self.tend()
        return kill

    def stop_one(self, chance: random.Random, url: str) -> Stop:
        """Tell a worker to stop, by its main process as Docker does or by all as systemd does."""
        wait_until(self._started_up, 30)
        worker, key = chance.choice(self._started_up())
        began = time.monotonic()
        code = worker.terminate(
            _MOST_TO_STOP_SECONDS, whole_group=self._apart or chance.random() < 0.5
        )
        stop = Stop(key, code, time.monotonic() - began, _held_by(worker, url))
        self.tend()
        return stop

    def _started_up(self) -> list[tuple[Worker, str]]:
        return [one for one in self._workers if b" ready." in one[0].log.read_bytes()]

    def _start(self) -> tuple[Worker, str]:
        self._started += 1
        key = f"worker-{self._started}"
        environment = {**self._environment, "OPENAI_API_KEY": key}
        inside = (*_CONTAINER, key) if self._apart else ()
        return Worker(key, self._folder, environment, inside=inside), key


def _held_by(worker: Worker, url: str) -> int:
    """How many articles are in the hands of a worker's processes, which its log names."""
    names = re.findall(r"(\S+) begins\n", worker.log.read_text("utf-8"))
    with redis.Redis.from_url(url) as client:
        holds = client.hvals(f"{Keys(root_in(url), '').root}holds")
    return sum(one.decode().partition("|")[2] in names for one in holds)
