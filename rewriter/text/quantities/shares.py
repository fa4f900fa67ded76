"""Shares of a whole: two-thirds, a quarter of, one in five, 1/3, 百分之五. Read as percentages."""

from __future__ import annotations

from decimal import Decimal

from rewriter.text.quantities.mixed import read_number, with_fraction
from rewriter.text.quantities.numerals import read_numeral
from rewriter.text.quantities.scan import HUNDRED, ONE, Numeral, Piece, Scan

# Written with a slash these are fractions; others ("9/11", "2024/25") are names or years.
FRACTIONS = frozenset(
    (str(upper), str(lower)) for lower in (2, 3, 4, 5, 10) for upper in range(1, lower)
)
# "1 in 5" is a share; "3 in 2024" is not. "4 out of 12 boxes" are rather two counts.
_WHOLES = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 50, 100, 1000, 10000})
_ROUND = frozenset({3, 4, 5, 10, 20, 100, 1000, 10000})
_MAX_UPPER = 9999
# "One in 250"; the numbers of years are no wholes.
_RARE, _YEARS = 100, range(1800, 2100)
_POWERS = frozenset({100, 1000, 10_000, 100_000, 1_000_000})
# "Six in ten minutes" is no share, "six out of ten minutes" and "six in ten hectares" are.
_PER = frozenset({"in", "em", "su", "на"})
# Tokens of a number at most before "in five" or "fifths".
_REACH = 12
# "About a third" is a share, "about a quarter" may be three months.
_QUARTER = 4


def read_share(scan: Scan, index: int) -> Piece | None:
    """The share that begins at `index`, or None."""
    if scan.kind(index) == "han":
        return _han(scan, index)
    if scan.at(index + 1) == "/" and scan.glued(index + 1):
        upper, lower = scan.at(index), scan.at(index + 2)
        if (upper, lower) in FRACTIONS:
            return _share(int(upper), int(lower), index, index + 3, spelled=False)
    if not _may_be_share(scan, index):
        return None
    number, at = _upper(scan, index)
    if not number:
        return None
    each = _each(scan, number, at)
    if each:
        spelled = scan.kind(index) != "number" and each[0] < _RARE
        return _share(number, each[0], index, each[1], spelled=spelled)
    return _spelled(scan, number, index, at) if scan.kind(index) == "word" else None


def _share(upper: int, lower: int, begin: int, end: int, *, spelled: bool) -> Piece:
    number = Numeral(HUNDRED * upper / lower, ONE, end, spelled)
    return Piece("percent", number, begin, end, share=True)


def _upper(scan: Scan, index: int) -> tuple[int, int]:
    """The upper part of a share as a whole number, 0 when there is none, and the index behind."""
    number = read_numeral(scan, index)
    if number:
        whole = number.value == int(number.value) and number.value <= _MAX_UPPER
        return (int(number.value), number.end) if whole else (0, index)
    if scan.means(index, "articles"):
        return 1, index + 1
    return (1, index) if scan.words.fractions.match(scan.tokens, index) else (0, index)


def _may_be_share(scan: Scan, index: int) -> bool:
    """A quick look behind a number for a word that makes a share of it."""
    tokens = scan.tokens[index : index + _REACH]
    return not scan.words.share_words.isdisjoint([token.lower for token in tokens])


def _each(scan: Scan, upper: int, at: int) -> tuple[int, int] | None:
    """The lower part of "one in five" and the index behind it."""
    if upper == 1 and scan.at(at + 1) in scan.words.share_words:
        whole = read_numeral(scan, at + 2)  # "one ride in 10,000"
        at += bool(whole and whole.value in _POWERS)
    if scan.at(at) not in scan.words.share_words:
        return None
    for width in (1, 2):
        joined = " ".join(scan.at(at + i) for i in range(width))
        if joined not in scan.words.grammar["in_each"]:
            continue
        lower = read_numeral(scan, at + width)
        if lower and upper < lower.value and _is_whole(upper, lower.value):
            measured = scan.words.unit.match(scan.tokens, lower.end)
            rate = measured and joined in _PER and measured[0][0] != "area"
            return None if rate else (int(lower.value), lower.end)
    return None


def _is_whole(upper: int, lower: Decimal) -> bool:
    if upper > 1:
        return lower in _ROUND
    return lower in _WHOLES or (lower >= _RARE and lower not in _YEARS and not lower % 1)


def _spelled(scan: Scan, upper: int, index: int, at: int) -> Piece | None:
    dash = scan.at(at) == "-"
    fraction = scan.words.fractions.match(scan.tokens, at + dash)
    if fraction is None or fraction[0] <= upper:
        return None
    lower, end = fraction
    row = scan.lang == "en" or scan.at(at) in scan.words.ordinals
    bound = lower != _QUARTER and scan.words.bound.match_before(scan.tokens, index)
    sure = (
        upper > 1 or dash or not row or scan.means(end, "of_share") or scan.means(index - 1, "by")
    )
    ends = scan.means(index - 1, "by_at_end") and scan.kind(end) != "word"
    return _share(upper, lower, index, end, spelled=True) if sure or bound or ends else None


def _han(scan: Scan, index: int) -> Piece | None:
    """百分之五 is five percent, 三分之二 two thirds, 一半 a half: the lower part comes first."""
    text = "".join(scan.at(index + i) for i in range(3))
    numbers, tokens = scan.words.numbers, scan.tokens
    if text == "百分之":
        number = read_number(scan, index + 3) or _single(scan, index + 3)
        return Piece("percent", number, index, number.end) if number else None
    lower, upper = numbers.match(tokens, index), numbers.match(tokens, index + 3)
    if text[1:] == "分之" and lower and upper and lower[0]:
        return _share(upper[0], lower[0], index, upper[1], spelled=True)
    half = scan.words.fractions.match(tokens, index)
    return _share(1, half[0], index, half[1], spelled=True) if half else None


def _single(scan: Scan, index: int) -> Numeral | None:
    found = scan.words.numbers.match(scan.tokens, index)
    number = found and Numeral(Decimal(found[0]), ONE, found[1], spelled=True)
    return with_fraction(scan, number) if number else None
