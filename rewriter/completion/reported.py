"""Reads a provider's error: its words, its codes and its pause, wherever in the body they are.

Only the error's own words are read. The model's text, which some servers quote in an error, is kept
apart in `generated`: it may hold any word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from rewriter.article import Usage, Value
from rewriter.completion.pauses import pause_of
from rewriter.completion.wordings import GENERATION_FAILED, OUTPUT_LIMIT, QUOTATION
from rewriter.redaction import received

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
