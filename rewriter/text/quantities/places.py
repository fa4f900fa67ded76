"""Looking at one place in a list of tokens: a year, a small whole number, a word."""

from __future__ import annotations

from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.vocabulary import Vocabulary
from rewriter.text.tokens import Token

# Figures outside are not taken for years: news speaks of a count of 950 or 2,400 more often.
FIRST_YEAR, LAST_YEAR = 1000, 2150

_MAX_HAN = 4

# A moment and the index of the token behind it.
Found = tuple[Moment, int]


def year_at(tokens: list[Token], index: int) -> int | None:
    """The year that the numeral at `index` may be: four digits without separators."""
    if index >= len(tokens) or tokens[index].kind != "number":
        return None
    text = tokens[index].text
    if len(text) != 4 or not text.isdigit():
        return None
    return year if FIRST_YEAR <= (year := int(text)) <= LAST_YEAR else None


def small_integer(tokens: list[Token], index: int, low: int, high: int) -> int | None:
    """The whole number of one or two digits at `index`, None outside `low` to `high`."""
    if index >= len(tokens) or tokens[index].kind != "number" or len(tokens[index].text) > 2:
        return None
    text = tokens[index].text
    return value if text.isdigit() and low <= (value := int(text)) <= high else None


def han_integer(tokens: list[Token], index: int, words: Vocabulary) -> tuple[int, int] | None:
    """A whole number in Han numerals (十二, 二十五, 二〇二四) and the index behind it."""
    digits: list[int] = []
    at = index
    while at < len(tokens) and tokens[at].kind == "han" and len(digits) <= _MAX_HAN:
        found = words.numbers.match(tokens, at)
        if found is None or found[0] > 10:
            break
        digits.append(found[0])
        at += 1
    if not digits:
        return None
    if 10 not in digits:
        return int("".join(map(str, digits))), at
    tens, units = digits[: digits.index(10)], digits[digits.index(10) + 1 :]
    if len(tens) > 1 or len(units) > 1 or 10 in units:
        return None
    return 10 * (tens[0] if tens else 1) + (units[0] if units else 0), at


def text_at(tokens: list[Token], index: int) -> str:
    """The token at `index` in lower case, "" beyond either end."""
    return tokens[index].lower if 0 <= index < len(tokens) else ""
