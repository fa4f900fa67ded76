"""Phone numbers in words: "oh eight hundred, five five five, one two one two"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, pairwise

from rewriter.text.quantities import LANGUAGES
from rewriter.text.quantities.vocabulary import vocabulary_of

_WORD = re.compile(r"[^\W\d_]+")
# What stands between the figures of a number that is read out, and words that it may have besides.
_BETWEEN = re.compile(r"[ ,.–-]{1,3}")
_JOINING = frozenset({"and", "y", "et", "e", "und", "en", "i", "и", "hundred", "double", "triple"})
# So many figures stand in it; two of its digits follow each other, which those of amounts do not.
_LEAST, _DIGITS, _TENS = 5, 7, 10


def spoken_phones_in(text: str) -> Iterator[tuple[int, int]]:
    """Where phone numbers in words stand."""
    numbers = _numbers()
    if sum(word in numbers for word in _WORD.findall(text.lower())) < _LEAST:
        return
    run: list[tuple[int, int, int]] = []
    for found in _WORD.finditer(text):
        word = found[0].lower()
        if run and not _BETWEEN.fullmatch(text, run[-1][1], found.start()):
            yield from _phone(text, run)
            run = []
        if word in numbers:
            run.append((*found.span(), numbers[word]))
        elif run and word in _JOINING:
            run.append((*found.span(), -1))
        else:
            yield from _phone(text, run)
            run = []
    yield from _phone(text, run)


def _phone(text: str, run: list[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    values = [value for _, _, value in run if value >= 0]
    digits = sum(len(str(value)) for value in values)
    read_out = any(
        0 <= value < _TENS and 0 <= other < _TENS and text[end:begin] == " "
        for (_, end, value), (begin, _, other) in pairwise(run)
    )
    if read_out and len(values) >= _LEAST and digits >= _DIGITS:
        yield run[0][0], run[-1][1]


@cache
def _numbers() -> dict[str, int]:
    """The value of each word for a number below a hundred, in all languages."""
    every = [vocabulary_of(lang).numbers.items() for lang in sorted(LANGUAGES)]
    return {"oh": 0} | {
        word: value
        for word, phrases in chain.from_iterable(every)
        for rest, value in phrases
        if not rest and 0 <= value < _TENS**2
    }
