"""The page on security names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_PAGE = (ROOT / "docs" / "explanation" / "security.md").read_text(encoding="utf-8")
_NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", _PAGE)


def test_the_page_names_tests() -> None:
    assert len(_NAMED) > 20


@pytest.mark.parametrize(("path", "name"), _NAMED)
def test_a_test_that_the_page_names_exists(path: str, name: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert f"def {name or 'test_'}" in text
