"""What servers of several vendors refuse, and in which form: the provider plays them by name.

`docs/how-to/use-a-provider.md` has a row for each. `refuses` names `OBJECTIONS`; a vendor that
`ignores` the schema answers in words unless the messages tell it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from aiohttp import web

Told = Mapping[str, Any]


class Vendor(NamedTuple):
    """One vendor: its base URL, what it refuses, and the body and status of a refusal."""

    base_url: str
    refuses: tuple[str, ...] = ()
    form: Callable[[Told], object] = lambda told: {"error": told}
    status: int = 400
    ignores_schema: bool = False

    def refusal(self, openai: web.Response) -> web.Response:
        """A refusal in OpenAI's form as this vendor words it."""
        error = json.loads(openai.text or "")["error"]
        return web.json_response(self.form(error), status=self.status)


def _flat(error: Told) -> object:
    return {"object": "error", "message": error["message"], "type": "BadRequestError", "code": 400}


def _listed(told: Told) -> object:
    error = {"code": 400, "message": told["message"], "status": "INVALID_ARGUMENT"}
    return [{"error": error}]


def _detailed(told: Told) -> object:
    detail = {
        "type": "extra_forbidden",
        "loc": ["body", told["param"]],
        "msg": "Extra inputs are not permitted",
        "input": "response_format",
    }
    return {"object": "error", "message": {"detail": [detail]}, "type": "invalid_request_error"}


def _gateway(told: Told) -> object:
    raw = json.dumps({"error": {"message": told["message"]}})
    metadata = {"raw": raw, "provider_name": "Upstream"}
    return {"error": {"message": "Provider returned error", "code": 400, "metadata": metadata}}


VENDORS: Mapping[str, Vendor] = {
    "OpenAI": Vendor("https://api.openai.com/v1", ("bounds",)),
    "Azure OpenAI": Vendor(
        "https://NAME.openai.azure.com/openai/v1/", ("bounds", "prompt_cache_key")
    ),
    "Anthropic": Vendor("https://api.anthropic.com/v1", ignores_schema=True),
    "Gemini": Vendor(
        "https://generativelanguage.googleapis.com/v1beta/openai",
        ("bounds", "prompt_cache_key"),
        _listed,
    ),
    "OpenRouter": Vendor("https://openrouter.ai/api/v1", ("schema",), _gateway),
    "Mistral": Vendor(
        "https://api.mistral.ai/v1",
        ("max_completion_tokens", "prompt_cache_key"),
        _detailed,
        422,
    ),
    "DeepSeek": Vendor("https://api.deepseek.com", ("schema",)),
    "Groq": Vendor("https://api.groq.com/openai/v1", ("schema", "prompt_cache_key")),
    "vLLM": Vendor("http://localhost:8000/v1", (), _flat),
    "llama.cpp": Vendor("http://localhost:8080/v1"),
    "Ollama": Vendor("http://localhost:11434/v1"),
    "LM Studio": Vendor(
        "http://localhost:1234/v1", ("json-object",), lambda told: {"error": told["message"]}
    ),
}
