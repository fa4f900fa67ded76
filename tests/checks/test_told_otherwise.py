"""What a newspaper tells in one notation and a rewriter in another is no fault; a change is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.grounding.golden import Golden, judge

_LINES = (Path(__file__).parent / "told_otherwise.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("row", [line for line in _LINES if not line.startswith("#")])
def test_another_notation_is_told_from_another_fact(row: str) -> None:
    lang, source, text, code = row.split("|")
    found = [f for f in judge(Golden("", 0, lang, source, text, code)) if f.severity != "info"]
    assert [code] * bool(code) == sorted({finding.code for finding in found})
