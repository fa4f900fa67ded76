"""Good answers and errors in the shapes that servers and gateways are known to give them.

Each is a fault by name, as those in `tests.provider.faults`: it takes the request and the good
answer and gives the response instead of it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from tests.provider.faults import Fault, Good, answering

# A draft in a model's reasoning, whole and cut, as models write them.
_DRAFT = 'First {"headline": "A draft", "overview": "..."} then {"headline": "no'


def _message(change: Callable[[str], Mapping[str, Any]], finish: str | None = "stop") -> Fault:
    """The good answer with its message replaced by what `change` makes of its text."""

    async def respond(_: web.Request, good: Good) -> web.StreamResponse:
        text = good.completion["choices"][0]["message"]["content"]
        message = {"role": "assistant", **change(text)}
        choice = {"index": 0, "message": message, "finish_reason": finish}
        return web.json_response({**good.completion, "choices": [choice]})

    return respond


def _body(change: Callable[[dict[str, Any]], object], status: int = 200) -> Fault:
    """The body that `change` makes of the good completion."""

    async def respond(_: web.Request, good: Good) -> web.StreamResponse:
        return web.json_response(change(good.completion), status=status)

    return respond


def _text(completion: Mapping[str, Any]) -> str:
    return str(completion["choices"][0]["message"]["content"])


def _called(arguments: object) -> dict[str, Any]:
    call = {"id": "call_1", "type": "function", "function": {"name": "answer"}}
    call["function"] = {"name": "answer", "arguments": arguments}
    return {"content": None, "tool_calls": [call]}


def _usage(**numbers: object) -> Fault:
    return _body(lambda good: {**good, "usage": {**good["usage"], **numbers}})


def _choices(choices: object, **more: object) -> Fault:
    return _body(lambda good: {**good, "choices": choices, **more})


def _reported(status: int, body: object) -> Fault:
    return _body(lambda _: body, status)


def _openai(message: str, code: object, **more: object) -> dict[str, Any]:
    return {"error": {"message": message, "code": code, **more}}


def _doubled(text: str) -> str:
    return '{"headline": "Twice", ' + text[1:]


async def _events(request: web.Request, good: Good) -> web.StreamResponse:
    """The answer as a stream of events that nobody asked for."""
    text = _text(good.completion)
    half = len(text) // 2
    deltas = [{"content": part} for part in (text[:half], text[half:])]
    ends = [None, "stop"]
    events = [
        {**good.completion, "usage": None, "choices": [{"delta": delta, "finish_reason": end}]}
        for delta, end in zip(deltas, ends, strict=True)
    ]
    events.append({**good.completion, "choices": []})
    lines = [f"data: {json.dumps(event)}\n\n" for event in events] + ["data: [DONE]\n\n"]
    return web.Response(text="".join(lines), content_type="text/event-stream")


def _key(request: web.Request) -> str:
    return str(request.headers["Authorization"]).removeprefix("Bearer ")


async def _key_as_model(request: web.Request, good: Good) -> web.StreamResponse:
    """A gateway that names the caller's key in the model's name and in the answer's id."""
    named = {"model": f"house/{_key(request)}", "id": _key(request)}
    return web.json_response({**good.completion, **named})


async def _key_in_text(request: web.Request, good: Good) -> web.StreamResponse:
    """A model that was shown its caller's key, which JSON may write with escapes."""
    completion = json.loads(json.dumps(good.completion))
    message = completion["choices"][0]["message"]
    rewrite = json.loads(message["content"])
    rewrite["overview"] += f" Its key is {_key(request)}."
    escaped = f"\\u{ord(_key(request)[0]):04x}{_key(request)[1:]}"
    message["content"] = json.dumps(rewrite).replace(_key(request), escaped)
    return web.json_response(completion)


async def _huge(_: web.Request, __: Good) -> web.StreamResponse:
    return web.Response(body=b'{"choices": "' + b"a" * 5_000_000 + b'"}')


async def _gzip_bomb(_: web.Request, __: Good) -> web.StreamResponse:
    data = gzip.compress(b"a" * 8_000_000, 1)
    return web.Response(body=data, headers={"Content-Encoding": "gzip"})


async def _gzipped(_: web.Request, good: Good) -> web.StreamResponse:
    data = gzip.compress(json.dumps(good.completion).encode())
    return web.Response(
        body=data, headers={"Content-Encoding": "gzip"}, content_type="application/json"
    )


