"""Decodes the body of an answer with status 200, whatever shape a server gives it.

The answer was paid for, so its text and its usage are looked for in every place that servers of the
chat-completions protocol, and gateways to other protocols, are known to put them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rewriter.article import Usage
from rewriter.completion import Completion, FinishReason, bodies
from rewriter.completion.billing import usage_of
from rewriter.completion.reported import Reported, error_in_answer, reported
from rewriter.escaping import received, redacted
from rewriter.prices import Price, price_of

# Reasons to finish, in the words of all vendors. An unknown reason counts as the end of a whole
# answer. The text shows whether that is true.
_WINDOW_FULL = re.compile(r"context|^error_limit$")
_LENGTH = re.compile(r"length|max_?\w*tokens?|token_limit|truncat|^limit$|^incomplete$")
_FILTER = re.compile(
    r"filter|safety|sensitive|recitation|blocklist|blocked|prohibited|spii|guardrail|moderat|policy"
    r"|toxic|black_?list"
)
_INTERRUPTED = re.compile(
    r"error|abort|cancel|interrupt|time_?d?_?(?:out|limit)|resource|network|overload|unavailable|fail|crash"
    r"|disconnect|preempt|shutdown"
)
# The keys of the text of a message, and those of servers that take an answer for reasoning.
_REASONING = (
    *("reasoning_content", "reasoning", "reasoning_details", "reasoning_text", "thinking"),
    "thoughts",
)
_TEXT_KEYS = (
    *("text", "output_text", "outputText", "content", "parts", "message", "response"),
    *("generated_text", "generation", "completion", "candidates", "transcript", "audio", "refusal"),
)
_CALLS = ("functionCall", "toolUse", "custom")
_FINISH = (
    *(
        "native_finish_reason",
        "finish_reason",
        "finishReason",
        "stop_reason",
        "stopReason",
        "done_reason",
    ),
    *("completionReason", "stop_type"),
)
_MOST_LEVELS = 6


class Timing(NamedTuple):
    """What is known about a call apart from its body."""

    request_id: str | None
    latency: float


def decode(
    body: bytes, asked_model: str, timing: Timing, prices: Mapping[str, Price]
) -> Completion | Reported:
    """The completion in the body of an answer with status 200, or the error that it reports.

    An answer that the provider broke off is an error with status 503. Raises `ValueError` with the
    reason when the body is neither.
    """
    try:
        answer = bodies.read(body)
    except ValueError as error:
        raise ValueError(_reason(body)) from error
    model = _string(answer.get("model")) or asked_model
    usage = usage_of(answer, price_of(model, prices) or price_of(asked_model, prices))
    choice = _choice(answer)
    if error_in_answer(answer) or choice.get("error"):
        report = reported([answer, choice], {}, None)
        return report.model_copy(update={"usage": usage or Usage()})
    message = _message(choice)
    text = _text_of(message)
    if not (choice or text or usage or _is_blocked(answer)):
        raise ValueError(_reason(body))
    finish = _finish(answer, choice, message)
    if isinstance(finish, Reported):
        return finish.model_copy(update={"usage": usage or Usage(cost=None)})
    return Completion(
        text=received(_refusal(message) or text),
        model=received(model),
        finish_reason=finish,
        usage=usage or Usage(cost=None),
        request_id=received(timing.request_id or _string(answer.get("id"))) or None,
        latency=round(timing.latency, 3),
    )


# --- the parts of an answer --------------------------------------------------------------------


def _choice(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The first choice with a text, or the first of all; or what other protocols call so."""
    choices = [choice for key in bodies.LISTS if key in answer for choice in _choices(answer[key])]
    with_text = (choice for choice in choices if _text_of(_message(choice)))
    choice = next(with_text, choices[0] if choices else {})
    if choice or "choices" in answer:
        return choice
    if isinstance(answer.get("message"), dict):
        return {"message": answer["message"]}
    texts = {key: answer[key] for key in (*_TEXT_KEYS, "result") if answer.get(key)}
    return {"message": texts} if texts else {}


def _choices(value: object) -> list[dict[str, Any]]:
    """The choices in a list, in an object, or in the pieces of one text."""
    if isinstance(value, dict):
        return [value] if "message" in value or "text" in value else _choices([*value.values()])
    if not isinstance(value, list):
        return []
    texts = [piece for piece in value if isinstance(piece, str)]
    if texts:
        return [{"message": {"content": "".join(texts)}}]
    return [choice for choice in value if isinstance(choice, dict)]


def _message(choice: Mapping[str, Any]) -> dict[str, Any]:
    for key in ("message", "delta"):
        if isinstance(choice.get(key), dict):
            return dict(choice[key])
    return dict(choice)


def _text_of(message: Mapping[str, Any]) -> str:
    """The text of a message: its content, a tool's arguments, or what was taken for reasoning."""
    reasoning = {key: message[key] for key in _REASONING if key in message}
    rest = {key: value for key, value in message.items() if key not in reasoning}
    text = "\n".join(part for part in (_text(rest), _arguments(message)) if part)
    return text or _object_of(message) or _text(list(reasoning.values()), thoughts=True)


