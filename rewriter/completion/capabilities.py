"""What one server accepts for one model, and what to send instead when it refuses a part.

Servers that call themselves OpenAI-compatible differ in what they accept. `Capabilities` start with
the whole protocol. Each objection of the server takes one part away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from rewriter.article import Value
from rewriter.completion import ChatMessage, Request
from rewriter.completion.reported import Reported

Structure = Literal["strict schema", "schema without bounds", "json_object", "plain text"]

STRUCTURES: tuple[Structure, ...] = (
    "strict schema",
    "schema without bounds",
    "json_object",
    "plain text",
)
# Keywords of a JSON schema that strict endpoints refuse first. The structure checks judge lengths.
BOUNDS = frozenset({"minLength", "maxLength", "minItems", "maxItems"})
TOKEN_LIMITS = {"max_completion_tokens": "max_tokens", "max_tokens": "max_completion_tokens"}
# Statuses with which servers object to a part of the body rather than to the call.
_OBJECTIONS = frozenset({400, 404, 422, 501})
# The question stays the same without these parameters; only the sampling or the cache differs.
_OPTIONAL = frozenset(
    {"temperature", "top_p", "seed", "frequency_penalty", "presence_penalty"}
    | {"reasoning_effort", "verbosity", "prompt_cache_key"}
)
# "'temperature' does not support 0.2 with this model", "Extra inputs are not permitted"; but not
# "max_tokens is too large", which no other name would mend.
_UNSUPPORTED = re.compile(
    r"support|unknown|unrecogni[sz]ed|unexpected|not (?:permitted|allowed)|extra|instead",
    re.IGNORECASE,
)
_ABOUT_STRUCTURE = re.compile(
    r"response.?format|json_schema|json_object|structured.?output|json.mode|grammar|guided|"
    r"(?:invalid|unsupported|compile|convert|parse|process).{0,30}schema|"
    r"schema.{0,30}(?:support|invalid|not valid|keyword|compile)|requested parameters|"
    + "|".join(BOUNDS),
    re.IGNORECASE,
)


class Capabilities(Value):
    """What one server accepts for one model.

    `structure` is how the answer's schema is sent. With `renamed_limit` the token limit has its
    other name. The optional parameters in `without` are not sent.
    """

    structure: Structure = "strict schema"
    renamed_limit: bool = False
    without: frozenset[str] = frozenset()

    def fallback(self, report: Reported, sent: Mapping[str, Any]) -> Capabilities | None:
        """The capabilities without the part of the body `sent` that a server refuses.

        None where the server refuses something else, such as the model's text, or no part is left.
        """
        if report.status not in _OBJECTIONS or report.about_generation:
            return None
        objection = report.words
        named = [name for name in sent if re.search(rf"\b{name}\b", objection)]
        if _UNSUPPORTED.search(objection):
            if not self.renamed_limit and TOKEN_LIMITS.keys() & set(named):
                return self.model_copy(update={"renamed_limit": True})
            if refused := _OPTIONAL & set(named):
                return self.model_copy(update={"without": self.without | refused})
        if self.structure != STRUCTURES[-1] and _ABOUT_STRUCTURE.search(objection):
            lower = STRUCTURES[STRUCTURES.index(self.structure) + 1]
            return self.model_copy(update={"structure": lower})
        return None

    def changes_to(self, other: Capabilities) -> str:
        """What `other` leaves out, in words for the log."""
        if other.structure != self.structure:
            return f"{self.structure} refused, using {other.structure} from now on"
        if other.renamed_limit != self.renamed_limit:
            return "token limit sent under its other name from now on"
        return f"{', '.join(sorted(other.without - self.without))} refused, left out from now on"


# Servers that ignore a part of the body without a word, by the end of their host and port. All
# others object to what they do not accept. Ollama and LM Studio know `max_tokens` alone.
_SILENT: Mapping[str, Capabilities] = {
    "api.anthropic.com": Capabilities(structure="plain text"),
    "ollama.com": Capabilities(renamed_limit=True),
    ":11434": Capabilities(renamed_limit=True),
    ":1234": Capabilities(renamed_limit=True),
}


def known(base_url: str) -> Capabilities:
    """The capabilities of the server at `base_url` before it has objected to anything."""
    host = urlsplit(base_url).netloc.lower()
    return next((found for end, found in _SILENT.items() if host.endswith(end)), Capabilities())


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
