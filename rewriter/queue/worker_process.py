"""One worker process: the task, its steps in Celery's worker, and the tasks it sends to itself.

Threads of Celery's pool wait for the one event loop of the process (`queue.runner`).
"""

from __future__ import annotations

import json
import logging
import queue
import re
import sys
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from celery import Celery, bootsteps, signals
from celery.exceptions import Ignore
from celery.worker.request import Request
from kombu.entity import Exchange, Queue
from redis import Redis, RedisError

from rewriter import escaping
from rewriter.article import OutcomeStatus
from rewriter.errors import ArticleError, MessageError, RewriterError
from rewriter.queue import exporter, safety
from rewriter.queue.claims import Delivery, End, Ending, Return
from rewriter.queue.connection import state_of
from rewriter.queue.keys import Keys
from rewriter.queue.message import TRACEPARENT, asked_of
from rewriter.queue.runner import Call, Runner
from rewriter.queue.warming import warm_up
from rewriter.runs.concurrency import tune_process
from rewriter.settings import Settings
from rewriter.state import root_id

TASK = "rewriter.rewrite"
# Events of tasks (received, started, succeeded) are sent together, after this many seconds. Celery
# sends a message for nearly each of them, which takes an eighth of all CPU.
_EVENTS_SECONDS, _MOST_EVENTS = 0.5, 1_000
_TIMEOUT_SECONDS = 5.0
# Seconds before what could not be sent is sent again.
_AGAIN_SECONDS = 0.5
# Characters that Flower shows of a task's arguments. What Celery makes of them looks the same, and
# takes a third of the time of sending a task.
_SHOWN = 1_024
# What the names of all processes' own lists begin with.
_OWN_LISTS = "rewriter:{"
# Calls of other apps with these priorities of Celery's Redis transport go before all others.
_URGENT = range(3)

_log = logging.getLogger(__name__)


class TaskRequest(Request):  # type: ignore[misc]
    """Celery's part of a task: nothing is acknowledged that a process sent to itself.

    Celery keeps no copy of such messages (`queue_of`); the table knows their articles.
    """

    def acknowledge(self) -> None:
        """Acknowledge a call of another app."""
        if is_own(self.delivery_info):
            self.acknowledged = True
        super().acknowledge()


