"""Dates in figures: 2025-03-04, 04.03.2025, 4/3/2025, the German 4.3., and 2025年3月4日."""

from __future__ import annotations

from rewriter.text.quantities.facts import Moment
from rewriter.text.quantities.places import FIRST_YEAR, LAST_YEAR, Found, han_integer, text_at
from rewriter.text.quantities.vocabulary import Vocabulary
from rewriter.text.tokens import Token, glued

_SEPARATORS = ("-", "/", ".")


def numeric_date(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """The date in figures at `index`; day first unless that is impossible.

    In English "4/3/2025" leaves day and month open, so only its year is a fact.
    """
    if "." not in tokens[index].text and text_at(tokens, index + 1) not in _SEPARATORS:
        return None
    parts, end = _date_parts(tokens, index)
    if len(parts) != 3 or not all(part.isdigit() and len(part) <= 4 for part in parts):
        return _day_and_month(tokens, index, words)
    first, second, third = (int(part) for part in parts)
    start, stop = tokens[index].start, tokens[end - 1].end
    if len(parts[0]) == 4 and 1 <= second <= 12 and 1 <= third <= 31:
        return Moment(start, stop, year=first, month=second, day=third), end
    if len(parts[2]) != 4 or not FIRST_YEAR <= third <= LAST_YEAR:
        return None
    if first <= 12 < second <= 31:
        first, second = second, first
    if not (1 <= second <= 12 and 1 <= first <= 31):
        return None
    slashed = text_at(tokens, index + 1) == "/" and words.lang == "en"
    if slashed and first <= 12 and first != second:
        return Moment(start, stop, year=third), end
    return Moment(start, stop, year=third, month=second, day=first), end


def _day_and_month(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """4.3., where a decimal has a comma."""
    day, dot, month = tokens[index].text.partition(".")
    closed = text_at(tokens, index + 1) == "." and glued(tokens, index + 1)
    if not (words.lang == "de" and closed and dot and day.isdigit() and month.isdigit()):
        return None
    if len(day) > 2 or len(month) > 2 or not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return None
    span = tokens[index].start, tokens[index + 1].end
    return Moment(*span, month=int(month), day=int(day)), index + 2


def _date_parts(tokens: list[Token], index: int) -> tuple[list[str], int]:
    text = tokens[index].text
    if text.count(".") == 2:
        return text.split("."), index + 1
    separator = text_at(tokens, index + 1)
    if separator not in _SEPARATORS:
        return [], index
    pieces, end = tokens[index : index + 5], index + 5
    whole = len(pieces) == 5 and pieces[3].text == separator
    if not whole or not all(glued(tokens, i) for i in range(index + 1, end)):
        return [], index
    return [piece.text for piece in pieces[::2]], end


def han_date(tokens: list[Token], index: int, words: Vocabulary) -> Found | None:
    """2025年3月4日, 2025年, 3月4日, 3月, 二〇二五年三月四日."""
    year, at = _marked(tokens, index, words, "年", (FIRST_YEAR, LAST_YEAR))
    month, at = _marked(tokens, at, words, "月", (1, 12))
    day, at = _marked(tokens, at, words, "日号號", (1, 31)) if month else (None, at)
    if at == index:
        return None
    found = words.seasons.match(tokens, at) if year and not month else None  # 2020年春季
    season, at = found or (None, at)
    span = tokens[index].start, tokens[at - 1].end
    return Moment(*span, year, month, day, season=season), at


def _marked(
    tokens: list[Token], index: int, words: Vocabulary, marks: str, limits: tuple[int, int]
) -> tuple[int | None, int]:
    """The number before one of the marks and the index behind the mark; None and `index`."""
    token = tokens[index] if index < len(tokens) else None
    if token and token.kind == "number" and token.text.isdigit() and len(token.text) <= 4:
        number, at = int(token.text), index + 1
    elif token and token.kind == "han" and (found := han_integer(tokens, index, words)):
        number, at = found
    else:
        return None, index
    marked = text_at(tokens, at) and text_at(tokens, at) in marks
    return (number, at + 1) if marked and limits[0] <= number <= limits[1] else (None, index)
