"""Consumer a fleet against a limit for minutes, by the provider's own sliding minute.

python -m tests.e2e.minute [--requests-per-minute 120] [--seconds 150] [--workers 3]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.e2e import chaos
from tests.queue.conftest import write_articles
from tests.queue.servers import RedisServer, Worker


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--requests-per-minute", type=int, default=120)
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--workers", type=int, default=3)
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        write_articles(folder, round(given.requests_per_minute * given.seconds / 60))
        redis = stack.enter_context(RedisServer(folder / "redis"))
        url = stack.enter_context(chaos.provider("--latency", "0.4"))
        environment = chaos.environment_of(redis, url, folder)
        environment["REWRITER_REQUESTS_PER_MINUTE"] = str(given.requests_per_minute)
        chaos.submit(folder, environment)
        for n in range(given.workers):
            stack.enter_context(Worker(f"w{n}", folder, environment))
        time.sleep(given.seconds)
        stats = chaos.ask(url, "_stats")
    sys.stdout.write(
        f"{stats['calls']:.0f} calls in {given.seconds:.0f} s, at most "
        f"{stats['most_requests_a_minute']:.0f} in any minute by the provider's count; "
        f"the limit is {given.requests_per_minute}\n"
    )


if __name__ == "__main__":
    main()
