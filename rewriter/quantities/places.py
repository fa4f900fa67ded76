"""Looking at one place in a list of tokens: a year, a small whole number, a word."""

from __future__ import annotations

from rewriter.quantities.facts import Moment
from rewriter.tokens import Token

# Figures outside are not taken for years: news speaks of a count of 950 or 2,400 more often.
FIRST_YEAR, LAST_YEAR = 1000, 2150

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


def text_at(tokens: list[Token], index: int) -> str:
    """The token at `index` in lower case, "" beyond the end."""
    return tokens[index].lower if index < len(tokens) else ""
