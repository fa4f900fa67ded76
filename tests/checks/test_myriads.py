"""Figures with words for ten thousand and more have a value, however large."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.checks.evidence.myriads import myriads_in


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("약 12조3533억원", 12_353_300_000_000),
        ("1.5万", 15_000),
        ("1,234만 5678명", 12_345_678),
        ("1兆兆兆", 10**36),
        ("123456789012345兆万", 123_456_789_012_345 * 10**16),
    ],
)
def test_a_figure_has_its_value(text: str, value: int) -> None:
    assert [found for _, found in myriads_in(text)] == [pytest.approx(Decimal(value))]


@given(st.text("0123456789,.千万億兆만억조 "))
def test_any_figure_is_read(text: str) -> None:
    for (start, end), value in myriads_in(text):
        assert text[start:end].strip()
        assert value >= 0
