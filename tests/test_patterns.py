"""Python before 3.11.5 matches possessive groups wrongly (python/cpython issue 106052)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_PACKAGE = Path(__file__).parent.parent / "rewriter"
_POSSESSIVE = re.compile(r"(?<!\\)\)(?:[*+?]|\{\{?[\d,]+\}?\})\+")
_SOURCES = sorted(p for kind in ("*.py", "*.toml") for p in _PACKAGE.rglob(kind))


@pytest.mark.parametrize("written", ["(?:a|b)*+", "(a)++", "(?:a){1,7}+", "(?:a){{1,7}}+"])
def test_a_possessive_group_is_found(written: str) -> None:
    assert _POSSESSIVE.search(written)


def test_groups_are_atomic_and_not_possessive() -> None:
    """`(?>(?:...)*)` instead of `(?:...)*+`; single characters may be possessive."""
    found = [path.name for path in _SOURCES if _POSSESSIVE.search(path.read_text("utf-8"))]
    assert found == []
