"""Asking one request directly, for tests of what an answer takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from rewriter.completion import Completer, Completion, Request
from rewriter.completion.asking import Asker, Backend, Spending, Spent, drive, usable
from rewriter.completion.limits import Budget
from rewriter.state.ledger import Ledger

T = TypeVar("T")


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A parsed answer, the completion it was read from, and what it took to get it."""

    value: T
    completion: Completion
    spent: Spent


async def ask(
    request: Request,
    completer: Completer,
    ledger: Ledger,
    parse: Callable[[str], T],
    *,
    epoch: int = 0,
    budget: Budget | None = None,
    spending: Spending | None = None,
) -> Answer[T]:
    """The first answer that `parse` accepts; `spending` tells what was paid for a failure too."""
    backend = Backend(completer.name, request.model, ledger, completer, budget, epoch)
    asker = Asker(backend, spending)
    value, completion = await drive(usable(request, parse), asker.answer)
    return Answer(value, completion, asker.spending.total)
