"""Assembling quantities: a number with its currency, unit, bound and range, in one pass."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from rewriter.quantities.dates import bare_year, read_moment, year_at
from rewriter.quantities.facts import Bound, Facts, Moment, Quantity, QuantityKind
from rewriter.quantities.numbers import Numeral, read_numeral
from rewriter.quantities.vocabulary import Vocabulary, vocabulary_of
from rewriter.tokens import Token, glued, tokenize

_ONE, _HUNDRED = Decimal(1), Decimal(100)
_DASHES = frozenset("-–—~〜至到")
_LABEL_PREFIXES = frozenset({"mid", "pre", "post", "sub", "near", "the", "non", "around", "plus"})
# "1 in 5" is a share; "3 in 2024" is not.
_SHARES = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 50, 100, 1000, 10000})
_FRACTION_FORMS = frozenset(
    {(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (3, 5), (4, 5)}
)
_MAX_LABEL = 9999


def read_facts(text: str, lang: str = "en") -> Facts:
    """Every quantity and moment of `text`, with code-point spans into it.

    >>> read_facts("It cost HK$2.5 billion in May 2025.").quantities[0].unit
    'HKD'
    """
    return facts_of(text, tokenize(text, lang), lang)


def facts_of(text: str, tokens: list[Token], lang: str = "en") -> Facts:
    """The same for text that is cut into tokens already."""
    return _Reader(text, tokens, vocabulary_of(lang)).read()


class _Reader:
    """One pass over the tokens of one text."""

    def __init__(self, text: str, tokens: list[Token], words: Vocabulary) -> None:
        self.text = text
        self.tokens = tokens
        self.words = words
        self.quantities: list[Quantity] = []
        self.moments: list[Moment] = []
        self._last: _Read | None = None

    def read(self) -> Facts:
        """Walk the tokens once; whatever is read is skipped as a whole."""
        tokens, starters = self.tokens, self.words.starters
        index, count = 0, len(tokens)
        while index < count:
            token = tokens[index]
            if token.kind == "word" and token.lower not in starters:
                if len(token.lower) == 2 or token.lower[:2] == "fy":
                    index = self._moment(index)
                    continue
                index += 1
            elif token.kind == "mark" and token.text not in _MARK_STARTERS:
                index += 1
            else:
                index = self._fact(index)
        return Facts(tuple(self.quantities), tuple(self.moments))

    def _moment(self, index: int) -> int:
        found = read_moment(self.tokens, index, self.words)
        if found is None:
            return index + 1
        self.moments.append(found[0])
        return found[1]

    def _fact(self, index: int) -> int:
        end = self._skip(index)
        if end > index:
            return end
        found = read_moment(self.tokens, index, self.words)
        if found:
            self.moments.append(found[0])
            return found[1]
        return self._money_sign(index) or self._share(index) or self._number(index) or index + 1

    # --- what only looks like a number ----------------------------------------------------------

    def _skip(self, index: int) -> int:
        """The index behind a list mark, "24/7" or a number glued to a name ("GPT-4", "5G")."""
        token = self.tokens[index]
        if token.kind != "number":
            return index
        if self._is_list_mark(index):
            return index + 2
        after = self._at(index + 1)
        if after == "/" and glued(self.tokens, index + 1) and self._is_slashed(index):
            return self._slashed(index)
        if self._is_name_part(index):
            return index + 1
        million_dollar = self.words.magnitude.match(self.tokens, index + 1)
        if million_dollar and not glued(self.tokens, index + 1):
            behind = million_dollar[1]
            adjective = self._at(behind) == "-" and self.words.currency.match(
                self.tokens, behind + 1
            )
            if adjective and self._at(index + 1) != "-":
                return adjective[1]
        return index

    def _at(self, index: int) -> str:
        return self.tokens[index].lower if 0 <= index < len(self.tokens) else ""

    def _is_list_mark(self, index: int) -> bool:
        token = self.tokens[index]
        opens = token.start == 0 or self.text[token.start - 1] == "\n"
        if not opens or len(token.text) > 2 or not glued(self.tokens, index + 1):
            return False
        return self._at(index + 1) in (".", ")", "、", "．") and not glued(self.tokens, index + 2)

    def _is_slashed(self, index: int) -> bool:
        if index + 2 >= len(self.tokens) or self.tokens[index + 2].kind != "number":
            return False
        if self._at(index + 3) == "/":
            return False
        pair = (self.tokens[index].text, self.tokens[index + 2].text)
        numbers = tuple(int(part) for part in pair if part.isdigit() and len(part) < 4)
        return numbers not in _FRACTION_FORMS and not (year_at(self.tokens, index))

    def _slashed(self, index: int) -> int:
        """Two numbers that a slash makes a name of ("9/11"): labels, unless they are an idiom."""
        pair = self.tokens[index].text + "/" + self.tokens[index + 2].text
        if pair not in _IDIOMS:
            for at in (index, index + 2):
                number = read_numeral(self.tokens, at, self.words)
                if number and number.end == at + 1:
                    self._add("count", number, "", at, at + 1, label=True)
        return index + 3

    def _is_name_part(self, index: int) -> bool:
        """Glued to letters: "GPT-4", "B-52", "COVID-19"; but "mid-2025" and "sub-5%" are figures."""
        if not glued(self.tokens, index) or self._at(index - 1) not in ("-", "_", "#", "&", "/"):
            return False
        before = self.tokens[index - 2] if index > 1 else None
        if before is None or before.kind != "word" or before.end != self.tokens[index - 1].start:
            return self._at(index - 1) in ("#", "_")
        return before.lower not in _LABEL_PREFIXES and before.lower not in self.words.starters

    # --- money with its sign in front -----------------------------------------------------------

    def _money_sign(self, index: int) -> int:
        """$5, US$2.5bn, HK$ 3 million, USD 5m; 0 when there is none."""
        start, at, unit = self._sign(index)
        number = read_numeral(self.tokens, at, self.words) if unit else None
        if number is None or self.tokens[at].kind == "word":
            return 0
        end = number.end
        after = self.words.currency.match(self.tokens, end) if unit in ("USD", "JPY|CNY") else None
        if after and (after[0] in _DOLLARS or unit != "USD"):
            unit, end = after
        return self._add("money", number, unit, start, end)

    def _sign(self, index: int) -> tuple[int, int, str]:
        token = self.tokens[index]
        if token.kind == "currency":
            sign = self.words.symbol.match(self.tokens, index)
            if sign is None:
                return index, index, ""
            prefix = self.tokens[index - 1] if glued(self.tokens, index) and index else None
            if prefix and prefix.kind == "word" and prefix.text.isupper():
                combined = self.words.symbol.match(self.tokens, index - 1)
                if combined:
                    return index - 1, index + 1, combined[0]
            return index, index + 1, sign[0]
        if (token.kind == "word" and token.text.isupper()) or token.text == "Rs":
            code = self.words.currency.match(self.tokens, index)
            at = code[1] + (self._at(code[1]) == ".") if code else 0
            if code and at < len(self.tokens) and self.tokens[at].kind == "number":
                return index, at, code[0]
        return index, index, ""

    # --- shares in words ------------------------------------------------------------------------

    def _share(self, index: int) -> int:
        """two-thirds, a quarter of, half of, one in five, 1/3, 三分之二, 百分之五; 0 when none."""
        token = self.tokens[index]
        if token.kind == "number" and self._at(index + 1) == "/" and glued(self.tokens, index + 1):
            return self._written_fraction(index)
        if token.kind == "han":
            return self._han_share(index)
        upper, at = self._upper(index)
        if not upper:
            return 0
        each = self._each(upper, at)
        if each:
            lower, end = each
            return self._add_share(upper, lower, index, end, token.kind != "number")
        if token.kind != "word":
            return 0
        dash = self._at(at) == "-"
        fraction = self.words.fractions.match(self.tokens, at + dash)
        if fraction is None or fraction[0] <= upper:
            return 0
        plural = upper > 1 or dash or self._at(fraction[1]) in _OF
        return self._add_share(upper, fraction[0], index, fraction[1], True) if plural else 0

    def _upper(self, index: int) -> tuple[int, int]:
        """The upper part of a share as a whole number and the index behind it."""
        token = self.tokens[index]
        number = read_numeral(self.tokens, index, self.words)
        if number:
            whole = number.value == int(number.value) and number.value <= _MAX_LABEL
            return (int(number.value), number.end) if whole else (0, index)
        if token.lower in self.words.grammar["articles"]:
            return 1, index + 1
        if self.words.fractions.match(self.tokens, index):
            return 1, index
        return 0, index

    def _each(self, upper: int, at: int) -> tuple[int, int] | None:
        for width in (1, 2):
            joined = " ".join(self._at(at + i) for i in range(width))
            if joined in self.words.grammar["in_each"]:
                lower = read_numeral(self.tokens, at + width, self.words)
                if lower and upper < lower.value and lower.value in _SHARES:
                    unit = self.words.unit.match(self.tokens, lower.end)
                    return None if unit else (int(lower.value), lower.end)
        return None

    def _written_fraction(self, index: int) -> int:
        upper, lower = self.tokens[index].text, self.tokens[index + 2].text
        if not (upper.isdigit() and lower.isdigit()):
            return 0
        return self._add_share(int(upper), int(lower), index, index + 3, False)

    def _han_share(self, index: int) -> int:
        text = self.text[self.tokens[index].start :][:4]
        if text.startswith("百分之"):
            number = read_numeral(self.tokens, index + 3, self.words)
            if number is None:
                single = self.words.numbers.match(self.tokens, index + 3)
                number = single and Numeral(Decimal(single[0]), Decimal(1), single[1], True)
            return self._add("percent", number, "", index, number.end) if number else 0
        upper = self.words.numbers.match(self.tokens, index)
        if upper and text[1:3] == "分之":
            lower = self.words.numbers.match(self.tokens, index + 3)
            if lower:
                return self._add_share(lower[0] and upper[0], lower[0], index, lower[1], True, True)
        return 0

    def _add_share(
        self, upper: int, lower: int, index: int, end: int, spelled: bool, inverted: bool = False
    ) -> int:
        if inverted:
            upper, lower = lower, upper
        value = _HUNDRED * upper / lower
        number = Numeral(value, Decimal(1), end, spelled)
        return self._add("percent", number, "", index, end)

    # --- everything that begins with the number -------------------------------------------------

    def _number(self, index: int) -> int:
        tokens, words = self.tokens, self.words
        alone = words.multiples.match(tokens, index)
        if alone:
            number = Numeral(alone[0], Decimal(1), alone[1], True)
            return self._add("multiple", number, "", index, alone[1])
        number = self._half(index) or read_numeral(tokens, index, words)
        if number is None:
            ordinal = words.ordinals.match(tokens, index)
            if ordinal and ordinal[0] > 1:
                number = Numeral(Decimal(ordinal[0]), Decimal(1), ordinal[1], True)
                return self._add("ordinal", number, "", index, ordinal[1])
            return 0
        number = self._and_a_half(number)
        return self._measured(index, number) or self._counted(index, number)

    def _half(self, index: int) -> Numeral | None:
        """half a million, half-million, half an hour, media hora."""
        if self._at(index) not in self.words.grammar["half"]:
            return None
        at = index + 1 + (self._at(index + 1) == "-")
        at += self._at(at) in self.words.grammar["articles"]
        half = Decimal("0.5")
        scale = self.words.magnitude.match(self.tokens, at)
        if scale:
            return Numeral(half * scale[0], scale[0] / 10, scale[1], True, scale[0])
        dozen = self._at(at) in self.words.grammar["dozen"]
        if dozen:
            return Numeral(half * 12, Decimal(1), at + 1, True)
        if self.words.unit.match(self.tokens, at):
            return Numeral(half, Decimal("0.1"), at, True)
        return None

    def _and_a_half(self, number: Numeral) -> Numeral:
        """two and a half million: the half counts before the magnitude."""
        at = number.end
        if self._at(at) not in self.words.grammar["and"]:
            return number
        at += 1 + (self._at(at + 1) in self.words.grammar["articles"])
        if self._at(at) not in self.words.grammar["half"]:
            return number
        value, end = number.value + Decimal("0.5"), at + 1
        scale = self.words.magnitude.match(self.tokens, end)
        factor, end = scale or (Decimal(1), end)
        return Numeral(value * factor, factor / 10, end, number.spelled, factor)

    def _measured(self, index: int, number: Numeral) -> int:
        """With a unit behind it, which may follow a hyphen or an abbreviation's point."""
        tokens, words, end = self.tokens, self.words, number.end
        if self._at(end) == "." and end + 1 < len(tokens) and not glued(tokens, end + 1):
            abbreviated = tokens[end - 1].kind == "word" and len(tokens[end - 1].text) < 5
            end += abbreviated and tokens[end + 1].lower in words.starters
        if self._at(end) == "-" and glued(tokens, end):
            end += 1
        if end >= len(tokens):
            return 0
        points = words.points.match(tokens, end)
        if points:
            return self._add("points", number, "", index, points[1], factor=points[0])
        percent = words.percent.match(tokens, end)
        if percent:
            return self._add("percent", number, "", index, percent[1])
        return self._money_behind(index, number, end) or self._unit(index, number, end)

    def _money_behind(self, index: int, number: Numeral, end: int) -> int:
        tokens, words = self.tokens, self.words
        if tokens[end].kind == "currency":
            sign = words.symbol.match(tokens, end)
            before_digits = end + 1 < len(tokens) and (
                tokens[end + 1].kind == "number" and glued(tokens, end + 1)
            )
            return (
                self._add("money", number, sign[0], index, sign[1])
                if sign and not before_digits
                else 0
            )
        currency = words.currency.match(tokens, end)
        if currency and not (tokens[end].text == "may"):
            unit, behind = currency
            if (
                unit == "GBP|pound"
                and number.scale == 1
                and number.value < _HUNDRED
                and not number.spelled
            ):
                unit = "GBP|mass"
            return self._add("money", number, unit.replace("GBP|pound", "GBP"), index, behind)
        cents = words.cents.match(tokens, end)
        if cents:
            return self._add("money", number, cents[0], index, cents[1], factor=1 / _HUNDRED)
        return 0

    def _unit(self, index: int, number: Numeral, end: int) -> int:
        tokens, words = self.tokens, self.words
        suffix = self._at(number.end)
        if suffix in words.grammar["ordinal_suffixes"] and glued(tokens, number.end):
            return self._add("ordinal", number, "", index, number.end + 1)
        multiple = words.multiple.match(tokens, end)
        if multiple:
            return self._add("multiple", number, "", index, multiple[1])
        ratio = self._ratio(index, number)
        if ratio:
            return ratio
        if glued(tokens, end) and tokens[end].kind == "word" and self._is_millions(end):
            million = Decimal(1_000_000)
            scaled = number._replace(
                value=number.value * million, step=number.step * million, scale=million
            )
            return self._add("count", scaled, "", index, end + 1)
        unit = words.unit.match(tokens, end)
        if unit and not (
            len(tokens[end].text) == 1 and not glued(tokens, end) and words.lang == "en"
        ):
            (dimension, factor), behind = unit
            return self._add("count", number, dimension, index, behind, factor=factor)
        return 0

    def _is_millions(self, at: int) -> bool:
        """Whether the letter in "5m users" means millions: a plural is counted behind it."""
        if self._at(at) != "m" or at + 1 >= len(self.tokens):
            return False
        counted = self.tokens[at + 1]
        return counted.kind == "word" and counted.lower.endswith("s")

    def _ratio(self, index: int, number: Numeral) -> int:
        """3:1, 3-to-1; a time of day was read before."""
        tokens, at = self.tokens, number.end
        colon = self._at(at) == ":" and glued(tokens, at) and glued(tokens, at + 1)
        dashed = self._at(at) == "-" and self._at(at + 1) == "to" and self._at(at + 2) == "-"
        if not (colon or dashed):
            return 0
        other = read_numeral(tokens, at + (1 if colon else 3), self.words)
        if other is None or not other.value:
            return 0
        value = number.value / other.value
        ratio = Numeral(value, Decimal(0), other.end, number.spelled)
        return self._add("ratio", ratio, "", index, other.end)

    def _counted(self, index: int, number: Numeral) -> int:
        tokens, end = self.tokens, number.end
        if end == index + 1:
            year = bare_year(tokens, index, self.words)
            if year:
                self.moments.append(year)
                return self._year_range(index, end, year)
            if glued(tokens, end) and tokens[end].kind == "word":
                return end + 1  # "5G", "3D": part of a name
        noun = (
            tokens[end].lower if end < len(tokens) and tokens[end].kind in ("word", "han") else ""
        )
        if noun in _PASSED_OVER:
            noun = self._at(end + 1)
        label = end == index + 1 and self._is_label(index, number)
        return self._add("count", number, "", index, end, noun=noun, label=label)

    def _year_range(self, index: int, end: int, year: Moment) -> int:
        """2024-25, 2024/25: the second year is written short."""
        short = self._at(end + 1)
        dashed = self._at(end) in _DASHES | {"/"} and glued(self.tokens, end)
        if dashed and glued(self.tokens, end + 1) and short.isdigit() and len(short) == 2:
            later = (year.year or 0) // 100 * 100 + int(short)
            if (year.year or 0) < later:
                token = self.tokens[end + 1]
                self.moments.append(Moment(token.start, token.end, year=later))
                return end + 2
        return end

    def _is_label(self, index: int, number: Numeral) -> bool:
        """A plain number behind a name: "Rule 144", "S&P 500", "No. 5", "iPhone 15"."""
        if number.spelled or number.value > _MAX_LABEL or index == 0:
            return False
        if self._at(index - 1) in ("#", "№") or (
            self._at(index - 2) == "no" and self._at(index - 1) == "."
        ):
            return True
        before = self.tokens[index - 1]
        opens = index == 1 or self.tokens[index - 2].text in '.!?:"“'
        capital = before.kind == "word" and before.text[0].isupper() and not opens
        return capital and self.words.bound.match_before(self.tokens, index) is None

    # --- keeping what was read ------------------------------------------------------------------

    def _add(
        self,
        kind: QuantityKind,
        number: Numeral,
        unit: str,
        index: int,
        end: int,
        *,
        factor: Decimal = _ONE,
        noun: str = "",
        label: bool = False,
    ) -> int:
        """Keep what was read from token `index` to `end`; the index behind it and its bound."""
        start, bound, behind = self._bound(index, end)
        read = _Read(
            Quantity(
                kind=kind,
                value=number.value * factor,
                unit=unit,
                step=number.step * factor,
                start=self.tokens[index].start,
                end=self.tokens[behind - 1].end,
                number=number.value,
                bound=bound,
                noun=noun,
                spelled=number.spelled,
                label=label,
            ),
            number.scale,
            factor,
            behind,
        )
        if self._last and start == self._last.end + 1 and self._links(self._last.end):
            read = self._completed(self._last, read)
        self.quantities.append(read.quantity)
        self._last = read
        return behind

    def _bound(self, index: int, end: int) -> tuple[int, Bound, int]:
        """Where the phrase begins with its bound, the bound, and the index behind all of it."""
        after = self.words.bound_after.match(self.tokens, end)
        if after and (self.tokens[end].text != "+" or glued(self.tokens, end)):
            return index, after[0], after[1]
        before = self.words.bound.match_before(self.tokens, index)
        return (before[1], before[0], end) if before else (index, "", end)

    def _links(self, index: int) -> bool:
        """Whether the token at `index` can stand between the two figures of a range."""
        return self._at(index) in _DASHES or self._at(index) in self.words.grammar["range"]

    def _completed(self, first: _Read, second: _Read) -> _Read:
        """Give each figure of "5-10 million dollars" or "$5-10" what only the other one says."""
        dash = self._at(first.end) in _DASHES
        if second.is_bare and not first.is_bare and (dash or second.scale != 1):
            second = second.measured_like(first)
            if first.scale != 1 == second.scale:
                second = second.times(first.scale)
        elif first.is_bare and not second.is_bare and second.quantity.kind in _LENDING:
            first = first.measured_like(second)
        same = (first.quantity.kind, first.quantity.unit) == (
            second.quantity.kind,
            second.quantity.unit,
        )
        if same and first.scale == 1 != second.scale:
            mantissa = second.quantity.value / second.scale
            if first.quantity.value < mantissa:
                first = first.times(second.scale)
        self.quantities[-1] = first.quantity
        return second


