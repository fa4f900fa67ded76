"""Rewrites raw news articles with an LLM and proves each rewrite against its source.

The names for other programs:

- Work: `clean`, `rewrite` and `rewrite_async`, `check`, `edit`, `submit` and `submit_async`.
- Configuration: `Settings`, and `load_settings`, which reads the environment and `rewriter.toml`.
- Values: `Source`, `Rewrite`, `Finding`, `Outcome`, `Submitted`.
- Errors: `RewriterError` is the base of all. `Transient` may pass by waiting, `Permanent` does not.
  `ConfigurationError`, `FileError`, `SourceError`, `FrontMatterError`, `ProviderError` and
  `BudgetSpentError` are permanent, `QueueError` is transient. `rewriter.errors` has the others.

Each name is imported when it is first used, because the whole package takes a second to load.
"""

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from rewriter.api import (
        Submitted,
        check,
        clean,
        edit,
        rewrite,
        rewrite_async,
        submit,
        submit_async,
    )
    from rewriter.article import Finding, Rewrite, Source
    from rewriter.errors import (
        BudgetSpentError,
        ConfigurationError,
        FileError,
        FrontMatterError,
        Permanent,
        ProviderError,
        QueueError,
        RewriterError,
        SourceError,
        Transient,
    )
    from rewriter.pipeline import Outcome
    from rewriter.settings import Settings
    from rewriter.settings import load as load_settings

__all__ = [
    "BudgetSpentError",
    "ConfigurationError",
    "FileError",
    "Finding",
    "FrontMatterError",
    "Outcome",
    "Permanent",
    "ProviderError",
    "QueueError",
    "Rewrite",
    "RewriterError",
    "Settings",
    "Source",
    "SourceError",
    "Submitted",
    "Transient",
    "check",
    "clean",
    "edit",
    "load_settings",
    "rewrite",
    "rewrite_async",
    "submit",
    "submit_async",
]

# The module of each name that is not in `rewriter.errors`.
_MODULES = {
    "Submitted": "api",
    "check": "api",
    "clean": "api",
    "edit": "api",
    "rewrite": "api",
    "rewrite_async": "api",
    "submit": "api",
    "submit_async": "api",
    "Finding": "article",
    "Rewrite": "article",
    "Source": "article",
    "Outcome": "pipeline",
    "Settings": "settings",
    "load_settings": "settings",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'rewriter' has no attribute {name!r}")
    module = importlib.import_module(f"rewriter.{_MODULES.get(name, 'errors')}")
    value: object = getattr(module, "load" if name == "load_settings" else name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
