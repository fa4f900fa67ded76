"""A raw article on disk, and a folder for what is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.articles import RAW_WITH_FRONT_MATTER


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    path = tmp_path / "content" / "ferries.md"
    path.parent.mkdir()
    path.write_text(RAW_WITH_FRONT_MATTER)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
