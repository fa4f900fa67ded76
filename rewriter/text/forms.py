"""Unicode's normal forms, in time that grows with the length of a text."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

# More signs on one letter than any language has (UAX 15, "Stream-Safe Text Format"). Sorting them
# takes the square of their number.
_MOST_SIGNS = 30
# Signs that a compatibility form spells with 5 to 18 letters each: no text has many of them.
_SPELLED_OUT = re.compile(
    "([\u3307\u3315-\u3317\u3319\u331a\u3320\u332b\u332e\u3332\u3334\u3336\u3347\u334a\u3356\u33ae\u33af"
    "\ufdfa\ufdfb]+)"
)
_MOST_SPELLED_OUT = 250
# Signs are no letters, digits or spaces to `re`.
_MANY = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_SIGNS + 1},}}")


def normalized(text: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> str:
    """`text` in a normal form, with at most 30 combining signs on a letter.

    Where a text has many signs that a compatibility form spells out they stay as they are: a sign
    may stand for 18 letters.
    """
    if text.isascii():
        return text
    text = _MANY.sub(_bounded, text)
    if sum(map(len, _SPELLED_OUT.findall(text))) <= _MOST_SPELLED_OUT:
        return unicodedata.normalize(form, text)
    pieces = enumerate(_SPELLED_OUT.split(text))
    return "".join(piece if n % 2 else unicodedata.normalize(form, piece) for n, piece in pieces)


def _bounded(found: re.Match[str]) -> str:
    kept, signs = list[str](), 0
    for character in found[0]:
        signs = signs + 1 if unicodedata.combining(character) else 0
        if signs <= _MOST_SIGNS:
            kept.append(character)
    return "".join(kept)
