"""Chooses the completer, the ledger and the budget that the settings ask for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from rewriter.completion import Completer, Completion, Request
from rewriter.completion.asking import Backend
from rewriter.completion.batch_endpoint import BatchEndpoint
from rewriter.completion.extractive import ExtractiveCompleter
from rewriter.completion.limits import Budget, Limits, RateLimiter, RunBudget
from rewriter.completion.local import LocalCompleter
from rewriter.completion.remote import RemoteCompleter
from rewriter.errors import ConfigurationError, NotRecordedError, RewriterError
from rewriter.prices import FREE, Price
from rewriter.prompting import reader_prompt
from rewriter.prompting.reader_prompt import Reader
from rewriter.rules import Rules
from rewriter.settings import Engine, Settings
from rewriter.state.ledger import FileLedger, Ledger, NoLedger


def engine(settings: Settings) -> Engine:
    """The engine that `auto` means.

    `local` where `model` names the configured GGUF file, `openai` with a key or a base URL,
    otherwise `extractive`.
    """
    if settings.engine != "auto":
        return settings.engine
    if settings.local_model and settings.model == settings.local_model.stem:
        return "local"
    return "openai" if settings.api_key or settings.base_url else "extractive"


def build(settings: Settings, rules: Rules, limiter: RateLimiter | None = None) -> Completer:
    """The completer that `settings` ask for; the caller closes it.

    With a `limiter`, whose waits have no bound, a completion has no deadline, only its attempts.

    Raises `ConfigurationError` when the engine lacks a setting that it needs.
    """
    match engine(settings):
        case "extractive":
            return ExtractiveCompleter(rules)
        case "local":
            return LocalCompleter(_model_file(settings))
        case "replay":
            _recordings(settings)  # says where the folder is not named
            return ReplayCompleter()
        case _:
            return _remote(settings, limiter)


def reader(settings: Settings) -> Reader | None:
    """Who reads each rewrite a second time; None where nobody does, as for all drafts.

    Raises `ConfigurationError` where nobody can, `PromptError` for a prompt that is wrong.
    """
    name = engine(settings)
    if settings.reader == "off" or (settings.reader == "auto" and name != "openai"):
        return None
    if name == "extractive":
        raise ConfigurationError(
            "a second reader needs a model: set OPENAI_API_KEY or --base-url, or --reader off"
        )
    named = settings.reader_model if name != "local" else None
    return Reader(reader_prompt.load(settings.prompts_dir), named or model(settings))


def reader_completer(settings: Settings, limiter: RateLimiter | None = None) -> Completer | None:
    """The completer of a second reader with a provider or key of its own; None without one.

    The caller closes it.
    """
    if engine(settings) != "openai" or not has_own_reader(settings):
        return None
    url = settings.reader_base_url or settings.base_url
    key = settings.reader_api_key or (None if settings.reader_base_url else settings.api_key)
    own = settings.model_copy(update={"base_url": url, "api_key": key})
    return OwnReader(_remote(own, limiter), settings)


def has_own_reader(settings: Settings) -> bool:
    """Whether second readings go to another provider, or under another key."""
    return bool(settings.reader_base_url or settings.reader_api_key)


def model(settings: Settings) -> str:
    """The model that requests name. Answers of different engines have different models."""
    match engine(settings):
        case "extractive":
            return ExtractiveCompleter.name
        case "local":
            return _model_file(settings).stem
        case _:
            return settings.model


def paid_models(settings: Settings) -> list[str]:
    """The models that are paid for: the writer's, and another one of a second reader.

    Raises what `reader` raises.
    """
    second = reader(settings)
    return list(dict.fromkeys((model(settings), *([second.model] if second else []))))


def exact_model(settings: Settings, asked: str | None) -> str:
    """The model that requests name; raises `ConfigurationError` where it is not the one `asked`."""
    name = model(settings)
    if asked not in (None, name):
        raise ConfigurationError(
            f"the engine {engine(settings)} answers as {name}, not as {asked}; set OPENAI_API_KEY "
            "or --base-url for a provider's model, REWRITER_LOCAL_MODEL for a GGUF file"
        )
    return name


def ledger(settings: Settings, folder: Path, *, looking: bool = False) -> Ledger:
    """The ledger of completions. Paid completions are stored in `folder`.

    Processes ask a request one at a time. With `looking` nothing is asked and nothing is locked.
    """
    match engine(settings):
        case "extractive":
            return NoLedger()
        case "replay":
            return FileLedger(_recordings(settings))
        case _:
            return FileLedger(folder, lock_file=None if looking else folder / ".lock")


def backend(
    settings: Settings,
    ledger: Ledger,
    rules: Rules | None = None,
    budget: Budget | None = None,
    limiter: RateLimiter | None = None,
) -> Backend:
    """Who answers and who reads, under the names that `settings` ask for; the caller closes it.

    Without the `rules` of a prompt nobody is asked. `limiter` is as for `build`.

    Raises what `build` and `reader` raise.
    """
    return Backend(
        engine(settings),
        model(settings),
        ledger,
        build(settings, rules, limiter) if rules else None,
        budget,
        reader=reader(settings),
        reader_completer=reader_completer(settings, limiter) if rules else None,
    )


def budget(settings: Settings, amount: float | None) -> RunBudget | None:
    """A budget of `amount` US dollars for the calls of one run; None is no limit."""
    return None if amount is None else RunBudget(amount, prices(settings))


def prices(settings: Settings) -> Mapping[str, Price]:
    """What models cost; only a remote one costs anything."""
    free = {} if engine(settings) == "openai" else {model(settings): FREE}
    return {**settings.price_list, **free}


def batch_endpoint(settings: Settings) -> BatchEndpoint:
    """The provider's Batch endpoint. Raises `ConfigurationError` for engines that have none."""
    require_batches(settings)
    return BatchEndpoint(settings.base_url, _key(settings))


