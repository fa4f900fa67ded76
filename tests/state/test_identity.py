"""A content root keeps the id that it was given first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rewriter.errors import FileError
from rewriter.state import State, root_id


def test_all_that_ask_at_the_same_time_are_told_the_same_id(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        told = set(threads.map(lambda _: root_id(State(root=tmp_path)), range(16)))
    assert len(told) == 1
    assert len(told.pop()) == 16


def test_two_roots_differ(tmp_path: Path) -> None:
    assert root_id(State(root=tmp_path / "a")) != root_id(State(root=tmp_path / "b"))


@pytest.mark.parametrize("content", [b"", b"mine", b"\xff", b"0123456789abcdef0"])
def test_a_damaged_id_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    state = State(root=tmp_path)
    root_id(state)
    state.identity.write_bytes(content)
    with pytest.raises(FileError, match="root-id"):
        root_id(state)
    assert state.identity.read_bytes() == content
