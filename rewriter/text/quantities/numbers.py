"""Reading one number: digits in the language's notation, spelled out, or Han numerals."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from rewriter.text.quantities.vocabulary import Vocabulary
from rewriter.text.tokens import Token, glued

# A longer run of digits is a key or a hash, which other checks judge.
_MAX_DIGITS = 30
_VULGAR = {"½": "0.5", "⅓": "0.333333", "⅔": "0.666667", "¼": "0.25", "¾": "0.75", "⅛": "0.125"}
_ONE = Decimal(1)
_THOUSAND = 1000
_MAX_GROUPS = 7
# Digits of a group.
_GROUP = 3
_MAX_LETTERS = 3
# Letters of a magnitude that may have a point behind it: "2 тыс. 183".
_MAX_ABBREVIATION = 4


class Numeral(NamedTuple):
    """A number and how finely it was written; `end` is the index of the token behind it.

    `scale` is the magnitude that is part of `value` and `step`: 1,000,000,000 of "2.56 billion".
    """

    value: Decimal
    step: Decimal
    end: int
    spelled: bool = False
    scale: Decimal = Decimal(1)


def read_numeral(tokens: list[Token], index: int, words: Vocabulary) -> Numeral | None:
    """The number that begins at `index`, its magnitudes included, or None."""
    number = _first_part(tokens, index, words) if index < len(tokens) else None
    return number and _with_lower_part(tokens, number, words)


def _first_part(tokens: list[Token], index: int, words: Vocabulary) -> Numeral | None:
    """The number up to the first magnitude behind its digits: "2 mil" of "2 mil 183"."""
    token = tokens[index]
    if token.kind == "number":
        return _digits(tokens, index, words)
    if token.text in _VULGAR:
        value = Decimal(_VULGAR[token.text])
        return scaled(tokens, Numeral(value, Decimal("0.01"), index + 1), words)
    if token.kind == "han":
        return _han(tokens, index, words)
    if token.kind == "word":
        return _spelled(tokens, index, words)
    return None


def parse_digits(text: str, comma_decimal: bool) -> tuple[Decimal, Decimal] | None:
    """Value and step of digits with separators; None when they are no number.

    One separator with exactly three digits behind it groups or divides by the language; two kinds
    of separator, or one that is repeated, explain themselves. A leading zero divides.

    >>> parse_digits("1.234", comma_decimal=True)
    (Decimal('1234'), Decimal('1'))
    """
    if len(text) > _MAX_DIGITS:
        return None
    if text.isdecimal():
        return Decimal(text), _ONE
    text = "".join(c for c in text if c.isdigit() or c in ".,")
    mark = _decimal_mark(text, comma_decimal)
    whole, _, fraction = text.rpartition(mark) if mark else (text, "", "")
    groups = whole.replace(".", ",").split(",")
    if len(groups) > 1 and not _grouped(groups):
        return None
    digits = "".join(groups) + (f".{fraction}" if fraction else "")
    step = Decimal(1).scaleb(-len(fraction))
    return Decimal(digits), step


def _decimal_mark(text: str, comma_decimal: bool) -> str:
    dots, commas = text.count("."), text.count(",")
    if dots and commas:
        last = max(".", ",", key=text.rfind)
        return last if text.count(last) == 1 else ""
    if dots + commas != 1:
        return ""
    mark = "." if dots else ","
    whole, fraction = text.split(mark)
    groups = len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return "" if groups and (mark == ".") == comma_decimal else mark


def _grouped(groups: list[str]) -> bool:
    # Groups of two are Indian ("1,00,000"); of four, Chinese ("1,0000").
    return all(2 <= len(group) <= 4 for group in groups[1:]) and len(groups[-1]) >= 3


def _digits(tokens: list[Token], index: int, words: Vocabulary) -> Numeral | None:
    text, end = _spaced(tokens, index, words)
    parsed = parse_digits(text, words.comma_decimal)
    if parsed is None:
        return None
    value, step = parsed
    if end < len(tokens) and tokens[end].text in _VULGAR:
        value, step, end = value + Decimal(_VULGAR[tokens[end].text]), Decimal("0.01"), end + 1
    return scaled(tokens, Numeral(value, step, end), words)


def _spaced(tokens: list[Token], index: int, words: Vocabulary) -> tuple[str, int]:
    """The digits at `index` with the groups of three behind single spaces: "35 000".

    Behind a name or a number the groups stay apart ("Level 3 100 times"), and in English where the
    last one begins a name ("400 737 Max jets"). "1 200" is read as one number.
    """
    text, end = tokens[index].text, index + 1
    before = tokens[index - 1] if index else None
    apart = before and (before.kind == "number" or before.text[0].isupper())
    if len(text) > 3 or not text.isdigit() or text[0] == "0" or apart:
        return text, end
    while end < len(tokens) and end - index < _MAX_GROUPS and _is_group(tokens, end):
        text, end = text + tokens[end].text, end + 1
    if end > index + 1 and words.lang == "en" and _begins_name(tokens, end, words):
        return tokens[index].text, index + 1
    return text, end


def _begins_name(tokens: list[Token], end: int, words: Vocabulary) -> bool:
    """Whether the number before `end` is the first part of a name: "737 Max", "787-9"."""
    if end + 1 < len(tokens) and tokens[end].text == "-" and glued(tokens, end):
        return glued(tokens, end + 1) and tokens[end + 1].kind == "number"
    if end >= len(tokens) or tokens[end].kind != "word" or not tokens[end].text[0].isupper():
        return False
    measured = words.currency.match(tokens, end) or words.unit.match(tokens, end)
    return not (measured or words.magnitude.match(tokens, end))


def _is_group(tokens: list[Token], index: int) -> bool:
    token = tokens[index]
    if token.kind != "number" or token.start != tokens[index - 1].end + 1:
        return False
    whole, dot, _ = token.text.partition(".")
    return len(whole) == 3 and whole.isdigit() and (not dot or token.text.count(".") == 1)


def scaled(tokens: list[Token], number: Numeral, words: Vocabulary) -> Numeral:
    """The number times the magnitudes behind it ("2.5 thousand million", "1.2万亿", "30 M€")."""
    scale, end = _ONE, number.end
    while end < len(tokens):
        found = None
        if glued(tokens, end) or _is_before_a_currency(tokens, end, words):
            found = words.glued_magnitude.match(tokens, end)
        hyphen = tokens[end].text == "-" and glued(tokens, end)
        found = found or words.magnitude.match(tokens, end + hyphen)
        if found is None and _is_before_magnitude(tokens, end, words):
            end += 1
            continue
        if tokens[end].lower == "mm" and not _is_of_money(tokens, end, words):
            break  # millimetres
        if found is None or (hyphen and not glued(tokens, end + 1)):
            break
        scale, end = scale * found[0], found[1]
    if end == number.end:
        return number
    total = number.scale * scale
    return Numeral(number.value * scale, number.step * scale, end, number.spelled, total)


def _with_lower_part(tokens: list[Token], number: Numeral, words: Vocabulary) -> Numeral:
    """The number with the smaller part that follows in digits: "2 mil 183 millones", 4亿5000万."""
    at = _lower_part(tokens, number, words) if number.scale > 1 else 0
    lower = read_numeral(tokens, at, words) if at else None
    if lower is None or lower.spelled or lower.step < 1 or number.value % number.scale:
        return number
    if lower.value < number.scale:
        # Behind a million a lone count is another figure or a year: "5 millones 200 personas".
        whole = number.scale == _THOUSAND or lower.end > at + 1 or words.lang == "zh"
        joined = number._replace(
            value=number.value + lower.value, step=lower.step, end=lower.end, scale=lower.scale
        )
        return joined if whole else number
    linked = tokens[at - 1].lower in words.grammar["and"]  # "entre 2 mil e 5 mil"
    if number.scale > _THOUSAND or lower.value / lower.scale >= _THOUSAND or linked:
        return number
    value = (number.value + lower.value / lower.scale) * lower.scale
    return Numeral(value, lower.step, lower.end, scale=lower.scale)


def _lower_part(tokens: list[Token], number: Numeral, words: Vocabulary) -> int:
    """The index of the digits that may go on a number behind its magnitude, 0 without any.

    Only Chinese writes them without a space; a letter that touches its digits ends a number ("5K").
    Portuguese links what is below a hundred, and whole hundreds.
    """
    at, together = number.end, words.lang == "zh"
    last = at - 1 - (tokens[at - 1].text == ".")
    if last and glued(tokens, last) != together:
        return 0
    if tokens[at : at + 1] and tokens[at].text == "." and glued(tokens, at):
        at += len(tokens[last].text) <= _MAX_ABBREVIATION
    linked = words.lang == "pt" and at < len(tokens) and tokens[at].lower == "e"
    at += linked
    if at >= len(tokens) or tokens[at].kind != "number" or glued(tokens, at) != together:
        return 0
    if at + 1 < len(tokens) and tokens[at + 1].text == "-" and glued(tokens, at + 1):
        return 0
    text = tokens[at].text
    short = text.isdecimal() and (not linked or len(text) < _GROUP or text.endswith("00"))
    return at if short else 0


def _is_before_a_currency(tokens: list[Token], index: int, words: Vocabulary) -> bool:
    """Whether a letter apart from its number belongs to it: "30 M€", "5 m euros"."""
    behind = index + 1
    if len(tokens[index].text) > _MAX_LETTERS or behind >= len(tokens):
        return False
    return tokens[behind].kind == "currency" or words.currency.match(tokens, behind) is not None


def _is_of_money(tokens: list[Token], index: int, words: Vocabulary) -> bool:
    """Whether a currency stands before the digits of a number or behind its letters: "$25mm"."""
    first = index - 1
    while first >= 0 and tokens[first].kind == "number":
        first -= 1
    is_led = first >= 0 and tokens[first].kind == "currency"
    return is_led or _is_before_a_currency(tokens, index, words)


def _spelled(tokens: list[Token], index: int, words: Vocabulary) -> Numeral | None:
    """A number in words, with its article and "dozen"; an article alone is no number."""
    start, is_article = index, tokens[index].lower in words.grammar["articles"]
    if is_article:
        index = _behind_article(tokens, index, words)
    total, current, ceiling, end = _added_up(tokens, index, words, current=int(index > start))
    if end == start:
        return None
    value = Decimal(total) + current
    if end < len(tokens) and tokens[end].lower in words.grammar["dozen"]:
        value, end = value * 12, end + 1
    elif is_article and value == 1 and end == start + 1:
        return None
    last = ceiling if ceiling.is_finite() and not current else _ONE
    return Numeral(value, _weight(value), end, True, last)


def _added_up(
    tokens: list[Token], index: int, words: Vocabulary, current: int
) -> tuple[int, int, Decimal, int]:
    """Number words from `index`: units and tens add up, hundreds and magnitudes multiply.

    Returns the sum up to the last magnitude, the number after it, that magnitude (infinity without
    one), and the index of the next token. `current` is 1 after an article that means "one".
    """
    total, ceiling, seen = 0, Decimal("Infinity"), current > 0
    while index < len(tokens):
        at = _joined(tokens, index, words) if seen else index
        found = words.numbers.match(tokens, at)
        if found and found[0] == _THOUSAND and not seen:  # "mil quinientos", "mille cinq cents"
            total, ceiling, index, seen = _THOUSAND, Decimal(_THOUSAND), found[1], True
            continue
        if found and _fits(current, found[0], joined=at > index):
            current = current * 100 if found[0] == 100 and 0 < current < 100 else current + found[0]
            index, seen = found[1], True
            continue
        scale = words.magnitude.match(tokens, at) if seen else None
        if scale is None or (at > index and tokens[index].text != "-"):
            break
        if scale[0] < ceiling:
            total, ceiling = total + max(current, 1) * int(scale[0]), scale[0]
        else:
            total = (total + current) * int(scale[0])
        current, index = 0, scale[1]
    return total, current, ceiling, index


def _behind_article(tokens: list[Token], index: int, words: Vocabulary) -> int:
    """The index behind an article that means "one" ("a hundred", "une centaine"), or `index`."""
    following = index + 1
    if following >= len(tokens):
        return index
    counted = (
        words.magnitude.match(tokens, following)
        or tokens[following].lower in words.grammar["dozen"]
        or (words.numbers.match(tokens, following) or (0,))[0] >= 100
    )
    return following if counted and tokens[following].kind == "word" else index


def _joined(tokens: list[Token], index: int, words: Vocabulary) -> int:
    """The index after a hyphen or the word "and" inside a number."""
    if tokens[index].text == "-" and glued(tokens, index) and glued(tokens, index + 1):
        return index + 1
    return index + 1 if tokens[index].lower in words.grammar["and"] else index


def _fits(current: int, value: int, joined: bool) -> bool:
    """Whether a number word can go on what was read: "two hundred" + "five", not "two" + "six"."""
    if value == 100:
        return current < 10 or (not joined and current < 100)
    if value > 100:
        return current == 0
    if value < 10 and current % 10 == 0 and current % 100 >= 20:
        return True
    return current == 0 or (current % 100 == 0 and current > 0)


def _weight(value: Decimal) -> Decimal:
    """The weight of the last digit that is not zero: 1,000 of "five thousand"."""
    if not value:
        return _ONE
    return _ONE.scaleb(len(digits := str(int(value))) - len(digits.rstrip("0")))


def _han(tokens: list[Token], index: int, words: Vocabulary) -> Numeral | None:
    """Chinese numerals: digits, then 十 百 千, in sections of 万 and 亿; one alone is no count."""
    start = index
    total = section = digit = 0
    while index < len(tokens) and tokens[index].kind == "han":
        found = words.numbers.match(tokens, index)
        scale = words.magnitude.match(tokens, index)
        if found and found[0] < 10:
            digit = found[0]
        elif found or (scale and scale[0] == _THOUSAND):
            section += max(digit, 1) * (found[0] if found else _THOUSAND)
            digit = 0
        elif scale and index > start:
            total, section, digit = (total + section + digit) * int(scale[0]), 0, 0
        elif not (index > start and _is_before_magnitude(tokens, index, words)):
            break
        index += 1
    if index - start < 2 and not _measured(tokens, index, words):
        return None
    if index == start:
        return None
    value = Decimal(total + section + digit)
    return Numeral(value, _weight(value), index, spelled=value < 10)


def _is_before_magnitude(tokens: list[Token], index: int, words: Vocabulary) -> bool:
    """Whether "more than" stands between a number and its magnitude: "600多万", "十余万"."""
    more = words.bound_after.match(tokens, index)
    return more is not None and words.magnitude.match(tokens, more[1]) is not None


def _measured(tokens: list[Token], index: int, words: Vocabulary) -> bool:
    return bool(words.currency.match(tokens, index) or words.unit.match(tokens, index))
