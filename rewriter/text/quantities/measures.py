"""Numbers with a unit behind them: percent, points, times, kilometres; and ratios, ordinals."""

from __future__ import annotations

from decimal import Decimal

from rewriter.text.quantities.mixed import fraction_behind, is_measured, read_number
from rewriter.text.quantities.money import money_behind
from rewriter.text.quantities.scan import ONE, Numeral, Piece, Scan

# The unit of an order of magnitude; no plain figure has it.
VAGUE = "vague"
_MILLION = Decimal(1_000_000)
_TENTH = Decimal("0.1")
_THOUSAND = 1000
_YEARS_OF_NEWS = range(1900, 2100)
# Words before the tens or thousands that a figure lies in: "the mid 150s".
_TENS = frozenset({"low", "lower", "mid", "middle", "high", "upper", "-"})
# Kilograms of "12st": behind any other number than 1, "st" makes no ordinal.
_STONE = Decimal("6.35029318")
# Tokens between the word "ratio" and its figures: "the ratio of students to teachers is 3 to 2".
_RATIO_REACH = 8
# Units of one letter that are written apart from the number; "5 s" or "3 C" is more often a name.
_LONE_UNITS = frozenset({"l", "m", "g", "t"})
# The only capital letters that are units; "5G" and "3D" are names.
_CAPITAL_UNITS = frozenset({"W", "C", "F"})
_MAX_ABBREVIATION = 4
# What may part a length from its hour, the tokens of a bracket, and those of "per hour", at most.
_BRACKETS = frozenset("()")
_LONGEST_BRACKET, _PER_HOUR = 8, 3


def read_alone(scan: Scan, index: int) -> Piece | None:
    """What is a figure by itself: a multiple ("doubled"), an ordinal or "tens of thousands"."""
    vague = scan.words.vague.match(scan.tokens, index)
    if vague:
        number = Numeral(vague[0], vague[0], vague[1], spelled=True)
        return Piece("count", number, index, vague[1], VAGUE)
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
    at = _unit_place(scan, number)
    if scan.lang == "ru" and scan.at(at) == "м" and scan.at(at - 1) == "-":
        return None  # "в 1998-м": an ordinal
    begins = scan.kind(at) not in ("word", "") or scan.at(at) in scan.words.measures
    if not begins and not scan.means(index - 1, "percent_before"):
        return None
    points = scan.words.points.match(scan.tokens, at)
    if points:
        return Piece("points", number, index, points[1], factor=points[0])
    if index and scan.means(index - 1, "percent_before"):  # "yüzde 12"
        return Piece("percent", number, index, number.end)
    percent = scan.words.percent.match(scan.tokens, at)
    if percent:
        return Piece("percent", number, index, percent[1], factor=percent[0])
    return money_behind(scan, index, number, at) or _unit(scan, index, number, at)


def read_one(scan: Scan, index: int) -> Piece | None:
    """An article that counts: "a year and a half", "a century"; elsewhere "a" is no figure."""
    if not (scan.means(index, "articles") or scan.at(index) == "one"):
        return None
    if scan.words.unit.match(scan.tokens, index + 1) is None:
        return None
    one = Numeral(ONE, ONE, index + 1, spelled=True)
    piece = _unit(scan, index, one, index + 1)
    if piece is None or piece.kind != "count":
        return None
    counts = piece.number is not one or scan.means(index + 1, "long_units")
    return piece if counts or _goes_on(scan, piece) else None


def _goes_on(scan: Scan, piece: Piece) -> bool:
    """Whether a smaller unit of the same kind stands behind a measure: "an hour and 18 minutes"."""
    at = piece.end + scan.means(piece.end, "joins")
    number = read_number(scan, at) if piece.unit == "time" else None
    unit = scan.words.unit.match(scan.tokens, number.end) if number else None
    return unit is not None and unit[0][0] == piece.unit and unit[0][1] < piece.factor


def _unit_place(scan: Scan, number: Numeral) -> int:
    """Where the unit would be: behind a point, a hyphen, or the "de" of "millones de euros"."""
    at = number.end
    if scan.means(at, "of") and scan.means(at + 1, "articles") and not number.spelled:
        points = scan.words.points.match(scan.tokens, at + 2)  # "0.25 of a percentage point"
        return at + 2 if points else at
    if scan.means(at, "comparatives") and scan.words.unit.match(scan.tokens, at + 1):
        return at + 1  # "19 fewer minutes"
    if number.scale != 1 and scan.means(at, "of"):
        return at + is_measured(scan, at + 1)
    if scan.at(at) == "." and at + 1 < len(scan.tokens) and not scan.glued(at + 1):
        abbreviated = scan.kind(at - 1) == "word" and len(scan.at(at - 1)) <= _MAX_ABBREVIATION
        measured = scan.at(at + 1) in scan.words.starters or scan.kind(at + 1) == "currency"
        return at + (abbreviated and measured)
    return at + (scan.at(at) == "-" and scan.glued(at))


