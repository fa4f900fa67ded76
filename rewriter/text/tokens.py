"""Cutting text into tokens, once, for the grammar of quantities and for every check.

A token is a numeral with its separators ("1,234.56"), a word, a currency sign, one character of a
script without spaces, or one mark. Every pattern below is possessive or bounded, so that a million
digits, commas or quotes take linear time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

TokenKind = Literal["number", "word", "han", "currency", "mark"]

DENSE = "\u0e00-\u0e7f\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
DENSE_LANGUAGES = ("zh", "ja")
"""The languages whose words stand without spaces, of those that have lists of words."""
CURRENCY_SIGNS = "$＄€£￡¥￥₹₽₩₿₴₺₦₫฿₱₪₸₡₲"

# Languages that group digits with a plain space; elsewhere "in 2020 300 people" has two numbers.
_SPACED = frozenset({"fr", "ru", "es", "pt", "de", "uk", "pl", "cs", "sv", "it"})
# Languages that elide a vowel before an apostrophe: "l'Allemagne" is an article and a name.
_ELIDING = frozenset({"fr", "it", "ca"})
_ELISIONS = r"(?i:[ldncsjmt]|qu|jusqu|lorsqu|puisqu|(?:de|ne|su|a|da|co|que)ll|un|gl|quest|anch)"
# Languages that put an apostrophe between a name and its case ending: "Ankara'nın".
_SUFFIXING = frozenset({"tr", "az"})

# Currency codes that touch their amount: "EUR500", "$A5", "R20 million" (but "R2-D2" is a name),
# and the magnitude of an earthquake: "M6.6".
_CODES = (
    r"(?=[A-Z])(?:(?:USD|EUR|GBP|CHF|HKD|AUD|CAD|SGD|JPY|CNY|RMB|INR|SEK|NOK|DKK|PLN|Rs|RM|Rp)(?=\d)"
    r"|(?<=\$)(?:US|AU|NZ|HK|CAN?|A|C|S)(?=\d)"
    r"|M(?=\d\.\d(?![\d.]))"
    r"|[RN](?=\d++(?>(?:[.,]\d++)*) ?(?:million|billion|trillion|bn|mn|m|k)\b|\d{1,3}[, ]\d{3}))"
)

# The quetzal and the lempira, which Spanish news writes so: "Q745 millones", "L150".
_SPANISH_CODES = (
    r"(?:[QL](?=\d++(?>(?:[.,]\d++)*) ?(?:millones|millón|mil)\b"
    r"|\d{2,3}(?>(?:[.,]\d{2,3})*)(?!\w)))"
)

# What Arabic writes as one word with a number: "و25".
_ARABIC_PARTICLES = r"[وبفلك](?=\d)"

# A decimal point in Japanese, and in old British prices: "27・5%", "£4·50".
_MIDDLE_DOT = re.compile(r"(?<=\d)[・･·](?=\d)")


class Token(NamedTuple):
    """A piece of text; `start` and `end` are a half-open range of code points."""

    kind: TokenKind
    text: str
    lower: str
    start: int
    end: int


def tokenize(text: str, lang: str = "en") -> list[Token]:
    """The tokens of `text` in order; white space is left out and every apostrophe is straight.

    >>> [token.text for token in tokenize("HK$1,200.50 (25亿)")]
    ['HK', '$', '1,200.50', '(', '25', '亿', ')']
    """
    plain = text if text.isascii() else _MIDDLE_DOT.sub(".", text.replace("’", "'"))
    # A match begins with the white space before its token. None stands at the end, where a search
    # that fails would begin again at each place.
    found = _pattern(lang).finditer(plain.rstrip())
    # The constructor is bypassed: for thousands of tokens it costs as much as all the rest.
    new = tuple.__new__
    tokens = [
        new(
            Token,
            (m.lastgroup, part := m[at := m.lastindex or 0], part.lower(), m.start(at), m.end()),
        )
        for m in found
    ]
    return [token for token in tokens if token.kind] if lang in _SUFFIXING else tokens


def glued(tokens: list[Token], index: int) -> bool:
    """Whether `tokens[index]` stands directly behind the token before it."""
    return 0 < index < len(tokens) and tokens[index - 1].end == tokens[index].start


@lru_cache(maxsize=64)
def _pattern(lang: str) -> re.Pattern[str]:
    space = " \u00a0\u202f\u2009" if lang in _SPACED else "\u00a0\u202f\u2009"
    elision = rf"{_ELISIONS}'(?=\w)|" if lang in _ELIDING else ""
    own = {"es": f"{_SPANISH_CODES}|", "ar": rf"{_ARABIC_PARTICLES}|"}.get(lang, "")
    codes = own + _CODES
    letter = rf"[^\W\d_{DENSE}]"
    joined, ending = rf"(?>(?:'{letter}++)*)", ""
    if lang in _SUFFIXING:
        joined, ending = "", rf"|(?<=\w)'{letter}++"  # no token of its own
    return re.compile(
        rf"\s*+(?:(?P<word>{elision}{codes}|{letter}[^\W_{DENSE}]*+{joined}){ending}"
        # Groups of three behind a space or an apostrophe, at most seven of them, or any separators.
        rf"|(?P<number>\d{{1,3}}(?>(?:[{space}]\d{{3}}(?!\d)|'\d{{3}}(?!\d)){{1,7}})(?>(?:[.,]\d++)?)"
        r"|\d++(?>(?:[.,]\d++)*))"
        rf"|(?P<han>[{DENSE}])"
        rf"|(?P<currency>[{CURRENCY_SIGNS}])"
        r"|(?P<mark>[^\s\w]|\w))"
    )
