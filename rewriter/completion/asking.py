"""Asking for answers: which requests follow from which answers, and who answers them.

A function that needs answers is a generator (`Asking`): it yields a `Request`, is sent the
`Completion`, and returns its result. It does no I/O. A driver decides where the answers come from:

- `drive` with `Asker.answer` asks the completer for what the ledger does not have;
- `drive_until` with `Asker.stored` stops at the first request that the ledger has no answer to, as
  a dry run does;
- `drive_until` with `Asker.answer_at_once` stops at the first request that the batch API sends with
  others;
- `regression.recordings` reads recorded answers without an event loop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar, cast

from rewriter.article import Usage, Value
from rewriter.completion import Completer, Completion, Request
from rewriter.completion.failures import quote
from rewriter.completion.limits import Budget, Reservation
from rewriter.errors import (
    MalformedAnswerError,
    RefusedError,
    RewriterError,
    TruncatedError,
)
from rewriter.observability import events
from rewriter.offload import offload
from rewriter.prompting.reader_prompt import Reader
from rewriter.state.ledger import Entry, Key, Ledger

T = TypeVar("T")
Asking: TypeAlias = Generator[Request, Completion, T]

# A model that misses the schema twice is more likely to miss it again than to be unlucky.
MOST_ANSWERS = 3


def usable(request: Request, parse: Callable[[str], T]) -> Asking[tuple[T, Completion]]:
    """The first answer to `request` that `parse` accepts, and the completion it was read from.

    It asks again for an answer that `parse` rejects with `MalformedAnswerError`, `MOST_ANSWERS`
    times in all. It asks once more with twice the token limit for an answer that reached the
    limit. An answer that is cut below the limit counts as useless.

    Raises `RefusedError`, `TruncatedError` or `MalformedAnswerError` for an answer that stays
    useless.
    """
    answers, widened = 0, False
    while True:
        completion = yield request
        answers += 1
        last = answers == MOST_ANSWERS
        match completion.finish_reason:
            case "refusal" | "content_filter":
                raise _refused(completion)
            case "length" if last or (widened and _is_full(request, completion)):
                raise _truncated(completion, full=_is_full(request, completion))
            case "length" if not widened:
                request, widened = _widened(request, completion), True
            case "stop":
                try:
                    return parse(completion.text), completion
                except MalformedAnswerError as error:
                    if last:
                        raise _malformed(error) from error


class Spent(Value):
    """What the answers to one article's requests took.

    `usage` is of all answers, the useless ones and those from the ledger included; `paid` is the
    part that was asked for now. `attempts` counts answers, `replayed` those from the ledger.
    `request_digests` has one digest for each answer. `reader_paid` and `reading_digests` are the
    second reader's part of `paid` and `request_digests`.
    """

    usage: Usage = Usage()
    paid: Usage = Usage()
    attempts: int = 0
    replayed: int = 0
    request_digests: tuple[str, ...] = ()
    reader_paid: Usage = Usage()
    reading_digests: tuple[str, ...] = ()


class Spending:
    """Adds up what one article's answers take, and numbers the answers to equal requests."""

    def __init__(self, epoch: int = 0) -> None:
        self.total = Spent()
        self._epoch = epoch
        self._attempts: Counter[str] = Counter()

    def next_key(self, request: Request) -> Key:
        """Where the ledger keeps the next answer to `request`."""
        digest = request.digest()
        self._attempts[digest] += 1
        return Key(digest, self._epoch, self._attempts[digest])

    def attempts(self, request: Request) -> int:
        """How many answers to `request` were counted."""
        return self._attempts[request.digest()]

    def add(self, key: Key, completion: Completion, *, paid: bool, reading: bool = False) -> None:
        """Count an answer; one that was not `paid` now came from the ledger.

        `reading` says that it is a second reader's.
        """
        self.lose(completion.interrupted)
        total, usage = self.total, completion.usage
        by_reader = (key.digest,) if reading else ()
        read = usage + completion.interrupted if paid and reading else Usage()
        self.total = Spent(
            usage=total.usage + usage,
            paid=total.paid + usage if paid else total.paid,
            attempts=total.attempts + 1,
            replayed=total.replayed + (not paid),
            request_digests=(*total.request_digests, key.digest),
            reader_paid=total.reader_paid + read,
            reading_digests=(*total.reading_digests, *by_reader),
        )

    def lose(self, usage: Usage) -> None:
        """Count what was paid now for answers that were not kept."""
        total = self.total
        self.total = total.model_copy(
            update={"usage": total.usage + usage, "paid": total.paid + usage}
        )


