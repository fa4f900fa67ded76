"""A dry run: what a run would do with each article, why, what it would cost, and how long it takes.

A forecast takes the same steps as `publishing`, up to the first request without a stored answer.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, NamedTuple

from rewriter.article import RewriteStatus, Value
from rewriter.completion import choosing
from rewriter.completion.asking import Asker, drive_until
from rewriter.completion.batch_endpoint import WINDOW_HOURS
from rewriter.completion.limits import SPREAD
from rewriter.errors import FrontMatterError, RewriterError, highest_exit_code
from rewriter.escaping import counted
from rewriter.files.inputs import Item
from rewriter.pipeline import rewriting
from rewriter.request import Request
from rewriter.runs.due import CURRENT, decide, gather, model_change
from rewriter.runs.estimates import Estimate, Estimator
from rewriter.runs.publishing import prepare
from rewriter.runs.setup import Job
from rewriter.settings import Settings

PlannedAction = Literal["rewrite", "skip", "refuse"]


class Forecast(Value):
    """What would be done with one article, and why.

    `stored` is True where the first request has an answer in the ledger. `status` is the outcome
    where it is known without a request. `model_change` names both models where a current article is
    another model's. `exit_code` is the command's exit code if this were its only article.
    """

    path: str
    target: str | None = None
    action: PlannedAction
    reason: str
    model_change: str = ""
    stored: bool = False
    status: RewriteStatus | None = None
    estimate: Estimate = Estimate()
    exit_code: int = 0


async def forecast(item: Item, job: Job, estimator: Estimator) -> Forecast:
    """What `job` would do with an article. Never raises: `refuse` has the reason of an error."""
    try:
        return await _forecast(item, job, estimator)
    except RewriterError as error:
        named = error.at(item) if isinstance(error, FrontMatterError) and not error.path else error
        reason = str(named).removeprefix(f"{item}: ")
        return Forecast(path=str(item), action="refuse", reason=reason, exit_code=error.exit_code)


async def _forecast(item: Item, job: Job, estimator: Estimator) -> Forecast:
    material = gather(item, job)
    decision = decide(material, job)
    one = Forecast(
        path=str(item),
        target=str(item.result) if item.result else None,
        action=decision.action,
        reason=decision.reason,
    )
    if decision.action == "skip":
        change = model_change(material, job) if decision.reason.startswith(CURRENT) else ""
        return one.model_copy(update={"model_change": change})
    prepared, backend = prepare(item, material, decision, job), job.backend
    one = one.model_copy(update={"reason": prepared.reason})
    if backend.drafts:
        return one.model_copy(update={"status": "drafted"})
    asker = Asker(backend)
    asking = rewriting(prepared.source, job.prompt, backend.model, reader=backend.reader)
    outcome = await drive_until(asking, asker.stored)
    stored = asker.spending.total.attempts > 0
    if not isinstance(outcome, Request):
        return one.model_copy(update={"status": outcome.status, "stored": stored})
    if backend.completer is not None:  # the replay completer raises for what is not recorded
        await backend.completer.complete(outcome)
    return one.model_copy(update={"estimate": estimator.estimate(outcome), "stored": stored})


@dataclass
class Sum:
    """The articles of one reason: their number, how many have stored answers, and the estimate."""

    articles: int = 0
    stored: int = 0
    estimate: Estimate = field(default_factory=Estimate)

    def add(self, one: Forecast) -> None:
        """Count an article."""
        self.articles += 1
        self.stored += one.stored
        self.estimate += one.estimate


class Totals(Sum):
    """Sums over the articles of a plan, in all and by reason. Refusals count as one reason.

    `asked` counts articles that need an answer that is not stored. `other_model` counts current
    articles that come from another model.
    """

    def __init__(self) -> None:
        super().__init__()
        self._sums: dict[tuple[PlannedAction, str], Sum] = defaultdict(Sum)
        self.asked = self.other_model = self.exit_code = 0

    def add(self, one: Forecast) -> None:
        """Count an article."""
        super().add(one)
        reason = "refused" if one.action == "refuse" else one.reason
        self._sums[one.action, reason].add(one)
        self.asked += one.estimate.calls > 0
        self.other_model += bool(one.model_change)
        self.exit_code = highest_exit_code(self.exit_code, one.exit_code)

    @property
    def by_reason(self) -> Mapping[tuple[PlannedAction, str], Sum]:
        """The sums by action (rewrite, skip, refuse), and within one the most frequent first."""
        order: tuple[PlannedAction, ...] = ("rewrite", "skip", "refuse")
        return dict(
            sorted(self._sums.items(), key=lambda one: (order.index(one[0][0]), -one[1].articles))
        )


# --- how long a run takes: by the limits on calls, or by the batch API ---------------------------

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
