"""The text in quotation marks in a text, and the marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rewriter.text.tokens import tokenize

# Marks that may open a quote anywhere, and what closes it.
_PAIRS = {"“": "”", '"': '"', "„": '[“”"]', "«": "»", "‹": "›"}
_PAIRS |= {"‟": "”", "「": "」", "『": "』", "｢": "｣", "＂": "＂"}
# Marks that open a quote in one language and close it in another: »so«, »so», ›so‹, ”so”.
_TURNED = {"»": "[«»]", "›": "[‹›]", "”": "”"}
MARKS = "".join(_PAIRS) + "".join(_TURNED) + "」』｣"
"""The quotation marks that are never apostrophes."""
SINGLE_MARKS = "‘’‚‛'"
"""The marks that may stand before quoted words in some language."""
ANY_MARK = MARKS + SINGLE_MARKS
"""All quotation marks and apostrophes."""

# Where a mark opens that elsewhere closes or is an apostrophe.
_BEFORE, _BEHIND = rf"(?<![^\s(\[{{/:—–\-{MARKS}])", r"(?=[^\s.,;:!?)\]])"
# Words that begin with an apostrophe: "'90s", "rock 'n' roll", "'s avonds", "'em".
_SHORTENED = r"(?!(?:\d\ds?|[smntdk]|em|til|tis|twas|cause|cos|bout|round|cuz|ello|ere)\b)"
_DOUBLE = f"[{''.join(_PAIRS)}]|{_BEFORE}[{''.join(_TURNED)}]{_BEHIND}"
_OPENING = re.compile(_DOUBLE)
_SIGN = re.compile(f"[{ANY_MARK}]")
_OPENING_SINGLE = re.compile(rf"(?:{_BEFORE}[’‚']|(?<![^\W_])‘){_SHORTENED}{_BEHIND}")
_OPENING_ANY = re.compile(f"{_DOUBLE}|{_OPENING_SINGLE.pattern}")
_CLOSING = {
    **{mark: re.compile(end) for mark, end in _PAIRS.items()},
    **{mark: re.compile(rf"(?<=\S){end}(?!\w)") for mark, end in _TURNED.items()},
}
# What closes a quote in single marks, and what may also be an apostrophe: "the players' union".
_CLOSING_SINGLE = re.compile(r"(?<=\S)(?<!['’]n)['’‘](?![\w“„«‘])")
_APOSTROPHE = re.compile(r"(?<=[sxzo])['’] \w|(?<=[ia]n)['’] \w")
# Languages whose single marks set off terms, or quotes within quotes.
_NO_SINGLES = frozenset({"ko", "zh", "ja"})
# Two single marks for a double one.
_TWO_OPEN = re.compile(r"``|‘‘|(?<!\S)(?:''|’’)(?=\w)")
_TWO_CLOSE = re.compile(r"''|’’")
_TWO = ("''", "’’", "``", "‘‘")
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
    """The quotes of a text, in order, in the marks of any language.

    >>> [quote.words for quote in quotes_in("»Ja«, ‘no’ and ''non''", "en")]
    [['ja'], ['no'], ['non']]
    """
    for start, end in quoted_spans(text, lang):
        yield Quote(start, end, words_in(text[start:end], lang))


def quoted_spans(text: str, lang: str = "") -> Iterator[tuple[int, int]]:
    """Where quoted words stand, marks excluded; a mark that is not closed in reach opens none."""
    text, at = _two_as_one(text), 0
    opening = _opening(lang)
    # Up to where what closes a quote is known to be missing.
    missing = dict.fromkeys(_CLOSING, 0)
    for sign in _SIGN.finditer(text):  # much faster than a search for what opens
        if sign.start() < at or not opening.match(text, sign.start()):
            continue
        begin = at = sign.end()
        mark, reach = sign.group(), begin + _LONGEST
        if closing := _CLOSING.get(mark):
            end = closing.search(text, max(begin + 1, missing[mark]), reach)
            missing[mark] = missing[mark] if end else reach
        else:
            end = _single_end(text, begin, reach)
        if end:
            yield begin, end.start()
            at = end.end()


def replace_quotes(text: str, put: Callable[[str], str]) -> str:
    """The text with what `put` makes of each quotation, its marks included."""
    parts, at = [], 0
    for start, end in quoted_spans(text):
        parts += [text[at : start - 1], put(text[start - 1 : end + 1])]
        at = end + 1
    return "".join((*parts, text[at:]))


def opens_quote(text: str, lang: str) -> bool:
    """Whether a text has a mark that opens a quote, closed or not."""
    return bool(_opening(lang).search(_two_as_one(text)))


def _opening(lang: str) -> re.Pattern[str]:
    return _OPENING if lang.split("-")[0] in _NO_SINGLES else _OPENING_ANY


def _two_as_one(text: str) -> str:
    """The text, as long as before, with a double mark where two single ones stand for it."""
    may_have = any(map(text.__contains__, _TWO))
    return _TWO_CLOSE.sub("” ", _TWO_OPEN.sub(" “", text)) if may_have else text


def _single_end(text: str, begin: int, reach: int) -> re.Match[str] | None:
    """The mark that closes a quote in single marks, before the next one opens.

    One that may be an apostrophe closes only where no other one does.
    """
    line = text.find("\n", begin, reach)
    following = _OPENING_SINGLE.search(text, begin, reach if line < 0 else line)
    stop = following.start() if following else reach if line < 0 else line
    found = _CLOSING_SINGLE.finditer(text, begin + 1, stop + 1)  # it looks one mark ahead
    ends = [end for end in found if end.start() < stop]
    sure = (end for end in ends if not _APOSTROPHE.match(text, end.start()))
    return next(sure, ends[0] if ends else None)


def words_in(text: str, lang: str) -> list[str]:
    """The words and numerals of a quote in lower case, editors' brackets left out."""
    tokens = tokenize(_EDITED.sub(r"\1", text), lang)
    return [token.lower for token in tokens if token.kind in WORDS]