@dataclass(frozen=True)
class Backend:
    """Who answers a run's requests, under which model name, and where answers are stored.

    `name` is the engine's. A dry run has no `completer`. `epoch` keeps repeated answers to one
    request apart in the ledger. `reader` reads each rewrite a second time, answered by
    `reader_completer` where that is another provider.
    """

    name: str
    model: str
    ledger: Ledger
    completer: Completer | None = None
    budget: Budget | None = None
    epoch: int = 0
    reader: Reader | None = None
    reader_completer: Completer | None = None

    @property
    def drafts(self) -> bool:
        """Whether its text is the source's own sentences, which can only make a draft."""
        return self.name == "extractive"

    async def aclose(self) -> None:
        """Close the completers' connections."""
        for completer in (self.completer, self.reader_completer):
            if completer is not None:
                await completer.aclose()


class Asker:
    """Answers one article's requests from the ledger. The completer answers the others, once."""

    def __init__(self, backend: Backend, spending: Spending | None = None) -> None:
        self.backend = backend
        self.spending = spending or Spending(backend.epoch)

    async def answer(self, request: Request) -> Completion:
        """The answer to `request`; a new one is stored before anybody reads it.

        Raises `BudgetSpentError`, `FileError` where the ledger fails, and the completer's errors.
        """
        ledger, key = self.backend.ledger, self.spending.next_key(request)
        async with ledger.one_at_a_time(key.digest):
            stored = await ledger.get(key)
            if stored is None:
                await ledger.reserve(key.digest, request)
                return await self._asked(request, key)
            self._count(request, key, stored.completion, paid=False)
            events.reused(request)
            return stored.completion

    async def stored(self, request: Request) -> Completion | None:
        """The stored answer to `request`, None where there is none. Raises `FileError`."""
        key = self.spending.next_key(request)
        stored = await self.backend.ledger.get(key)
        if stored is None:
            return None
        self._count(request, key, stored.completion, paid=False)
        return stored.completion

    async def answer_at_once(self, request: Request) -> Completion | None:
        """The answer to `request`, None where the batch API is to send it.

        The batch API sends the first request for the rewrite and for each reading, if no answer is
        stored. Repairs and repeats are asked directly, because the article would wait days for
        another batch. Readings by another provider are asked directly, too. Raises what `answer`
        raises.
        """
        is_new = self.spending.attempts(request) == 0
        is_first = self.spending.total.attempts == 0
        is_reading = request.role == "reader" and self.backend.reader_completer is None
        if is_new and (is_first or is_reading):
            return await self.stored(request)
        return await self.answer(request)

    def _count(self, request: Request, key: Key, completion: Completion, *, paid: bool) -> None:
        self.spending.add(key, completion, paid=paid, reading=request.role == "reader")

    async def _asked(self, request: Request, key: Key) -> Completion:
        """The completer's answer, stored.

        It is stored before its cost is booked: for that a worker may wait for Redis, and be killed.
        """
        backend = self.backend
        own = backend.reader_completer if request.role == "reader" else None
        completer = own or backend.completer
        if completer is None:
            raise RuntimeError("a dry run asks nobody; use `stored`")
        async with self._reserved(request) as reservation:
            try:
                completion = await completer.complete(request)
            except RewriterError as error:
                reservation.fail(error)
                self.spending.lose(error.paid or Usage())
                if error.paid:
                    events.paid(request, error.paid)
                raise
            events.paid(request, completion.usage + completion.interrupted)
            reservation.settle(completion)
            self._count(request, key, completion, paid=True)
            await backend.ledger.put(key, Entry(request=request, completion=completion))
            return completion

    def _reserved(self, request: Request) -> AbstractAsyncContextManager[Reservation]:
        budget = self.backend.budget
        return nullcontext(Reservation(0.0)) if budget is None else budget.reserve(request)


