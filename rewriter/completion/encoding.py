"""Encodes a `Request` as the body of a chat-completions call."""

from __future__ import annotations

import json
from typing import Any

from rewriter.completion import ChatMessage, Request
from rewriter.completion.capabilities import BOUNDS, TOKEN_LIMITS, Capabilities


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
    """The schema as text inside the system message; the cacheable prefix stays the same."""
    instruction = "Answer with one JSON object and nothing else. It must fit this JSON schema:\n"
    instruction += json.dumps(schema, ensure_ascii=False)
    if messages and messages[0].role == "system":
        first, *rest = messages
        return (ChatMessage(role="system", content=f"{first.content}\n\n{instruction}"), *rest)
    return (ChatMessage(role="system", content=instruction), *messages)


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
