"""What a run would do with each article, and take for it, before anything is spent.

A forecast goes the way of an article (`publishing`) up to the first request without a stored
answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rewriter.article import RewriteStatus, Value
from rewriter.completion.asking import Asker, until_unanswered
from rewriter.errors import FrontMatterError, RewriterError, highest_exit_code
from rewriter.files.inputs import Item
from rewriter.pipeline import rewriting
from rewriter.request import Request
from rewriter.runs.due import decide, gather, model_change
from rewriter.runs.estimates import Estimate, Estimator
from rewriter.runs.publishing import prepare
from rewriter.runs.setup import Job

Action = Literal["rewrite", "skip", "refuse"]


class Forecast(Value):
    """What would be done with one article, and why.

    `stored` says that the first question has an answer in the ledger; `status` is what becomes of
    the article where that can be told without asking. `model_change` says that a current article
    is another model's. `exit_code` is what this article alone would make of the command's.
    """

    path: str
    target: str | None = None
    action: Action
    reason: str
    model_change: str = ""
    stored: bool = False
    status: RewriteStatus | None = None
    estimate: Estimate = Estimate()
    exit_code: int = 0


async def forecast(item: Item, job: Job, estimator: Estimator) -> Forecast:
    """What `job` would do with an article; what cannot be done is refused with its reason."""
    try:
        return await _foreseen(item, job, estimator)
    except RewriterError as error:
        named = error.at(item) if isinstance(error, FrontMatterError) and not error.path else error
        reason = str(named).removeprefix(f"{item}: ")
        return Forecast(path=str(item), action="refuse", reason=reason, exit_code=error.exit_code)


async def _foreseen(item: Item, job: Job, estimator: Estimator) -> Forecast:
    material = gather(item, job)
    decision = decide(material, job)
    told = Forecast(
        path=str(item),
        target=str(item.target) if item.target else None,
        action=decision.action,
        reason=decision.reason,
    )
    if decision.action == "skip":
        change = model_change(material, job) if decision.reason == "current" else ""
        return told.model_copy(update={"model_change": change})
    prepared, backend = prepare(item, material, decision, job), job.backend
    if backend.drafts:
        return told.model_copy(update={"status": "drafted"})
    asker = Asker(backend)
    asking = rewriting(prepared.source, job.prompt, backend.model, reader=backend.reader)
    outcome = await until_unanswered(asking, asker)
    stored = asker.spending.total.attempts > 0
    if not isinstance(outcome, Request):
        return told.model_copy(update={"status": outcome.status, "stored": stored})
    if backend.completer is not None:  # a replay raises what is not recorded
        await backend.completer.complete(outcome)
    return told.model_copy(update={"estimate": estimator.estimate(outcome), "stored": stored})


@dataclass
class Sum:
    """How many articles share a reason, how many of them are answered already, and the estimate."""

    articles: int = 0
    stored: int = 0
    estimate: Estimate = field(default_factory=Estimate)

    def add(self, one: Forecast) -> None:
        """Count an article."""
        self.articles += 1
        self.stored += one.stored
        self.estimate += one.estimate


class Totals:
    """Sums over the articles of a plan, in all and by reason; refusals count as one reason.

    `asked` articles need an answer that is not stored, `other_model` are current by another model.
    """

    def __init__(self) -> None:
        self._sums: dict[tuple[Action, str], Sum] = defaultdict(Sum)
        self.articles = self.stored = self.asked = self.other_model = 0
        self.exit_code = 0
        self.estimate = Estimate()

    def add(self, one: Forecast) -> None:
        """Count an article."""
        reason = "refused" if one.action == "refuse" else one.reason
        self._sums[one.action, reason].add(one)
        self.articles += 1
        self.stored += one.stored
        self.asked += one.estimate.calls > 0
        self.other_model += bool(one.model_change)
        self.exit_code = highest_exit_code(self.exit_code, one.exit_code)
        self.estimate += one.estimate

    @property
    def by_reason(self) -> Mapping[tuple[Action, str], Sum]:
        """The sums, what is to be rewritten first, and of that the most frequent reason."""
        order: tuple[Action, ...] = ("rewrite", "skip", "refuse")
        return dict(
            sorted(self._sums.items(), key=lambda one: (order.index(one[0][0]), -one[1].articles))
        )
