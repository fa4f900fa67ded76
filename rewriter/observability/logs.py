"""The log: one event a line, as JSON or for a console.

Records of libraries and of our own modules go through the same formatter as our events, so a line
is a JSON object whoever wrote it.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from functools import cache
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rewriter import escaping

if TYPE_CHECKING:
    import structlog

_EVENTS = "rewriter.events"
LogFormat = Literal["console", "json"]

# At DEBUG these write whole requests and answers, and at INFO a line for every call.
_LIBRARIES = ("aiohttp", "httpx2", "openai")
# At INFO Celery logs the arguments and the result of each task, which may quote an article.
_TASKS = ("celery.worker.strategy", "celery.app.trace")
# The number of innermost places of a traceback that are logged.
_PLACES = 8


def configure(form: LogFormat, level: str | int, file: Path | None = None) -> None:
    """Write what this process logs from `level` on to `file`, by default to standard error.

    Raises `OSError` where the file cannot be written.
    """
    handler: logging.Handler = logging.StreamHandler(sys.__stderr__)
    if file:
        handler = WatchedFileHandler(file, encoding="utf-8")  # in every locale
    handler.setFormatter(formatter(form))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    for name in _LIBRARIES:
        at = logging.INFO if root.level <= logging.DEBUG else logging.WARNING
        logging.getLogger(name).setLevel(at)
    for name in _TASKS:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("celery.worker.consumer.consumer").addFilter(_without_bodies)
    logging.getLogger("celery.app.trace").addFilter(_without_message)
    logging.getLogger("asyncio").addFilter(_without_values)


def _without_bodies(record: logging.LogRecord) -> bool:
    """Take the bodies out of what Celery logs of messages that are no task of this worker."""
    if "contents of the message body" in str(record.msg):
        record.msg = "dropped a message that is no task of this worker"
        record.args, record.exc_info, record.exc_text = (), None, None
    return True


def _without_message(record: logging.LogRecord) -> bool:
    """Take the message of an error out of what Celery logs of a task that it ended."""
    if isinstance(record.args, dict) and "exc" in record.args:
        raised = record.exc_info[0] if record.exc_info else None
        record.args = {**record.args, "exc": raised.__name__ if raised else "an error"}
    return True


def _without_values(record: logging.LogRecord) -> bool:
    """Take out the values that asyncio logs on further lines, such as an error that nobody got."""
    if not record.args:
        record.msg = str(record.msg).partition("\n")[0]
    return True


def formatter(form: LogFormat) -> logging.Formatter:
    """What makes one line of a log record of anybody: without keys and control characters.

    A traceback becomes the class of the error and the places in the code. The message of an
    unexpected error is left out, because it may quote an article.
    """
    import structlog

    console = structlog.dev.ConsoleRenderer(colors=False)
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _traced,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _printable,
            structlog.processors.JSONRenderer() if form == "json" else console,
        ]
    )


def log_event(event: str, **about: object) -> None:
    """Log an event of ours; without a log nothing is loaded for it."""
    if logging.getLogger(_EVENTS).isEnabledFor(logging.INFO):
        _events().info(event, **about)


@cache
def _events() -> structlog.stdlib.BoundLogger:
    """The logger of our events, by way of `logging`."""
    import structlog

    logger: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(_EVENTS),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return logger


def _traced(logger: object, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    raised = event.pop("exc_info", None)
    if isinstance(raised, tuple) and raised[0]:
        frames = traceback.extract_tb(raised[2])[-_PLACES:]
        event["error"] = raised[0].__name__
        event["at"] = " < ".join(
            f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in reversed(frames)
        )
    return event


def _printable(
    logger: object, name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {
        key: escaping.line(value) if isinstance(value, str) else value
        for key, value in event.items()
    }
