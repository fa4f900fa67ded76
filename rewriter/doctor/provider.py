"""Checks of what answers: engine, key, endpoint, model, second reader and batch API."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from rewriter.completion import Completer, Completion, choosing
from rewriter.completion.choosing import advise
from rewriter.completion.remote import RemoteCompleter
from rewriter.doctor.check import Check, failed, judged, ok, warning, wrong
from rewriter.errors import (
    ConfigurationError,
    FileError,
    ProviderUnavailableError,
    RateLimitedError,
    RewriterError,
)
from rewriter.files import opening
from rewriter.prompting.prompt import Prompt
from rewriter.request import ChatMessage, Request
from rewriter.settings import Settings

# A provider that fails three times is down: nobody waits for the eighth attempt.
_ATTEMPTS = 3
# The answer is one word. Models that reason before they answer need the other tokens.
_TOKENS = 500
_SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string", "minLength": 1, "maxLength": 20}},
    "required": ["answer"],
    "additionalProperties": False,
}


async def checks(settings: Settings, prompt: Prompt) -> list[Check]:
    """What answers, and how well. A model is asked one short question, a second reader another."""
    attempts = min(_ATTEMPTS, settings.max_attempts)
    settings = settings.model_copy(update={"max_attempts": attempts})
    answers = await _answers(settings, prompt)
    return [
        _engine(settings),
        *_needs(settings),
        *answers,
        *await _second_reader(settings, prompt, answers),
        *await _batch_api(settings, answers),
    ]


def _engine(settings: Settings) -> Check:
    engine = choosing.engine(settings)
    if settings.engine == "auto" and settings.local_model and engine != "local":
        return warning(
            "engine",
            f"local_model is set, but auto takes {engine}",
            f"use --engine local, or --model {settings.local_model.stem}",
        )
    if settings.engine == "auto" and engine == "extractive":
        return warning(
            "engine",
            "no model is configured: auto takes extractive, which makes drafts only",
            "set OPENAI_API_KEY, or --base-url for a server without keys",
        )
    chosen = " (by auto)" if settings.engine == "auto" else ""
    return ok("engine", f"{engine}{chosen}")


def _needs(settings: Settings) -> Iterator[Check]:
    """The key or the package that the engine needs."""
    match choosing.engine(settings):
        case "openai":
            yield _key(settings)
        case "local":
            yield _llama()
            if settings.local_model:
                yield _model_file(settings.local_model)


def _model_file(path: Path) -> Check:
    """Whether the file is there and begins as a GGUF file does."""
    well = ""
    try:
        with os.fdopen(opening.opened(path, os.O_RDONLY), "rb") as file:
            known = file.read(4) == b"GGUF"
            gigabytes = os.fstat(file.fileno()).st_size / 1e9
            well = f"{path} ({gigabytes:.1f} GB)"
        problem = "" if known else f"{path} is no GGUF file"
    except OSError as error:
        problem = f"{path}: {error.strerror}"
    except FileError as error:
        problem = str(error)
    advice = "set local_model to a GGUF file: docs/how-to/use-a-provider.md"
    return judged("model file", problem, advice, well)


def _key(settings: Settings) -> Check:
    if settings.api_key:
        return ok("key", "a key is set")
    if settings.base_url:
        return ok("key", "none; the server may not need one")
    advice = "set OPENAI_API_KEY, or --base-url for a server without keys"
    return wrong("key", "no key is set", advice)


def _llama() -> Check:
    problem = "" if importlib.util.find_spec("xllamacpp") else "xllamacpp is not installed"
    return judged("llama.cpp", problem, "pip install 'rewriter[local]'", "installed")


async def _answers(settings: Settings, prompt: Prompt) -> list[Check]:
    """Ask the model one short question, and check endpoint and model by its answer."""
    if choosing.engine(settings) not in ("openai", "local"):
        return []
    try:
        completer = choosing.build(settings, prompt.rules)
    except ConfigurationError as error:
        return [failed("model", error)]
    request = _question(choosing.model(settings))
    try:
        completion = await completer.complete(request)
    except RewriterError as error:
        return list(_refused(error))
    finally:
        await completer.aclose()
    return list(_answered(completer, request, completion))


def _question(model: str) -> Request:
    return Request(
        messages=(ChatMessage(role="user", content='Answer with the word "ready", as JSON.'),),
        model=model,
        json_schema=_SCHEMA,
        parameters={"max_completion_tokens": _TOKENS},
    )


async def _second_reader(
    settings: Settings, prompt: Prompt, answers: Sequence[Check]
) -> list[Check]:
    """Ask the second reader one short question, where it is another model or provider."""
    name = "second reader"
    try:
        reader = choosing.reader(settings)
        if reader is None:
            return list(_unused_reader(settings))
        own = choosing.reader_completer(settings)
        if own is None and any(check.status == "error" for check in answers):
            return []  # reported already
        is_replay = choosing.engine(settings) == "replay"  # which has no answer to this question
        if own is None and (is_replay or reader.model == choosing.model(settings)):
            return [ok(name, f"{reader.model}, asked where rewrites are")]
        completer = own or choosing.build(settings, prompt.rules)
    except ConfigurationError as error:
        return [failed(name, error)]
    try:
        completion = await completer.complete(_question(reader.model))
    except RewriterError as error:
        passing = isinstance(error, RateLimitedError)
        advise(error, settings)
        return [failed(name, error, status="warning" if passing else "error")]
    finally:
        await completer.aclose()
    seconds = f"{completion.latency:.1f} s"
    return [ok(name, f"{completion.model} answered {reader.model} in {seconds}")]


def _unused_reader(settings: Settings) -> Iterator[Check]:
    """A warning where settings name a second reader, and nobody reads."""
    given = sorted(
        {"reader_model", "reader_base_url", "reader_api_key"} & settings.model_fields_set
    )
    if given:
        yield warning(
            "second reader",
            f"{given[0]} is set, but nobody reads a second time",
            f"set reader to on, or remove {given[0]}",
        )


def _reached(answers: Sequence[Check]) -> bool:
    """Whether the endpoint answers and takes the key."""
    status = {check.name: check.status for check in answers}
    return status.get("endpoint") == "ok" and "key" not in status


def _refused(error: RewriterError) -> Iterator[Check]:
    status = error.status
    if isinstance(error, ProviderUnavailableError) or status is None:
        yield failed("endpoint", error)
        return
    yield ok("endpoint", f"answers (with status {status})")
    name = {401: "key", 403: "key", 402: "quota", 429: "quota"}.get(status, "model")
    if "OPENAI_API_KEY" in str(error):  # some providers refuse a key with another status
        name = "key"
    passing = isinstance(error, RateLimitedError)
    yield failed(name, error, status="warning" if passing else "error")


def _answered(completer: Completer, request: Request, completion: Completion) -> Iterator[Check]:
    seconds = f"{completion.latency:.1f} s"
    yield ok("endpoint", f"answers in {seconds}")
    yield ok("model", f"{completion.model} answered {request.model}")
    if isinstance(completer, RemoteCompleter):
        yield _structure(completer, request.model)
        yield _price(completion)


def _structure(completer: RemoteCompleter, model: str) -> Check:
    level = completer.capabilities(model).structure
    if level in ("strict schema", "schema without bounds"):
        return ok("structured output", level)
    return warning(
        "structured output",
        f"the endpoint takes no JSON schema; using {level}",
        "expect more answers that have to be asked for again; a model with structured "
        "outputs avoids it",
    )


def _price(completion: Completion) -> Check:
    if completion.usage.cost is not None:
        return ok("price", "known")
    return warning(
        "price",
        f"unknown for {completion.model}: costs will read unknown, --max-cost is refused",
        f'set [prices."{completion.model}"] in rewriter.toml',
    )


async def _batch_api(settings: Settings, answers: Sequence[Check]) -> list[Check]:
    """Whether the provider takes batches, where it can be reached at all."""
    if choosing.engine(settings) != "openai" or not _reached(answers):
        return []  # there is no endpoint, or its check failed already
    endpoint = choosing.batch_endpoint(settings)
    try:
        await endpoint.check()
    except RewriterError as error:
        used = {"batch_requests", "batch_poll"} & settings.model_fields_set
        return [failed("batch API", error, status="error" if used else "info")]
    finally:
        await endpoint.aclose()
    return [ok("batch API", "the provider has /batches and /files")]
