"""How long articles take together: by the limits on calls, or by the batch lane."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal, NamedTuple

from rewriter.completion import choosing
from rewriter.completion.batch_endpoint import WINDOW_HOURS
from rewriter.completion.limits import SPREAD
from rewriter.runs.estimates import Estimate
from rewriter.settings import Settings

Bottleneck = Literal["concurrency", "requests_per_minute", "tokens_per_minute", "completion_window"]


class Pace(NamedTuple):
    """How fast calls may be made; the limits a minute hold for the workers of the queue."""

    concurrency: int
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None

    def duration(self, total: Estimate, articles: int) -> tuple[float, Bottleneck]:
        """Seconds that `articles` take together, and which limit makes it that long."""
        if articles == 0:
            return 0.0, "concurrency"
        times: dict[Bottleneck, float] = {
            "concurrency": total.seconds / min(self.concurrency, articles),
        }
        if self.requests_per_minute:
            times["requests_per_minute"] = 60 * total.calls / (self.requests_per_minute * SPREAD)
        if self.tokens_per_minute:
            tokens = total.input_tokens + total.output_tokens
            times["tokens_per_minute"] = 60 * tokens / (self.tokens_per_minute * SPREAD)
        bound = max(times, key=lambda name: times[name])
        return times[bound], bound

    def batches(self, articles: int) -> int:
        """Batches of the provider that `articles` make: none."""
        return 0

    def told(self, total: Estimate, articles: int) -> Iterator[str]:
        """The duration, for people."""
        seconds, bound = self.duration(total, articles)
        value = getattr(self, bound)
        took = f"about {timedelta(seconds=round(seconds))}, by {bound} {value:,}"
        if bound == "concurrency":  # the workers have `in_flight` of their own
            yield f"with `rewriter rewrite`: {took}; workers are faster in proportion to in_flight"
        else:
            yield f"takes {took}"


class LanePace(NamedTuple):
    """How the batch lane takes its time: `most` requests go to the provider as one batch."""

    most: int

    def duration(self, total: Estimate, articles: int) -> tuple[float, Bottleneck]:
        """Seconds within which the provider promises to answer, however many `articles` there are.

        Batches run at the same time; repairs come after that.
        """
        return (WINDOW_HOURS * 3600.0 if articles else 0.0), "completion_window"

    def batches(self, articles: int) -> int:
        """Batches of the provider that `articles` make, at least: a file is full at 190 MB, too."""
        return math.ceil(articles / self.most)

    def told(self, total: Estimate, articles: int) -> Iterator[str]:
        """Duration and limits, for people."""
        number = self.batches(articles)
        batches = "1 batch" if number == 1 else f"{number:,} batches"
        yield (
            f"takes up to {WINDOW_HOURS} h, and what has no answer by then is sent again: "
            f"{batches} of the provider, of at most {self.most:,} requests (lane_requests)"
        )
        yield (
            "the provider bounds the tokens that wait in batches, these are about "
            f"{total.input_tokens:,}; requests and tokens a minute bound only the repairs, which "
            "are asked for directly, at the full price"
        )


def pace(settings: Settings, *, by_batch: bool = False) -> Pace | LanePace:
    """The pace that `settings` allow. Raises `ConfigurationError` for an engine without batches."""
    if by_batch:
        choosing.require_batches(settings)
        return LanePace(settings.lane_requests)
    return Pace(settings.concurrency, settings.requests_per_minute, settings.tokens_per_minute)
