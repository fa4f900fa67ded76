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
from rewriter.completion import Completion, FinishReason
from rewriter.completion.billing import usage_of
from rewriter.completion.reported import Reported, error_in_answer, reported
from rewriter.prices import Price, price_of
from rewriter.redaction import received, redacted

# Reasons to finish, in the words of all vendors. An unknown reason is a plain end: the text tells.
_WINDOW_FULL = re.compile(r"context")
_LENGTH = re.compile(r"length|max_?\w*tokens?|token_limit|truncat")
_FILTER = re.compile(
    r"filter|safety|sensitive|recitation|blocklist|blocked|prohibited|spii|guardrail|moderat|policy"
)
_INTERRUPTED = re.compile(
    r"error|abort|cancel|interrupt|time_?d?_?out|resource|network|overload|unavailable|fail|crash"
    r"|disconnect|preempt|shutdown"
)
# Where the text of a message stands, and where servers put it that take an answer for reasoning.
_REASONING = ("reasoning_content", "reasoning", "reasoning_details", "thinking")
_TEXT_KEYS = ("text", "output_text", "content", "parts", "message", "response", "generated_text")
_LISTS = ("choices", "candidates", "output", "outputs", "results", "generations")
_MOST_LEVELS = 6
_ASCII_ESCAPE = re.compile(r"\\u00([2-7][0-9a-fA-F])")
_MOST_DIGITS = 40


class Timing(NamedTuple):
    """What is known about a call beside its body."""

    request_id: str | None
    latency: float


def decode(
    body: bytes, asked_model: str, timing: Timing, prices: Mapping[str, Price]
) -> Completion | Reported:
    """The completion in the body of an answer with status 200, or the error that it reports.

    An answer that the provider broke off is an error with status 503. Raises `ValueError` with the
    reason when the body is neither.
    """
    answer = _answer(body)
    model = _string(answer.get("model")) or asked_model
    usage = usage_of(answer, price_of(model, prices) or price_of(asked_model, prices))
    choice = _choice(answer)
    if error_in_answer(answer) or choice.get("error"):
        report = reported([answer, choice], {}, None)
        return report.model_copy(update={"usage": usage or Usage()})
    message = _message(choice)
    text = _text_of(message)
    if not (choice or text or usage or _is_blocked(answer)):
        raise ValueError(f"not a chat completion: {redacted(_start(body))[:100]}")
    finish = _finish(answer, choice, message)
    if isinstance(finish, Reported):
        return finish.model_copy(update={"usage": usage or Usage(cost=None)})
    return Completion(
        text=_without_keys(_string(message.get("refusal")) or text),
        model=received(model),
        finish_reason=finish,
        usage=usage or Usage(cost=None),
        request_id=received(timing.request_id or _string(answer.get("id"))) or None,
        latency=round(timing.latency, 3),
    )


# --- the parts of an answer --------------------------------------------------------------------


