"""What the completers' tests share: requests, and a client that does not wait long."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest_asyncio

from rewriter.completion.limits import Limits
from rewriter.completion.remote import RemoteCompleter
from rewriter.request import ChatMessage, Request

SCHEMA = {
    "type": "object",
    "properties": {
        "headline": {"type": "string", "minLength": 1, "maxLength": 80},
        "bullets": {
            "type": "array",
            "items": {"type": "string", "maxLength": 200},
            "minItems": 2,
            "maxItems": 4,
        },
    },
    "required": ["headline", "bullets"],
    "additionalProperties": False,
}
ARTICLE = (
    "<article><title>Grain exports rise</title><text>"
    "Grain exports rose by 12% to 4.1 million tonnes in May. "
    "Ports on the coast worked through the holidays to load the ships.\n\n"
    "Millers expect prices to fall before the autumn harvest."
    "</text></article>"
)

Connect = Callable[..., RemoteCompleter]


# For tests that count calls: on a busy machine a call takes longer than the time-out of others.
PATIENT = Limits(timeout=30.0, deadline=60.0, attempts=3, first_wait=0.01)
# For tests in which no answer comes.
HURRIED = Limits(timeout=1.5, deadline=12.0, attempts=3, first_wait=0.01)


@pytest_asyncio.fixture
async def connect() -> AsyncIterator[Connect]:
    """Makes completers for a base URL and closes them."""
    async with AsyncExitStack() as stack:

        def make(base_url: str, **options: Any) -> RemoteCompleter:
            limits = options.pop(
                "limits", Limits(timeout=1.2, deadline=8.0, attempts=3, first_wait=0.01)
            )
            completer = RemoteCompleter(
                limits=limits, base_url=base_url, api_key="sk-secret-0123456789", **options
            )
            stack.push_async_callback(completer.aclose)
            return completer

        yield make


def request(**changes: Any) -> Request:
    """A request for a short answer."""
    plain = Request(
        messages=(
            ChatMessage(role="system", content="You rewrite."),
            ChatMessage(role="user", content=ARTICLE),
        ),
        model="gpt-4.1-mini",
        json_schema=SCHEMA,
        parameters={"temperature": 0.3, "max_completion_tokens": 500},
        cache_key="rewrite-v1-en",
    )
    return plain.model_copy(update=changes)
