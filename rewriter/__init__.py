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
    from rewriter.settings import Settings, load_settings

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

# The module of each name that is not in `rewriter.api`.
_MODULES = {
    "Finding": "article",
    "Outcome": "pipeline",
    "Rewrite": "article",
    "Settings": "settings",
    "Source": "article",
    "load_settings": "settings",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'rewriter' has no attribute {name!r}")
    if name == "errors":
        return importlib.import_module("rewriter.errors")
    module = importlib.import_module(f"rewriter.{_MODULES.get(name, 'api')}")
    value: object = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
