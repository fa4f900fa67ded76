"""Recording: a model is asked for every answer that is not recorded yet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from rewriter.article import Usage
from rewriter.completion import Completer
from rewriter.completion.asking import Asker, Backend
from rewriter.completion.limits import RunBudget
from rewriter.errors import ENDING_A_RUN, AnswerError, ConfigurationError, RewriterError
from rewriter.regression.labelled_pairs import AnyCase
from rewriter.regression.recordings import REFERENCE
from rewriter.regression.suite import Suite
from rewriter.regression.variants import Variant
from rewriter.runs.concurrency import Permit, run_bounded
from rewriter.state.ledger import FileLedger, FreshLedger, Ledger

_Question: TypeAlias = tuple[AnyCase, int]  # with the epoch


@dataclass(frozen=True)
class RecordingResult:
    """The result of one question: what was paid, and the error where it failed."""

    case: str
    epoch: int
    usage: Usage
    error: RewriterError | None = None


@dataclass(frozen=True)
class Recorder:
    """What is asked, and within which limits; `fresh` asks for recorded answers again."""

    completer: Completer
    budget: RunBudget | None = None
    concurrency: int = 8
    fresh: bool = False

    def record(self, suite: Suite, variant: Variant, epochs: int) -> AsyncIterator[RecordingResult]:
        """Ask for each case and epoch that is not recorded yet, and yield each result.

        Each answer is stored before it is read: a killed run loses no paid answer, and the next run
        continues. A failed question does not end the others, unless they would all fail in the
        same way (`ENDING_A_RUN`). Raises `ConfigurationError` for the model name of answers that
        people write.
        """
        if variant.model == REFERENCE:
            raise ConfigurationError(
                f"{REFERENCE} is the name for answers that people write; record those with "
                "'rewriter regress reference', and call the model something else"
            )
        stored = FileLedger(variant.recordings.folder)
        ledger, stop = FreshLedger(stored) if self.fresh else stored, asyncio.Event()
        ask_one = partial(self._ask, suite=suite, variant=variant, ledger=ledger, stop=stop)
        questions = self._questions(suite, variant, epochs)
        return run_bounded(questions, ask_one, concurrency=self.concurrency, stop=stop)

    def _questions(self, suite: Suite, variant: Variant, epochs: int) -> Iterator[_Question]:
        every = range(1, epochs + 1)
        gaps = suite.measure(variant, every).gaps
        for case in suite.cases:
            for epoch in every if self.fresh else gaps.get(case.name, ()):
                yield case, epoch

    async def _ask(
        self,
        question: _Question,
        _: Permit,
        *,
        suite: Suite,
        variant: Variant,
        ledger: Ledger,
        stop: asyncio.Event,
    ) -> RecordingResult:
        case, epoch = question
        backend = Backend(
            self.completer.name, variant.model, ledger, self.completer, self.budget, epoch
        )
        asker = Asker(backend)
        try:
            await suite.ask(case, variant, asker)
        except RewriterError as error:
            if isinstance(error, ENDING_A_RUN):
                stop.set()
            spent = asker.spending.total
            # An answer that cannot be used is recorded too: it is what the model answers.
            recorded = isinstance(error, AnswerError) and spent.attempts > 0
            return RecordingResult(case.name, epoch, spent.paid, None if recorded else error)
        return RecordingResult(case.name, epoch, asker.spending.total.paid)
