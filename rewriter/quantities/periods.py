"""Quarters and halves of a year: Q3 2025, third quarter, H1, 2. Quartal, III квартал, 第三季度."""

from __future__ import annotations

from rewriter.quantities.facts import Moment
from rewriter.quantities.places import Found, small_integer, text_at, year_at
from rewriter.quantities.vocabulary import Vocabulary
from rewriter.tokens import Token

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def short_period(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """Q3, Q3 2025, H1 2025, FY2025."""
    word = tokens[index].lower
    number = int(word[1]) if len(word) == 2 and word[1].isdigit() and word[1].isascii() else 0
    end = index + 1
    if word[:2] == "fy" and word[2:].isdigit() and len(word) in (4, 6):
        year = int(word[2:]) + (2000 if len(word) == 4 else 0)
        return Moment(tokens[index].start, tokens[index].end, year=year), end
    if word[0] not in "qthk" or not 1 <= number <= 4 or text_at(tokens, end) == ":":
        return None
    kind = {"q": "quarter", "t": "quarter", "h": "half"}.get(word[0])
    if kind is None or (word[0] == "t" and words.lang not in ("fr", "es", "pt")):
        return None
    return _period(tokens, index, end, kind, number, words)


def _period(
    tokens: list[Token], index: int, end: int, kind: str, number: int, words: Vocabulary
) -> Found | None:
    if (kind == "half" and number > 2) or number > 4:
        return None
    at = end + (text_at(tokens, end) in ("of", "de", "del", "do", "fy"))
    year = year_at(tokens, at)
    end = at + 1 if year else end
    quarter, half = (number, None) if kind == "quarter" else (None, number)
    span = tokens[index].start, tokens[end - 1].end
    return Moment(*span, year=year, quarter=quarter, half=half), end


def numbered_period(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """3rd quarter, 3. Quartal, 3º trimestre, 3-й квартал, 第3季度."""
    number = small_integer(tokens, index, 1, 4)
    if number is None:
        return None
    at = index + 1
    if text_at(tokens, at) in ("-", "."):
        at += 1
    if text_at(tokens, at) in words.grammar["ordinal_suffixes"]:
        at += 1
    suffixed = at > index + 1 or text_at(tokens, index - 1) == "第"
    return _period_word(tokens, index, at, number, words) if suffixed else None


def named_period(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """third quarter, first half, третий квартал, III квартал, 第三季度."""
    if tokens[index].lower == "第":
        found = words.numbers.match(tokens, index + 1)
        return _period_word(tokens, index, found[1], found[0], words) if found else None
    roman = _ROMAN.get(tokens[index].lower) if tokens[index].text.isupper() else None
    if roman:
        return _period_word(tokens, index, index + 1, roman, words)
    found = words.ordinals.match(tokens, index)
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
