"""How phrases and names are abbreviated: initials, letters with points, first letters of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from rewriter.checks.evidence.variants import unaccented
from rewriter.checks.lexicon import word_set
from rewriter.text.tokens import Token

AND = word_set("and")
# Words that an acronym leaves out.
_LEFT_OUT = word_set("name_links") | word_set("left_out") | AND
# Letters: a shorter acronym might be anybody's.
MIN_ACRONYM = 4
# Words that an acronym stands for at most.
LONGEST_ACRONYM = 6


def is_acronym(text: str) -> bool:
    """Whether a word is written as an acronym: "EPA", "SUVs", "FdI"."""
    return text.rstrip("s").isupper() or (
        len(text) <= MIN_ACRONYM and text[0].isupper() and text[-1].isupper()
    )


def initials_in(tokens: Sequence[Token], places: Sequence[int]) -> Iterator[str]:
    """The letters with a point before a name, as in "S. Marsh Road", but not those of "U.S.".

    `places` are those of the words with a capital, in order.
    """
    for at, following in pairwise(places):
        is_initial = len(tokens[at].text) == 1 and following == at + 2
        if is_initial and tokens[at + 1].text == "." and not (at and tokens[at - 1].text == "."):
            yield tokens[at].lower


def expansions(tokens: list[Token], places: list[int]) -> Iterator[str]:
    """The acronyms of phrases of which only the first word has a capital: "Banque centrale"."""
    for at in places:
        letters = _initial(tokens[at])
        for word in tokens[at + 1 : at + 1 + 2 * LONGEST_ACRONYM]:
            if word.kind != "word":
                break
            if word.lower in _LEFT_OUT:
                continue
            letters += _initial(word)
            if len(letters) > 2:
                yield letters
            if len(letters) == LONGEST_ACRONYM:
                break


def dotted(words: list[str]) -> Iterator[str]:
    """The acronyms written with points: "us" of "u", ".", "s", "."."""
    letters = ""
    for word, behind in zip_longest(words, words[1:], fillvalue=""):
        if len(word) == 1 and word.isalpha() and behind == ".":
            letters += word
        elif word != ".":
            if letters:
                yield letters + (word if len(word) == 1 else "")
            letters = ""
    if letters:
        yield letters


def _initial(token: Token) -> str:
    """The first letter of a word, without an accent: "e" of "écologique"."""
    letter = token.lower[0]
    return letter if letter.isascii() or letter > "ɏ" else unaccented(letter)
