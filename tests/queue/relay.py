"""A relay before Redis that loses answers, or delivers a command only after it was sent anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from tests.queue.servers import RedisServer

Trouble = Literal["lost", "late"]


class Relay:
    """Forwards each connection to a Redis, and cuts it at the call of a script once told to.

    With the trouble `lost`, the script runs and its answer does not come back; with `late`, it runs
    only at `deliver`. `cut` has the scripts that met their trouble.
    """

    def __init__(self, server: RedisServer) -> None:
        self.url = ""
        self.cut: list[str] = []
        self._port = server.port
        self._planned: dict[bytes, tuple[str, Trouble]] = {}
        self._late: list[bytes] = []

    def plan(self, script: str, trouble: Trouble) -> None:
        """Let the next call of `script` meet a trouble, alone or together with others."""
        self._planned[f'["{script}"'.encode()] = (script, trouble)

    async def deliver(self) -> None:
        """Let the commands that were held back arrive at last."""
        while self._late:
            await self._ask(self._late.pop())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """See one connection through; a client sends nothing before it has its answer."""
        redis_reader, redis_writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            while sent := await reader.read(1 << 20):
                planned = next((one for one in self._planned if one in sent), None)
                if planned:
                    await self._trouble(*self._planned.pop(planned), sent)
                    return
                redis_writer.write(sent)
                writer.write(await redis_reader.read(1 << 20))
                await writer.drain()
        finally:
            writer.close()
            redis_writer.close()

    async def _trouble(self, script: str, trouble: Trouble, sent: bytes) -> None:
        self.cut.append(script)
        if trouble == "late":
            self._late.append(sent)
        else:
            assert not (await self._ask(sent)).startswith(b"-"), "the script ran"

    async def _ask(self, sent: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(sent)
            return await reader.read(1 << 20)
        finally:
            writer.close()


@asynccontextmanager
async def relay_to(server: RedisServer) -> AsyncIterator[Relay]:
    """A running relay to `server`; `url` is its address."""
    relay = Relay(server)
    listening = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    relay.url = f"redis://127.0.0.1:{listening.sockets[0].getsockname()[1]}/0"
    try:
        yield relay
    finally:
        listening.close()
