"""The Celery app: it starts, supervises and stops the processes that work on the queue.

One task, a shift, is one process's turn at hundreds of articles. Articles are no tasks of their
own: a Celery task costs 2 to 4 ms of CPU and has no asyncio pool to wait in (docs/decisions.md).
Shifts are expendable, so a lost one loses nothing: each worker sends itself another while there
is work and a process is free.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import Any

from celery import Celery, bootsteps, signals
from celery.worker import state as worker_state
from kombu.exceptions import OperationalError

from rewriter.errors import RewriterError
from rewriter.queue import safety, shift
from rewriter.queue.lifeline import Lifeline
from rewriter.queue.lookout import Lookout
from rewriter.queue.transport import QUEUE, SHIFT, App
from rewriter.queue.warming import warm_up
from rewriter.queue.workshop import state_of
from rewriter.runs.concurrency import tune_process
from rewriter.settings import Settings
from rewriter.state.identity import root_id

# A shift that no process took by then is not needed any more.
_SHIFT_EXPIRES_SECONDS = 10.0
_KEEPER_SECONDS = 1.0

# At INFO these tell of every call to the provider: thousands of lines a minute.
_TALKATIVE = ("aiohttp", "httpx2", "openai")

_log = logging.getLogger(__name__)


def build(settings: Settings) -> Celery:
    """The Celery app for `settings`."""
    app = App("rewriter", broker=settings.redis_url.get_secret_value())
    app.conf.update(configuration(settings))
    app.steps["worker"].add(_guard(settings))
    app.steps["consumer"].add(_keeper(settings))

    def work_a_shift() -> None:
        asyncio.run(_shift(settings))

    # Not shared: another app in this process has a task of its own settings.
    app.task(work_a_shift, name=SHIFT, ignore_result=True, shared=False)
    return app


def configuration(settings: Settings) -> dict[str, Any]:
    """Celery's settings for safe work; `safety` refuses others."""
    wait = round(settings.visibility_timeout)
    return {
        "task_serializer": "json",
        "result_serializer": "json",
        "accept_content": ["json"],
        "task_default_queue": QUEUE,
        "task_acks_late": True,
        "worker_prefetch_multiplier": 1,
        "worker_concurrency": settings.processes or os.cpu_count() or 1,
        "worker_soft_shutdown_timeout": settings.shutdown_grace,
        "broker_transport_options": {"visibility_timeout": wait},
        "result_backend_transport_options": {"visibility_timeout": wait},
        "visibility_timeout": wait,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_hijack_root_logger": False,
        "worker_send_task_events": True,
    }


# --- in the forked processes -------------------------------------------------------------------

_lifeline: Lifeline | None = None


async def _shift(settings: Settings) -> None:
    stop = _lifeline.watch() if _lifeline else asyncio.Event()
    await shift.work(settings, stop)


def _begin_process(**_: object) -> None:
    if _lifeline:
        _lifeline.hold_one_end()
    tune_process()


def _stop_shifts(**_: object) -> None:
    if _lifeline:
        _lifeline.cut()


signals.worker_process_init.connect(_begin_process)
signals.worker_shutting_down.connect(_stop_shifts)


def _quieten(loglevel: int, **_: object) -> None:
    if loglevel > logging.DEBUG:
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)


signals.after_setup_logger.connect(_quieten)

# --- in the worker -----------------------------------------------------------------------------


def _guard(settings: Settings) -> type[bootsteps.Step]:
    class Guard(bootsteps.Step):  # type: ignore[misc]
        """Refuses to start with settings that lose or duplicate work, before any process forks.

        What each process would load in more than a second is loaded once.
        """

        def __init__(self, worker: Any, **_: object) -> None:
            global _lifeline
            try:
                pool = worker.pool_cls.__module__.rpartition(".")[2]
                safety.ensure(worker.app.conf, settings, pool=pool)
                root_id(state_of(settings))  # made, or found to be damaged, before work begins
            except RewriterError as error:
                # Celery would print a traceback of any other exception.
                sys.stderr.write(f"rewriter: {error}\n")
                raise SystemExit(error.exit_code) from error
            _lifeline = Lifeline()
            # Both ask other workers for what this app has not, revoked tasks and elections; the
            # first waits a second for answers before any work begins.
            worker.options.update(without_mingle=True, without_gossip=True)
            warm_up(settings)

    return Guard


def _keeper(settings: Settings) -> type[bootsteps.StartStopStep]:
    class Keeper(bootsteps.StartStopStep):  # type: ignore[misc]
        """Sends shifts while there is work and this worker has a free process."""

        requires = ("celery.worker.consumer.tasks:Tasks",)

        def __init__(self, parent: Any, **_: object) -> None:
            root = root_id(state_of(settings))
            self._lookout = Lookout(settings.redis_url.get_secret_value(), root)
            self._timer: Any = None

        def start(self, consumer: Any) -> None:
            """Look now, and every second from now on."""
            self._look(consumer)
            self._timer = consumer.timer.call_repeatedly(_KEEPER_SECONDS, self._look, (consumer,))

        def stop(self, consumer: Any) -> None:
            """End it."""
            if self._timer:
                self._timer.cancel()
                self._timer = None

        def _look(self, consumer: Any) -> None:
            try:
                waiting = self._lookout.look()
                free = consumer.pool.num_processes - len(worker_state.reserved_requests)
                for _ in range(min(waiting, free)):
                    consumer.app.send_task(SHIFT, expires=_SHIFT_EXPIRES_SECONDS)
            except (RewriterError, OperationalError) as error:
                _log.warning("cannot look for work: %s", error)

    return Keeper
