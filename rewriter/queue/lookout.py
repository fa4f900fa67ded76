"""What a worker's main process looks for every second: dead processes, and work to be done."""

from __future__ import annotations

from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from rewriter.queue.connection import failure, script_text
from rewriter.queue.liveness import dead_among
from rewriter.queue.store import TICK

# The main process does nothing else while it waits for an answer.
_TIMEOUT_SECONDS = 2.0


class Lookout:
    """A worker's eye on the queue. It blocks, since Celery's main process has no asyncio loop."""

    def __init__(self, url: str, root: str = "") -> None:
        self._url = url
        self._root = root  # the id of the content root that is worked on
        self._redis = Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
        )
        self._tick = self._redis.register_script(script_text("tick"))

    def look(self) -> int:
        """Bring back what dead processes held; returns how many articles and steps wait.

        A process that ran on this machine is dead once it has ended, others when their lease is
        over. Raises `QueueError` when Redis does not answer.
        """
        try:
            processes: list[Any] = self._redis.zrange("rewriter:processes", 0, -1)
            _, waiting = self._tick(args=("", *TICK, self._root, *dead_among(processes)))
        except RedisError as error:
            raise failure(self._url, error) from error
        return int(waiting)
