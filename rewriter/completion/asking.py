"""Asking for an answer that can be used: the ledger first, then the completer, paid once each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Generic, TypeVar

from rewriter.article import Usage, Value
from rewriter.completion import Completer, Completion, Request
from rewriter.completion.failures import quote
from rewriter.completion.limits import Purse, Reservation
from rewriter.errors import (
    MalformedAnswerError,
    RefusedError,
    RewriterError,
    TruncatedError,
)
from rewriter.state.ledger import Entry, Key, Ledger

T = TypeVar("T")

# A model that misses the schema twice over is more likely to miss it again than to be unlucky.
MOST_ANSWERS = 3


class Spent(Value):
    """What one answer, or the failure to get one, took.

    `usage` is of all answers, the useless ones and those from the ledger included; `paid` is the
    part that was asked for now. `attempts` counts answers, `replayed` those from the ledger.
    """

    usage: Usage = Usage()
    paid: Usage = Usage()
    attempts: int = 0
    replayed: int = 0
    request_digests: tuple[str, ...] = ()

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            usage=self.usage + other.usage,
            paid=self.paid + other.paid,
            attempts=self.attempts + other.attempts,
            replayed=self.replayed + other.replayed,
            request_digests=self.request_digests + other.request_digests,
        )


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A parsed answer, the completion it was read from, and what it took to get it."""

    value: T
    completion: Completion
    spent: Spent


def spent_before(error: RewriterError) -> Spent:
    """What had been paid before `error` was raised by `ask`."""
    return error.spent if isinstance(error.spent, Spent) else Spent()


async def ask(
    request: Request,
    completer: Completer,
    ledger: Ledger,
    parse: Callable[[str], T],
    *,
    epoch: int = 0,
    budget: Purse | None = None,
) -> Answer[T]:
    """The first answer to `request` that `parse` accepts.

    Each answer is stored in `ledger` before it is parsed, and one that is stored is not asked for
    again. One that `parse` rejects with `MalformedAnswerError` is asked for again, `MOST_ANSWERS`
    in all; one that ends at its token limit once more with twice the limit. One that is cut below
    that limit is asked for again like any useless answer.

    Raises `RefusedError`, `TruncatedError` or `MalformedAnswerError` for an answer that stays
    useless, `BudgetSpentError`, and what the completer raises; `spent_before` tells what each cost.
    """
    asking = _Asking(completer, ledger, epoch=epoch, budget=budget)
    try:
        digest = request.digest()
        async with ledger.one_at_a_time(digest):
            return await asking.until_usable(request, digest, parse)
    except RewriterError as error:
        error.spent = asking.spent
        raise


class _Asking:
    """One walk along the stored and then the new answers to a request."""

    def __init__(
        self,
        completer: Completer,
        ledger: Ledger,
        *,
        epoch: int,
        budget: Purse | None,
    ) -> None:
        self._completer = completer
        self._ledger = ledger
        self._epoch = epoch
        self._budget = budget
        self.spent = Spent()

    async def until_usable(
        self, request: Request, digest: str, parse: Callable[[str], T]
    ) -> Answer[T]:
        attempt, widened = 1, False
        while True:
            completion = await self._completion(request, Key(digest, self._epoch, attempt))
            last = self.spent.attempts == MOST_ANSWERS
            match completion.finish_reason:
                case "refusal" | "content_filter":
                    raise _refused(completion)
                case "length" if last or (widened and _is_full(request, completion)):
                    raise _truncated(completion)
                case "length" if not widened:
                    request, attempt, widened = _widened(request, completion), 1, True
                    digest = request.digest()
                    continue
                case "stop":
                    try:
                        return Answer(parse(completion.text), completion, self.spent)
                    except MalformedAnswerError as error:
                        if last:
                            raise _malformed(error) from error
            attempt += 1

    async def _completion(self, request: Request, key: Key) -> Completion:
        stored = await self._ledger.get(key)
        if stored is not None:
            self._count(key, stored.completion, paid=False)
            return stored.completion
        async with self._reserved(request) as reservation:
            try:
                completion = await self._completer.complete(request)
            except RewriterError as error:
                reservation.fail(error)
                raise
            reservation.settle(completion)
            self._count(key, completion, paid=True)
            await self._ledger.put(key, Entry(request=request, completion=completion))
            return completion

    def _reserved(self, request: Request) -> AbstractAsyncContextManager[Reservation]:
        if self._budget is None:
            return nullcontext(Reservation(0.0))
        return self._budget.reserve(request)

    def _count(self, key: Key, completion: Completion, *, paid: bool) -> None:
        self.spent += Spent(
            usage=completion.usage,
            paid=completion.usage if paid else Usage(),
            attempts=1,
            replayed=0 if paid else 1,
            request_digests=(key.digest,),
        )


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
        raise _truncated(completion)
    parameters = {**request.parameters, limit[0]: 2 * limit[1]}
    return request.model_copy(update={"parameters": parameters})


def _is_full(request: Request, completion: Completion) -> bool:
    """Whether the answer took all of its limit, rather than being cut by something else."""
    limit = _limit(request)
    return limit is None or completion.usage.output_tokens >= limit[1]


def _refused(completion: Completion) -> RefusedError:
    said = f': "{quote(completion.text)}"' if completion.text else ""
    who = "content filter" if completion.finish_reason == "content_filter" else "model"
    return RefusedError(
        f"{completion.model}: the {who} declined this article{said}; "
        "use another --model, or --fresh to ask again"
    )


def _truncated(completion: Completion) -> TruncatedError:
    return TruncatedError(
        f"{completion.model}: the answer ended at its limit of tokens "
        f"({completion.usage.output_tokens} written); raise max_completion_tokens in the prompt, "
        "or use another --model"
    )


def _malformed(error: MalformedAnswerError) -> MalformedAnswerError:
    return MalformedAnswerError(
        f"{MOST_ANSWERS} answers could not be used; the last: {error}; "
        "use another --model, or --fresh to ask again"
    )
