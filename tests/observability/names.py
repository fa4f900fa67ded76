"""The names and kinds of all metrics that are exposed."""

from __future__ import annotations

from rewriter.observability.metrics import Metrics
from rewriter.queue.batches import Standing
from rewriter.queue.exporter import of_queue

_STANDING = Standing(
    ready=1,
    delayed=2,
    suspect=3,
    running=4,
    parked=5,
    awaiting=6,
    oldest_seconds=7.5,
    processes=8,
    taken_over=9,
    paused="the quota is used up",
    cooling_seconds=1.5,
    spent_today=0.25,
)


def _exposed() -> dict[str, str]:
    families = [*Metrics().registry.collect(), *of_queue(_STANDING, 1.0)]
    return {
        f"{one.name}_total" if one.type == "counter" else one.name: one.type for one in families
    }


METRICS = _exposed()
