"""Quarters and halves of a year: Q3 2025, third quarter, H1, 2. Quartal, III квартал, 第三季度."""

from __future__ import annotations

from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.scan import MomentAt, Scan

_LETTERS = {"q": "quarter", "t": "quarter", "h": "half", "s": "half"}
_DIGITS = frozenset("1234")
_CENTURY = 2000
_HALVES = {"上": 1, "下": 2}  # 上半年
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def is_short_period(word: str) -> bool:
    """Whether a word looks like "Q3" or "FY2025"."""
    return word[1:] in _DIGITS or (word.startswith("fy") and word[2:].isdigit())


def short_period(scan: Scan, index: int) -> MomentAt | None:
    """Q3, Q3 2025, H1 2025, FY2025."""
    word = scan.at(index)
    end = index + 1
    if word[:2] == "fy" and word[2:].isdigit() and len(word) in (4, 6):
        return Moment(*scan.span(index, index + 1), year=_fiscal(word)), end
    kind = _kind(scan, word[0])
    if kind is None or scan.at(end) == ":":
        return None
    year = None
    if scan.at(end) == "'" and scan.glued(end):  # Q1'24
        year = _short_year(scan.at(end + 1))
        end += 2 if year else 0
    return _period(scan, index, end, kind, int(word[1]), year)


def _kind(scan: Scan, letter: str) -> str | None:
    """What a letter beside a number abbreviates in the language: quarter, half or nothing."""
    kind = _LETTERS.get(letter)
    romance = scan.lang in ("fr", "es", "pt")
    return kind if romance or letter in "qh" else None


def _short_year(text: str) -> int | None:
    return _CENTURY + int(text) if len(text) == 2 and text.isdigit() else None


def _period(
    scan: Scan, index: int, end: int, kind: str, number: int, year: int | None = None
) -> MomentAt | None:
    if (kind == "half" and number > 2) or number > 4:
        return None
    if year is None:
        at = end + (scan.means(end, "before_year_of_period"))
        year = scan.year(at) or _fiscal(scan.at(at))
        end = at + 1 if year else end
    quarter, half = (number, None) if kind == "quarter" else (None, number)
    return Moment(*scan.span(index, end), year=year, quarter=quarter, half=half), end


def _fiscal(word: str) -> int | None:
    """The year of "FY25" and "FY2025"."""
    digits = word[2:] if word.startswith("fy") else ""
    return _short_year(digits) or (int(digits) if len(digits) == 4 and digits.isdigit() else None)


def numbered_period(scan: Scan, index: int) -> MomentAt | None:
    """3rd quarter, 3. Quartal, 3º trimestre, 3-й квартал, 第3季度."""
    number = scan.integer(index, 1, 4)
    if number is None:
        return None
    at = index + 1
    letter = scan.at(at)[:1]
    if letter in _LETTERS and scan.glued(at) and (kind := _kind(scan, letter)):
        year = _short_year(scan.at(at)[1:])  # 1Q24, 2H25
        if year or len(scan.at(at)) == 1:
            return _period(scan, index, at + 1, kind, number, year)
    at += scan.at(at) in ("-", ".")
    at += scan.means(at, "ordinal_suffixes")
    suffixed = at > index + 1 or scan.at(index - 1) == "第" or scan.lang == "zh"  # 3季度
    return _period_word(scan, index, at, number) if suffixed else None


def named_period(scan: Scan, index: int) -> MomentAt | None:
    """third quarter, first half, третий квартал, III квартал, 第三季度."""
    if scan.at(index) == "第":
        found = scan.words.numbers.match(scan.tokens, index + 1)
        return _period_word(scan, index, found[1], found[0]) if found else None
    if scan.written(index) in _HALVES:
        half = _HALVES[scan.written(index)]
        return _period_word(scan, index, index + 1, half) if scan.lang == "zh" else None
    roman = _ROMAN.get(scan.at(index)) if scan.written(index).isupper() else None
    if roman:
        return _period_word(scan, index, index + 1, roman)
    found = scan.words.ordinals.match(scan.tokens, index)
    if found is None and scan.lang == "zh":  # 四季度 is the fourth, 四个季度 are four
        found = scan.han_integer(index)
    return _period_word(scan, index, found[1], found[0]) if found else None


def _period_word(scan: Scan, index: int, at: int, number: int) -> MomentAt | None:
    at += scan.at(at) == "-"
    width = 2 if scan.lang == "zh" else 1
    word = "".join(map(scan.at, range(at, at + width)))
    for kind, forms in (("quarter", "quarter_words"), ("half", "half_words")):
        if word in scan.words.grammar[forms]:
            return _period(scan, index, at + width, kind, number)
    return None
