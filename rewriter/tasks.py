"""The Celery app: an article is a task, `rewriter.rewrite`.

A call from another app puts the article into the table in Redis (`queue.claims`), as
`rewriter submit` does. The process that claims it there sends the task to itself, with the same id
and the same callbacks, and works on it (`queue.worker_process`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import Celery, signals

from rewriter.errors import ConfigurationError, RewriterError
from rewriter.observability import logs
from rewriter.queue import exporter, safety
from rewriter.queue.supervisor import Supervisor
from rewriter.queue.warming import warm_up
from rewriter.queue.worker_process import TASK, TaskRequest, WorkerProcess, is_own, queue_of
from rewriter.runs.concurrency import MOST_AT_WORK
from rewriter.settings import Settings

# Threads in addition to those in which articles wait: they put calls of other apps into the table.
_FILING_THREADS = 8
# A call whose worker was killed before it was in the table comes again after so long.
_AGAIN_SECONDS = 600


def build(settings: Settings, *, loaded: bool = False) -> Celery:
    """The Celery app for `settings`; `loaded` says that its worker need not check and load."""
    url = settings.redis_url.get_secret_value()
    app = Celery("rewriter", broker=url, backend=url)
    app.conf.update(configuration(settings))
    worker = WorkerProcess(app, settings, loaded=loaded)
    app.steps["worker"].add(worker.guard())
    app.steps["consumer"].add(worker.starter())

    def rewrite(self: Any, *references: Any, **options: Any) -> dict[str, Any]:
        return worker.rewrite(self, references, options)

    def after_return(  # by Celery, once results are stored and callbacks are sent
        self: Any, state: str, value: Any, task_id: str, args: Any, kwargs: Any, trace: Any
    ) -> None:
        if is_own(self.request.delivery_info):
            worker.note_caller_knows(kwargs["claim"][0])

    # Not shared: another app in this process has a task of its own settings.
    app.task(
        rewrite,
        name=TASK,
        bind=True,
        shared=False,
        throws=(RewriterError,),
        Request=TaskRequest,
        after_return=after_return,
    )
    return app


def configuration(settings: Settings) -> dict[str, Any]:
    """Celery's settings for safe work."""
    threads = MOST_AT_WORK * settings.in_flight + _FILING_THREADS
    return {
        # Callbacks without a queue go to Celery's default one, for the apps of others.
        "task_queues": [queue_of(settings.queue)],
        "task_routes": {TASK: {"queue": settings.queue}},
        "task_acks_late": True,
        "worker_pool": "threads",
        "worker_concurrency": threads,
        "worker_prefetch_multiplier": 1,
        # After an outage of Redis it would hold back tasks that no other worker can take.
        "worker_enable_prefetch_count_reduction": False,
        "worker_soft_shutdown_timeout": settings.shutdown_grace,
        "broker_transport_options": {"visibility_timeout": _AGAIN_SECONDS},
        # Otherwise each thread makes a client and connections of its own for results.
        "result_backend_thread_safe": True,
        "redis_max_connections": threads + 10,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_hijack_root_logger": False,
        "worker_send_task_events": True,
    }


def supervise(settings: Settings, name: str, loglevel: str) -> int:
    """Run a worker's processes until it is told to stop; the exit code.

    Raises `ConfigurationError` for settings that could lose or duplicate work, and `QueueError`
    where Redis cannot be reached.
    """
    safety.ensure(settings, pool="thread")
    own_log(settings)
    configure_log(settings, loglevel)
    listener = exporter.listen(settings)
    processes = settings.processes or os.cpu_count() or 1
    url = settings.redis_url.get_secret_value()

    def work(number: int) -> int:
        if listener and number == processes:
            return exporter.run(settings, listener)
        if listener:
            listener.close()
        app = build(settings, loaded=True)
        # Celery's banner is on standard output, and no JSON.
        quiet = ["--quiet"] if settings.log_format == "json" else []
        arguments = [f"--loglevel={loglevel}", f"--hostname={name}-{number}@%h"]
        try:
            app.worker_main([*quiet, "worker", *arguments])
        except SystemExit as ended:
            return ended.code if isinstance(ended.code, int) else 1
        return 0

    def trouble() -> str:
        try:
            return next(iter(safety.redis_problems(url, settings.queue)), "")
        except RewriterError as error:
            return str(error)

    with exporter.counting_together(settings):
        warm_up(settings)
        return Supervisor(processes + bool(listener), work, trouble).run()


def own_log(settings: Settings) -> None:
    """Have a worker of this process log as `settings` say, in place of Celery's own way."""

    def configure(loglevel: str | int, logfile: str | None, **_: object) -> None:
        configure_log(settings, loglevel, Path(logfile) if logfile else None)

    signals.setup_logging.connect(configure, weak=False)


def configure_log(settings: Settings, loglevel: str | int, file: Path | None = None) -> None:
    """Log as `settings` say, or to `file`.

    Raises `ConfigurationError` where the file cannot be written.
    """
    file = file or settings.log_file
    try:
        logs.configure(settings.log_format, loglevel, file)
    except OSError as error:
        raise ConfigurationError(f"log_file: cannot write {file}: {error.strerror}") from error
