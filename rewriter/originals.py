"""The sources of rewritten articles, kept whole in the state directory."""

from __future__ import annotations

from rewriter import atomic
from rewriter.state import State


def keep(state: State, name: str, data: bytes) -> None:
    """Keep the source of the article called `name`. Raises `FileError`."""
    atomic.write(state.originals / name, data)


def latest(state: State, name: str) -> bytes | None:
    """The kept source of the article called `name`, None where there is none."""
    path = state.originals / name
    return path.read_bytes() if path.exists() else None
