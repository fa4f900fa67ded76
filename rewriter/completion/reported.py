"""Reads a provider's error: its words, its codes and its pause, wherever in the body they are.

Only the error's own words are read. The model's text, which some servers quote in an error, is kept
apart in `generated`: it may hold any word.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from rewriter.article import Usage, Value
from rewriter.completion.wordings import GENERATION_FAILED, OUTPUT_LIMIT, QUOTATION
from rewriter.escaping import received

# A longer Retry-After is cut to this.
MOST_SECONDS = 3_600.0
_KEYS = frozenset({"retrydelay", "retryafter", "retryafterseconds", "retryin", "retryinseconds"})
_KEYS_MS = frozenset({"retryafterms", "retrydelayms"})
_IN_WORDS = re.compile(
    r"(?:(?:try again|retry|wait)\D{0,20}?|retry[ _-]?after\W{0,3})"
    r"((?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|hours?|h|minutes?|mins?|m|seconds?|secs?|s)\b\s*)+"
    r"|\d+(?:\.\d+)?(?:ms|h|m|s)(?:\d+(?:\.\d+)?(?:ms|m|s))*)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|mill|h|m|s|)", re.IGNORECASE)
_UNITS = {"ms": 0.001, "mill": 0.001, "h": 3600.0, "m": 60.0, "s": 1.0, "": 1.0}
_DEEPEST = 8


def pause_of(headers: Mapping[str, str], body: object, message: str) -> float | None:
    """Seconds to wait, at most `MOST_SECONDS`; None where the provider names no pause."""
    pauses = (_in_headers(headers), *_in_body(body), _in_words(message))
    pause = next((pause for pause in pauses if pause is not None), None)
    return None if pause is None else min(pause, MOST_SECONDS)


def _in_headers(headers: Mapping[str, str]) -> float | None:
    """From `retry-after-ms` or `retry-after` (seconds or an HTTP date).

    RFC 9110, section 10.2.3; `retry-after-ms` is Azure's. A past date is 0, what cannot be read
    None.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None or value is None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _in_body(part: object, level: int = 0) -> Iterator[float | None]:
    """From a key such as `retryDelay` (Google: "36s") or `retry_after`, at any depth."""
    if level > _DEEPEST:
        return
    if isinstance(part, dict):
        for key, value in part.items():
            name = re.sub(r"[^a-z]", "", str(key).lower())
            if name in _KEYS | _KEYS_MS:
                pause = _amounts(str(value))
                yield pause / 1000 if pause is not None and name in _KEYS_MS else pause
            else:
                yield from _in_body(value, level + 1)
    elif isinstance(part, list):
        for value in part[:20]:
            yield from _in_body(value, level + 1)


def _in_words(message: str) -> float | None:
    """From words such as "Please try again in 1m12.5s" or "retry after 20 seconds"."""
    found = _IN_WORDS.search(message)
    return _amounts(found[1]) if found else None


def _amounts(text: str) -> float | None:
    """The sum of amounts of time, each with its unit or in seconds."""
    found = _AMOUNT.findall(text[:60])
    return sum(float(number) * _UNITS[unit.lower()] for number, unit in found) if found else None


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


# Keys whose values are parts of the error, in the order in which their words are shown.
_CONTAINERS = (
    *("error", "errors", "base_resp", "fault", "detail", "details", "innererror", "inner_error"),
    *("metadata", "raw", "response", "cause", "violations", "body"),
)
_WORDS = (
    *("message", "msg", "error_msg", "error_message", "status_msg", "errormessage"),
    *("error_description", "description", "title", "reason", "faultstring", "errormsg"),
)
_CODES = (
    *("code", "type", "status", "error_code", "errorcode", "status_code", "statuscode", "reason"),
    *("quotaid", "__type"),
)
_GENERATED = ("failed_generation", "failedgeneration", "generated_text", "raw_output")
_PAGE_TITLE = re.compile(r"<(?:title|Message)[^>]*>([^<]*)<", re.IGNORECASE)
# A body may nest an error in an error, and quote its JSON in a string; nobody nests more often.
_MOST_LEVELS = 6
_MOST_WORDS = 8
# More than any provider says. The patterns that read it take seconds for megabytes.
_MOST_CHARACTERS = 20_000
_NAMES = {
    400: "invalid_argument invalid_request_error failed_precondition",
    401: "unauthenticated authentication_error invalid_api_key",
    402: "billing_error",
    403: "permission_denied permission_error",
    404: "not_found not_found_error model_not_found",
    429: "resource_exhausted rate_limit_error rate_limit_exceeded rate_limited too_many_requests "
    "throttlingexception",
    500: "internal internal_error internal_server_error server_error api_error",
    503: "unavailable service_unavailable",
    504: "deadline_exceeded timeout_error",
    529: "overloaded_error",
}
_STATUSES = {name: status for status, names in _NAMES.items() for name in names.split()}


