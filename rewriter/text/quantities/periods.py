"""Quarters and halves of a year: Q3 2025, third quarter, H1, 2. Quartal, III квартал, 第三季度."""

from __future__ import annotations

from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.places import Found, han_integer, small_integer, text_at, year_at
from rewriter.text.quantities.vocabulary import Vocabulary
from rewriter.text.tokens import Token, glued

_LETTERS = {"q": "quarter", "t": "quarter", "h": "half", "s": "half"}
_YEAR_JOINERS = frozenset({"of", "de", "del", "do", "fy", "-", "/", ",", "fiscal"})
_DIGITS = frozenset("1234")
_CENTURY = 2000
_HALVES = {"上": 1, "下": 2}  # 上半年
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def is_short_period(word: str) -> bool:
    """Whether a word looks like "Q3" or "FY2025"."""
    return word[1:] in _DIGITS or (word.startswith("fy") and word[2:].isdigit())


def short_period(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """Q3, Q3 2025, H1 2025, FY2025."""
    word = tokens[index].lower
    end = index + 1
    if word[:2] == "fy" and word[2:].isdigit() and len(word) in (4, 6):
        return Moment(tokens[index].start, tokens[index].end, year=_fiscal(word)), end
    kind = _kind(word[0], words)
    if kind is None or text_at(tokens, end) == ":":
        return None
    year = None
    if text_at(tokens, end) == "'" and glued(tokens, end):  # Q1'24
        year = _short_year(text_at(tokens, end + 1))
        end += 2 if year else 0
    return _period(tokens, index, end, kind, int(word[1]), words, year)


def _kind(letter: str, words: Vocabulary) -> str | None:
    """What a letter beside a number abbreviates in the language: quarter, half or nothing."""
    kind = _LETTERS.get(letter)
    romance = words.lang in ("fr", "es", "pt")
    return kind if romance or letter in "qh" else None


def _short_year(text: str) -> int | None:
    return _CENTURY + int(text) if len(text) == 2 and text.isdigit() else None


def _period(
    tokens: list[Token],
    index: int,
    end: int,
    kind: str,
    number: int,
    words: Vocabulary,
    year: int | None = None,
) -> Found | None:
    if (kind == "half" and number > 2) or number > 4:
        return None
    if year is None:
        at = end + (text_at(tokens, end) in _YEAR_JOINERS)
        year = year_at(tokens, at) or _fiscal(text_at(tokens, at))
        end = at + 1 if year else end
    quarter, half = (number, None) if kind == "quarter" else (None, number)
    span = tokens[index].start, tokens[end - 1].end
    return Moment(*span, year=year, quarter=quarter, half=half), end


def _fiscal(word: str) -> int | None:
    """The year of "FY25" and "FY2025"."""
    digits = word[2:] if word.startswith("fy") else ""
    return _short_year(digits) or (int(digits) if len(digits) == 4 and digits.isdigit() else None)


def numbered_period(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """3rd quarter, 3. Quartal, 3º trimestre, 3-й квартал, 第3季度."""
    number = small_integer(tokens, index, 1, 4)
    if number is None:
        return None
    at = index + 1
    letter = text_at(tokens, at)[:1]
    if letter in _LETTERS and glued(tokens, at) and (kind := _kind(letter, words)):
        year = _short_year(text_at(tokens, at)[1:])  # 1Q24, 2H25
        if year or len(text_at(tokens, at)) == 1:
            return _period(tokens, index, at + 1, kind, number, words, year)
    if text_at(tokens, at) in ("-", "."):
        at += 1
    if text_at(tokens, at) in words.grammar["ordinal_suffixes"]:
        at += 1
    suffixed = at > index + 1 or text_at(tokens, index - 1) == "第" or words.lang == "zh"  # 3季度
    return _period_word(tokens, index, at, number, words) if suffixed else None


def named_period(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """third quarter, first half, третий квартал, III квартал, 第三季度."""
    if tokens[index].lower == "第":
        found = words.numbers.match(tokens, index + 1)
        return _period_word(tokens, index, found[1], found[0], words) if found else None
    if tokens[index].text in _HALVES:
        half = _HALVES[tokens[index].text]
        return _period_word(tokens, index, index + 1, half, words) if words.lang == "zh" else None
    roman = _ROMAN.get(tokens[index].lower) if tokens[index].text.isupper() else None
    if roman:
        return _period_word(tokens, index, index + 1, roman, words)
    found = words.ordinals.match(tokens, index)
    if found is None and words.lang == "zh":  # 四季度 is the fourth, 四个季度 are four
        found = han_integer(tokens, index, words)
    return _period_word(tokens, index, found[1], found[0], words) if found else None


def _period_word(
    tokens: list[Token], index: int, at: int, number: int, words: Vocabulary
) -> Found | None:
    at += text_at(tokens, at) == "-"
    word = (
        "".join(token.text for token in tokens[at : at + 2])
        if words.lang == "zh"
        else text_at(tokens, at)
    )
    width = 2 if words.lang == "zh" else 1
    for kind, forms in (("quarter", "quarter_words"), ("half", "half_words")):
        if word in words.calendar[forms]:
            return _period(tokens, index, at + width, kind, number, words)
    return None