async def _gzip_damaged(_: web.Request, good: Good) -> web.StreamResponse:
    data = gzip.compress(json.dumps(good.completion).encode())
    return web.Response(body=data[: len(data) // 2], headers={"Content-Encoding": "gzip"})


async def _lines(_: web.Request, good: Good) -> web.StreamResponse:
    """A stream of JSON lines that nobody asked for."""
    text = _text(good.completion)
    pieces = [text[start : start + 20] for start in range(0, len(text), 20)]
    lines = [{"message": {"content": piece}, "done": False} for piece in pieces]
    end = {"done": True, "done_reason": "stop", "prompt_eval_count": 700, "eval_count": 500}
    told = "".join(f"{json.dumps(line)}\n" for line in [*lines, end])
    return web.Response(text=told, content_type="application/x-ndjson")


async def _blocked_page(_: web.Request, __: Good) -> web.StreamResponse:
    """Its words are of whoever wrote the page: they tell nothing about the article or the key."""
    page = (
        "<!DOCTYPE html><html><head><title>Attention Required!</title></head><body>You have been "
        "blocked by a filter. Your credit balance and context length are not the reason.</body>"
    )
    return web.Response(text=page, status=403, content_type="text/html")


async def _redirect(request: web.Request, _: Good) -> web.StreamResponse:
    """To the same server under another name: another origin."""
    raise web.HTTPTemporaryRedirect(f"http://localhost:{request.url.port}/v1/elsewhere")


_RETRY_INFO = {
    "code": 429,
    "message": "Resource has been exhausted (e.g. check quota).",
    "status": "RESOURCE_EXHAUSTED",
    "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.3s"}],
}
_KEY_REFUSED = {
    "code": 400,
    "message": "API key not valid. Please pass a valid API key.",
    "status": "INVALID_ARGUMENT",
    "details": [{"reason": "API_KEY_INVALID", "domain": "googleapis.com"}],
}
_NOT_GENERATED = "Failed to generate JSON. Please adjust your prompt. See 'failed_generation'."
# The model's text, quoted in an error, names what no error objects to.
_QUOTED = '{"headline": "response_format is unsupported", "temperature": "not supported"'

