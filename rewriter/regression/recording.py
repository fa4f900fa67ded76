"""Recording: asking a live model for every answer that is missing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial

from rewriter import batch
from rewriter.answer import to_rewrite
from rewriter.article import Usage
from rewriter.completion import Completer, Request
from rewriter.completion.asking import ask, spent_before
from rewriter.completion.reading import read_json
from rewriter.errors import AnswerError, RewriterError
from rewriter.ledger import FileLedger, FreshLedger, Ledger
from rewriter.limits import Budget
from rewriter.regression.sides import Bench, Side


@dataclass(frozen=True)
class Recorded:
    """What became of one question: how much was paid for it, and why it failed if it did."""

    case: str
    epoch: int
    usage: Usage
    error: RewriterError | None = None


@dataclass(frozen=True)
class Recorder:
    """Who is asked, and within which limits; `fresh` asks again for what is recorded already."""

    completer: Completer
    budget: Budget | None = None
    concurrency: int = 8
    fresh: bool = False

    def record(self, bench: Bench, side: Side, epochs: int) -> AsyncIterator[Recorded]:
        """Ask for each case and epoch that is not recorded yet; yield each as it is stored.

        Each answer is stored before it is read, so a killed run loses nothing that was paid for,
        and the next one goes on from there. A question that fails does not end the others.
        """
        stored = FileLedger(side.recordings.folder)
        ask_one = partial(self._ask, ledger=FreshLedger(stored) if self.fresh else stored)
        questions = self._questions(bench, side, epochs)
        return batch.run(questions, ask_one, concurrency=self.concurrency)

    def _questions(
        self, bench: Bench, side: Side, epochs: int
    ) -> Iterator[tuple[str, int, Request]]:
        gaps = bench.measure(side, range(1, epochs + 1)).gaps
        every = range(1, epochs + 1)
        for case in bench.cases:
            request = side.prompt.request(bench.sources[case.name], side.model)
            for epoch in every if self.fresh else gaps.get(case.name, ()):
                yield case.name, epoch, request

    async def _ask(self, question: tuple[str, int, Request], ledger: Ledger) -> Recorded:
        case, epoch, request = question
        try:
            answer = await ask(
                request,
                self.completer,
                ledger,
                lambda text: to_rewrite(read_json(text)),
                epoch=epoch,
                budget=self.budget,
            )
        except RewriterError as error:
            spent = spent_before(error)
            # Useless answers are recorded like all others: they are what the model says.
            recorded = isinstance(error, AnswerError) and spent.attempts > 0
            return Recorded(case, epoch, spent.paid, None if recorded else error)
        return Recorded(case, epoch, answer.spent.paid)
