"""Unicode's normal forms, in time that grows with the length of a text."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

# More signs on one letter than any language has (UAX 15, "Stream-Safe Text Format"). Sorting them
# takes the square of their number.
_MOST_SIGNS = 30
_MOST_GROWTH, _SHORT = 4, 1000
# Signs are no letters, digits or spaces to `re`.
_MANY = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_SIGNS + 1},}}")


def normalized(text: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> str:
    """`text` in a normal form, with at most 30 combining signs on a letter.

    A text that a compatibility form makes several times as long has the canonical form instead: a
    sign may stand for 18 letters.
    """
    bounded = _MANY.sub(_bounded, text)
    normal = unicodedata.normalize(form, bounded)
    if len(normal) > _MOST_GROWTH * len(text) + _SHORT:
        return unicodedata.normalize("NFC" if form.endswith("C") else "NFD", bounded)
    return normal


def _bounded(found: re.Match[str]) -> str:
    kept, signs = list[str](), 0
    for character in found[0]:
        signs = signs + 1 if unicodedata.combining(character) else 0
        if signs <= _MOST_SIGNS:
            kept.append(character)
    return "".join(kept)
