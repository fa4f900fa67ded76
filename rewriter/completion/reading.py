"""Finding the JSON object in a model's answer."""

from __future__ import annotations

import json
import re
from typing import NoReturn

from rewriter.errors import MalformedAnswerError

_THOUGHTS = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)  # local models think aloud first
_FENCE = re.compile(r"```(?:json)?\s*\n", re.IGNORECASE)
_SHOWN = 40  # characters either side of the place where the JSON breaks


def read_json(text: str) -> object:
    """The JSON value that `text` holds, alone, in a code fence or with prose around it.

    Raises `MalformedAnswerError` with the position for anything else. What is cut off is never
    completed, and a part is never taken for the whole.
    """
    text = _THOUGHTS.sub("", text.removeprefix("\ufeff")).strip()
    if not text:
        raise MalformedAnswerError("the answer is empty")
    start = _start(text)
    try:
        value, end = _decoder().raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise _malformed(text, error) from error
    except (ValueError, RecursionError) as error:
        raise MalformedAnswerError(f"the answer's JSON cannot be read: {error}") from error
    if _holds_object(text[end:]):
        raise MalformedAnswerError("the answer holds more than one JSON object")
    return value


def _start(text: str) -> int:
    """Where the JSON begins: at the start, else after the first fence, else at the first brace."""
    if text[0] in '{["':
        return 0
    fence = _FENCE.search(text)
    brace = text.find("{", fence.end() if fence else 0)
    if brace >= 0:
        return brace
    if text.startswith("<"):
        raise MalformedAnswerError("the answer is a web page instead of JSON")
    raise MalformedAnswerError(f'the answer is not JSON: "{text[:_SHOWN]}"')


def _holds_object(rest: str) -> bool:
    brace = rest.find("{")
    if brace < 0:
        return False
    try:
        _decoder().raw_decode(rest, brace)
    except (ValueError, RecursionError):
        return False
    return True


def _decoder() -> json.JSONDecoder:
    # Models put bare line ends into strings: harmless, so `strict` is off.
    return json.JSONDecoder(strict=False, parse_constant=_refuse)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _malformed(text: str, error: json.JSONDecodeError) -> MalformedAnswerError:
    near = text[max(0, error.pos - _SHOWN) : error.pos + _SHOWN]
    return MalformedAnswerError(
        f"the answer is not whole JSON: {error.msg} at character {error.pos} of {len(text)}, "
        f'near "{near}"'
    )
