"""The list that Celery takes shifts from, where what is no shift is dropped.

Anybody with the password can push anything to it. kombu parses an entry before any hook of Celery's
sees it, and an entry that it cannot parse ends the worker. By then the entry is off the list.
"""

from __future__ import annotations

import logging
from queue import Empty
from typing import Any

from celery import Celery
from kombu.transport import redis

QUEUE = "rewriter"
SHIFT = "rewriter.shift"
_log = logging.getLogger(__name__)


class _Channel(redis.Channel):
    def _brpop_read(self, **options: Any) -> Any:
        """Pass the next entry on; one that is no JSON counts as none."""
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]
        except (ValueError, RecursionError) as error:
            _drop(error)
            raise Empty from error


class _Transport(redis.Transport):
    Channel = _Channel

    def _deliver(self, message: Any, queue: str) -> None:
        """Pass a message on; one of our list that Celery cannot make a task of is dropped."""
        if queue == QUEUE and not _is_shift(message):
            _drop(message)
            return
        try:
            super()._deliver(message, queue)  # type: ignore[no-untyped-call]
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            if queue != QUEUE:
                raise
            _drop(error)
            self._forget(message["properties"]["delivery_tag"])

    def _forget(self, tag: str) -> None:
        """Let a message that nobody works on take no room among those that are reserved."""
        for channel in self.channels:
            channel.basic_reject(tag, requeue=False)


def _is_shift(message: Any) -> bool:
    """Whether an entry is a shift as Celery writes it, in what it reads before a process has it."""
    match message:
        case {
            "headers": {
                "task": str(task),
                "id": str(),
                "eta": None,
                "expires": str() | None,
                "timelimit": [None, None],
            },
            "content-type": "application/json",
            "content-encoding": "utf-8",
            "body": str(),
            "properties": {
                "delivery_tag": str(),
                "delivery_info": {"exchange": str(), "routing_key": str()},
                "body_encoding": "base64",
            },
        }:
            return task == SHIFT
    return False


def _drop(what: object) -> None:
    _log.warning("dropped an entry of the list %s that is no shift: %.200r", QUEUE, what)


class App(Celery):  # type: ignore[misc]
    """A Celery app whose workers outlive strange entries."""

    def connection_for_read(self, *arguments: Any, **options: Any) -> Any:
        """The connection that a worker consumes from.

        The transport is changed on it, not by the setting `broker_transport`, which would also
        replace what the URL says about TLS.
        """
        connection = super().connection_for_read(*arguments, **options)
        connection.get_transport_cls = lambda: _Transport
        return connection
