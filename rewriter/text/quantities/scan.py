"""What the readers of this package share: a text cut into tokens, and what they read from it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from rewriter.text.quantities.facts import QuantityKind
from rewriter.text.quantities.numbers import Numeral
from rewriter.text.quantities.vocabulary import Vocabulary
from rewriter.text.tokens import Token, glued

ONE, HUNDRED = Decimal(1), Decimal(100)


class Scan:
    """The tokens of one text with the words of its language."""

    def __init__(self, text: str, tokens: list[Token], words: Vocabulary) -> None:
        self.text = text
        self.tokens = tokens
        self.words = words
        self._count = len(tokens)

    def at(self, index: int) -> str:
        """The token at `index` in lower case, "" beyond either end."""
        return self.tokens[index].lower if 0 <= index < self._count else ""

    def kind(self, index: int) -> str:
        """The kind of the token at `index`, "" beyond either end."""
        return self.tokens[index].kind if 0 <= index < self._count else ""

    def glued(self, index: int) -> bool:
        """Whether the token at `index` stands directly behind the one before it."""
        return glued(self.tokens, index)

    def means(self, index: int, part: str) -> bool:
        """Whether the token at `index` plays a part of the language's grammar ("and", "half")."""
        if not 0 <= index < self._count:
            return False
        return self.tokens[index].lower in self.words.grammar.get(part, ())


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
