"""The completer that answers from a ledger of recordings only, and asks no model."""

from __future__ import annotations

from rewriter.completion import Completion, Request
from rewriter.errors import NotRecordedError


class ReplayCompleter:
    """Answers nothing: `completion.asking` finds the recorded answers in the ledger first.

    Only a request that is not recorded comes here.
    """

    name = "replay"

    async def complete(self, request: Request) -> Completion:
        """Raises `NotRecordedError`."""
        raise NotRecordedError(
            f"the request {request.digest()[:12]} to {request.model} is not recorded: article, "
            "prompt or model has changed, or an answer is missing; record it again, or choose "
            "another --engine"
        )

    async def aclose(self) -> None:
        """Nothing is held open."""
