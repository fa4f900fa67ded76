"""The protocol of all completers. Each kind of completer is a module in this folder."""

from __future__ import annotations

from typing import Protocol

from rewriter.request import ChatMessage, Completion, FinishReason, Request

__all__ = ["ChatMessage", "Completer", "Completion", "FinishReason", "Request"]


class Completer(Protocol):
    """Anything that turns a request into a completion.

    `complete` raises only `RewriterError`s: `Transient` when its own retries are used up, or
    `Permanent`. It also returns an answer that cannot be used (a `finish_reason` other than
    `stop`, text that is not JSON). That answer was paid for, so it is stored before it is judged.
    """

    name: str

    async def complete(self, request: Request) -> Completion:
        """Ask once."""
        ...

    async def aclose(self) -> None:
        """Release the connections. The completer is not used afterwards."""
        ...
