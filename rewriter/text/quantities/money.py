"""Amounts of money: the currency before the number or behind it."""

from __future__ import annotations

from decimal import Decimal

from rewriter.text.quantities.mixed import fraction_behind
from rewriter.text.quantities.numerals import read_numeral
from rewriter.text.quantities.scan import HUNDRED, ONE, Numeral, Piece, Scan

# What may follow a "$" amount and say which dollar or peso it is.
_DOLLARS = frozenset(
    {"USD", "HKD", "AUD", "CAD", "NZD", "SGD", "TWD", "MXN", "peso", "ARS", "CLP", "COP"}
)
_CODES = frozenset({"Bs", "Rs", "Rp", "Tk", "kr", "Kr", "KSh", "Ksh"})
# Letters that touch an amount: the rand's "R20 million", the naira's "N500m", "Q745 millones".
_LETTERS = {"R": "ZAR", "N": "NGN", "Q": "GTQ", "L": "HNL"}
_TENTH = Decimal("0.1")
# Championships of the name of a currency: "the 2024 Euros".
_CONTESTS = frozenset({"Euro", "Euros"})
_LEAST_WON = 1000  # which is less than a euro
_AMBIGUOUS = frozenset({"USD", "JPY|CNY"})


def money_before(scan: Scan, index: int) -> Piece | None:
    """$5, US$2.5bn, HK$ 3 million, USD 5m, Rs 500."""
    begin, at, unit = _sign(scan, index)
    number = read_numeral(scan, at) if unit else None
    if number is None or scan.kind(at) == "word":
        return None
    if number.scale == 1:
        number = _with_letter(scan, number)
    behind = scan.words.currency.match(scan.tokens, number.end) if unit in _AMBIGUOUS else None
    if behind and (unit != "USD" or behind[0] in _DOLLARS):
        return Piece("money", number, begin, behind[1], behind[0])
    return Piece("money", number, begin, number.end, unit)


def _with_letter(scan: Scan, number: Numeral) -> Numeral:
    """The number with a magnitude that stands apart, which behind a sign is no metre: "$5 m"."""
    found = scan.words.glued_magnitude.match(scan.tokens, number.end)
    if found is None:
        return number
    scale, end = found
    return Numeral(number.value * scale, number.step * scale, end, number.spelled, scale)


def _sign(scan: Scan, index: int) -> tuple[int, int, str]:
    """Where the sign begins, the index behind it, and its currency, "" when there is none."""
    token, words = scan.tokens[index], scan.words
    if token.kind == "currency":
        prefix = scan.tokens[index - 1] if scan.glued(index) else token
        if prefix.kind == "word" and prefix.text.isupper():
            combined = words.symbol.match(scan.tokens, index - 1)
            if combined:
                return index - 1, index + 1, combined[0]
        sign = words.symbol.match(scan.tokens, index)
        return (index, sign[1], sign[0]) if sign else (index, index, "")
    if token.text == "G" and scan.lang == "es":
        at = index + 1 + (scan.at(index + 1) == ".")
        return index, at, "PYG" if "." in scan.at(at) else ""
    if token.text == "S" and scan.at(index + 1) == "/" and scan.glued(index + 1):
        return index, index + 2 + (scan.at(index + 2) == "."), "PEN"
    if token.text in _LETTERS and scan.glued(index + 1):
        return index, index + 1, _LETTERS[token.text]
    if token.kind == "word" and (token.text.isupper() or token.text in _CODES):
        code = words.currency.match(scan.tokens, index)
        at = code[1] + (scan.at(code[1]) == ".") if code else 0
        if code and scan.kind(at) == "number":
            return index, at, code[0]
    return index, index, ""


# Swedish for millions and billions of kronor.
_OF_KRONOR = frozenset({"mkr", "mdkr"})


def money_behind(scan: Scan, index: int, number: Numeral, at: int) -> Piece | None:
    """5 €, 5 million dollars, 50 cents; `at` is where the currency would be."""
    words, tokens = scan.words, scan.tokens
    if scan.kind(at) == "currency":
        sign = words.symbol.match(tokens, at)
        next_amount = scan.kind(at + 1) == "number" and scan.glued(at + 1)
        return Piece("money", number, index, sign[1], sign[0]) if sign and not next_amount else None
    if tokens[at - 1].lower in _OF_KRONOR and at > index:
        return Piece("money", number, index, at, "SEK")
    currency = words.currency.match(tokens, at)
    if currency:
        unit, end = currency
        if unit == "KRW" and words.lang == "en" and number.value < _LEAST_WON:
            return None  # "a girl of 14 won"
        if words.lang == "en" and tokens[at].text in _CONTESTS and scan.year(index):
            return None  # "the 2013 Euros"
        if unit == "GBP|pound":
            unit = "GBP|mass" if _may_be_mass(number) else "GBP"
        if number.spelled and (part := fraction_behind(scan, end)):  # "un euro e mezzo"
            number, end = number._replace(value=number.value + part[0], step=_TENTH), part[1]
        return Piece("money", number, index, end, unit)
    cents = words.cents.match(tokens, at)
    if cents:
        return Piece("money", number, index, cents[1], cents[0], factor=ONE / HUNDRED)
    return None


def _may_be_mass(number: Numeral) -> bool:
    """Whether "5 pounds" may be a weight; nobody writes "five pounds" of one that small."""
    return number.scale == 1 and not number.spelled