async def drive(
    asking: Asking[T],
    answer: Callable[[Request], Awaitable[Completion]],
) -> T:
    """The result of `asking`, each of whose requests is answered by `answer`.

    An error of `answer` is raised inside `asking`, at the request that it could not answer.
    Raises `StoppedError` where a large answer is still to be checked once the run is `ending`: the
    answer is stored by then.
    """
    return cast(T, await drive_until(asking, answer))


async def drive_until(
    asking: Asking[T],
    answer: Callable[[Request], Awaitable[Completion | None]],
) -> T | Request:
    """The result of `asking`, or the first request that `answer` has no answer to (None).

    Errors are those of `drive`.
    """
    step = _moved(asking.__next__)
    while isinstance(step, Request):
        try:
            completion = await answer(step)
        except RewriterError as error:
            step = _moved(partial(asking.throw, error))
            continue
        if completion is None:
            asking.close()
            return step
        size = len(completion.text) + sum(len(message.content) for message in step.messages)
        step = await offload(size, _moved, partial(asking.send, completion))
    result: T = step.result
    return result


@dataclass(frozen=True)
class _Returned(Generic[T]):
    """What an asking returned at its end."""

    result: T


def _moved(move: Callable[[], Request]) -> Request | _Returned[Any]:
    """The next request of an asking, or what it returned."""
    try:
        return move()
    except StopIteration as done:
        return _Returned(done.value)


def _limit(request: Request) -> tuple[str, int] | None:
    """The name and the value of the request's token limit."""
    for name in ("max_completion_tokens", "max_tokens"):
        limit = request.parameters.get(name)
        if isinstance(limit, int):
            return name, limit
    return None


def _widened(request: Request, completion: Completion) -> Request:
    """`request` with twice its token limit; raises `TruncatedError` where it has none to raise."""
    limit = _limit(request)
    if limit is None:
        raise _truncated(completion, full=True)
    parameters = {**request.parameters, limit[0]: 2 * limit[1]}
    return request.model_copy(update={"parameters": parameters})


def _is_full(request: Request, completion: Completion) -> bool:
    """Whether the answer used up its token limit; otherwise something else cut it."""
    limit = _limit(request)
    return limit is None or completion.usage.output_tokens >= limit[1]


def _refused(completion: Completion) -> RefusedError:
    said = f': "{quote(completion.text)}"' if completion.text else ""
    who = "content filter" if completion.finish_reason == "content_filter" else "model"
    return RefusedError(
        f"{completion.model}: the {who} declined this article{said}; "
        "use another --model, or --fresh to ask again"
    )


def _truncated(completion: Completion, *, full: bool) -> TruncatedError:
    """The error for an answer that is cut, at the prompt's limit where it is `full`."""
    cut = (
        "the answer ended at its limit of tokens ({} written); raise max_completion_tokens in the "
        "prompt, use another --model, or --fresh to ask again"
        if full
        else "the provider cut the answer below the prompt's limit of tokens ({} written); "
        "use another --model, or --fresh to ask again"
    )
    return TruncatedError(f"{completion.model}: {cut.format(completion.usage.output_tokens)}")


def _malformed(error: MalformedAnswerError) -> MalformedAnswerError:
    return MalformedAnswerError(
        f"{MOST_ANSWERS} answers could not be used; the last: {error}; "
        "use another --model, or --fresh to ask again"
    )
