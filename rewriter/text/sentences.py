"""Splitting text into sentences, one way for cleaner, completers and checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sentencex import segment

# The splitter's time grows with the square of the quotation marks in a text; a paragraph of a
# whole article without line ends has 10,000 characters.
_PIECE = 20_000
# Languages that write an ordinal with a point. Sentences rarely end in such a short number.
_ORDINAL_POINTS = frozenset(
    {"de", "pl", "tr", "cs", "da", "nb", "no", "nn", "fi", "hu", "sk", "is"}
)
_ORDINAL = re.compile(r"\s\d{1,2}\. ?$")
# An answer, where the splitter sees the abbreviation of "number".
_ANSWER = re.compile(r"^\s*No\. (?=[^\W\d])")
# A letter for a currency before its amount, and what else stands before a number: "G. 160.000",
# "godz. 7.52", "2 tys. 183", "en sept. 2020".
_BEFORE_NUMBER = re.compile(
    r"(?:^|[\s(])(?:G|Gs|L|Q|Rs|Bs|S/|tys|godz|ok|nr|art|ust|poz|pkt|ul|ca|bzw|kl|blz|тыс|тис|ч|ст|п"
    r"|ул|[Jj]anv?|[Ff][ée]vr?|[Aa]vr|[Jj]uil|[Ss]ept|[Oo][ck]t|[Nn]ov|[Dd][ée]c|[Dd]ez|ene|abr|ago|dic"
    r")\. ?$"
)
# A short word with a point: "Cie.", "tys.". It ends no sentence before a word in lower case.
_ABBREVIATION = re.compile(r"\b[^\W\d]\w{0,4}\. ?$")


def split_sentences(text: str, lang: str = "en") -> tuple[str, ...]:
    """The sentences of `text` in order, stripped, none empty; abbreviations follow `lang`.

    >>> split_sentences("It cost $2.56 billion. Dr. Wu agreed.")
    ('It cost $2.56 billion.', 'Dr. Wu agreed.')
    """
    parts = (
        part
        for piece in _pieces(text)
        for whole in segment(lang, piece)
        for part in _answers(whole)
    )
    return tuple(stripped for part in _joined(parts, lang) if (stripped := part.strip()))


def _joined(parts: Iterable[str], lang: str) -> Iterator[str]:
    """The parts with those put together that the splitter cut behind an abbreviation or ordinal."""
    whole = ""
    for part in parts:
        if whole and not _goes_on(whole, part, lang):
            yield whole
            whole = ""
        whole += part
    yield whole


def _goes_on(before: str, part: str, lang: str) -> bool:
    """Whether the point at the end of `before` ends no sentence: "Cie. said", "2. Quartal"."""
    if part[:2].islower() and _ABBREVIATION.search(before):
        return True
    if part[:1].isdigit() and _BEFORE_NUMBER.search(before):
        return True
    return lang in _ORDINAL_POINTS and bool(_ORDINAL.search(before))


def _answers(part: str) -> Iterator[str]:
    """A sentence without the "No." before it, and that "No."."""
    answer = _ANSWER.match(part)
    if answer:
        yield answer.group()
    yield part[answer.end() :] if answer else part


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = start + _PIECE
        if end < len(text):
            end = text.rfind(". ", start, end) + 2 if ". " in text[start:end] else end
        yield text[start:end]
        start = end
