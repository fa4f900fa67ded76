"""Asks git about the history of prompts and baselines."""

from __future__ import annotations

import subprocess
from pathlib import Path

from rewriter.errors import ConfigurationError

# The configuration of a repository, which may be a stranger's, can name programs to run.
_SETTINGS = ("core.quotepath=off", "core.fsmonitor=false", "log.showSignature=false")
_OPTIONS = tuple(word for setting in _SETTINGS for word in ("-c", setting))
_NO_PROGRAMS = ("--no-textconv", "--no-ext-diff")


def git(folder: Path, *words: str, check: bool = True) -> str | None:
    """What git prints in `folder`; None where it fails and `check` is False.

    Raises `ConfigurationError`, also where there is no git.
    """
    command, *rest = words
    shown = _NO_PROGRAMS if command in ("log", "show") else ()
    try:
        done = subprocess.run(  # noqa: S603 - fixed words and a path, no shell
            ["git", *_OPTIONS, "-C", str(folder), command, *shown, *rest],  # noqa: S607
            capture_output=True,
            check=check,
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError as error:
        raise ConfigurationError("this reads the git history, and there is no git") from error
    except subprocess.CalledProcessError as error:
        raise ConfigurationError(f"git: {error.stderr.strip()}") from error
    return done.stdout if done.returncode == 0 else None