def _answer(body: bytes) -> dict[str, Any]:
    """The JSON object of a body; a stream of events becomes one object."""
    text = _start(body)
    if text.startswith(("data:", "event:", "id:", ":")):
        return _joined(body.decode("utf-8", "replace"))
    try:
        answer = json.loads(body, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise ValueError(_reason(text)) from error
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    if isinstance(answer, dict):
        return answer
    raise ValueError(_reason(text))


def _joined(stream: str) -> dict[str, Any]:
    """The answer in a stream of events, which some gateways send without being asked."""
    answer: dict[str, Any] = {}
    texts: dict[str, list[str]] = {"content": [], "reasoning_content": [], "refusal": []}
    finish = None
    for line in stream.splitlines():
        try:
            event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else None
        except (ValueError, RecursionError):
            continue  # "[DONE]"
        if not isinstance(event, dict):
            continue
        answer |= {key: value for key, value in event.items() if value}
        choice = _choice(event)
        finish = choice.get("finish_reason") or finish
        for key, told in texts.items():
            told.append(_string(_message(choice).get(key)))
    message = {key: "".join(told) for key, told in texts.items()}
    if not answer:
        raise ValueError("a stream of events instead of JSON")
    return answer | {"choices": [{"message": message, "finish_reason": finish}]}


def _choice(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The first choice with a text, else the first; in other protocols what is like one."""
    found = (answer[key] for key in _LISTS if isinstance(answer.get(key), list))
    choices = [choice for choice in next(found, []) if isinstance(choice, dict)]
    with_text = (choice for choice in choices if _text_of(_message(choice)))
    choice = next(with_text, choices[0] if choices else {})
    if choice or "choices" in answer:
        return choice
    texts = {key: answer[key] for key in (*_TEXT_KEYS, "result") if answer.get(key)}
    return {"message": texts} if texts else {}


def _message(choice: Mapping[str, Any]) -> dict[str, Any]:
    for key in ("message", "delta"):
        if isinstance(choice.get(key), dict):
            return dict(choice[key])
    return dict(choice)


def _text_of(message: Mapping[str, Any]) -> str:
    """The text of a message: its content, a tool's arguments, or what was taken for reasoning."""
    reasoning = {key: message[key] for key in _REASONING if key in message}
    rest = {key: value for key, value in message.items() if key not in reasoning}
    told = "\n".join(part for part in (_text(rest), _arguments(message)) if part)
    return told or _text(list(reasoning.values()), thoughts=True)


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
    parsed = message.get("parsed")
    return json.dumps(parsed, ensure_ascii=False) if isinstance(parsed, dict) else ""


def _calls(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key in ("function_call", "functionCall", "tool_calls", "content", "parts"):
        value = message.get(key)
        for call in value if isinstance(value, list) else [value]:
            if isinstance(call, dict):
                yield call
                yield from (call[k] for k in ("functionCall",) if isinstance(call.get(k), dict))


# --- why it ended ------------------------------------------------------------------------------


def _finish(
    answer: Mapping[str, Any], choice: Mapping[str, Any], message: Mapping[str, Any]
) -> FinishReason | Reported:
    """Why the answer ended; an error where the provider broke it off or the window was full."""
    if _string(message.get("refusal")):
        return "refusal"
    places = [choice.get(key) for key in ("finish_reason", "finishReason", "stop_reason")]
    places += [answer.get(key) for key in ("stop_reason", "done_reason", "finish_reason")]
    told = next((place for place in places if isinstance(place, str) and place), "")
    reason = re.sub(r"\W+", "_", told.lower())
    if "refus" in reason:
        return "refusal"
    if _FILTER.search(reason) or (not choice and _is_blocked(answer)):
        return "content_filter"
    if _WINDOW_FULL.search(reason):
        return Reported(status=400, message=f"the context window is full ({received(told)})")
    if _INTERRUPTED.search(reason):
        return Reported(status=503, message=f"the provider broke the answer off ({received(told)})")
    return "length" if _LENGTH.search(reason) else "stop"


def _is_blocked(answer: Mapping[str, Any]) -> bool:
    """Whether the provider answers that it blocked the article."""
    feedback = answer.get("promptFeedback") or answer.get("prompt_feedback") or answer
    if not isinstance(feedback, dict):
        return False
    if any(feedback.get(key) for key in ("blockReason", "block_reason", "blocked")):
        return True
    return '"filtered": true' in json.dumps(answer.get("prompt_filter_results"))


# --- small readings ----------------------------------------------------------------------------


def _without_keys(text: str) -> str:
    """`text` without keys, also where its JSON writes them with escapes."""
    plain = _ASCII_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return received(plain if redacted(plain) != plain else text)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _integer(digits: str) -> int:
    """A number of any length: `int` refuses long ones, and the answer with it."""
    return int(digits[:_MOST_DIGITS])


def _start(body: bytes) -> str:
    return body[:500].decode("utf-8", "replace").strip()


def _reason(start: str) -> str:
    if start.startswith("<"):
        return "a web page instead of JSON"
    if not start:
        return "an empty body"
    return f"not a chat completion: {redacted(start)[:100]}"
