"""Serves a worker's metrics and its health over HTTP.

`/metrics` is for Prometheus. `/healthz` answers for as long as the worker runs: it starts its
processes again itself, and a process that hangs ends itself. `/readyz` says what
`rewriter status --check` says.
"""

from __future__ import annotations

import asyncio
import errno
import shutil
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from rewriter.errors import ConfigurationError, QueueError
from rewriter.observability import metrics
from rewriter.queue.batches import Standing, health, standing
from rewriter.queue.connection import Connection, connect
from rewriter.settings import Settings

if TYPE_CHECKING:
    from aiohttp.web import Request, Response
    from prometheus_client import CollectorRegistry, Metric

STATES = ("ready", "delayed", "suspect", "running", "parked", "awaiting")
_LAST_PORT = 65_535
# Each process has two to four files of 64 KB, and a process that is started again has new ones.
_LEAST_FREE = 2_000_000
_ROOM = "make room, or name another folder by TMPDIR"


def listen(settings: Settings) -> socket.socket | None:
    """The socket that metrics are asked for at, None where no address is set.

    Raises `ConfigurationError` for an address that cannot be listened at.
    """
    if settings.metrics_address is None:
        return None
    host, _, port = settings.metrics_address.rpartition(":")
    host = host.strip("[]")
    if int(port) > _LAST_PORT:
        raise ConfigurationError(
            f"metrics_address: {settings.metrics_address}: a port is a number up to {_LAST_PORT}"
        )
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, int(port)), family=family)
    except OSError as error:
        said = str(error.strerror).partition(" (")[0]  # Python adds the address in brackets
        raise ConfigurationError(
            f"metrics_address: cannot listen at {settings.metrics_address}: {said}; "
            f"{_advice(error)}"
        ) from error


def _advice(error: OSError) -> str:
    """What to do where an address cannot be listened at."""
    if error.errno == errno.EADDRINUSE:
        return "a second worker of a machine needs another port"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "choose a port from 1024: only root may use those below"
    return "give an address of this machine: 127.0.0.1, or 0.0.0.0 for all of its networks"


@contextmanager
def counting_together(settings: Settings) -> Iterator[None]:
    """Have all processes that are forked inside count together, where their metrics are served.

    Raises `ConfigurationError` where no temporary folder takes their files.
    """
    if settings.metrics_address is None:
        yield
        return
    try:
        shared = tempfile.TemporaryDirectory(prefix="rewriter-metrics-")
    except OSError as error:
        raise ConfigurationError(
            f"metrics_address: no temporary folder can be written ({error.strerror}); {_ROOM}"
        ) from error
    with shared as folder:
        refuse_full(folder, shutil.disk_usage(folder).free)
        metrics.share(Path(folder))
        yield


def refuse_full(folder: str, free: int) -> None:
    """Raise `ConfigurationError` for a folder with too few bytes `free` for files of metrics.

    They are mapped into memory: a process that writes into one without room is killed.
    """
    if free < _LEAST_FREE:
        raise ConfigurationError(
            f"metrics_address: {folder} has room for {free:,} bytes, the metrics of all processes "
            f"need {_LEAST_FREE:,}; {_ROOM}"
        )


def run(settings: Settings, listener: socket.socket) -> int:
    """Serve until SIGTERM, as a process of its own; the exit code."""
    asyncio.run(_run(settings, listener))
    return 0


async def _run(settings: Settings, listener: socket.socket) -> None:
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    async with connect(settings) as connection, serving(connection, listener, settings):
        await stop.wait()


@asynccontextmanager
async def serving(
    connection: Connection, listener: socket.socket, settings: Settings
) -> AsyncIterator[None]:
    """Serve metrics and health of a worker while the body runs."""
    from aiohttp import web

    exporter = _Exporter(connection, settings.daily_budget)
    pages = web.Application()
    pages.router.add_get("/metrics", exporter.metrics)
    pages.router.add_get("/healthz", exporter.healthz)
    pages.router.add_get("/readyz", exporter.readyz)
    runner = web.AppRunner(pages, access_log=None)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        await runner.cleanup()


class _Exporter:
    """The three pages of one worker."""

    def __init__(self, connection: Connection, daily_budget: float | None) -> None:
        self._connection = connection
        self._daily_budget = daily_budget

    async def metrics(self, request: Request) -> Response:
        """What the worker counted, and the state of the queue."""
        from aiohttp.web import Response
        from prometheus_client import exposition

        try:
            now = await standing(self._connection)
        except QueueError:
            now = None
        made = [*metrics.collected(), *of_queue(now, self._daily_budget)]
        registry = cast("CollectorRegistry", SimpleNamespace(collect=lambda: made))
        form, content_type = exposition.choose_encoder(request.headers.get("Accept", ""))
        return Response(body=form(registry), headers={"Content-Type": content_type})

    async def healthz(self, request: Request) -> Response:
        """200."""
        from aiohttp.web import json_response

        return json_response({"alive": True})

    async def readyz(self, request: Request) -> Response:
        """200 while queued articles go on, otherwise 503 and the reasons."""
        from aiohttp.web import json_response

        try:
            found = await health(self._connection)
        except QueueError as error:
            return json_response({"healthy": False, "problems": [str(error)]}, status=503)
        return json_response(found.model_dump(), status=200 if found.healthy else 503)


def of_queue(now: Standing | None, daily_budget: float | None = None) -> Iterator[Metric]:
    """The metrics of the queue; where Redis is away, only that it is.

    Each worker of a content root serves the same values: a query takes their `max`.
    """
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    yield GaugeMetricFamily("rewriter_redis_up", "Whether Redis answers.", int(now is not None))
    if daily_budget is not None:
        yield GaugeMetricFamily(
            "rewriter_daily_budget_usd", "US dollars that the fleet may spend a day.", daily_budget
        )
    if now is None:
        return
    articles = GaugeMetricFamily(
        "rewriter_queue_articles", "Articles in the queue, by state.", labels=["state"]
    )
    for state in STATES:
        articles.add_metric([state], getattr(now, state))
    yield articles
    for name, help_text, value in (
        (
            "rewriter_queue_oldest_waiting_seconds",
            "Seconds since the batch of the first waiting article was submitted.",
            now.oldest_seconds,
        ),
        ("rewriter_worker_processes", "Processes at work on the queue.", now.processes),
        ("rewriter_queue_paused", "1 while all work is paused.", int(bool(now.paused))),
        (
            "rewriter_provider_pause_seconds",
            "Seconds left of the pause that the provider asked for.",
            now.cooling_seconds,
        ),
        (
            "rewriter_budget_spent_usd",
            "US dollars that the fleet spent since midnight (UTC).",
            now.spent_today,
        ),
    ):
        yield GaugeMetricFamily(name, help_text, value)
    yield CounterMetricFamily(
        "rewriter_claims_taken_over", "Claims taken from dead processes.", now.taken_over
    )
