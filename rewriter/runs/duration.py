"""How long a run takes: by the limits on calls, or by the batch API."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal, NamedTuple

from rewriter.completion import choosing
from rewriter.completion.batch_endpoint import WINDOW_HOURS
from rewriter.completion.limits import SPREAD
from rewriter.escaping import counted
from rewriter.runs.estimates import Estimate
from rewriter.settings import Settings

Bottleneck = Literal["concurrency", "requests_per_minute", "tokens_per_minute", "completion_window"]


class Pace(NamedTuple):
    """The limits on calls: at a time, and requests and tokens a minute."""

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
        """The number of provider batches: 0."""
        return 0

    def lines(self, total: Estimate, articles: int) -> Iterator[str]:
        """The duration, as lines for people."""
        seconds, bound = self.duration(total, articles)
        value = getattr(self, bound)
        took = f"about {timedelta(seconds=round(seconds))}, by {bound} {value:,}"
        if bound == "concurrency":  # a worker has `in_flight` instead
            yield f"with `rewriter rewrite`: {took}; workers are faster in proportion to in_flight"
        else:
            yield f"takes {took}"


class BatchApiPace(NamedTuple):
    """The limits of the batch API: a provider batch has at most `most` requests."""

    most: int

    def duration(self, total: Estimate, articles: int) -> tuple[float, Bottleneck]:
        """The seconds within which the provider promises to answer, and the name of that limit.

        Batches run at the same time. Repairs come after that.
        """
        return (WINDOW_HOURS * 3600.0 if articles else 0.0), "completion_window"

    def batches(self, articles: int) -> int:
        """The least number of provider batches: a batch is also full at 190 MB."""
        return math.ceil(articles / self.most)

    def lines(self, total: Estimate, articles: int) -> Iterator[str]:
        """Duration and limits, as lines for people."""
        number = self.batches(articles)
        yield (
            f"takes up to {WINDOW_HOURS} h, and what has no answer by then is sent again: "
            f"{counted(number, 'batch')} of the provider, of at most {self.most:,} requests "
            "(batch_requests)"
        )
        yield (
            "the provider bounds the tokens that wait in batches, these are about "
            f"{total.input_tokens:,}; requests and tokens a minute bound only the repairs, which "
            "are asked for directly, at the full price"
        )


def pace(settings: Settings, *, by_batch: bool = False) -> Pace | BatchApiPace:
    """The pace that `settings` allow. Raises `ConfigurationError` for an engine without batches."""
    if by_batch:
        choosing.require_batches(settings)
        return BatchApiPace(settings.batch_requests)
    return Pace(settings.concurrency, settings.requests_per_minute, settings.tokens_per_minute)