def require_batches(settings: Settings) -> None:
    """Raise `ConfigurationError` for engines without a Batch endpoint."""
    if engine(settings) != "openai":
        raise ConfigurationError(
            "the batch API needs a provider: set OPENAI_API_KEY, or REWRITER_BASE_URL for a "
            "server without keys, or use --api direct"
        )


def _key(settings: Settings) -> str | None:
    """The provider's key, None for a server without keys."""
    if not settings.api_key and not settings.base_url:
        raise ConfigurationError(
            "the engine openai needs a key: set OPENAI_API_KEY, or --base-url for a server "
            "without keys"
        )
    return settings.api_key.get_secret_value() if settings.api_key else None


def _remote(settings: Settings, limiter: RateLimiter | None) -> RemoteCompleter:
    return RemoteCompleter(
        limits=Limits(
            settings.timeout, math.inf if limiter else settings.deadline, settings.max_attempts
        ),
        base_url=settings.base_url,
        api_key=_key(settings),
        prices=settings.price_list,
        limiter=limiter,
        most_bytes=settings.max_answer_bytes,
    )


def _model_file(settings: Settings) -> Path:
    if settings.local_model is None:
        raise ConfigurationError(
            "the engine local needs a GGUF file: set REWRITER_LOCAL_MODEL, or local_model in "
            "rewriter.toml"
        )
    return settings.local_model


def _recordings(settings: Settings) -> Path:
    if settings.replay is None:
        raise ConfigurationError(
            "the engine replay needs a ledger: set REWRITER_REPLAY, or replay in rewriter.toml, "
            "to its folder"
        )
    return settings.replay


class OwnReader:
    """A second reader's completer. The advice in its errors names the reader's settings."""

    def __init__(self, completer: Completer, settings: Settings) -> None:
        self.name = completer.name
        self._completer = completer
        self._settings = settings

    async def complete(self, request: Request) -> Completion:
        """As the completer does."""
        try:
            return await self._completer.complete(request)
        except RewriterError as error:
            advise(error, self._settings)
            raise

    async def aclose(self) -> None:
        """Close the completer."""
        await self._completer.aclose()


def advise(error: RewriterError, settings: Settings) -> None:
    """Put the second reader's settings in place of the writer's into an error's advice."""
    said = str(error.args[0])
    for given, writers, own in (
        (settings.reader_base_url, "--base-url", "reader_base_url"),
        (settings.reader_base_url or settings.reader_api_key, "OPENAI_API_KEY", "reader_api_key"),
        (settings.reader_model, "--model", "reader_model"),
    ):
        said = said.replace(writers, own) if given else said
    error.args = (said, *error.args[1:])


class ReplayCompleter:
    """Answers nothing: `completion.asking` finds the recorded answers in the ledger first.

    Only a request that is not recorded comes here.
    """

    name = "replay"

    async def complete(self, request: Request) -> Completion:
        """Raises `NotRecordedError`."""
        raise NotRecordedError(
            f"the request {request.digest()[:12]} to {request.model} is not recorded: article, "
            "prompt or model has changed, or an answer is missing; record it again, or choose "
            "another --engine"
        )

    async def aclose(self) -> None:
        """Nothing is held open."""
