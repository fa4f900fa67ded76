"""The connection to the queue's Redis, and the script that runs in it.

Whatever must happen whole or not at all is one command of a Lua script: Redis runs it undivided and
by its own clock. Commands may be sent twice when an answer is lost; each is written so that this
changes nothing, except for two that may count too much: `admit` for a minute, `submit` what was
skipped.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import cache
from importlib import resources
from typing import Any, Self

from redis import exceptions
from redis.asyncio import Redis

from rewriter.errors import ConfigurationError, QueueError
from rewriter.queue.keys import Keys
from rewriter.queue.refusals import failure, is_unfit
from rewriter.settings import Settings
from rewriter.state import State, find_root, root_id

# A healthy Redis answers in milliseconds; a script here keeps it busy for some more.
_TIMEOUT_SECONDS = 5.0
_PAUSE_SECONDS = 0.25
_UNFIT_PAUSE_SECONDS = 1.0
_AWAY = (exceptions.ConnectionError, exceptions.TimeoutError, exceptions.BusyLoadingError)
# What many articles ask for within this many seconds is asked in one call, this much at a time.
_TOGETHER_SECONDS = 0.02
_MOST_TOGETHER = 100
# Seconds between two messages of the log about what a call waits for.
_TELL_SECONDS = 60.0
# Entries of a hash that one question looks at: few enough for an answer within milliseconds.
_SCANNED = 2_000

_log = logging.getLogger(__name__)


# Half of a surrogate pair, unless it stands for a byte that is not UTF-8.
_NO_CHARACTER = re.compile("[\\ud800-\\udc7f\\udd00-\\udfff]")


@cache
def script_text() -> str:
    """The Lua text of the one script with all commands: files of `lua/`, by their names."""
    folder = resources.files("rewriter.queue") / "lua"
    texts = {one.name: one.read_text("utf-8") for one in folder.iterdir()}
    first, last = texts.pop("common.lua"), texts.pop("last.lua")
    commands = (
        f"commands.{name.removesuffix('.lua')} = function(ARGV)\n{text}\nend"
        for name, text in sorted(texts.items())
    )
    return "\n".join((first, *commands, last))


def script_call(
    keys: Keys, *commands: Sequence[str | float]
) -> tuple[Sequence[str | bytes], Sequence[str | bytes]]:
    """KEYS and ARGV of a call that runs `commands`, each a name with its arguments."""
    asked = json.dumps([[*map(str, one)] for one in commands], ensure_ascii=False)
    asked = _NO_CHARACTER.sub("\ufffd", asked)  # JSON has no form for it
    return keys.names, (asked, keys.root, keys.fleet)


NO_ROOT = (
    "the queue needs a content root, the folder that holds inputs and outputs on every machine: "
    "set REWRITER_ROOT, or root in rewriter.toml, which 'rewriter init' writes (submit and worker "
    "take --root, too)"
)


def state_of(settings: Settings) -> State:
    """The state directory of the content root. Raises `ConfigurationError` where none is set."""
    if settings.root is None:
        raise ConfigurationError(NO_ROOT)
    return State(root=find_root([], settings.root))


class Connection:
    """A client that keeps trying for `patience` seconds while Redis is away.

    `root` is the id of the content root whose articles it sees. `on_wait` is told what a call waits
    for, and how long. `losses` counts the calls whose answer got lost: their effect is unknown to
    the caller.
    """

    def __init__(
        self,
        url: str,
        root: str,
        *,
        fleet: str = "default",
        patience: float = 0.0,
        on_wait: Callable[[str], object] | None = None,
    ) -> None:
        self.url = url
        self.keys = Keys(root, fleet)
        self.losses = 0
        self._patience = patience
        self._on_wait = on_wait
        self.client: Redis = Redis.from_url(
            url,
            decode_responses=True,
            # Bytes that are no UTF-8 come and go as they are: what somebody else wrote into Redis
            # is read and refused then, and ends nothing.
            encoding_errors="surrogateescape",
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
        )
        self._script = self.client.register_script(script_text())
        self._waiting: list[tuple[Sequence[str | float], asyncio.Future[Any]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    def key(self, *parts: str) -> str:
        """A key of the content root."""
        return self.keys.root + ":".join(parts)

    async def run(self, name: str, *arguments: str | float) -> Any:
        """What a command of the script returns. Raises `QueueError` when patience is at an end."""
        (answer,) = await self._run([(name, *arguments)])
        if isinstance(answer, QueueError):
            raise answer
        return answer

    async def run_together(self, name: str, *arguments: str | float) -> Any:
        """As `run`, in one call with others: for the short commands that every article needs."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(((name, *arguments), answer))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._run_waiting())
        return await answer

    async def _run_waiting(self) -> None:
        """Run what waits, until nothing does. An error of a call is raised for all in it."""
        while self._waiting:
            await asyncio.sleep(_TOGETHER_SECONDS)
            some, self._waiting = self._waiting[:_MOST_TOGETHER], self._waiting[_MOST_TOGETHER:]
            try:
                answers = await self._run([command for command, _ in some])
                answered = list(zip(some, answers, strict=True))
            except Exception as error:  # noqa: BLE001
                answered = [(one, error) for one in some]
            for (_, future), answer in answered:
                if future.done():  # nobody waits for it any more
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)

    async def _run(self, commands: Sequence[Sequence[str | float]]) -> list[Any]:
        """The answer to each command, or its `QueueError`."""
        names, arguments = script_call(self.keys, *commands)

        async def attempt() -> list[Any]:
            answers: list[Any] = await self._script(names, arguments)
            for one in answers:
                if isinstance(one, exceptions.RedisError) and is_unfit(one):
                    raise one
            return answers

        return [
            failure(self.url, one) if isinstance(one, exceptions.RedisError) else one
            for one in await self._patiently(attempt)
        ]

    async def call(self, command: str, *arguments: str | float) -> Any:
        """What a Redis command returns, with the same patience; its key comes first."""
        execute: Callable[..., Awaitable[Any]] = self.client.execute_command
        return await self._patiently(lambda: execute(command, *arguments))

    async def now(self) -> float:
        """Unix seconds by Redis's clock, which all machines share."""
        seconds, micros = await self.call("TIME")
        return float(seconds + micros / 1e6)

    async def scan(self, key: str, begin: str = "") -> AsyncIterator[tuple[str, str]]:
        """The fields of a large hash that begin so, and their values, with the same patience."""
        cursor, options = -1, ("MATCH", f"{begin}*", "COUNT", _SCANNED)
        while cursor:
            cursor, found = await self.call("HSCAN", key, max(cursor, 0), *options)
            for field, value in found.items():
                yield field, value

    async def _patiently(self, attempt: Callable[[], Awaitable[Any]]) -> Any:
        ends = time.monotonic() + self._patience
        on_wait, log_at = self._on_wait, 0.0
        while True:
            try:
                return await attempt()
            except _AWAY as error:
                self.losses += 1
                if time.monotonic() >= ends or self._is_hopeless(error):
                    raise failure(self.url, error) from error
                if on_wait:
                    on_wait(f"{failure(self.url, error)}; trying again for {self._patience:g} s")
                    on_wait = None  # once
                await asyncio.sleep(_PAUSE_SECONDS)
            except exceptions.RedisError as error:
                if not self._waits_out(error):
                    raise failure(self.url, error) from error
                self.losses += 1
                if time.monotonic() >= log_at:
                    _log.error("%s; waiting for it", failure(self.url, error))
                    log_at = time.monotonic() + _TELL_SECONDS
                await asyncio.sleep(_UNFIT_PAUSE_SECONDS)

    def _waits_out(self, error: exceptions.RedisError) -> bool:
        """Whether to wait for a Redis that answers and cannot serve."""
        return math.isinf(self._patience) and is_unfit(error)

    def _is_hopeless(self, error: exceptions.RedisError) -> bool:
        """Whether waiting cannot help: a refused password, unless it waits for ever."""
        return isinstance(error, exceptions.AuthenticationError) and math.isfinite(self._patience)


def connect(
    settings: Settings,
    *,
    patience: float = 0.0,
    on_wait: Callable[[str], object] | None = None,
) -> Connection:
    """The connection for `settings`. Raises `ConfigurationError` without a content root."""
    url, root = settings.redis_url.get_secret_value(), root_id(state_of(settings))
    return Connection(url, root, fleet=settings.fleet, patience=patience, on_wait=on_wait)
