"""Finished texts compared with their sources by a second reader, many at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from typing import NamedTuple, TypeAlias, TypeVar

from rewriter.article import Finding, Passage, Source, Usage
from rewriter.checks.reader import unread
from rewriter.completion import choosing
from rewriter.completion.asking import Asker, Backend, drive
from rewriter.errors import AnswerError, RewriterError
from rewriter.escaping import counted
from rewriter.prices import dollars
from rewriter.prompting.reader_prompt import Reader
from rewriter.rules import GroundingRules, Rules
from rewriter.runs.concurrency import Permit, run_bounded
from rewriter.second_reading import reading
from rewriter.settings import Settings
from rewriter.state import State, find_root

T = TypeVar("T")
Readable: TypeAlias = tuple[Sequence[Passage], Source]


class TextReading(NamedTuple):
    """The findings of a second reader in a text, or the error that prevented the reading."""

    findings: tuple[Finding, ...] = ()
    failure: RewriterError | None = None


class TextReader:
    """Has texts read against their sources, and adds up tokens and cost."""

    def __init__(
        self, backend: Backend, reader: Reader, grounding: GroundingRules, concurrency: int
    ) -> None:
        self._backend = backend
        self._reader = reader
        self._grounding = grounding
        self._concurrency = concurrency
        self._answers = self._stored = 0
        self._paid = Usage()

    async def each(
        self, texts: Iterable[T], readable: Callable[[T], Readable | None]
    ) -> AsyncGenerator[tuple[T, TextReading], None]:
        """Yield each text with the reader's findings, in order.

        `readable` returns the passages and the source of a text, or None where it is not to be
        read.
        """
        early: dict[int, tuple[T, TextReading]] = {}

        async def work(task: tuple[int, T], _: Permit) -> int:
            number, text = task
            early[number] = text, await self._read(readable(text))
            return number

        running = run_bounded(enumerate(texts), work, concurrency=self._concurrency)
        following = 0
        try:
            async with aclosing(running) as finished:
                async for _ in finished:
                    while following in early:
                        yield early.pop(following)
                        following += 1
        finally:
            await self._backend.aclose()

    async def _read(self, text: Readable | None) -> TextReading:
        if text is None:
            return TextReading()
        passages, source = text
        asker = Asker(self._backend)
        asking = reading(passages, source, self._reader, self._grounding, source.lang)
        try:
            return TextReading((await drive(asking, asker.answer)).findings)
        except AnswerError as error:
            return TextReading((unread(self._reader.prompt.rules, str(error)),))
        except RewriterError as error:
            return TextReading(failure=error)
        finally:
            spent = asker.spending.total
            self._answers += spent.attempts
            self._stored += spent.replayed
            self._paid += spent.paid

    def summary(self) -> str:
        """The number of answers, the tokens and the cost of all readings, in one line."""
        cost = dollars(self._paid.cost, "unknown cost")
        return (
            f"second reader {self._reader.model}: {counted(self._answers, 'answer')}, "
            f"{self._stored} of them stored; {self._paid.input_tokens:,} tokens in, "
            f"{self._paid.output_tokens:,} out, {cost}"
        )


def text_reader(
    settings: Settings, rules: Rules, paths: Sequence[str], max_cost: float | None = None
) -> TextReader:
    """The second reader that `settings` ask for; its answers are stored in the root of `paths`.

    Raises `ConfigurationError` where nobody can read, `PromptError` for a prompt that is wrong.
    """
    wanted = settings.model_copy(update={"reader": "on"})
    ledger = choosing.ledger(wanted, State(find_root(paths, wanted.root)).ledger)
    backend = choosing.backend(wanted, ledger, rules, choosing.budget(wanted, max_cost))
    if backend.reader is None:
        raise RuntimeError("a reader that is on is none")
    return TextReader(backend, backend.reader, rules.grounding, wanted.concurrency)
