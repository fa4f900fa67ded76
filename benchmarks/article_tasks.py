"""The other shapes of a worker: Celery tasks of one article, or of as many as are in flight.

    celery -A benchmarks.article_tasks worker --pool threads --concurrency 100
    celery -A benchmarks.article_tasks worker --pool solo

A thread waits for each task. All share one event loop, client and job, which is the best that
Celery's own pools allow for: none has an event loop. Settings are those of any worker. For
`throughput --way tasks` and `--way chunks` only: what makes the queue safe is left out.
"""

from __future__ import annotations

import asyncio
import os
import threading
from functools import cache
from typing import Any

from celery import Celery, signals

from benchmarks.unchecked import skip_checks
from rewriter import settings
from rewriter.files.inputs import Item
from rewriter.runs import setup
from rewriter.runs.concurrency import tune_process
from rewriter.runs.publishing import process
from rewriter.runs.setup import Job
from rewriter.state import find_root
from rewriter.tasks import configuration

UNCHECKED = "BENCHMARK_UNCHECKED"  # in the environment: as `--checks off`
configured = settings.load({})
app = Celery("article_tasks", broker=configured.redis_url.get_secret_value())
app.conf.update(configuration(configured))


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


@cache
def _prepared() -> tuple[dict[str, Item], Job]:
    root = find_root([], configured.root)
    items, work = setup.prepare([str(root / "raw")], configured, out=root / "site")
    return {item.name: item for item in items}, work


async def _all(names: list[str]) -> None:
    items, work = _prepared()
    await asyncio.gather(*(process(items[name], work) for name in names))


def _articles(names: list[str]) -> None:
    asyncio.run_coroutine_threadsafe(_all(names), _loop()).result()


articles: Any = app.task(_articles, name="articles", ignore_result=True)


def _begin(**_: object) -> None:
    _loop()
    _prepared()
    tune_process()
    if UNCHECKED in os.environ:
        skip_checks()


signals.worker_init.connect(_begin)
