"""What is asked of a model, and what comes back."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from rewriter.article import Source, Usage, Value, digest

FinishReason = Literal["stop", "length", "content_filter", "refusal"]


class ChatMessage(Value):
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


class Request(Value):
    """One question to a model.

    `parameters` are sent unchanged (`temperature`, `max_completion_tokens`, ...). `cache_key`,
    `source` and `role` are not part of the digest. `source` is never sent; completers without a
    model read it. `role` says who is asked, because the second reader may have another provider.
    """

    messages: tuple[ChatMessage, ...]
    model: str
    json_schema: dict[str, Any]
    parameters: dict[str, Any] = Field(default_factory=dict)
    cache_key: str = Field(default="", exclude=True)
    source: Source | None = Field(default=None, exclude=True, repr=False)
    role: Literal["writer", "reader"] = Field(default="writer", exclude=True)

    def digest(self) -> str:
        """SHA-256 (hex) of messages, model, parameters and schema; never of a key or a URL."""
        return digest(self.model_dump(mode="json"))


class Completion(Value):
    """One answer: the raw text, and its usage.

    `model` is the model that answered, which may differ from the one asked. `latency` in seconds.
    `unanswered` counts the calls before it that timed out and may be billed; it is not
    stored. `interrupted` is the usage of answers before it that the provider broke off; nor is it.
    """

    text: str
    model: str
    finish_reason: FinishReason = "stop"
    usage: Usage = Usage()
    request_id: str | None = None
    latency: float = 0.0
    unanswered: int = Field(default=0, exclude=True)
    interrupted: Usage = Field(default=Usage(), exclude=True)
