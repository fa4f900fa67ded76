"""Checks of the installation. Each result is a value that says what to do."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from rewriter.article import Value
from rewriter.completion import Completer, Completion, choosing
from rewriter.completion.remote import RemoteCompleter
from rewriter.errors import (
    ConfigurationError,
    PromptError,
    ProviderUnavailableError,
    RateLimitedError,
    RewriterError,
)
from rewriter.prompting import prompt_file
from rewriter.prompting.prompt import Prompt
from rewriter.request import ChatMessage, Request
from rewriter.settings import Settings
from rewriter.state import State, unwritable

# "info" is for a part that is missing and not needed.
CheckStatus = Literal["ok", "info", "warning", "error"]

# One line of each kind of input: file name and text. Each kind needs other packages.
_LINE = "The council kept the ferry fare at 2.40 euros."
_LINES = {
    "text": ("line.txt", _LINE),
    "Markdown": ("line.md", f"---\ntitle: Ferry fares\n---\n\n{_LINE}\n"),
    "HTML": ("line.html", f"<html><body><article><p>{_LINE}</p></article></body></html>"),
    "news item": ("line.json", json.dumps({"TITLE": "Ferry fares", "BODY": _LINE})),
}

# The answer is one word. Models that reason before they answer need the other tokens.
_TOKENS = 500
_SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string", "minLength": 1, "maxLength": 20}},
    "required": ["answer"],
    "additionalProperties": False,
}


class Check(Value):
    """The result of one check, with advice where it is not ok."""

    name: str
    status: CheckStatus
    message: str
    advice: str = ""


async def examine(settings: Settings, state: State) -> list[Check]:
    """Check everything that a run needs. Never raises: a failure is the result of its check.

    The state directory is not created. A remote or local model is asked one short question, which
    may cost a fraction of a cent. A provider is asked for its lists of batches and files, which
    costs nothing.
    """
    prompt, about_prompt = _prompt(settings)
    answers = await _answers(settings, prompt)
    return [
        _engine(settings),
        *_needs(settings),
        *answers,
        *await _batch_api(settings, answers),
        about_prompt,
        *_cleaning(),
        _writable(state),
        *_queue(settings),
    ]


# --- parts -------------------------------------------------------------------------------------


def _engine(settings: Settings) -> Check:
    engine = choosing.engine(settings)
    if settings.engine == "auto" and settings.local_model and engine != "local":
        return Check(
            name="engine",
            status="warning",
            message=f"local_model is set, but auto takes {engine}",
            advice=f"use --engine local, or --model {settings.local_model.stem}",
        )
    if settings.engine == "auto" and engine == "extractive":
        return Check(
            name="engine",
            status="warning",
            message="no model is configured: auto takes extractive, which makes drafts only",
            advice="set OPENAI_API_KEY, or --base-url for a server without keys",
        )
    chosen = " (by auto)" if settings.engine == "auto" else ""
    return Check(name="engine", status="ok", message=f"{engine}{chosen}")


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
    try:
        with path.open("rb") as file:
            known = file.read(4) == b"GGUF"
            gigabytes = os.fstat(file.fileno()).st_size / 1e9
    except OSError as error:
        message, known, gigabytes = f"{path}: {error.strerror}", False, 0.0
    else:
        message = f"{path} ({gigabytes:.1f} GB)" if known else f"{path} is no GGUF file"
    advice = "" if known else "set local_model to a GGUF file: docs/how-to/use-a-provider.md"
    status: CheckStatus = "ok" if known else "error"
    return Check(name="model file", status=status, message=message, advice=advice)


def _key(settings: Settings) -> Check:
    if settings.api_key:
        return Check(name="key", status="ok", message="a key is set")
    if settings.base_url:
        return Check(name="key", status="ok", message="none; the server may not need one")
    advice = "set OPENAI_API_KEY, or --base-url for a server without keys"
    return Check(name="key", status="error", message="no key is set", advice=advice)


def _llama() -> Check:
    if importlib.util.find_spec("xllamacpp"):
        return Check(name="llama.cpp", status="ok", message="installed")
    return Check(
        name="llama.cpp",
        status="error",
        message="xllamacpp is not installed",
        advice="pip install 'rewriter[local]'",
    )


async def _answers(settings: Settings, prompt: Prompt) -> list[Check]:
    """Ask the model one short question, and check endpoint and model by its answer."""
    if choosing.engine(settings) not in ("openai", "local"):
        return []
    try:
        completer = choosing.build(settings, prompt.rules)
    except ConfigurationError as error:
        return [_failed("model", error)]
    request = Request(
        messages=(ChatMessage(role="user", content='Answer with the word "ready", as JSON.'),),
        model=choosing.model(settings),
        json_schema=_SCHEMA,
        parameters={"max_completion_tokens": _TOKENS},
    )
    try:
        completion = await completer.complete(request)
    except RewriterError as error:
        return list(_refused(error))
    finally:
        await completer.aclose()
    return list(_answered(completer, request, completion))


def _refused(error: RewriterError) -> Iterator[Check]:
    status = error.status
    if isinstance(error, ProviderUnavailableError) or status is None:
        yield _failed("endpoint", error)
        return
    yield Check(name="endpoint", status="ok", message=f"answers (with status {status})")
    name = {401: "key", 403: "key", 402: "quota", 429: "quota"}.get(status, "model")
    passing = isinstance(error, RateLimitedError)
    yield _failed(name, error, status="warning" if passing else "error")


def _answered(completer: Completer, request: Request, completion: Completion) -> Iterator[Check]:
    seconds = f"{completion.latency:.1f} s"
    yield Check(name="endpoint", status="ok", message=f"answers in {seconds}")
    yield Check(name="model", status="ok", message=f"{completion.model} answered {request.model}")
    if isinstance(completer, RemoteCompleter):
        yield _structure(completer, request.model)
        yield _price(completion)


def _structure(completer: RemoteCompleter, model: str) -> Check:
    level = completer.capabilities(model).structure
    if level in ("strict schema", "schema without bounds"):
        return Check(name="structured output", status="ok", message=level)
    return Check(
        name="structured output",
        status="warning",
        message=f"the endpoint takes no JSON schema; using {level}",
        advice="expect more answers that have to be asked for again; a model with structured "
        "outputs avoids it",
    )


def _price(completion: Completion) -> Check:
    if completion.usage.cost is not None:
        return Check(name="price", status="ok", message="known")
    return Check(
        name="price",
        status="warning",
        message=f"unknown for {completion.model}: costs will read unknown, --max-cost is refused",
        advice=f'set [prices."{completion.model}"] in rewriter.toml',
    )


async def _batch_api(settings: Settings, answers: Sequence[Check]) -> list[Check]:
    """Whether the provider takes batches, where it can be reached at all."""
    status = {check.name: check.status for check in answers}
    if choosing.engine(settings) != "openai" or status.get("endpoint") != "ok" or "key" in status:
        return []  # there is no endpoint, or its check failed already
    endpoint = choosing.batch_endpoint(settings)
    try:
        await endpoint.check()
    except RewriterError as error:
        used = {"batch_requests", "batch_poll"} & settings.model_fields_set
        return [_failed("batch API", error, status="error" if used else "info")]
    finally:
        await endpoint.aclose()
    return [Check(name="batch API", status="ok", message="the provider has /batches and /files")]


def _prompt(settings: Settings) -> tuple[Prompt, Check]:
    """The configured prompt, or the shipped one where the configured one cannot be loaded."""
    try:
        prompt = prompt_file.load(settings.prompt, settings.prompts_dir)
    except PromptError as error:
        return prompt_file.load(), _failed("prompt", error)
    message = f"{prompt.name}, version {prompt.version}"
    return prompt, Check(name="prompt", status="ok", message=message)


def _cleaning() -> list[Check]:
    """Whether one line of each kind of input can be cleaned."""
    problems = [check for kind, line in _LINES.items() for check in _cleaned(kind, *line)]
    message = f"{', '.join(_LINES)}: one line of each was cleaned"
    return problems or [Check(name="cleaning", status="ok", message=message)]


def _cleaned(kind: str, name: str, text: str) -> Iterator[Check]:
    """A failed check where this kind of input cannot be cleaned."""
    try:
        from rewriter.cleaning import clean  # late: a failed import is reported

        source = clean(text.encode(), name=name)
        problem = "" if _LINE in source.paragraphs else "the line is not in what was cleaned"
    except Exception as error:  # noqa: BLE001 - a broken package may raise anything
        problem = f"{type(error).__name__}: {' '.join(str(error).split())}"
    if problem:
        yield Check(
            name=f"cleaning {kind}",
            status="error",
            message=problem,
            advice="install rewriter again with all that it needs: pip install "
            "--force-reinstall, with the same arguments as before",
        )


def _writable(state: State) -> Check:
    problem = unwritable(state)
    if not problem:
        message = f"{state.directory} is writable"
        return Check(name="state directory", status="ok", message=message)
    exists = state.root.is_dir()
    remedy = "give this user write permission" if exists else "create or mount it"
    return Check(
        name="state directory",
        status="error",
        message=problem,
        advice=f"{remedy}, or choose another --root",
    )


def _failed(name: str, error: RewriterError, status: CheckStatus = "error") -> Check:
    """A failed check. An error's advice stands after its last semicolon, or its last colon."""
    said = str(error)
    message, _, advice = said.rpartition("; " if "; " in said else ": ")
    return Check(name=name, status=status, message=message, advice=advice)


def _queue(settings: Settings) -> Iterator[Check]:
    """The settings with which a worker would refuse to start, where a queue is configured."""
    if "redis_url" not in settings.model_fields_set:
        return
    from rewriter import tasks  # late: loads Celery
    from rewriter.queue import safety

    try:
        problems = [
            *safety.celery_problems(tasks.build(settings).conf),
            *safety.redis_problems(settings.redis_url.get_secret_value()),
        ]
    except RewriterError as error:
        yield _failed("queue", error)
        return
    for problem in problems:
        yield Check(name="queue", status="error", message=problem.what, advice=problem.change)
    if not problems:
        yield Check(name="queue", status="ok", message="nothing that loses or duplicates work")
