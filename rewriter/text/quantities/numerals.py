"""Reading one number: digits in the language's notation, spelled out, or Han numerals."""

from __future__ import annotations

from decimal import Decimal

from rewriter.text.quantities.scan import ONE, Numeral, Scan

# A longer run of digits is a key or a hash, which other checks judge.
_MAX_DIGITS = 30
_VULGAR = {"½": "0.5", "⅓": "0.333333", "⅔": "0.666667", "¼": "0.25", "¾": "0.75", "⅛": "0.125"}
_THOUSAND = 1000
_MAX_GROUPS = 7
# Digits of a group.
_GROUP = 3
_MAX_LETTERS = 3
# Letters of a magnitude that may have a point behind it: "2 тыс. 183".
_MAX_ABBREVIATION = 4


def read_numeral(scan: Scan, index: int) -> Numeral | None:
    """The number that begins at `index`, its magnitudes included, or None."""
    number = _first_part(scan, index)
    return number and _with_lower_part(scan, number)


def _first_part(scan: Scan, index: int) -> Numeral | None:
    """The number up to the first magnitude behind its digits: "2 mil" of "2 mil 183"."""
    if scan.at(index) in _VULGAR:
        value = Decimal(_VULGAR[scan.at(index)])
        return scaled(scan, Numeral(value, Decimal("0.01"), index + 1))
    readers = {"number": _digits, "han": _han, "word": _spelled}
    read = readers.get(scan.kind(index))
    return read(scan, index) if read else None


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
        return Decimal(text), ONE
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


def _digits(scan: Scan, index: int) -> Numeral | None:
    text, end = _spaced(scan, index)
    parsed = parse_digits(text, scan.words.comma_decimal)
    if parsed is None:
        return None
    value, step = parsed
    if scan.at(end) in _VULGAR:
        value, step, end = value + Decimal(_VULGAR[scan.at(end)]), Decimal("0.01"), end + 1
    return scaled(scan, Numeral(value, step, end))


def _spaced(scan: Scan, index: int) -> tuple[str, int]:
    """The digits at `index` with the groups of three behind single spaces: "35 000".

    Behind a name or a number the groups stay apart ("Level 3 100 times"), and in English where the
    last one begins a name ("400 737 Max jets"). "1 200" is read as one number.
    """
    text, end = scan.written(index), index + 1
    apart = scan.kind(index - 1) == "number" or scan.written(index - 1)[:1].isupper()
    if len(text) > 3 or not text.isdigit() or text[0] == "0" or apart:
        return text, end
    while end - index < _MAX_GROUPS and _is_group(scan, end):
        text, end = text + scan.written(end), end + 1
    if end > index + 1 and scan.lang == "en" and _begins_name(scan, end):
        return scan.written(index), index + 1
    return text, end


def _begins_name(scan: Scan, end: int) -> bool:
    """Whether the number before `end` is the first part of a name: "737 Max", "787-9"."""
    if scan.at(end) == "-" and scan.glued(end):
        return scan.glued(end + 1) and scan.kind(end + 1) == "number"
    if scan.kind(end) != "word" or not scan.written(end)[:1].isupper():
        return False
    return not (_measured(scan, end) or scan.words.magnitude.match(scan.tokens, end))


def _is_group(scan: Scan, index: int) -> bool:
    if scan.kind(index) != "number" or scan.tokens[index].start != scan.tokens[index - 1].end + 1:
        return False
    whole, dot, _ = scan.at(index).partition(".")
    return len(whole) == 3 and whole.isdigit() and (not dot or scan.at(index).count(".") == 1)


def scaled(scan: Scan, number: Numeral) -> Numeral:
    """The number times the magnitudes behind it ("2.5 thousand million", "1.2万亿", "30 M€")."""
    scale, end = ONE, number.end
    while end < len(scan.tokens):
        found = None
        if scan.glued(end) or _is_before_a_currency(scan, end):
            found = scan.words.glued_magnitude.match(scan.tokens, end)
        hyphen = scan.written(end) == "-" and scan.glued(end)
        found = found or scan.words.magnitude.match(scan.tokens, end + hyphen)
        if found is None and _is_before_magnitude(scan, end):
            end += 1
            continue
        if scan.at(end) == "mm" and not _is_of_money(scan, end):
            break  # millimetres
        if found is None or (hyphen and not scan.glued(end + 1)):
            break
        scale, end = scale * found[0], found[1]
    if end == number.end:
        return number
    total = number.scale * scale
    return Numeral(number.value * scale, number.step * scale, end, number.spelled, total)


def _with_lower_part(scan: Scan, number: Numeral) -> Numeral:
    """The number with the smaller part that follows in digits: "2 mil 183 millones", 4亿5000万."""
    at = _lower_part(scan, number) if number.scale > 1 else 0
    lower = read_numeral(scan, at) if at else None
    if lower is None or lower.spelled or lower.step < 1 or number.value % number.scale:
        return number
    if lower.value < number.scale:
        # Behind a million a lone count is another figure or a year: "5 millones 200 personas".
        whole = number.scale == _THOUSAND or lower.end > at + 1 or scan.lang == "zh"
        joined = number._replace(
            value=number.value + lower.value, step=lower.step, end=lower.end, scale=lower.scale
        )
        return joined if whole else number
    linked = scan.means(at - 1, "and")  # "entre 2 mil e 5 mil"
    if number.scale > _THOUSAND or lower.value / lower.scale >= _THOUSAND or linked:
        return number
    value = (number.value + lower.value / lower.scale) * lower.scale
    return Numeral(value, lower.step, lower.end, scale=lower.scale)


