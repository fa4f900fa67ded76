"""A process's event loop, in a thread of its own, and the ways from Celery's threads into it."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from rewriter.article import OutcomeStatus
from rewriter.errors import MessageError
from rewriter.observability import metrics, tracing
from rewriter.prompting import prompt_file
from rewriter.queue import exporter
from rewriter.queue.batch_api.polling import poller_of
from rewriter.queue.claims import Consumer, End, Ending, Return
from rewriter.queue.connection import Connection, connect
from rewriter.queue.dispatcher import STANDARD_ERROR, Dispatcher, Send
from rewriter.queue.fleet_rate_limiter import FleetRateLimiter
from rewriter.queue.handler import ArticleHandler
from rewriter.queue.liveness import process_name
from rewriter.queue.message import Asked, Message
from rewriter.settings import Settings

# Celery must end a process within this time after its articles have ended, or it is stuck.
_LAST_SECONDS = 60.0

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Call(NamedTuple):
    """A task call of another app: its id, whether it is urgent, and its signature as JSON.

    `traceparent` is the header of that name, empty where there is none.
    """

    id: str
    urgent: bool
    signature: str
    traceparent: str = ""


class Runner:
    """Works on the queue in a thread with an event loop; all methods are for other threads.

    `send` has articles sent to this process as tasks. Its metrics are served at `listener`, where
    there is one.
    """

    def __init__(
        self, settings: Settings, send: Send, listener: socket.socket | None = None
    ) -> None:
        self.process = process_name()
        self._settings = settings
        self._send = send
        self._listener = listener
        self._loops = asyncio.Runner()
        self._loop = self._loops.get_loop()
        self._closing = threading.Lock()
        self._is_closed = False
        self._stop = asyncio.Event()
        self._dispatcher: Dispatcher | None = None
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._run, name="articles", daemon=True)

    def start(self) -> None:
        """Begin to work; a second time does nothing."""
        if not self._thread.ident:
            self._thread.start()

    def stop(self) -> None:
        """Begin no further article."""
        self._call_soon(self._stop.set)

    def join(self) -> None:
        """Wait until all articles have ended or have gone back, at most for the grace."""
        self.stop()
        if self._thread.ident:
            self._thread.join()

    def perform(self, article: str, number: str) -> End | Return | None:
        """See `Dispatcher.perform`; None as well where this process does not work any more."""
        return self._wait(self._perform(article, number))

    def end(self, article: str, number: str, status: OutcomeStatus, reason: str) -> None:
        """See `Dispatcher.end`."""
        if self._dispatcher:
            self._call_soon(self._dispatcher.end, article, number, status, reason)

    def file(self, asked: Asked, call: Call) -> Ending | None:
        """Put an article that another app asks for into the table; how it ended, if it has.

        Raises `MessageError` for what cannot be followed, `PromptError` without such a prompt.
        """
        return self._wait(self._file(asked, call))

    def _call_soon(self, what: Callable[..., object], *arguments: str) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(what, *arguments)

    def _wait(self, work: Coroutine[Any, Any, T]) -> T | None:
        with self._closing:
            if self._is_closed:
                work.close()
                return None
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except CancelledError:  # the loop has ended meanwhile
            return None

    async def _perform(self, article: str, number: str) -> End | Return | None:
        return await self._dispatcher.perform(article, number) if self._dispatcher else None

    async def _file(self, asked: Asked, call: Call) -> Ending | None:
        if self._connection is None:
            return None
        prompt = prompt_file.load(asked.prompt or self._settings.prompt, self._settings.prompts_dir)
        day = f"tasks-{datetime.now(UTC):%Y%m%d}"
        message = Message(
            batch=asked.batch or (f"{day}-urgent" if call.urgent else day),
            path=asked.path,
            target=asked.written_to,
            prompt=prompt.name,
            prompt_version=asked.prompt_version or prompt.version,
            force=asked.force or asked.fresh,
            fresh_from=await self._connection.now() if asked.fresh else None,
            api=asked.api,
            call=call.id,
            traceparent=tracing.submitted(asked.path, asked.batch or day, call.traceparent),
        )
        priority = "high" if call.urgent else "normal"
        answer = await self._connection.run_together(
            "file",
            *(message.batch, priority, message.row, message.target, message.encode()),
            call.signature,
        )
        if answer == "collides":
            raise MessageError(f"refused: another article is to be written to {message.target}")
        return None if answer == "filed" else Ending.model_validate_json(answer)

    def _run(self) -> None:
        """Work. End the process where that fails: it would hold articles for ever."""
        try:
            self._loops.run(self._work())
        except BaseException:  # noqa: BLE001
            _log.exception("the process cannot work on the queue")
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            seconds = self._settings.shutdown_grace + _LAST_SECONDS
            faulthandler.dump_traceback_later(seconds, exit=True, file=STANDARD_ERROR)
            with self._closing:  # a call between the loop's last round and its end never returns
                self._is_closed = True
            self._loops.run(asyncio.sleep(0))  # what was called until then begins
            self._loops.close()  # it cancels what threads wait for

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        """Serve metrics meanwhile, by a connection that does not wait for Redis."""
        if self._listener is None:
            yield
            return
        settings = self._settings
        async with (
            connect(settings) as redis,
            exporter.serving(redis, self._listener, settings),
        ):
            yield

    async def _work(self) -> None:
        settings = self._settings
        async with connect(settings, patience=float("inf")) as redis:
            limiter = FleetRateLimiter(
                redis,
                requests_per_minute=settings.requests_per_minute,
                tokens_per_minute=settings.tokens_per_minute,
            )
            handler = ArticleHandler(settings, redis, limiter, self.process, self._stop)
            self._connection = redis
            consumer = Consumer(redis, self.process)
            if settings.metrics_address:
                metrics.start()
            try:
                async with poller_of(settings, redis, self.process) as poller, self._serving():
                    while not self._stop.is_set():  # again where it was taken for dead
                        self._dispatcher = Dispatcher(
                            consumer,
                            limiter,
                            handler.work,
                            self._send,
                            self._stop,
                            poller,
                            in_flight=settings.in_flight,
                            grace=settings.shutdown_grace,
                        )
                        await self._dispatcher.run()
            finally:
                self._dispatcher = self._connection = None
                await handler.aclose()
                await asyncio.to_thread(tracing.end)
