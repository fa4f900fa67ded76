"""Who answers: the protocol of all completers; its kinds live beside this file."""

from __future__ import annotations

from typing import Protocol

from rewriter.request import Completion, FinishReason, Message, Request

__all__ = ["Completer", "Completion", "FinishReason", "Message", "Request"]


class Completer(Protocol):
    """Anything that turns a request into a completion.

    `complete` raises only `RewriterError`s: `Transient` once its own retries are used up, or
    `Permanent`. It returns answers that cannot be used (`finish_reason` other than `stop`, text
    that is not JSON) as they are: they were paid for, and are stored before anyone judges them.
    """

    name: str

    async def complete(self, request: Request) -> Completion:
        """Ask once."""
        ...

    async def aclose(self) -> None:
        """Release connections; the completer is not used afterwards."""
        ...