def _object_of(message: Mapping[str, Any]) -> str:
    """The answer that a server has parsed already, as JSON."""
    parsed = (message.get(key) for key in ("parsed", "output_parsed", "content", "response"))
    found = next((value for value in parsed if isinstance(value, dict) and value), None)
    return json.dumps(found, ensure_ascii=False) if found else ""


def _text(value: object, level: int = 0, *, thoughts: bool = False) -> str:
    """The text in a string, in a list of parts, or under a key for text."""
    if isinstance(value, str):
        return value if value.strip() else ""
    if level > _MOST_LEVELS:
        return ""
    if isinstance(value, list):
        return "".join(_text(part, level + 1, thoughts=thoughts) for part in value)
    if not isinstance(value, dict):
        return ""
    if not thoughts and ("think" in _string(value.get("type")) or value.get("thought") is True):
        return ""
    keys = (*_TEXT_KEYS, "summary", *_REASONING) if thoughts else (*_TEXT_KEYS, "result")
    found = (_text(value.get(key), level + 1, thoughts=thoughts) for key in keys)
    return next((text for text in found if text), "")


def _arguments(message: Mapping[str, Any]) -> str:
    """The arguments of the first tool call that has any, as JSON."""
    for call in _calls(message):
        function = call.get("function") if isinstance(call.get("function"), dict) else call
        for key in ("arguments", "input", "args", "parameters"):
            arguments = function.get(key) if isinstance(function, dict) else None
            if isinstance(arguments, str) and arguments.strip():
                return arguments
            if isinstance(arguments, dict) and arguments:
                return json.dumps(arguments, ensure_ascii=False)
    return ""


def _calls(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key in ("function_call", "functionCall", "tool_calls", "content", "parts"):
        value = message.get(key)
        for call in value if isinstance(value, list) else [value]:
            if isinstance(call, dict):
                yield call
                yield from (call[k] for k in _CALLS if isinstance(call.get(k), dict))


# --- why it ended ------------------------------------------------------------------------------


def _finish(
    answer: Mapping[str, Any], choice: Mapping[str, Any], message: Mapping[str, Any]
) -> FinishReason | Reported:
    """Why the answer ended; an error where the provider broke it off or the window was full."""
    if _refusal(message):
        return "refusal"
    raw = next(_reasons(answer, choice, message), "")
    reason = re.sub(r"\W+", "_", raw.lower())
    if "refus" in reason:
        return "refusal"
    if _FILTER.search(reason) or (not choice and _is_blocked(answer)):
        return "content_filter"
    if _WINDOW_FULL.search(reason):
        return Reported(status=400, message=f"the context window is full ({received(raw)})")
    if _INTERRUPTED.search(reason):
        return Reported(status=503, message=f"the provider broke the answer off ({received(raw)})")
    return "length" if _LENGTH.search(reason) else "stop"


def _reasons(
    answer: Mapping[str, Any], choice: Mapping[str, Any], message: Mapping[str, Any]
) -> Iterator[str]:
    """The reasons to finish in an answer. The most specific comes first."""
    inside = (answer.get("incomplete_details"), choice.get("details"), answer.get("details"))
    nested = [part for part in (*inside, answer.get("meta_info")) if isinstance(part, dict)]
    for part in (choice, message, *nested, answer):
        for key in _FINISH:
            value = part.get(key)
            value = value.get("type") if isinstance(value, dict) else value
            if isinstance(value, str) and value:
                yield value
    yield from (part["reason"] for part in nested if _string(part.get("reason")))
    if answer.get("is_truncated") is True or choice.get("is_truncated") is True:
        yield "length"
    yield from filter(None, (_string(part.get("status")) for part in (choice, answer)))


def _refusal(message: Mapping[str, Any]) -> str:
    """The words of a refusal in a message, or in one of its parts."""
    content = message.get("content")
    parts = [message, *(content if isinstance(content, list) else ())]
    refusals = (_string(part.get("refusal")) for part in parts if isinstance(part, dict))
    return next(filter(None, refusals), "")


def _is_blocked(answer: Mapping[str, Any]) -> bool:
    """Whether the provider answers that it blocked the article."""
    feedback = answer.get("promptFeedback") or answer.get("prompt_feedback") or answer
    if not isinstance(feedback, dict):
        return False
    if any(feedback.get(key) for key in ("blockReason", "block_reason", "blocked")):
        return True
    return '"filtered": true' in json.dumps(answer.get("prompt_filter_results"))


# --- small readings ----------------------------------------------------------------------------


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _reason(body: bytes) -> str:
    """Why a body is no answer."""
    start = body[:500].decode("utf-8", "replace").strip()
    if start.startswith("<"):
        return "a web page instead of JSON"
    return f"not a chat completion: {redacted(start)[:100]}" if start else "an empty body"
