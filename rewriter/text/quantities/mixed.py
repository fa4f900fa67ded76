"""Numbers with a fraction in words: two and a half million, a quarter of a million."""

from __future__ import annotations

from decimal import Decimal

from rewriter.text.quantities.numerals import read_numeral, scaled
from rewriter.text.quantities.scan import ONE, Numeral, Scan

_TENTH, _HUNDREDTH = Decimal("0.1"), Decimal("0.01")
# "A quarter million" is a part; "a third million" and "a fifth year" are rather the next of a row.
_SURE_PARTS = frozenset({2, 4})
_MAX_UPPER = 99
# Characters behind 半 that begin another word: 半导体, 半年, 半数.
_HALF_WORDS = frozenset("导導年数數")


def read_number(scan: Scan, index: int) -> Numeral | None:
    """The number at `index` with its fractions and magnitudes, or None.

    A lone "one" or article counts only where a fraction, a currency or a percent sign follows.
    """
    number = _written(scan, index)
    if number is None and scan.means(index, "lone_units"):
        return Numeral(ONE, ONE, index, spelled=True)  # "the past decade": one of them
    return number


def _written(scan: Scan, index: int) -> Numeral | None:
    decimal = scan.words.decimals.match(scan.tokens, index)
    if decimal:  # "anderthalb", "полтора"
        word = Numeral(decimal[0], _TENTH, decimal[1], spelled=True)
        return scaled(scan, word)
    number = read_numeral(scan, index)
    if number:
        return with_fraction(scan, number)
    if not scan.means(index, "articles") and scan.kind(index) != "han":
        return None
    single = scan.words.numbers.match(scan.tokens, index)
    if scan.kind(index) == "han" and not single:
        return None
    one = Numeral(Decimal(single[0] if single else 1), ONE, index + 1, spelled=True)
    longer = with_fraction(scan, one)
    cardinal = single and scan.kind(index) == "word"
    return longer if longer is not one or (cardinal and _is_priced(scan, index + 1)) else None


def is_measured(scan: Scan, at: int) -> bool:
    """Whether a unit, a currency or a percent sign stands at `at`."""
    return bool(scan.words.unit.match(scan.tokens, at)) or _is_priced(scan, at)


def _is_priced(scan: Scan, at: int) -> bool:
    words, tokens = scan.words, scan.tokens
    tables = (words.currency, words.cents, words.percent, words.points)
    return any(table.match(tokens, at) for table in tables)


def with_fraction(scan: Scan, number: Numeral) -> Numeral:
    """The number with the fraction behind it: "two and a half", "two point five", and its scale."""
    at = number.end + (scan.at(number.end) == "-" and scan.glued(number.end))
    if number.spelled and number.scale == 1 and scan.means(at, "point"):
        return _with_decimals(scan, number, at)
    found = fraction_behind(scan, number.end)
    if found is None:
        return number
    part, end = found
    value = number.value + part * number.scale
    longer = Numeral(value, number.scale * _HUNDREDTH, end, number.spelled, number.scale)
    return scaled(scan, longer)


def fraction_behind(scan: Scan, at: int) -> tuple[Decimal, int] | None:
    """The value of "and a half" or "y cuarto" at `at` and the index behind it.

    Not in "two million and a half of them", where the half is a share.
    """
    at += scan.at(at) == "-" and scan.glued(at)
    found = scan.words.added.match(scan.tokens, at)
    if found is None or (scan.means(found[1], "of") and not is_measured(scan, found[1] + 1)):
        return None
    return None if scan.at(found[1]) in _HALF_WORDS else found


def _with_decimals(scan: Scan, number: Numeral, point: int) -> Numeral:
    """two point five million, четыре целых семь десятых: digits or one number behind the point."""
    digits, at = "", point + 1
    at += scan.at(at) == "-" and scan.glued(at)
    while found := scan.words.numbers.match(scan.tokens, at):
        if found[0] > _MAX_UPPER or (digits and found[0] > 9):
            break
        digits, at = digits + str(found[0]), found[1]
    if not digits:
        return number
    fraction = scan.words.fractions.match(scan.tokens, at)
    at = fraction[1] if fraction and fraction[0] == 10 ** len(digits) else at
    value = number.value + Decimal(f"0.{digits}")
    whole = Numeral(value, ONE.scaleb(-len(digits)), at, spelled=True)
    return scaled(scan, whole)


def read_part(scan: Scan, index: int) -> Numeral | None:
    """A fraction of what is measured: half a million, three quarters of an hour, media hora."""
    upper, at = _upper(scan, index)
    at += scan.at(at) == "-"
    lower, end = (2, at + 1) if scan.means(at, "half") else _lower(scan, at)
    if not lower:
        return None
    if scan.means(end, "quarter_words"):
        return None  # "a fourth quarter" is the last of a year
    of = scan.means(end, "of")
    place = end + of
    place += scan.at(place) == "-" and scan.glued(place)
    if scan.means(place, "articles"):
        place += 1
    elif not _is_part(scan, upper, lower, at, of=of):
        return None
    value = Decimal(upper or 1) / lower
    scale = scan.words.magnitude.match(scan.tokens, place)
    if scale:
        part = Numeral(value, _HUNDREDTH, place, spelled=True)
        return scaled(scan, part)
    if scan.means(place, "dozen"):
        return Numeral(value * 12, ONE, place + 1, spelled=True)
    number = Numeral(value, _HUNDREDTH, place, spelled=True)
    return number if is_measured(scan, place) else None


def _is_part(scan: Scan, upper: int, lower: int, at: int, *, of: bool) -> bool:
    """Whether a fraction without an article behind it can belong to a unit: "a quarter million"."""
    if of:
        return scan.lang != "en"  # "a third of years" is a share
    return lower in _SURE_PARTS and (upper > 0 or scan.means(at, "half"))


def _upper(scan: Scan, index: int) -> tuple[int, int]:
    """The upper part of a fraction, 0 when it is not said, and the index behind it."""
    if scan.means(index, "articles"):
        return 1, index + 1
    number = scan.words.numbers.match(scan.tokens, index)
    return number if number and 1 < number[0] <= 9 else (0, index)


def _lower(scan: Scan, at: int) -> tuple[int, int]:
    return scan.words.fractions.match(scan.tokens, at) or (0, at)
