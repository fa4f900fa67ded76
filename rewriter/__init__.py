"""Rewrites raw news articles with an LLM and proves each rewrite against its source.

The names for other programs:

- Work: `clean`, `rewrite`, `check`, `edit`, `submit`, and `Client`, which rewrites many articles
  inside of an event loop.
- Configuration: `Settings`, and `load_settings`, which reads the environment and `rewriter.toml`.
- Values: `Source`, `Rewrite`, `Finding`, `Outcome`.
- Errors: all are in `errors` and are subclasses of `errors.RewriterError`.

Each name is imported when it is first used, because the whole package takes a second to load.
"""

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from rewriter import errors
    from rewriter.api import Client, check, clean, edit, rewrite, submit
    from rewriter.article import Finding, Rewrite, Source
    from rewriter.pipeline import Outcome
    from rewriter.settings import Settings
    from rewriter.settings import load as load_settings

__all__ = [
    "Client",
    "Finding",
    "Outcome",
    "Rewrite",
    "Settings",
    "Source",
    "check",
    "clean",
    "edit",
    "errors",
    "load_settings",
    "rewrite",
    "submit",
]

# The module of each name that is not in `rewriter.api`, and its name there where it is another.
_MODULES = {
    "Finding": ("article", "Finding"),
    "Outcome": ("pipeline", "Outcome"),
    "Rewrite": ("article", "Rewrite"),
    "Settings": ("settings", "Settings"),
    "Source": ("article", "Source"),
    "load_settings": ("settings", "load"),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'rewriter' has no attribute {name!r}")
    if name == "errors":
        return importlib.import_module("rewriter.errors")
    module, original = _MODULES.get(name, ("api", name))
    value: object = getattr(importlib.import_module(f"rewriter.{module}"), original)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
