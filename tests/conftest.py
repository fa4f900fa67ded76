"""A raw article on disk, and a folder for what is made of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.articles import RAW_WITH_FRONT_MATTER


# The tests of the second reader turn it on; all others count the calls of the rewriter alone.
os.environ["REWRITER_READER"] = "off"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    path = tmp_path / "content" / "ferries.md"
    path.parent.mkdir()
    path.write_text(RAW_WITH_FRONT_MATTER)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
