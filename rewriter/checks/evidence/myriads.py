"""Figures that Japanese and Korean write with words for ten thousand and more: 12조3533억."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_POWERS = {
    "千": 3,
    "천": 3,
    "万": 4,
    "만": 4,
    "億": 8,
    "억": 8,
    "兆": 12,
    "조": 12,
    "百": 2,
    "백": 2,
}
_WORDS = "".join(_POWERS)
_PART = rf"\d{{1,15}}(?:,\d{{3}}){{0,4}}(?:\.\d{{1,6}})?[{_WORDS}]{{1,3}}"
_FIGURE = re.compile(rf"(?:{_PART} ?){{1,4}}(?:\d{{1,4}}(?![\d.,]))?")
_PARTS = re.compile(rf"(\d[\d,.]*)([{_WORDS}]*)")


def myriads_in(text: str) -> Iterator[tuple[tuple[int, int], Decimal]]:
    """The place and the value of each such figure.

    >>> [value for _, value in myriads_in("약 12조3533억원")]
    [Decimal('12353300000000')]
    """
    for found in _FIGURE.finditer(text):
        parts = _PARTS.findall(found.group())
        yield found.span(), sum((_value(*part) for part in parts), Decimal(0))


def _value(digits: str, words: str) -> Decimal:
    scale = sum(_POWERS[word] for word in words)
    return Decimal(digits.replace(",", "").rstrip(".")).scaleb(scale).to_integral_value()
