"""Which completer the settings ask for."""

from __future__ import annotations

from rewriter.completion import Completer
from rewriter.completion.extractive import ExtractiveCompleter
from rewriter.completion.remote import RemoteCompleter
from rewriter.completion.retrying import Limits
from rewriter.errors import ConfigurationError
from rewriter.rules import Rules
from rewriter.settings import Engine, Settings


def resolve(settings: Settings) -> Engine:
    """The engine that `auto` stands for: `openai` with a key or a base URL, else `extractive`."""
    if settings.engine != "auto":
        return settings.engine
    return "openai" if settings.api_key or settings.base_url else "extractive"


def build(settings: Settings, rules: Rules) -> Completer:
    """The completer that `settings` ask for; the caller closes it.

    Raises `ConfigurationError` when the engine lacks a setting that it needs.
    """
    match resolve(settings):
        case "extractive":
            return ExtractiveCompleter(rules)
        case "openai":
            return _remote(settings)
        case engine:
            raise ConfigurationError(f"the engine {engine} is not available")


def _remote(settings: Settings) -> RemoteCompleter:
    if not settings.api_key and not settings.base_url:
        raise ConfigurationError(
            "the engine openai needs a key: set OPENAI_API_KEY, or --base-url for a server "
            "without keys"
        )
    return RemoteCompleter(
        base_url=settings.base_url,
        api_key=settings.api_key.get_secret_value() if settings.api_key else None,
        limits=limits_of(settings),
        prices=settings.price_list,
    )


def limits_of(settings: Settings) -> Limits:
    """The bounds on one completion."""
    return Limits(settings.timeout, settings.deadline, settings.max_attempts)
