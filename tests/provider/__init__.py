"""A provider for tests: a real HTTP server on the loopback that plays every failure by script.

In tests, `with Provider() as provider:` runs it in a thread of its own, so that it serves clients
of the same process and of others. `python -m tests.provider` runs it for benchmarks and by hand.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from typing import Any, Self

from tests.provider.batching import BatchDesk, Course
from tests.provider.server import Call, ProviderApp, Step, Traits, serve

__all__ = ["Call", "Course", "Provider", "Step", "Traits"]


class Provider:
    """The server in a thread; keyword arguments are those of `Traits`."""

    def __init__(self, **traits: Any) -> None:
        self._app = ProviderApp(Traits(**traits))
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait(10)
        return self

    def __exit__(self, *raised: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def base_url(self) -> str:
        """What a client is given as its base URL."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def calls(self) -> list[Call]:
        """The requests so far."""
        return list(self._app.calls)

    @property
    def answered(self) -> list[str]:
        """How each call was answered: "ok", "scripted", or the name of a fault."""
        return [call.answered for call in self._app.calls]

    @property
    def connections(self) -> int:
        """The number of connections that the calls came over."""
        return len({call.peer for call in self._app.calls if call.peer is not None})

    def stats(self) -> dict[str, float]:
        """The counts and the measures so far."""
        return self._app.stats()

    def script(self, steps: Iterable[Step]) -> None:
        """Play these, one a call; after them every call is answered well."""
        self._app.script.extend(steps)

    def script_batches(self, steps: Iterable[Step]) -> None:
        """Answer the next lines of batches so: each is "ok" or {"content": ...}."""
        self._app.batch_script.extend(steps)

    @property
    def desk(self) -> BatchDesk:
        """Its files and batches."""
        return self._app.desk

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        runner, self._port = await serve(self._app)
        self._started.set()
        await self._stop.wait()
        await runner.cleanup()
