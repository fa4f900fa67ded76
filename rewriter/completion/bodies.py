"""Reads the body of an answer with status 200 as one JSON object, however it was sent.

Servers and gateways send JSON, JSON in a JSON string, several values one after another, or a stream
of events that nobody asked for, and some wrap the answer in an object of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

# The keys of the choices of an answer, in all protocols.
LISTS = (
    *("choices", "candidates", "output", "outputs", "results", "generations", "alternatives"),
    "predictions",
)
# The keys under which gateways put another server's answer.
_WRAPPERS = ("data", "result", "body", "response", "output")
_ANSWERS = (
    *("message", "content", "text", "response", "generation", "generated_text", "completion"),
    *("outputText", "result"),
)
_EVENT_FIELD = re.compile(r"(?m)^(?:data: ?|(?:event|id|retry):.*$|:.*$)")
_MOST_VALUES, _MOST_LEVELS, _MOST_DIGITS = 100_000, 4, 40
_USAGE = ("usage", "usageMetadata")


def read(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises `ValueError` where there is none."""
    found = [one for value in _values(body) for one in _objects(value)]
    if not found:
        raise ValueError("no JSON object")
    return _unwrapped(found[0] if len(found) == 1 else _joined(found))


def _values(body: bytes) -> Iterator[object]:
    """The JSON values of a body; what is no JSON between them is left out."""
    decoder = json.JSONDecoder(parse_int=_integer)
    try:
        yield json.loads(body, parse_int=_integer)
    except RecursionError:
        return
    except ValueError:
        text = _EVENT_FIELD.sub("", body.decode("utf-8-sig", "replace"))
        position = len(text) if text.lstrip().startswith("<") else 0  # a page holds JSON, too
        for _ in range(_MOST_VALUES):
            start = text.find("{", position)
            if start < 0:
                return
            try:
                value, position = decoder.raw_decode(text, start)
            except (ValueError, RecursionError):
                return  # cut off: what follows may be a part of it
            yield value


def _integer(digits: str) -> int:
    """A number of any length: `int` refuses long ones, and the answer with it."""
    return int(digits[:_MOST_DIGITS])


def _objects(value: object, level: int = 0) -> Iterator[dict[str, Any]]:
    """The objects in `value`: itself, those of a list, or that of a JSON string."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _objects(part, level + 1) if level < 1 else ()
    elif isinstance(value, str) and value.lstrip().startswith("{") and level < 1:
        yield from _objects(_loaded(value), level + 1)


def _loaded(text: str) -> object:
    try:
        return json.loads(text, parse_int=_integer)
    except (ValueError, RecursionError):
        return None


def _unwrapped(answer: dict[str, Any], level: int = 0) -> dict[str, Any]:
    """The answer in `answer`, with its other keys."""
    if level > _MOST_LEVELS or any(isinstance(answer.get(key), list) for key in LISTS):
        return answer
    for key in _WRAPPERS:
        inner = answer.get(key)
        inner = _loaded(inner) if isinstance(inner, str) and inner[:1] == "{" else inner
        if not isinstance(inner, dict):
            continue
        inner = _unwrapped(inner, level + 1)
        if any(inner.get(name) for name in (*LISTS, *_ANSWERS)):
            others = {name: value for name, value in answer.items() if name not in (key, "message")}
            return {**others, **inner}
    return answer


# --- streams -----------------------------------------------------------------------------------


def _joined(events: list[dict[str, Any]]) -> dict[str, Any]:
    """One answer in the form of chat completions from the events of a stream, in any protocol."""
    whole = [event["response"] for event in events if event.get("type") == "response.completed"]
    if whole and isinstance(whole[-1], dict):
        return whole[-1]
    answer: dict[str, Any] = {}
    usage: dict[str, Any] = {}
    texts: dict[str, list[str]] = {"content": [], "reasoning_content": [], "refusal": []}
    arguments: list[str] = []
    finish = None
    for event in events:
        answer |= {key: value for key, value in event.items() if value}
        for part in (event, *_inside(event)):
            for key in _USAGE:
                usage |= _usage_of(part.get(key))
            finish = next(filter(None, (part.get(name) for name in _FINISH)), finish)
            for key, pieces in texts.items():
                pieces.extend(_pieces(part, key))
            arguments += _argument_pieces(part)
    message: dict[str, Any] = {key: "".join(pieces) for key, pieces in texts.items()}
    if arguments:
        message["tool_calls"] = [{"function": {"arguments": "".join(arguments)}}]
    kept = {k: v for k, v in answer.items() if k not in (*LISTS, *_ANSWERS, *_WRAPPERS, "delta")}
    return kept | {"usage": usage, "choices": [{"message": message, "finish_reason": finish}]}


_FINISH = ("finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason")


def _inside(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The parts of an event that carry a piece of text, from the outside inwards."""
    lists = (event[key] for key in LISTS if isinstance(event.get(key), list))
    first = next((choice for choice in next(lists, ()) if isinstance(choice, dict)), None)
    for part in (first, event.get("message"), event.get("delta"), event.get("content")):
        if isinstance(part, dict):
            yield part
            yield from _inside(part)


def _usage_of(usage: object) -> dict[str, Any]:
    known = usage.items() if isinstance(usage, dict) else ()
    return {name: value for name, value in known if value is not None}


def _pieces(part: Mapping[str, Any], key: str) -> Iterator[str]:
    """The pieces of text that one part of an event has for `key` of the message."""
    names = {
        "content": ("content", "text", "response", "generation", "completion"),
        "reasoning_content": ("reasoning_content", "reasoning", "thinking"),
        "refusal": ("refusal",),
    }[key]
    if key == "content" and str(part.get("type", "")).endswith("output_text.delta"):
        names = ("delta",)
    for name in names:
        value = part.get(name)
        if isinstance(value, str):
            yield value
        elif key == "content" and name == "content" and isinstance(value, list):
            yield from (_text(piece) for piece in value)
    if key == "content" and isinstance(part.get("parts"), list):
        yield from (_text(piece) for piece in part["parts"])


def _text(piece: object) -> str:
    if not isinstance(piece, dict) or piece.get("thought") is True:
        return ""
    text = piece.get("text")
    return text if isinstance(text, str) else ""


def _argument_pieces(part: Mapping[str, Any]) -> Iterator[str]:
    calls = part.get("tool_calls")
    for call in calls if isinstance(calls, list) else [part.get("function_call")]:
        function = call.get("function", call) if isinstance(call, dict) else None
        if isinstance(function, dict) and isinstance(function.get("arguments"), str):
            yield function["arguments"]
    if isinstance(part.get("partial_json"), str):
        yield part["partial_json"]
