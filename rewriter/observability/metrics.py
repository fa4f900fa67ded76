"""The Prometheus metrics of this process; nothing is counted before `start`.

Names follow Prometheus' conventions: base units, `_total` for counters. The metrics of the queue as
a whole are read from Redis (`rewriter.queue.exporter`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from rewriter.article import OutcomeStatus

if TYPE_CHECKING:
    from prometheus_client import Metric

# Where the processes of a worker share their values: a folder of files. prometheus_client reads
# this name of the environment once, when it is imported.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# An article takes milliseconds from stored answers, and minutes where calls are repeated.
_ARTICLE_SECONDS = (0.05, 0.25, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640)
# A call is bounded by the setting `timeout`, by default 120.
_CALL_SECONDS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 240)


class Metrics:
    """All that one process counts, in a registry of its own."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.registry = CollectorRegistry()
        counter = partial(Counter, registry=self.registry)
        histogram = partial(Histogram, registry=self.registry)
        self.articles = counter("rewriter_articles", "Articles that ended.", ["outcome"])
        self.article_errors = counter(
            "rewriter_article_errors", "Articles that an error ended.", ["error"]
        )
        self.article_returns = counter(
            "rewriter_article_returns",
            "Articles that went back to the queue without an end.",
            ["to", "error"],
        )
        self.article_seconds = histogram(
            "rewriter_article_seconds",
            "Seconds from the begin of an article to its end.",
            buckets=_ARTICLE_SECONDS,
        )
        self.findings = counter(
            "rewriter_findings",
            "Findings of finished articles; left in the text, or repaired.",
            ["code", "severity", "state"],
        )
        self.reader_findings = counter(
            "rewriter_reader_findings",
            "Findings of the second reader, by kind of fault.",
            ["kind", "severity", "state"],
        )
        for outcome in get_args(OutcomeStatus):  # a rate needs a 0 before the first 1
            self.articles.labels(outcome)
        self._add_calls()

    def _add_calls(self) -> None:
        from prometheus_client import Counter, Gauge, Histogram

        counter = partial(Counter, registry=self.registry)
        histogram = partial(Histogram, registry=self.registry, buckets=_CALL_SECONDS)
        by_model = ["model", "role", "api"]
        self.tokens = counter(
            "rewriter_tokens", "Tokens that were paid for.", [*by_model, "direction"]
        )
        self.cost = counter(
            "rewriter_cost_usd", "US dollars paid, of answers whose price is known.", by_model
        )
        self.unpriced = counter(
            "rewriter_unpriced_answers", "Paid answers whose cost is unknown.", by_model
        )
        self.ledger_hits = counter(
            "rewriter_ledger_hits",
            "Answers that were stored before and cost nothing.",
            ["model", "role"],
        )
        self.call_seconds = histogram(
            "rewriter_provider_call_seconds",
            "Seconds of calls that were answered.",
            ["provider", "model"],
        )
        self.call_errors = counter(
            "rewriter_provider_errors",
            "Calls without a usable answer, by kind of error.",
            ["provider", "model", "error"],
        )
        self.calls_in_flight = Gauge(
            "rewriter_provider_calls_in_flight",
            "Calls that await an answer.",
            ["provider"],
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.limit_wait = histogram(
            "rewriter_limit_wait_seconds", "Seconds that calls waited for the rate limit."
        )


_started: Metrics | None = None


def start() -> Metrics:
    """Count from now on."""
    global _started
    _started = _started or Metrics()
    return _started


def started() -> Metrics | None:
    """The metrics of this process, None where nobody asked for any."""
    return _started


def share(folder: Path) -> None:
    """Have this process and those that it forks count together, in files of `folder`.

    Nothing may have been counted before.
    """
    os.environ[SHARED_FOLDER] = str(folder)


def collected() -> Iterable[Metric]:
    """The metrics of this process, or of all that count together; to be exposed.

    Gauges of processes that have ended are left out; their counters stay.
    """
    if SHARED_FOLDER not in os.environ:
        return start().registry.collect()
    from prometheus_client import multiprocess

    folder = Path(os.environ[SHARED_FOLDER])
    for file in folder.glob("gauge_live*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if not Path("/proc", pid).exists():
            multiprocess.mark_process_dead(int(pid), str(folder))  # type: ignore[no-untyped-call]
    # A file that is made just now is empty; where its process was killed then, for ever.
    files = [str(file) for file in folder.glob("*.db") if file.stat().st_size]
    merged: list[Metric] = [*multiprocess.MultiProcessCollector.merge(files)]  # type: ignore[no-untyped-call]
    return merged


def write(path: Path) -> None:
    """Write the metrics of this process to a file for node_exporter's textfile collector.

    The file appears whole or not at all. Raises `OSError`.
    """
    from prometheus_client import Gauge, write_to_textfile

    registry = start().registry
    done = "rewriter_run_completed_timestamp_seconds"
    Gauge(done, "When the run ended.", registry=registry).set_to_current_time()
    write_to_textfile(str(path), registry)
