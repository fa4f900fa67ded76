"""A worker whose process dies whenever it works on an article called *poison.txt.

At each death it adds the number of articles in its hands to the file deaths.log of its folder. The
environment variable LEASE_SECONDS replaces the length of a lease.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from rewriter.queue import store

if "LEASE_SECONDS" in os.environ:  # before other modules take a copy
    store.LEASE_SECONDS = float(os.environ["LEASE_SECONDS"])
    store.BEAT_SECONDS = store.LEASE_SECONDS / 5
    store.TICK = (round(store.LEASE_SECONDS * 1000), round((store.BEAT_SECONDS + 1) * 1000))

from rewriter.cli import main
from rewriter.queue.workshop import Workshop
from rewriter.runs.permits import UNBOUNDED, Permit

_work = Workshop.work


async def _work_or_die(
    self: Workshop, delivery: store.Delivery, permit: Permit = UNBOUNDED
) -> store.End | store.Return:
    if delivery.id.endswith("poison.txt"):
        company = await self._connection.call("HLEN", f"rewriter:holds:{self._process}")
        with Path("deaths.log").open("a") as log:
            log.write(f"{company}\n")
        os.kill(os.getpid(), signal.SIGKILL)
    return await _work(self, delivery, permit)


if __name__ == "__main__":
    Workshop.work = _work_or_die  # type: ignore[method-assign]
    main()
