"""A completer that plays answers from a list, for tests of what happens around it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from rewriter.article import Rewrite, Usage
from rewriter.completion import Completion, Request
from rewriter.errors import RewriterError

Step = Rewrite | Mapping[str, object] | str | RewriterError


class PlayedCompleter:
    """Answers the first request with the first step, and so on; remembers the requests."""

    def __init__(self, steps: Iterable[Step], name: str = "openai") -> None:
        self.name = name
        self.requests: list[Request] = []
        self._steps = iter(steps)

    async def complete(self, request: Request) -> Completion:
        """The next step: an error is raised, anything else is the answer's text."""
        self.requests.append(request)
        step = next(self._steps)
        if isinstance(step, RewriterError):
            raise step
        if isinstance(step, Rewrite):
            step = step.model_dump(mode="json")
        text = step if isinstance(step, str) else json.dumps(step)
        return Completion(
            text=text,
            model="played-1",
            usage=Usage(input_tokens=100, output_tokens=50, cost=0.01),
        )

    async def aclose(self) -> None:
        """Nothing is held open."""
