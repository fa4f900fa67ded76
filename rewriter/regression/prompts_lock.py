"""`prompts.lock`: the digest of each accepted version of each prompt.

An article's front matter names the prompt version that made it, so an accepted version must never
change. A changed template, parameter or rule needs a new version, even if the file leaves the
rule to its default. Description, comments and white space around sections may change.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rewriter.errors import ConfigurationError
from rewriter.files import atomic
from rewriter.prompting.prompt import Prompt
from rewriter.prompting.reader_prompt import ReaderPrompt

PromptsLock = dict[str, dict[str, str]]  # prompt name -> version -> digest


def load(path: Path) -> PromptsLock:
    """The lock at `path`; empty where there is no file. Raises `ConfigurationError` for another."""
    try:
        lock = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"{path}: cannot read the lock: {error}; restore it from version control"
        ) from error
    if not isinstance(lock, dict) or not all(map(_is_versions, lock.values())):
        raise ConfigurationError(f"{path}: not a lock of prompts; restore it from version control")
    return lock


def _is_versions(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(version.isdecimal() for version in value)


def violation(
    prompt: Prompt | ReaderPrompt, lock: PromptsLock, changes: Sequence[str] | None = None
) -> str | None:
    """Why `prompt` may not have its version, None where it may.

    `changes` are its parts that changed since this version was accepted, None where that is not
    known. They are empty where the file says the same and a default changed with the program.
    """
    known = lock.get(prompt.name, {}).get(str(prompt.version))
    if known is None or known == prompt.digest():
        return None
    next_version = f"`version: {max(map(int, lock[prompt.name])) + 1}`"
    said = f"prompt {prompt.name}: version {prompt.version} is locked with other content"
    if changes is None:
        return f"{said}; set {next_version}"
    if changes:
        return f"{said}, changed since: {', '.join(changes)}; set {next_version}"
    return (
        f"{said}, though its file says what was accepted: a default of the rules has changed with "
        f"the program; write the former value under `rules:`, or set {next_version} and accept it"
    )


def save(path: Path, prompt: Prompt | ReaderPrompt, changes: Sequence[str] | None = None) -> None:
    """Add `prompt` to the lock at `path`. Raises `ConfigurationError` for a violation."""
    lock = load(path)
    if reason := violation(prompt, lock, changes):
        raise ConfigurationError(reason)
    lock.setdefault(prompt.name, {})[str(prompt.version)] = prompt.digest()
    atomic.write(path, (json.dumps(lock, indent=1, sort_keys=True) + "\n").encode())