def _lower_part(scan: Scan, number: Numeral) -> int:
    """The index of the digits that may go on a number behind its magnitude, 0 without any.

    Only Chinese writes them without a space; a letter that touches its digits ends a number ("5K").
    Portuguese links what is below a hundred, and whole hundreds.
    """
    at, together = number.end, scan.lang == "zh"
    last = at - 1 - (scan.written(at - 1) == ".")
    if last and scan.glued(last) != together:
        return 0
    if scan.at(at) == "." and scan.glued(at):
        at += len(scan.written(last)) <= _MAX_ABBREVIATION
    linked = scan.lang == "pt" and scan.at(at) == "e"
    at += linked
    if scan.kind(at) != "number" or scan.glued(at) != together:
        return 0
    if scan.at(at + 1) == "-" and scan.glued(at + 1):
        return 0
    text = scan.written(at)
    short = text.isdecimal() and (not linked or len(text) < _GROUP or text.endswith("00"))
    return at if short else 0


def _is_before_a_currency(scan: Scan, index: int) -> bool:
    """Whether a letter apart from its number belongs to it: "30 M€", "5 m euros"."""
    if len(scan.at(index)) > _MAX_LETTERS:
        return False
    named = scan.words.currency.match(scan.tokens, index + 1)
    return scan.kind(index + 1) == "currency" or named is not None


def _is_of_money(scan: Scan, index: int) -> bool:
    """Whether a currency stands before the digits of a number or behind its letters: "$25mm"."""
    first = index - 1
    while scan.kind(first) == "number":
        first -= 1
    return scan.kind(first) == "currency" or _is_before_a_currency(scan, index)


def _spelled(scan: Scan, index: int) -> Numeral | None:
    """A number in words, with its article and "dozen"; an article alone is no number."""
    start, is_article = index, scan.means(index, "articles")
    if is_article:
        index = _behind_article(scan, index)
    total, current, ceiling, end = _added_up(scan, index, current=int(index > start))
    if end == start:
        return None
    value = Decimal(total) + current
    if scan.means(end, "dozen"):
        value, end = value * 12, end + 1
    elif is_article and value == 1 and end == start + 1:
        return None
    last = ceiling if ceiling.is_finite() and not current else ONE
    return Numeral(value, _weight(value), end, True, last)


def _added_up(scan: Scan, index: int, current: int) -> tuple[int, int, Decimal, int]:
    """Number words from `index`: units and tens add up, hundreds and magnitudes multiply.

    Returns the sum up to the last magnitude, the number after it, that magnitude (infinity without
    one), and the index of the next token. `current` is 1 after an article that means "one".
    """
    total, ceiling, seen = 0, Decimal("Infinity"), current > 0
    while scan.at(index):
        at = _joined(scan, index) if seen else index
        found = scan.words.numbers.match(scan.tokens, at)
        if found and found[0] == _THOUSAND and not seen:  # "mil quinientos", "mille cinq cents"
            total, ceiling, index, seen = _THOUSAND, Decimal(_THOUSAND), found[1], True
            continue
        if found and _fits(current, found[0], joined=at > index):
            current = current * 100 if found[0] == 100 and 0 < current < 100 else current + found[0]
            index, seen = found[1], True
            continue
        scale = scan.words.magnitude.match(scan.tokens, at) if seen else None
        if scale is None or (at > index and scan.written(index) != "-"):
            break
        if scale[0] < ceiling:
            total, ceiling = total + max(current, 1) * int(scale[0]), scale[0]
        else:
            total = (total + current) * int(scale[0])
        current, index = 0, scale[1]
    return total, current, ceiling, index


def _behind_article(scan: Scan, index: int) -> int:
    """The index behind an article that means "one" ("a hundred", "une centaine"), or `index`."""
    following = index + 1
    counted = (
        scan.words.magnitude.match(scan.tokens, following)
        or scan.means(following, "dozen")
        or (scan.words.numbers.match(scan.tokens, following) or (0,))[0] >= 100
    )
    return following if counted and scan.kind(following) == "word" else index


def _joined(scan: Scan, index: int) -> int:
    """The index after a hyphen or the word "and" inside a number."""
    if scan.written(index) == "-" and scan.glued(index) and scan.glued(index + 1):
        return index + 1
    return index + 1 if scan.means(index, "and") else index


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
        return ONE
    return ONE.scaleb(len(digits := str(int(value))) - len(digits.rstrip("0")))


def _han(scan: Scan, index: int) -> Numeral | None:
    """Chinese numerals: digits, then 十 百 千, in sections of 万 and 亿; one alone is no count."""
    start = index
    total = section = digit = 0
    while scan.kind(index) == "han":
        found = scan.words.numbers.match(scan.tokens, index)
        scale = scan.words.magnitude.match(scan.tokens, index)
        if found and found[0] < 10:
            digit = found[0]
        elif found or (scale and scale[0] == _THOUSAND):
            section += max(digit, 1) * (found[0] if found else _THOUSAND)
            digit = 0
        elif scale and index > start:
            total, section, digit = (total + section + digit) * int(scale[0]), 0, 0
        elif not (index > start and _is_before_magnitude(scan, index)):
            break
        index += 1
    if index - start < 2 and not _measured(scan, index):
        return None
    if index == start:
        return None
    value = Decimal(total + section + digit)
    return Numeral(value, _weight(value), index, spelled=value < 10)


def _is_before_magnitude(scan: Scan, index: int) -> bool:
    """Whether "more than" stands between a number and its magnitude: "600多万", "十余万"."""
    more = scan.words.bound_after.match(scan.tokens, index)
    return more is not None and scan.words.magnitude.match(scan.tokens, more[1]) is not None


def _measured(scan: Scan, index: int) -> bool:
    return bool(
        scan.words.currency.match(scan.tokens, index) or scan.words.unit.match(scan.tokens, index)
    )