class WorkerProcess:
    """What the app does once it runs as a worker; `loaded` as for `tasks.build`."""

    def __init__(self, app: Celery, settings: Settings, *, loaded: bool) -> None:
        self._loaded = loaded
        self._app = app
        self._settings = settings
        self._runner: Runner | None = None
        self._outbox: queue.SimpleQueue[Delivery] = queue.SimpleQueue()
        self._sender = threading.Thread(target=self._send_all, name="send", daemon=True)
        url = settings.redis_url.get_secret_value()
        self._redis: Redis = Redis.from_url(url, socket_timeout=_TIMEOUT_SECONDS)
        self._process = ""
        self._list = ""
        self._root = ""

    def rewrite(
        self, task: Any, references: Sequence[Any], options: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The task: how its article ended. Raises `Ignore` where that is not known yet."""
        if self._runner is None:
            raise ArticleError("this task runs in a worker of rewriter only", "failed", "")
        if is_own(task.request.delivery_info):
            article, number = options["claim"]
            if number:
                return self._outcome(task, self._runner.perform(article, number))
            return self._ended(article)
        try:
            asked = asked_of(_only(references, options))
            ending = self._runner.file(asked, _call(task))
        except RewriterError as error:  # Celery logs none of ours
            reason = escaping.message_of(error)
            _log.warning("the call %s fails: %s", escaping.shortened(task.request.id), reason)
            raise
        if ending is None:
            raise Ignore  # the table has it; it comes again by this id
        return _result(asked.path, asked.batch or "", ending)

    def _ended(self, article: str) -> dict[str, Any]:
        """How an article ended whose process ended before it could tell the caller."""
        batch, _, row = article.partition("/")
        try:
            kept: Any = self._redis.hget(self._key("ended"), article)
        except RedisError as error:
            raise Ignore from error  # it stays noted, and is told when this process has ended
        if kept is None:  # somebody has requeued it
            raise ArticleError("its article was put back into the queue", "failed", article)
        return _result(row.partition("//")[0], batch, Ending.model_validate_json(kept))

    def note_caller_knows(self, article: str) -> None:
        """Note that Celery has told the caller of an article how it ended.

        It does so in the thread of the task: the event loop may have ended by then.
        """
        if "//" in article:  # else nobody has called
            with suppress(RedisError):  # then another process tells it once more
                self._redis.hdel(self._key("telling"), article)

    def _outcome(self, task: Any, outcome: End | Return | None) -> dict[str, Any]:
        if isinstance(outcome, Return):
            task.send_event("task-retried", exception=outcome.reason or "it goes on later")
        if not isinstance(outcome, End):
            raise Ignore
        return _result(outcome.delivery.path, outcome.delivery.batch, outcome.ending)

    # --- its steps ---------------------------------------------------------------------------

    def guard(self) -> type[bootsteps.Step]:
        """A step that refuses unsafe settings before anything begins, and ends the work last."""
        worker = self

        class Guard(bootsteps.StartStopStep):  # type: ignore[misc]
            requires = ("celery.worker.components:Pool",)

            def __init__(self, parent: Any, **options: Any) -> None:
                super().__init__(parent, **options)
                worker.prepare(parent)

            def stop(self, parent: Any) -> None:
                """Let the articles at work end."""
                worker.end()

            terminate = stop

        return Guard

    def starter(self) -> type[bootsteps.StartStopStep]:
        """A step that begins to work once tasks can come."""
        worker = self

        class Starter(bootsteps.StartStopStep):  # type: ignore[misc]
            requires = ("celery.worker.consumer.tasks:Tasks",)
            _flushing: Any = None

            def start(self, parent: Any) -> None:
                """Begin; Celery calls it again after each loss of its connection."""
                events = parent.event_dispatcher
                events.on_send_buffered = None
                events.buffer_limit = _MOST_EVENTS
                self._flushing = parent.hub.call_repeatedly(_EVENTS_SECONDS, events.flush)
                worker.begin()

            def stop(self, parent: Any) -> None:
                """Send what is left of the events."""
                if self._flushing:
                    self._flushing.cancel()
                    with suppress(*parent.connection_errors):
                        parent.event_dispatcher.flush()

        return Starter

    def prepare(self, parent: Any) -> None:
        """Refuse what loses or duplicates work; otherwise have this process's own list consumed."""
        try:
            pool = parent.pool_cls.__module__.rpartition(".")[2]
            if not self._loaded:
                safety.ensure(self._settings, pool=pool)
            self._root = root_id(state_of(self._settings))  # made, or found damaged, before work
            # A process of `rewriter worker` has another one that serves the metrics of all.
            listener = None if self._loaded else exporter.listen(self._settings)
            if not self._loaded:
                warm_up(self._settings)
        except RewriterError as error:
            # Celery would print a traceback of any other exception.
            sys.stderr.write(f"rewriter: {escaping.message_of(error)}\n")
            raise SystemExit(error.exit_code) from error
        # Both ask other workers for what this app has not, revoked tasks and elections; the
        # first waits a second for answers before any work begins.
        parent.options.update(without_mingle=True, without_gossip=True)
        self._runner = Runner(self._settings, self._send, listener)
        self._process = self._runner.process
        self._list = self._key("tasks", self._process)
        self._app.amqp.queues.select_add(queue_of(self._list, no_ack=True))
        signals.worker_shutting_down.connect(self._shutting_down)
        signals.task_revoked.connect(self._revoked)

    def begin(self) -> None:
        """Begin to work on the queue; a second time does nothing."""
        if self._runner and not self._sender.ident:
            tune_process()
            self._sender.start()
            self._runner.start()

    def end(self) -> None:
        """Wait for the articles at work; after the grace they go back."""
        if self._runner:
            self._runner.join()

    def _shutting_down(self, **_: object) -> None:
        if self._runner:
            self._runner.stop()

    def _revoked(self, request: Any, expired: bool = False, **_: object) -> None:
        if is_own(request.delivery_info):
            article, number = request.kwargs["claim"]
            how = "had expired" if expired else "was revoked"
            self._end(article, number, "cancelled", f"its task {how}")

    # --- sending tasks to itself ---------------------------------------------------------------

    def _send(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            self._outbox.put(delivery)

    def _send_all(self) -> None:
        """Send what is put into the outbox, for ever.

        What is lost is put into it again: claimed articles by the dispatcher, callers to be told
        here, since nobody else knows of them. A connection that breaks raises errors of several
        kinds, and a thread that ended over one would leave a process that claims articles and never
        begins them.
        """
        while True:
            some = [self._outbox.get()]
            while not self._outbox.empty():
                some.append(self._outbox.get())
            try:
                with self._app.producer_pool.acquire(block=True) as producer, producer.batch():
                    for delivery in some:
                        self._send_one(delivery, producer)
            except Exception as error:  # noqa: BLE001
                _log.warning("cannot send %d tasks: %s", len(some), error)
                self._send([one for one in some if not one.number])
                time.sleep(_AGAIN_SECONDS)

    def _send_one(self, delivery: Delivery, producer: Any) -> None:
        """Send a task. What cannot be a task becomes a dead letter, and the others are sent."""
        try:
            task = self._signature(delivery)
            shown = {f"{name}repr": repr(task[name])[:_SHOWN] for name in ("args", "kwargs")}
            task.apply_async(queue=self._list, producer=producer, retry=False, priority=0, **shown)
        except (ValueError, TypeError, AttributeError, LookupError) as error:  # a stranger's
            reason = f"refused: it cannot be sent as a task: {error}"
            self._end(delivery.id, delivery.number, "dead", reason)

    def _end(self, article: str, number: str, status: OutcomeStatus, reason: str) -> None:
        """End an article whose task does not begin."""
        if not number:  # it has ended: only its caller was to be told
            self.note_caller_knows(article)
        elif self._runner:
            self._runner.end(article, number, status, reason)

    def _key(self, *parts: str) -> str:
        return Keys(self._root, "").root + ":".join(parts)

    def _signature(self, delivery: Delivery) -> Any:
        """The task that works on a claimed article: another app's own call, where there is one."""
        claim = (delivery.id, delivery.number)
        if delivery.call:
            called = self._app.signature(json.loads(delivery.call))
            called.kwargs["claim"] = claim
            return called
        return self._app.signature(
            TASK,
            args=(_reference(delivery),),
            kwargs={"claim": claim},
            task_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._root}/{delivery.id}")),
            ignore_result=True,
        )


def queue_of(name: str, *, no_ack: bool = False) -> Any:
    """A queue whose exchange has its name, so that what Celery keeps of both can be deleted.

    With `no_ack` Celery keeps no copies of its messages: it is for those that a process sends to
    itself.
    """
    exchange: Any = Exchange
    queue: Any = Queue  # both are untyped
    return queue(name, exchange(name, type="direct"), routing_key=name, no_ack=no_ack)


def is_own(delivery_info: Mapping[str, Any] | None) -> bool:
    """Whether a process sent a task to itself."""
    return str((delivery_info or {}).get("routing_key") or "").startswith(_OWN_LISTS)


def _only(references: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """The one reference that another app gives. Raises `MessageError` for anything else."""
    match references, dict(options):
        case ([reference], {**more}) | ([], {"reference": reference, **more}) if not more:
            return reference
    raise MessageError(
        f"refused: the task takes one reference, and {len(references)} arguments and "
        f"{len(options)} keyword arguments came; in a chain, give its signature `immutable=True`"
    )


def _call(task: Any) -> Call:
    """The call that a task came by, so that it can be sent again with all that hangs on it."""
    priority = (task.request.delivery_info or {}).get("priority")
    # The queue is another one later; without one the exchange would be kept.
    signature = task.signature_from_request(task.request, queue="-")
    header = str(getattr(task.request, "traceparent", None) or "")
    traceparent = header if re.match(TRACEPARENT, header) else ""
    urgent = (priority or 0) in _URGENT
    return Call(task.request.id, urgent, json.dumps(signature), traceparent)


def _reference(delivery: Delivery) -> dict[str, Any]:
    """What Flower and logs show of an article: its message, where it can be read."""
    try:
        fields = json.loads(delivery.message)
    except ValueError:
        fields = None
    return fields if isinstance(fields, dict) else {"path": delivery.path, "batch": delivery.batch}


def _result(path: str, batch: str, ending: Ending) -> dict[str, Any]:
    """What `get()` returns. Raises `ArticleError` for an article that did not end well."""
    if ending.outcome in ("failed", "dead", "cancelled"):
        raise ArticleError(ending.reason or ending.outcome, ending.outcome, path)
    return {"path": path, "batch": batch, **ending.model_dump(mode="json", exclude={"at", "claim"})}
