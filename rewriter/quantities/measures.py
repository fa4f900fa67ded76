"""Numbers with a unit behind them: percent, points, times, kilometres; and ratios, ordinals."""

from __future__ import annotations

from decimal import Decimal

from rewriter.quantities.money import money_behind
from rewriter.quantities.numbers import Numeral, read_numeral
from rewriter.quantities.scan import ONE, Piece, Scan

_HALF = Decimal("0.5")
_MILLION = Decimal(1_000_000)
# Units of one letter that are written apart from the number; "5 s" or "3 C" is more often a name.
_LONE_UNITS = frozenset({"l", "m", "g", "t"})
# The only capital letters that are units; "5G" and "3D" are names.
_CAPITAL_UNITS = frozenset({"W", "C", "F"})
_MAX_ABBREVIATION = 4


def read_number(scan: Scan, index: int) -> Numeral | None:
    """The number at `index`, with a half before or behind its magnitude."""
    number = _half(scan, index) or read_numeral(scan.tokens, index, scan.words)
    if number is None and scan.means(index, "lone_units"):
        return Numeral(ONE, ONE, index, spelled=True)  # "the past decade": one of them
    return _and_a_half(scan, number) if number else None


def read_alone(scan: Scan, index: int) -> Piece | None:
    """A word that is a figure by itself: a multiple ("doubled") or an ordinal ("third")."""
    multiple = scan.words.multiples.match(scan.tokens, index)
    if multiple:
        number = Numeral(multiple[0], ONE, multiple[1], spelled=True)
        return Piece("multiple", number, index, multiple[1])
    ordinal = scan.words.ordinals.match(scan.tokens, index)
    if ordinal and ordinal[0] > 1:
        number = Numeral(Decimal(ordinal[0]), ONE, ordinal[1], spelled=True)
        return Piece("ordinal", number, index, ordinal[1])
    return None


def read_measure(scan: Scan, index: int, number: Numeral) -> Piece | None:
    """The number with its unit, which may follow a hyphen or an abbreviation's point."""
    at = _unit_place(scan, number.end)
    if at >= len(scan.tokens):
        return None
    points = scan.words.points.match(scan.tokens, at)
    if points:
        return Piece("points", number, index, points[1], factor=points[0])
    percent = scan.words.percent.match(scan.tokens, at)
    if percent:
        return Piece("percent", number, index, percent[1])
    return money_behind(scan, index, number, at) or _unit(scan, index, number, at)


def _unit_place(scan: Scan, at: int) -> int:
    if scan.at(at) == "." and at + 1 < len(scan.tokens) and not scan.glued(at + 1):
        abbreviated = scan.kind(at - 1) == "word" and len(scan.at(at - 1)) <= _MAX_ABBREVIATION
        return at + (abbreviated and scan.at(at + 1) in scan.words.starters)
    return at + (scan.at(at) == "-" and scan.glued(at))


def _unit(scan: Scan, index: int, number: Numeral, at: int) -> Piece | None:
    if scan.means(number.end, "ordinal_suffixes") and scan.glued(number.end):
        return Piece("ordinal", number, index, number.end + 1)
    multiple = scan.words.multiple.match(scan.tokens, at)
    if multiple:
        return Piece("multiple", number, index, multiple[1])
    ratio = _ratio(scan, index, number)
    if ratio:
        return ratio
    if _is_millions(scan, at):
        scaled = number._replace(
            value=number.value * _MILLION, step=number.step * _MILLION, scale=_MILLION
        )
        return Piece("count", scaled, index, at + 1)
    unit = scan.words.unit.match(scan.tokens, at)
    if unit is None or _is_name(scan, at):
        return None
    (dimension, factor), end = unit
    return Piece("count", number, index, end, dimension, factor)


def _is_name(scan: Scan, at: int) -> bool:
    """Whether a single letter is more likely part of a name than a unit."""
    letter = scan.tokens[at].text
    if len(letter) > 1 or scan.kind(at) != "word":
        return False
    apart = not scan.glued(at) and scan.words.lang == "en" and letter not in _LONE_UNITS
    return apart or (letter.isupper() and letter not in _CAPITAL_UNITS)


def _is_millions(scan: Scan, at: int) -> bool:
    """Whether the letter in "5m users" means millions: a plural is counted behind it."""
    counted = scan.kind(at + 1) == "word" and scan.at(at + 1).endswith("s")
    return scan.at(at) == "m" and scan.glued(at) and counted


def _ratio(scan: Scan, index: int, number: Numeral) -> Piece | None:
    """3:1, 3-to-1, a ratio of 3 to 1; a time of day was read before."""
    at = number.end
    colon = scan.at(at) == ":" and scan.glued(at) and scan.glued(at + 1)
    dashed = scan.at(at) == "-" and scan.at(at + 1) == "to" and scan.at(at + 2) == "-"
    told = scan.at(index - 2) == "ratio" and scan.at(at) == "to"
    if not (colon or dashed or told):
        return None
    other = read_numeral(scan.tokens, at + (3 if dashed else 1), scan.words)
    if other is None or not other.value:
        return None
    value = number.value / other.value
    ratio = Numeral(value, Decimal(0), other.end, number.spelled)
    return Piece("ratio", ratio, index, other.end)


def _half(scan: Scan, index: int) -> Numeral | None:
    """half a million, half a dozen, half an hour, media hora."""
    if not scan.means(index, "half"):
        return None
    at = index + 1 + (scan.at(index + 1) == "-")
    at += scan.means(at, "articles")
    scale = scan.words.magnitude.match(scan.tokens, at)
    if scale:
        return Numeral(_HALF * scale[0], scale[0] / 10, scale[1], True, scale[0])
    if scan.means(at, "dozen"):
        return Numeral(_HALF * 12, ONE, at + 1, spelled=True)
    if scan.words.unit.match(scan.tokens, at):
        return Numeral(_HALF, Decimal("0.1"), at, spelled=True)
    return None


def _and_a_half(scan: Scan, number: Numeral) -> Numeral:
    """two and a half million: the half counts before the magnitude."""
    at = number.end
    if not scan.means(at, "and"):
        return number
    at += 1 + scan.means(at + 1, "articles")
    if not scan.means(at, "half"):
        return number
    scale, end = scan.words.magnitude.match(scan.tokens, at + 1) or (ONE, at + 1)
    return Numeral((number.value + _HALF) * scale, scale / 10, end, number.spelled, scale)
