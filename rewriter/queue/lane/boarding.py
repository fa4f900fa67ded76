"""Where an article's question leaves the direct way: when it is about to be paid for."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple

from rewriter.completion.limits import Reservation
from rewriter.errors import Transient
from rewriter.queue.lane.questions import Question, Questions
from rewriter.queue.store import Ticket
from rewriter.request import Request


class AwaitingBatchError(Transient):
    """The question was kept, and is answered by a batch of the provider; `ticket` names it."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__("awaits a batch of the provider")
        self.ticket = ticket


class Boarding(NamedTuple):
    """A purse that pays for nothing: it keeps the question instead, for the batch lane.

    Answers that are stored cost nothing, so that an article comes here with the first question
    that nobody has answered. `most` bounds the questions of a parcel, `run` is the batch that wants
    a fresh answer.
    """

    questions: Questions
    most: int
    run: str | None = None

    def reserve(self, request: Request) -> AbstractAsyncContextManager[Reservation]:
        """Keep the question and raise `AwaitingBatchError`. Raises `FileError` if it cannot be."""
        return _Refusal(self, request)


class _Refusal(AbstractAsyncContextManager[Reservation]):
    def __init__(self, boarding: Boarding, request: Request) -> None:
        self._boarding = boarding
        self._request = request

    async def __aenter__(self) -> Reservation:
        request, (questions, most, run) = self._request, self._boarding
        question = Question(request=request, cache_key=request.cache_key, run=run)
        size = await asyncio.to_thread(questions.keep, question)
        raise AwaitingBatchError(Ticket(request.digest(), request.model, size, most))

    async def __aexit__(self, *_: object) -> None:
        """Nothing was begun."""
