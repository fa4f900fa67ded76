"""The chat-completions protocol: a `Request` to a body, an answer to a `Completion`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import (
    BaseModel,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from rewriter.article import Usage
from rewriter.completion import ChatMessage, Completion, FinishReason, Request
from rewriter.completion.capabilities import BOUNDS, TOKEN_LIMITS, Capabilities
from rewriter.prices import Price, price_of


def encode(request: Request, capabilities: Capabilities) -> dict[str, Any]:
    """The JSON body of a chat-completions call."""
    body: dict[str, Any] = {"model": request.model, "messages": _messages(request, capabilities)}
    for name, value in request.parameters.items():
        body[TOKEN_LIMITS.get(name, name) if capabilities.renamed_limit else name] = value
    if request.cache_key:
        body["prompt_cache_key"] = request.cache_key
    response_format = _response_format(request, capabilities)
    if response_format:
        body["response_format"] = response_format
    return {name: value for name, value in body.items() if name not in capabilities.without}


def _messages(request: Request, capabilities: Capabilities) -> list[dict[str, str]]:
    messages = request.messages
    if capabilities.structure in ("json_object", "plain text"):
        messages = _with_schema(messages, request.json_schema)
    return [message.model_dump() for message in messages]


def _with_schema(
    messages: tuple[ChatMessage, ...], schema: dict[str, Any]
) -> tuple[ChatMessage, ...]:
    """The schema told in words, inside the system message, where the prefix stays cacheable."""
    told = "Answer with one JSON object and nothing else. It must fit this JSON schema:\n"
    told += json.dumps(schema, ensure_ascii=False)
    if messages and messages[0].role == "system":
        first, *rest = messages
        return (ChatMessage(role="system", content=f"{first.content}\n\n{told}"), *rest)
    return (ChatMessage(role="system", content=told), *messages)


def _response_format(request: Request, capabilities: Capabilities) -> dict[str, Any] | None:
    match capabilities.structure:
        case "strict schema":
            return _schema_format(request.json_schema)
        case "schema without bounds":
            return _schema_format(_unbounded(request.json_schema))
        case "json_object":
            return {"type": "json_object"}
        case "plain text":
            return None


def _schema_format(schema: object) -> dict[str, Any]:
    return {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": schema},
    }


def _unbounded(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: _unbounded(value) for key, value in schema.items() if key not in BOUNDS}
    if isinstance(schema, list):
        return [_unbounded(value) for value in schema]
    return schema


# --- the answer --------------------------------------------------------------------------------


class _Details(BaseModel):
    cached_tokens: int | None = None


class _Usage(BaseModel):
    """A bill; one that cannot be read is no reason to throw away the answer that was paid for."""

    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(default=0, ge=0)
    prompt_tokens_details: _Details | None = None


def _or_none(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError:
        return None


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Answer(BaseModel):
    """The parts of a chat completion that are used; servers add others freely."""

    choices: list[_Choice] = Field(min_length=1)
    model: str | None = None
    id: str | None = None
    usage: Annotated[_Usage | None, WrapValidator(_or_none)] = None


class Timing(NamedTuple):
    """What is known about a call beside its body."""

    request_id: str | None
    latency: float


def decode(
    body: bytes, asked_model: str, timing: Timing, prices: Mapping[str, Price]
) -> Completion:
    """The completion in the body of an answer with status 200.

    Raises `ValueError` with the reason when the body is not a chat completion.
    """
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError as error:
        raise ValueError(_reason(body)) from error
    choice = answer.choices[0]
    model = answer.model or asked_model
    return Completion(
        text=choice.message.refusal or choice.message.content or "",
        model=model,
        finish_reason=_finish(choice),
        usage=_usage(answer.usage, price_of(model, prices) or price_of(asked_model, prices)),
        request_id=timing.request_id or answer.id,
        latency=round(timing.latency, 3),
    )


def _finish(choice: _Choice) -> FinishReason:
    if choice.message.refusal:
        return "refusal"
    if choice.finish_reason in ("length", "content_filter"):
        return "length" if choice.finish_reason == "length" else "content_filter"
    return "stop"


def _usage(usage: _Usage | None, price: Price | None) -> Usage:
    if usage is None:
        return Usage(cost=None)
    details = usage.prompt_tokens_details
    cached = min((details.cached_tokens if details else 0) or 0, usage.prompt_tokens)
    tokens = (usage.prompt_tokens, usage.completion_tokens, cached)
    return Usage(
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
        cached_tokens=cached,
        cost=price.cost(*tokens) if price else None,
    )


def _reason(body: bytes) -> str:
    start = body[:200].decode("utf-8", "replace").strip()
    if start.startswith("<"):
        return "a web page instead of JSON"
    if not start:
        return "an empty body"
    return f"not a chat completion: {start[:100]}"