class Reported(Value):
    """An error as a provider reported it.

    `status` is the error's own, which a body of status 200 may have; None where the error has
    none. `message` are its words, `codes` its codes and types in lower case, `param` the parameter
    that it names. `retry_after` is in seconds. `generated` is the model's text, quoted. `usage` is
    what a body of status 200 bills for it.
    """

    status: int | None
    message: str = ""
    codes: frozenset[str] = frozenset()
    param: str = ""
    retry_after: float | None = None
    generated: str | None = None
    usage: Usage = Usage()

    @property
    def words(self) -> str:
        """Message, parameter and codes without quotations: all that an objection may name."""
        own = QUOTATION.sub(" ", self.message)
        return " ".join((own, self.param, *sorted(self.codes)))

    @property
    def about_generation(self) -> bool:
        """Whether the server refuses what the model wrote, rather than the request."""
        return self.generated is not None or bool(GENERATION_FAILED.search(self.words))

    @property
    def at_output_limit(self) -> bool:
        """Whether the error says that the model wrote until its token limit."""
        return bool(OUTPUT_LIMIT.search(self.words))


def reported(body: bytes | object, headers: Mapping[str, str], status: int | None) -> Reported:
    """The error in a body of any shape; `status` is the HTTP status, None for a body of status 200.

    Never raises: a body that is no JSON is a message.
    """
    parsed = _parsed(body)
    found = _Collected()
    found.collect(parsed)
    message = "; ".join(dict.fromkeys(found.messages[:_MOST_WORDS]))
    return Reported(
        status=status or _status(found.codes),
        message=received(message or (parsed if isinstance(parsed, str) else ""))[:_MOST_CHARACTERS],
        codes=frozenset(map(received, found.codes)),
        param=received(found.param),
        retry_after=pause_of(headers, parsed, message),
        generated=None if found.generated is None else received(found.generated),
    )


def error_in_answer(body: object) -> bool:
    """Whether a body of status 200 reports an error, rather than answering."""
    if isinstance(body, list):
        return any(error_in_answer(part) for part in body)
    if not isinstance(body, dict):
        return False
    verdict = body.get("base_resp")
    if isinstance(verdict, dict) and verdict.get("status_code") not in (0, None):
        return True
    if any(body.get(key) for key in ("error", "errors")) or body.get("object") == "error":
        return True
    if body.get("success") is False or body.get("status") in ("error", "failed"):
        return True
    keys = ("message", "msg", "detail", "error_msg", "errorMessage", "errorMsg", "body")
    words = any(isinstance(body.get(key), str | list) for key in keys)
    return words and not body.get("choices") and "usage" not in body


def _parsed(body: bytes | object) -> object:
    if not isinstance(body, bytes):
        return body
    text = body.decode("utf-8", "replace").strip()
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _title(text) if text.startswith("<") else text


def _title(page: str) -> str:
    """The title of a web page. The other words of the page do not describe the error."""
    found = _PAGE_TITLE.search(page[:20_000])
    return f"<{found[1].strip()}>" if found else "<>"


def _status(codes: Iterable[str]) -> int | None:
    """The HTTP status that codes mean: a number, or a name that a vendor uses for it."""
    numbers = [
        int(code) for code in codes if code.isascii() and code.isdecimal() and len(code) == 3
    ]
    errors = [number for number in numbers if 400 <= number < 600]
    named = [_STATUSES[code] for code in codes if code in _STATUSES]
    return next(iter(errors + named), None)


class _Collected:
    """What is found in a body, part by part."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.codes: dict[str, None] = {}
        self.param = ""
        self.generated: str | None = None

    def collect(self, part: object, level: int = 0) -> None:
        """Collect from `part` and from the parts of the error inside it."""
        if level > _MOST_LEVELS:
            return
        if isinstance(part, list):
            for item in part[:_MOST_WORDS]:
                self.collect(item, level + 1)
        elif isinstance(part, dict):
            self._from_object({str(key).lower(): value for key, value in part.items()}, level)
        elif isinstance(part, str) and level:
            self._say(part, level)

    def _from_object(self, part: Mapping[str, Any], level: int) -> None:
        for key in _GENERATED:
            if isinstance(part.get(key), str):
                self.generated = part[key]
        for key in _CODES:
            self._note(part.get(key))
        self.param = self.param or _param(part)
        for key in _WORDS:
            said = part.get(key)
            if isinstance(said, dict | list):
                self.collect(said, level + 1)
            elif isinstance(said, str) and (" " in said or key != "reason"):
                self._say(said, level)
        for key in _CONTAINERS:
            self.collect(part.get(key), level + 1)

    def _say(self, words: str, level: int) -> None:
        """Take `words`, or the error that they quote as JSON."""
        quoted = _parsed(words[words.find("{") :].encode()) if "{" in words else None
        if isinstance(quoted, dict) and not quoted.keys().isdisjoint((*_CONTAINERS, *_WORDS)):
            self.collect(quoted, level + 1)
        elif words.strip():
            self.messages.append(words.strip()[:_MOST_CHARACTERS])

    def _note(self, code: object) -> None:
        if isinstance(code, str | int) and not isinstance(code, bool) and len(str(code)) < 80:
            self.codes[str(code).lower()] = None


def _param(part: Mapping[str, Any]) -> str:
    """The name of the parameter that an error is about."""
    if isinstance(part.get("param"), str):
        return str(part["param"])[:_MOST_CHARACTERS]
    where = part.get("loc")
    return ".".join(map(str, where))[:_MOST_CHARACTERS] if isinstance(where, list) else ""
