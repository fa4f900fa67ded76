"""What the readers of this package share: a text cut into tokens, and what they read from it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from rewriter.text.quantities.facts import Moment, QuantityKind
from rewriter.text.quantities.vocabulary import Vocabulary
from rewriter.text.tokens import Token, glued

ONE, HUNDRED = Decimal(1), Decimal(100)
# Figures outside are not taken for years: news speaks of a count of 950 or 2,400 more often.
FIRST_YEAR, LAST_YEAR = 1000, 2150
_MAX_HAN = 4

# A moment and the index of the token behind it.
MomentAt = tuple[Moment, int]


class Scan:
    """The tokens of one text with the words of its language: what stands at an index."""

    def __init__(self, text: str, tokens: list[Token], words: Vocabulary) -> None:
        self.text = text
        self.tokens = tokens
        self.words = words
        self.lang = words.lang
        self._count = len(tokens)

    def at(self, index: int) -> str:
        """The token at `index` in lower case, "" beyond either end."""
        return self.tokens[index].lower if 0 <= index < self._count else ""

    def written(self, index: int) -> str:
        """The token at `index` as it is written, "" beyond either end."""
        return self.tokens[index].text if 0 <= index < self._count else ""

    def kind(self, index: int) -> str:
        """The kind of the token at `index`, "" beyond either end."""
        return self.tokens[index].kind if 0 <= index < self._count else ""

    def glued(self, index: int) -> bool:
        """Whether the token at `index` stands directly behind the one before it."""
        return glued(self.tokens, index)

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Where the tokens from `begin` to before `end` stand in the text."""
        return self.tokens[begin].start, self.tokens[end - 1].end

    def means(self, index: int, part: str) -> bool:
        """Whether the token at `index` plays a part of the language's grammar ("and", "half")."""
        return self.at(index) in self.words.grammar.get(part, ())

    def integer(self, index: int, low: int, high: int) -> int | None:
        """The whole number of one or two digits at `index`, None outside `low` to `high`."""
        text = self.at(index)
        if self.kind(index) != "number" or len(text) > 2 or not text.isdigit():
            return None
        return value if low <= (value := int(text)) <= high else None

    def year(self, index: int) -> int | None:
        """The year that the numeral at `index` may be: four digits without separators."""
        text = self.at(index)
        if self.kind(index) != "number" or len(text) != 4 or not text.isdigit():
            return None
        return year if FIRST_YEAR <= (year := int(text)) <= LAST_YEAR else None

    def han_integer(self, index: int) -> tuple[int, int] | None:
        """A whole number in Han numerals (十二, 二十五, 二〇二四) and the index behind it."""
        digits: list[int] = []
        while self.kind(index) == "han" and len(digits) <= _MAX_HAN:
            found = self.words.numbers.match(self.tokens, index)
            if found is None or found[0] > 10:
                break
            digits.append(found[0])
            index += 1
        if not digits:
            return None
        if 10 not in digits:
            return int("".join(map(str, digits))), index
        tens, units = digits[: digits.index(10)], digits[digits.index(10) + 1 :]
        if len(tens) > 1 or len(units) > 1 or 10 in units:
            return None
        return 10 * (tens[0] if tens else 1) + (units[0] if units else 0), index


class Numeral(NamedTuple):
    """A number and how finely it was written; `end` is the index of the token behind it.

    `scale` is the magnitude that is part of `value` and `step`: 1,000,000,000 of "2.56 billion".
    """

    value: Decimal
    step: Decimal
    end: int
    spelled: bool = False
    scale: Decimal = ONE


class Piece(NamedTuple):
    """A number with what it measures, read from token `begin` to before token `end`."""

    kind: QuantityKind
    number: Numeral
    begin: int
    end: int
    unit: str = ""
    factor: Decimal = ONE
    noun: str = ""
    label: bool = False
    share: bool = False
