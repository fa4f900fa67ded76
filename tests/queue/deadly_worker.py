"""A worker whose process dies whenever it works on an article called *poison.txt.

At each death it adds the number of articles in its hands to the file deaths.log of its folder. The
environment variable LEASE_SECONDS replaces the length of a lease.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from rewriter.cli import main
from rewriter.queue import claims, dispatcher
from rewriter.queue.handler import ArticleHandler
from rewriter.runs.concurrency import UNBOUNDED, Permit

_work = ArticleHandler.work


async def _work_or_die(
    self: ArticleHandler, delivery: claims.Delivery, permit: Permit = UNBOUNDED
) -> claims.End | claims.Return:
    if delivery.id.endswith("poison.txt"):
        holds = await self._connection.call("HVALS", self._connection.key("holds"))
        company = sum(one.endswith(f"|{self._process}") for one in holds)
        with Path("deaths.log").open("a") as log:
            log.write(f"{company}\n")
        os.kill(os.getpid(), signal.SIGKILL)
    return await _work(self, delivery, permit)


if __name__ == "__main__":
    if "LEASE_SECONDS" in os.environ:
        lease = float(os.environ["LEASE_SECONDS"])
        beat = lease / 5
        claims.TICK = (round(lease * 1000), round((beat + 1) * 1000))
        for module in (claims, dispatcher):
            vars(module).update(LEASE_SECONDS=lease, BEAT_SECONDS=beat)
    ArticleHandler.work = _work_or_die  # type: ignore[method-assign]
    main()