_LENDING = frozenset({"money", "percent", "points", "count", "multiple"})
_MARK_STARTERS = frozenset("½⅓⅔¼¾⅛")
_DOLLARS = frozenset(
    {"USD", "HKD", "AUD", "CAD", "NZD", "SGD", "TWD", "MXN", "peso", "ARS", "CLP", "COP"}
)
_IDIOMS = frozenset({"24/7", "50/50"})
_PASSED_OVER = frozenset({"more", "other", "further", "additional", "new", "different", "major"})
_OF = frozenset({"of", "the", "de", "del", "da", "do", "des", "der"})


class _Read(NamedTuple):
    """A quantity with what a range needs: its magnitude, its unit's factor, the index behind."""

    quantity: Quantity
    scale: Decimal
    factor: Decimal
    end: int

    @property
    def is_bare(self) -> bool:
        return self.quantity.kind == "count" and not self.quantity.unit

    def measured_like(self, other: _Read) -> _Read:
        """The same number in the other's unit."""
        q, model = self.quantity, other.quantity
        changed = q._replace(
            kind=model.kind,
            unit=model.unit,
            noun="",
            value=q.value * other.factor,
            step=q.step * other.factor,
        )
        return self._replace(quantity=changed, factor=other.factor)

    def times(self, scale: Decimal) -> _Read:
        """The same number with a magnitude."""
        q = self.quantity
        return self._replace(
            quantity=q._replace(
                value=q.value * scale, step=q.step * scale, number=q.number * scale
            ),
            scale=scale,
        )
