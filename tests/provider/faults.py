"""Every way a provider can fail, by name.

A fault takes the request and the good answer and gives the response instead of it. Persistent
traits of a server (what it refuses in every request) are `OBJECTIONS`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NamedTuple

from aiohttp import web


class Good(NamedTuple):
    """A request's body and the completion that answers it."""

    body: Mapping[str, Any]
    completion: dict[str, Any]


Fault = Callable[[web.Request, Good], Awaitable[web.StreamResponse]]

# Long enough that no test waits for it: its client gives up first.
_FOREVER = 600.0
_PAGE = "<!DOCTYPE html><html><head><title>Sorry</title></head><body>Try again.</body></html>"


def error(
    status: int,
    message: str,
    *,
    code: str | None = None,
    kind: str = "invalid_request_error",
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """An error in OpenAI's form."""
    told = {"message": message, "type": kind, "param": param, "code": code}
    return web.json_response({"error": told}, status=status, headers=headers)


def _status(status: int, message: str, **details: Any) -> Fault:
    async def respond(_: web.Request, __: Good) -> web.StreamResponse:
        return error(status, message, **details)

    return respond


def _limited(headers: Callable[[], Mapping[str, str]]) -> Fault:
    async def respond(_: web.Request, __: Good) -> web.StreamResponse:
        return error(
            429,
            "Rate limit reached for requests",
            code="rate_limit_exceeded",
            kind="requests",
            headers=headers(),
        )

    return respond


def _in_a_second() -> Mapping[str, str]:
    # A date has whole seconds: one from now rounds down to at once, two do not.
    when = datetime.now(UTC) + timedelta(seconds=2)
    return {"retry-after": format_datetime(when, usegmt=True)}


def answering(change: Callable[[str], str | None], finish: str = "stop", **message: Any) -> Fault:
    """The good answer with its text changed."""

    async def respond(_: web.Request, good: Good) -> web.StreamResponse:
        choice = good.completion["choices"][0]
        content = change(choice["message"]["content"])
        replaced = {**choice["message"], "content": content, **message}
        changed = {**choice, "message": replaced, "finish_reason": finish}
        return web.json_response({**good.completion, "choices": [changed]})

    return respond


async def _at_the_limit(request: web.Request, good: Good) -> web.StreamResponse:
    """Half of the answer, and as many tokens as the request allows."""
    limit = good.body.get("max_completion_tokens") or good.body.get("max_tokens") or 100
    good.completion["usage"]["completion_tokens"] = limit
    return await FAULTS["cut-short"](request, good)


async def _page(_: web.Request, __: Good) -> web.StreamResponse:
    return web.Response(text=_PAGE, content_type="text/html")


async def _gateway_page(_: web.Request, __: Good) -> web.StreamResponse:
    return web.Response(text=_PAGE, content_type="text/html", status=502)


async def _reset(request: web.Request, _: Good) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _cut_body(request: web.Request, good: Good) -> web.StreamResponse:
    """Half of the body, then a reset."""
    data = json.dumps(good.completion).encode()
    response = web.StreamResponse(headers={"content-length": str(len(data))})
    await response.prepare(request)
    await response.write(data[: len(data) // 2])
    if request.transport is not None:
        request.transport.abort()
    return response


async def _hang(_: web.Request, __: Good) -> web.StreamResponse:
    await asyncio.sleep(_FOREVER)
    return web.Response()


async def _drip(request: web.Request, good: Good) -> web.StreamResponse:
    """A byte every 50 ms: no single read ever takes long."""
    response = web.StreamResponse(headers={"content-type": "application/json"})
    await response.prepare(request)
    for byte in json.dumps(good.completion).encode():
        await asyncio.sleep(0.05)
        await response.write(bytes([byte]))
    return response


async def _no_usage(_: web.Request, good: Good) -> web.StreamResponse:
    return web.json_response({k: v for k, v in good.completion.items() if k != "usage"})


async def _not_a_completion(_: web.Request, __: Good) -> web.StreamResponse:
    return web.json_response({"status": "fine"})


FAULTS: dict[str, Fault] = {
    "bad-request": _status(400, "messages: wrong role"),
    "too-large": _status(400, "max_completion_tokens is too large: 500", code="invalid_value"),
    "too-long": _status(400, "maximum context length", code="context_length_exceeded"),
    "filter-400": _status(400, "The prompt was filtered", code="content_filter"),
    "unauthorized": _status(401, "Incorrect API key provided: sk-test-****9f", code="invalid_key"),
    "no-credit": _status(402, "Insufficient balance"),
    "forbidden": _status(403, "Country or region not supported"),
    "not-found": _status(404, "The model does not exist", code="model_not_found"),
    "request-timeout": _status(408, "Request timed out"),
    "conflict": _status(409, "Conflict"),
    "rate-limit": _limited(dict),
    "rate-limit-seconds": _limited(lambda: {"retry-after": "1"}),
    "rate-limit-date": _limited(_in_a_second),
    "rate-limit-ms": _limited(lambda: {"retry-after-ms": "700"}),
    "rate-limit-long": _limited(lambda: {"retry-after": "3600"}),
    "quota": _status(429, "You exceeded your quota", code="insufficient_quota"),
    "server-error": _status(500, "The server had an error", kind="server_error"),
    "bad-gateway": _gateway_page,
    "unavailable": _status(503, "Overloaded", kind="server_error"),
    "reset": _reset,
    "cut-body": _cut_body,
    "hang": _hang,
    "drip": _drip,
    "page": _page,
    "not-a-completion": _not_a_completion,
    "no-usage": _no_usage,
    "empty": answering(lambda _: ""),
    "null": answering(lambda _: None),
    "refusal": answering(lambda _: None, refusal="I can't help with that."),
    "content-filter": answering(lambda _: "", finish="content_filter"),
    "length": _at_the_limit,
    "cut-short": answering(lambda text: text[: len(text) // 2], finish="length"),
    "cut-json": answering(lambda text: text[: len(text) // 2]),
    "page-content": answering(lambda _: _PAGE),
    "fenced": answering(lambda text: f"```json\n{text}\n```"),
    "prose-around": answering(lambda text: f"Here is the rewrite:\n\n{text}\n\nAnything else?"),
    "violation": answering(lambda _: '{"headline": 7, "overview": ["no"]}'),
}
# What `--fail-rate` draws from: the faults that a patient client survives. Not "length": an answer
# that fills a limit raised for it, by chance as here, is final.
MIXED = (
    "rate-limit",
    "rate-limit-ms",
    "server-error",
    "bad-gateway",
    "unavailable",
    "reset",
    "cut-body",
    "drip",
    "cut-json",
    "cut-short",
)


def _refuse_schema(body: Mapping[str, Any]) -> web.Response | None:
    if body.get("response_format", {}).get("type") != "json_schema":
        return None
    message = "response_format type 'json_schema' is not supported by this model"
    return error(400, message, param="response_format")


def _refuse_bounds(body: Mapping[str, Any]) -> web.Response | None:
    if "maxLength" not in json.dumps(body.get("response_format", {})):
        return None
    message = "Invalid schema for response_format 'answer': 'maxLength' is not permitted."
    return error(400, message, param="response_format")


def _refuse_json_object(body: Mapping[str, Any]) -> web.Response | None:
    if body.get("response_format", {}).get("type") != "json_object":
        return None
    return error(422, "response_format: json_object is unknown to this server")


def _refuse_parameter(name: str) -> Callable[[Mapping[str, Any]], web.Response | None]:
    def refuse(body: Mapping[str, Any]) -> web.Response | None:
        message = f"Unsupported parameter: '{name}' is not supported with this model."
        refused = error(400, message, param=name, code="unsupported_parameter")
        return refused if name in body else None

    return refuse


OBJECTIONS: Mapping[str, Callable[[Mapping[str, Any]], web.Response | None]] = {
    "schema": _refuse_schema,
    "bounds": _refuse_bounds,
    "json-object": _refuse_json_object,
    "temperature": _refuse_parameter("temperature"),
    "max_tokens": _refuse_parameter("max_tokens"),
    "max_completion_tokens": _refuse_parameter("max_completion_tokens"),
    "prompt_cache_key": _refuse_parameter("prompt_cache_key"),
}
