"""A worker's main process sees at once that a process of its machine has died."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rewriter.errors import QueueError
from rewriter.queue import batches
from rewriter.queue.connection import Connection
from rewriter.queue.liveness import process_name
from rewriter.queue.lookout import Lookout
from rewriter.queue.store import Hold
from tests.queue.servers import RedisServer, free_port

_NAMED = "from rewriter.queue.liveness import process_name; print(process_name())"


async def test_what_a_dead_process_held_is_back_at_the_next_look(
    server: RedisServer, connection: Connection
) -> None:
    ended = subprocess.run([sys.executable, "-c", _NAMED], capture_output=True, check=True)
    articles = (part for path in ("one", "two") for part in (path, path, "{}"))
    await connection.run("submit", "b", "normal", "", *articles)
    for name in (ended.stdout.decode().strip(), process_name()):
        hold = Hold(connection, name)
        await hold.join()
        await hold.exchange([], (), 1)
    assert Lookout(server.url).look() == 1
    seen = await batches.status(connection, "b")
    assert (seen.running, seen.queued) == (1, 1)
    assert (await batches.fleet(connection)).processes == 1


def test_without_redis_it_says_so() -> None:
    with pytest.raises(QueueError, match=r"cannot reach Redis at 127\.0\.0\.1"):
        Lookout(f"redis://127.0.0.1:{free_port()}/0").look()
