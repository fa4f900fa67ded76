"""Temporary."""

from __future__ import annotations

from rewriter import atomic
from rewriter.state import State


def keep(state: State, name: str, data: bytes) -> None:
    atomic.write(state.originals / name, data)


def latest(state: State, name: str) -> bytes | None:
    path = state.originals / name
    return path.read_bytes() if path.exists() else None
