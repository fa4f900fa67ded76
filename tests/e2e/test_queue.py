"""The queue under fire: real Redis, real workers, a provider that fails, and kill -9.

`CHAOS_ARTICLES`, `CHAOS_WORKER_KILLS`, `CHAOS_REDIS_KILLS` and `CHAOS_STOPS` make it larger; the
full size is 500, 20, 3 and 4, and takes some minutes.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from tests.e2e import chaos
from tests.queue.conftest import write_articles
from tests.queue.servers import RedisServer, Worker


def test_killing_workers_and_redis_loses_nothing_and_pays_for_nothing_twice(
    tmp_path: Path,
) -> None:
    plan = chaos.Plan(
        articles=int(os.environ.get("CHAOS_ARTICLES", "80")),
        worker_kills=int(os.environ.get("CHAOS_WORKER_KILLS", "2")),
        redis_kills=int(os.environ.get("CHAOS_REDIS_KILLS", "1")),
        stops=int(os.environ.get("CHAOS_STOPS", "1")),
    )
    report = chaos.run(plan, tmp_path)
    batch = report.batch
    assert batch.submitted == plan.articles
    assert batch.published == report.published_files == plan.articles
    assert not report.paid_again_without_a_kill
    assert report.resumption.last_end < 60
    assert [(stop.exit_code, stop.left_behind) for stop in report.stops] == [(0, 0)] * plan.stops


def test_three_workers_keep_the_fleets_limit_as_the_provider_measures_it(tmp_path: Path) -> None:
    articles, a_minute = 120, 600
    write_articles(tmp_path, articles)
    with ExitStack() as stack:
        redis = stack.enter_context(RedisServer(tmp_path / "redis"))
        url = stack.enter_context(chaos.provider("--latency", "0.2"))
        environment = chaos.environment_of(redis, url, tmp_path)
        environment["REWRITER_REQUESTS_PER_MINUTE"] = str(a_minute)
        chaos.submit(tmp_path, environment)
        for n in range(3):
            stack.enter_context(Worker(f"w{n}", tmp_path, environment))
        batch = chaos.wait_for_end(redis.url)
        calls = sorted(float(call["at"]) for call in chaos.ask(url, "_calls"))
    assert batch.published == articles
    # What may be admitted in five seconds and the three in which a call may be under way; three
    # limits beside each other would let pass all in three seconds. The whole minute takes
    # `python -m tests.e2e.minute`.
    most = max(sum(start <= at < start + 5 for at in calls) for start in calls)
    assert most <= (0.03 + 0.92 * 8 / 60) * a_minute + 1
