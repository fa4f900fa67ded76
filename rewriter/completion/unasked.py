"""The completer of a plan: it tells which question would be asked, and asks nobody."""

from __future__ import annotations

from rewriter.errors import Permanent
from rewriter.request import Completion, Request


class NotAskedError(Permanent):
    """A question that no stored answer answers: the first that a run would have to pay for."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.request = request

    def __str__(self) -> str:
        return f"the model {self.request.model} was not asked"


class UnaskedCompleter:
    """Stands for the engine called `name`, which needs neither a key nor a network for a plan."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def complete(self, request: Request) -> Completion:
        """Raises `NotAskedError`, always."""
        raise NotAskedError(request)

    async def aclose(self) -> None:
        """Nothing is held open."""
