"""The text in quotation marks in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rewriter.text.tokens import tokenize

_PAIRS = {"“": "”", '"': '"', "«": "»", "„": "“”", "「": "」", "『": "』", "‹": "›"}
OPENING = re.compile("[" + "".join(_PAIRS) + "]")
# A letter that an editor changed to fit the sentence: "[T]he board".
_EDITED = re.compile(r"\[(\w)\](?=\w)")
# Longer than any quote in an article, in characters: it bounds the search for the closing mark.
_LONGEST = 3000
WORDS = frozenset({"word", "number", "han"})
# Up to two words in quotation marks are a term ("digital gold"), not what somebody said.
TERM_WORDS = 2


class Quote(NamedTuple):
    """Quoted words and where they stand, quotation marks excluded."""

    start: int
    end: int
    words: list[str]


def quotes_in(text: str, lang: str) -> Iterator[Quote]:
    """The quotes of a text, in order; a mark that is not closed in reach opens none."""
    at, text = 0, text.replace("’’", "”’")  # two single marks for a double one
    # Up to where each closing mark is known to be missing.
    missing = dict.fromkeys("".join(_PAIRS.values()), 0)
    while found := OPENING.search(text, at):
        begin = found.start()
        reach = begin + 1 + _LONGEST
        end = -1
        for closer in _PAIRS[text[begin]]:
            place = text.find(closer, max(begin + 1, missing[closer]), reach)
            if place < 0:
                missing[closer] = max(missing[closer], reach)
            elif end < 0 or place < end:
                end = place
        at = begin + 1 if end < 0 else end + 1
        if end >= 0:
            yield Quote(begin + 1, end, words_in(text[begin + 1 : end], lang))


def words_in(text: str, lang: str) -> list[str]:
    """The words and numerals of a quote in lower case, editors' brackets left out."""
    tokens = tokenize(_EDITED.sub(r"\1", text), lang)
    return [token.lower for token in tokens if token.kind in WORDS]
