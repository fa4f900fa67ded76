"""Asks git about the history that prompts and baselines have."""

from __future__ import annotations

import subprocess
from pathlib import Path

from rewriter.errors import ConfigurationError


def git(folder: Path, *words: str, check: bool = True) -> str | None:
    """What git prints in `folder`; None where it fails and `check` is False.

    Raises `ConfigurationError`, also where there is no git.
    """
    try:
        done = subprocess.run(  # noqa: S603 - fixed words and a path, no shell
            ["git", "-c", "core.quotepath=off", "-C", str(folder), *words],  # noqa: S607
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
