"""Recording: a model is asked for every answer that is not recorded yet, or people wrote answers.

`references/NAME.json` is a person's answer to the case NAME, in the form of a model's answer. It
shows that a good answer passes every check. It is recorded under the model name `reference` with
`author: reference`, and every report says so. A recording whose author and model names disagree is
refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from rewriter.article import Rewrite, Usage
from rewriter.completion import Completer
from rewriter.completion.answer import read_rewrite
from rewriter.completion.asking import Asker, Backend
from rewriter.completion.limits import RunBudget
from rewriter.errors import (
    ENDING_A_RUN,
    AnswerError,
    ConfigurationError,
    MalformedAnswerError,
    RewriterError,
)
from rewriter.regression.cases import Case
from rewriter.regression.labelled_pairs import AnyCase
from rewriter.regression.recordings import REFERENCE, RecordedAnswer, record_by_hand
from rewriter.regression.suite import ArticleSuite, Suite
from rewriter.regression.suite_folder import SuiteFolder
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


@dataclass(frozen=True)
class ReferenceAnswer:
    """One reference answer; `broken` names the invariants for which it was not recorded."""

    case: str
    broken: tuple[str, ...]

    def __str__(self) -> str:
        said = f"not recorded: {'; '.join(self.broken)}" if self.broken else "recorded"
        return f"{self.case}: {said}"


async def record_references(
    suite: ArticleSuite, variant: Variant, folder: SuiteFolder, only: Sequence[str] = ()
) -> list[ReferenceAnswer]:
    """Record each reference that breaks no invariant, or only those of the cases in `only`.

    Raises `ConfigurationError` for a reference that is missing, has no case, or is not an answer.
    """
    return [await _record(case, suite, variant, folder) for case in _written(suite, folder, only)]


def _written(suite: ArticleSuite, folder: SuiteFolder, only: Sequence[str]) -> list[Case]:
    names = {path.stem for path in folder.references.glob("*.json")}
    if stray := sorted(names - {path.stem for path in folder.cases.glob("*.toml")}):
        raise ConfigurationError(f"{folder.references}: no case is called {', '.join(stray)}")
    missing = [name for name in only if name not in names]
    if missing or not names:
        raise ConfigurationError(
            f"{folder.references}: there is no {', '.join(missing) or 'NAME'}.json; write "
            "an answer as a model would give it"
        )
    return [case for case in suite.cases if case.name in (only or names)]


async def _record(
    case: Case, suite: ArticleSuite, variant: Variant, folder: SuiteFolder
) -> ReferenceAnswer:
    text, rewrite = _read(folder.references / f"{case.name}.json")
    answered = RecordedAnswer(text, Usage(), 0.0, REFERENCE, "", rewrite)
    broken = suite.scorer(case, variant)(answered).broken
    if not broken:
        ledger = FileLedger(folder.recordings)
        await record_by_hand(ledger, suite.request(case, variant), text)
    return ReferenceAnswer(case.name, broken)


def _read(path: Path) -> tuple[str, Rewrite]:
    try:
        text = path.read_text(encoding="utf-8").strip()
        return text, read_rewrite(text)
    except (OSError, UnicodeDecodeError, MalformedAnswerError) as error:
        raise ConfigurationError(f"{path}: not an answer: {error}") from error