SHAPES: dict[str, Fault] = {
    # answers that can be used
    "parts": _message(
        lambda text: {
            "content": [
                {"type": "text", "text": text[:40]},
                {"type": "text", "text": text[40:]},
            ]
        }
    ),
    "thinking-parts": _message(
        lambda text: {
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": _DRAFT}]},
                {"type": "text", "text": text},
            ]
        }
    ),
    "reasoning-content": _message(lambda text: {"content": None, "reasoning_content": text}),
    "reasoning": _message(lambda text: {"content": "", "reasoning": text}),
    "tool-call": _message(_called, "tool_calls"),
    "tool-call-object": _message(lambda text: _called(json.loads(text)), "tool_calls"),
    "custom-tool": _message(
        lambda text: {
            "content": None,
            "tool_calls": [{"type": "custom", "custom": {"input": text}}],
        }
    ),
    "function-call": _message(
        lambda text: {"content": None, "function_call": {"name": "answer", "arguments": text}},
        "function_call",
    ),
    "think": answering(lambda text: f"<think>{_DRAFT}</think>\n{text}"),
    "think-unopened": answering(lambda text: f"{_DRAFT}\n</think>\n\n```json\n{text}\n```"),
    "think-brackets": answering(lambda text: f"[THINK]{_DRAFT}[/THINK]{text}"),
    "think-markers": answering(
        lambda text: f"<|begin_of_thought|>{_DRAFT}<|end_of_thought|>\n{text}"
    ),
    "channels": answering(
        lambda text: (
            f"<|channel|>analysis<|message|>{_DRAFT}<|end|><|start|>assistant"
            f"<|channel|>final<|message|>{text}"
        )
    ),
    "wrapped": answering(lambda text: json.dumps({"rewrite": json.loads(text)})),
    "list-of-one": answering(lambda text: f"[{text}]"),
    "string": answering(json.dumps),
    "named-arguments": answering(lambda text: json.dumps({"name": "answer", "arguments": text})),
    "end-of-text": answering(lambda text: text, "eos_token"),
    "events": _events,
    "messages-api": _body(
        lambda good: {
            "type": "message",
            "model": good["model"],
            "content": [{"type": "text", "text": _text(good)}],
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 700, "output_tokens": 500},
        }
    ),
    "converse": _body(
        lambda good: {
            "output": {"message": {"role": "assistant", "content": [{"text": _text(good)}]}},
            "stopReason": "end_turn",
            "usage": {"inputTokens": 700, "outputTokens": 500, "totalTokens": 1200},
        }
    ),
    "enveloped": _body(lambda good: {"success": True, "errors": [], "result": good}),
    "lines": _lines,
    "gzip": _gzipped,
    "key-as-model": _key_as_model,
    "key-in-text": _key_in_text,
    "usage-cut": _usage(prompt_tokens=100),
    "usage-absurd": _usage(prompt_tokens=10**30),
    "usage-negative": _usage(prompt_tokens_details={"cached_tokens": -5_000_000}),
    # answers that are paid for and cannot be used
    "no-choices": _choices([]),
    "null-choices": _choices(None),
    "blocked": _choices(None, promptFeedback={"blockReason": "PROHIBITED_CONTENT"}),
    "finish-safety": answering(lambda _: "", "SAFETY"),
    "finish-sensitive": answering(lambda text: text[:30], "sensitive"),
    "finish-max-tokens": answering(lambda text: text[: len(text) // 2], "MAX_TOKENS"),
    "duplicate-keys": answering(_doubled),
    "generation-failed": _reported(
        400, _openai(_NOT_GENERATED, "json_validate_failed", failed_generation=_QUOTED)
    ),
    "generation-unfit": _reported(
        400, {"error": f"Model output does not match the expected schema: {_QUOTED}"}
    ),
    # answers that are paid for and that the provider broke off
    "finish-resource": answering(lambda text: text[:30], "insufficient_system_resource"),
    "finish-abort": answering(lambda text: text[:30], "abort"),
    "finish-network": answering(lambda text: text[:30], "network_error"),
    "choice-error": _choices(
        [
            {
                "message": {"content": ""},
                "finish_reason": "error",
                "error": {"code": 502, "message": "Upstream went away"},
            }
        ]
    ),
    "finish-context": answering(lambda text: text[:30], "model_context_window_exceeded"),
    # errors where nobody looks for them
    "200-unauthorized": _body(lambda _: _openai("No auth credentials found", 401)),
    "200-no-credit": _body(lambda _: _openai("This request requires more credits", 402)),
    "200-forbidden": _body(lambda _: _openai("Your region is not served", 403)),
    "200-rate-limit": _body(lambda _: _openai("Provider returned error", 429)),
    "200-unavailable": _body(
        lambda _: {"object": "error", "message": "No workers", "code": 503, "choices": None}
    ),
    "200-verdict": _body(
        lambda _: {
            "choices": None,
            "base_resp": {"status_code": 1008, "status_msg": "insufficient balance"},
        }
    ),
    "list": _reported(400, [{"error": _KEY_REFUSED}]),
    "errors": _reported(422, {"errors": [{"code": 7003, "message": "messages: no such role"}]}),
    "detail": _reported(
        422,
        {"detail": [{"loc": ["body", "messages"], "msg": "Field required", "type": "missing"}]},
    ),
    "message-code": _reported(400, {"message": "messages: no such role", "code": "1214"}),
    "nested": _reported(
        400,
        _openai(
            "Provider returned error",
            400,
            metadata={"raw": json.dumps(_openai("messages: no such role", "wrong_role"))},
        ),
    ),
    "wrong-endpoint": _body(
        lambda _: {"error": "Unexpected endpoint or method. (POST /chat). Returning 200 anyway"}
    ),
    "blocked-page": _blocked_page,
    "not-served": _reported(400, _openai("User location is not supported for the API use.", 400)),
    "balance-403": _reported(403, _openai("Insufficient balance, please recharge", "30001")),
    "hard-limit-400": _reported(400, _openai("Billing hard limit has been reached", None)),
    "key-400": _reported(400, _openai("Incorrect API key provided", "invalid_request_error")),
    "model-400": _reported(400, _openai("house/model is not a valid model ID", 400)),
    "retry-delay": _reported(429, [{"error": _RETRY_INFO}]),
    "per-minute": _reported(
        413,
        _openai(
            "Request too large for model on tokens per minute (TPM): Limit 6000, Requested 9000",
            "rate_limit_exceeded",
        ),
    ),
    "window-400": _reported(
        400,
        {"error": {"code": 400, "message": "the request exceeds the available context size"}},
    ),
    "window-500": _reported(500, _openai("prompt is too long: 9000 tokens > 8192 maximum", None)),
    "flagged-403": _reported(403, _openai("Your input was flagged by moderation", 403)),
    # what no answer has
    "huge": _huge,
    "gzip-bomb": _gzip_bomb,
    "gzip-damaged": _gzip_damaged,
    "redirect": _redirect,
}