def _unit(scan: Scan, index: int, number: Numeral, at: int) -> Piece | None:
    if scan.means(number.end, "ordinal_suffixes") and scan.glued(number.end):
        if scan.at(number.end) == "st" and (number.value % 10 != 1 or number.value % 100 == 11):
            return Piece("count", number, index, number.end + 1, "mass", _STONE)
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
    if (
        unit is None
        or (scan.means(at, "of_year") and number.value in _YEARS_OF_NEWS)
        or _is_turn(scan, number, at)
        or _is_name(scan, at)
        or _is_auxiliary(scan, number, at)
        or _is_tens(scan, number, at)
    ):
        return None
    (dimension, factor), end = unit
    if scan.at(end) in _BRACKETS:
        dimension, factor = _speed(scan, at, end) or (dimension, factor)
    part = fraction_behind(scan, end)  # "two years and a half"
    if part and not scan.words.unit.match(scan.tokens, part[1]):
        number = number._replace(value=number.value + part[0], step=_TENTH)
        end = part[1]
    return Piece("count", number, index, end, dimension, factor)


def _is_turn(scan: Scan, number: Numeral, at: int) -> bool:
    """Whether "second" behind a number is an ordinal: "the 2022 second semi-final"."""
    return scan.lang == "en" and scan.at(at) == "second" and at == number.end != 1 + at


def _speed(scan: Scan, at: int, end: int) -> tuple[str, Decimal] | None:
    """The speed of a length whose hour stands behind a bracket: "55 miles (89 km) an hour"."""
    ends = (i for i in range(end, end + _LONGEST_BRACKET) if scan.at(i) == ")")
    behind = next(ends, len(scan.tokens)) + 1
    whole = scan.tokens[at:end] + scan.tokens[behind : behind + _PER_HOUR]
    unit = scan.words.unit.match(whole, 0)
    return unit[0] if unit and unit[1] > end - at else None


def _is_tens(scan: Scan, number: Numeral, at: int) -> bool:
    """Whether an "s" makes a plural of a round number and is no second: "the low 70,000s"."""
    if scan.at(at) != "s" or not scan.glued(at) or scan.lang != "en" or number.value % 10:
        return False
    return number.value >= _THOUSAND or scan.at(at - 2) in _TENS


def _is_auxiliary(scan: Scan, number: Numeral, at: int) -> bool:
    """Whether "ha" is a verb, not hectares: "nel 2025 ha corso", Swedish "hösten 2024 ha varit"."""
    may_be = scan.lang in ("it", "es") or (scan.words.foreign and number.value in _YEARS_OF_NEWS)
    verb = scan.at(at) == "ha" and may_be and not scan.glued(at)
    return verb and scan.kind(at + 1) == "word" and not scan.means(at + 1, "of")


def _is_name(scan: Scan, at: int) -> bool:
    """Whether a single letter is more likely part of a name than a unit."""
    letter = scan.tokens[at].text
    if len(letter) > 1 or scan.kind(at) != "word":
        return False
    apart = not scan.glued(at) and scan.lang == "en" and letter not in _LONE_UNITS
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
    spoken = scan.means(at, "ratio_to") and not scan.means(index - 1, "from")
    spoken = spoken and scan.at(at + 1) not in ("a", "an")  # "paid 500 to an agent"
    if not (colon or dashed or spoken):
        return None
    place = at + (3 if dashed else 1)
    other = _lone_number(scan, place)
    one = other and other.value == 1 and not scan.year(index)  # "in 2014 to a friend"
    if spoken and not (one or (other and _is_ratio(scan, index))):
        return None
    if other is None or not other.value:
        return None
    value = number.value / other.value
    ratio = Numeral(value, Decimal(0), other.end, number.spelled)
    return Piece("ratio", ratio, index, other.end)


def _lone_number(scan: Scan, index: int) -> Numeral | None:
    """The number at `index` without a unit behind it; a lone "one" counts here."""
    number = read_number(scan, index)
    if number is None and scan.means(index, "articles"):
        number = Numeral(ONE, ONE, index + 1, spelled=True)
    if number is None:
        return None
    measured = scan.words.unit, scan.words.percent  # "0.5 to 1%" is a range
    return None if any(words.match(scan.tokens, number.end) for words in measured) else number


def _is_ratio(scan: Scan, index: int) -> bool:
    """Whether the words before call it a ratio."""
    return any(scan.means(at, "ratio") for at in range(max(0, index - _RATIO_REACH), index))
