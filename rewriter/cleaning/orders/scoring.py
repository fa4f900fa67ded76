"""The sentences of a text, and what speaks for an order in each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from rewriter.cleaning.orders.disguises import Decoding, folded, readings
from rewriter.cleaning.orders.hints import features_of
from rewriter.cleaning.orders.marks import HTML, has_marks, is_answer_part
from rewriter.cleaning.orders.reports import is_reported
from rewriter.cleaning.orders.signals import Strength, strength
from rewriter.cleaning.orders.weights import ORDER
from rewriter.text.quotations import MARKS, SINGLE_MARKS, replace_quotes

# What a text in letters or a code that hide it has at least; this much is added to it.
_LEAST_HIDDEN, _LEAST_TURNED, _HIDING = 2, 4, 3
SUSPECTED, BESIDE = 3, 2
"""What makes a sentence suspicious, and what is enough beside an order in the same paragraph."""

_CODED = ORDER
MARKED = 2 * ORDER
"""What a mark of a chat or of an answer has."""

_IN_CODE = frozenset({"a code"})
_CLOSED = "[.!?。！？…][\"'”»’)\\]]*"
SENTENCE = re.compile(
    rf"(?:[^.!?。！？…\n]++|[.!?。！？…\n])*?(?:{_CLOSED}(?:\s+|$)|(?<=[。！？])|\n+|$)"
)
# A name behind other words; scripts without capitals have to say more.
_NAME = re.compile(r"[\w,.:]\s+[A-ZÀ-ÞА-Я][^\W\d_]+")
_CASED = re.compile(r"[A-Za-zА-Яа-я]")
# A name straight behind what is quoted: “We pay,” Lind said.
_NAME_BEHIND = re.compile(rf",[{MARKS}{SINGLE_MARKS}]\s+[A-ZÀ-ÞА-Я][^\W\d_]+")
_TAG = re.compile(r"<[^<>]{1,4000}>")
# The parts of a sentence: of this many words, with fewer than this many blocks between them.
_PART_WORDS, _APART = 3, 4
_CLOSING = re.compile(rf"{_CLOSED}\s*$")
_SAID_WORDS, _SAID_CHARACTERS = 3, 6


class ScoredSentence(NamedTuple):
    """A sentence with the white space behind it; what speaks for an order, in what languages."""

    text: str
    score: int
    langs: frozenset[str] = frozenset()


def scored(text: str, quotes_count: bool, least: int = BESIDE) -> list[ScoredSentence]:
    """The sentences of a block; what a named speaker says in quotation marks does not count.

    Without `quotes_count` no quotation does. What has less than `least` may have nothing.
    """
    if not text:
        return []
    told = without_speech(text) if quotes_count else replace_quotes(text, _blank)
    if is_answer_part(text if quotes_count else told) or has_marks(
        folded(text if quotes_count else told)
    ):
        return [ScoredSentence(text, MARKED)]
    if HTML.search(told):
        told = _TAG.sub(_blank, told)
    found, at = [], 0
    plain, *others = islice(readings(told, folded(told)), 2)
    # What all of its words add up to bounds each sentence, and so does what it hides.
    hides = bool(others) or plain.hidden
    may_have = hides or any(features_of(plain.text, least))
    while at < len(text):
        match = SENTENCE.match(told, at)
        end = match.end() if match and match.end() > at else len(text)
        own = _strength(told[at:end], least, hides=hides) if may_have else Strength(0)
        found.append(ScoredSentence(text[at:end], *own))
        at = end
    return found


def explained(text: str) -> str:
    """An order, and what it says where it is in a code."""
    says = [one.text for one in readings(text) if one.hidden or one.encoded or one.turned]
    new = [said for said in says if said not in text.lower()]
    told = [said for said in new if strength(said, hidden=True).score >= _LEAST_HIDDEN]
    return f"{text} [{' | '.join(told)}]" if told else text


def parted(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of blocks that are the parts of one sentence: one is not closed, one goes on.

    Others may stand between them, a few.
    """
    opened: int | None = None
    for n, text in enumerate(texts):
        words = text.split(maxsplit=_PART_WORDS)
        if len(words) < _PART_WORDS:
            continue
        if opened is not None and n - opened <= _APART and words[0][:1].islower():
            yield opened, n
        opened = n if not _CLOSING.search(text) else opened


def _blank(part: str | re.Match[str]) -> str:
    return " " * len(part if isinstance(part, str) else part[0])


def without_speech(text: str) -> str:
    """The text, blank where a speaker says something in quotation marks; as long as before."""
    return replace_quotes(text, _blank) if has_speaker(text) else text


def has_speaker(text: str) -> bool:
    """Whether a block says who speaks, outside of its quotation marks."""
    around = replace_quotes(text, lambda _: " ")
    if around == text:
        return False
    if _CASED.search(around):
        named = _NAME.search(around) or _NAME_BEHIND.search(text)
        return len(around.split()) >= _SAID_WORDS and named is not None
    return len(around.strip()) >= _SAID_CHARACTERS


def _strength(text: str, least: int, *, hides: bool) -> Strength:
    """What speaks for an order in a sentence, in whatever code it is written if it `hides` any."""
    best, plain = Strength(0), ""
    for n, reading in enumerate(readings(text) if hides else (Decoding(folded(text)),)):
        enough = min(least, _LEAST_HIDDEN) if reading.hidden else least
        score, langs = strength(reading.text, enough, hidden=reading.hidden)
        if n == 0:
            plain = reading.text
        # What somebody else is asked to do is news.
        if score and not reading.hidden and not reading.turned and is_reported(reading.text):
            score = 0
        # Letters that are read otherwise hide something only where more comes of them.
        if reading.hidden and score >= _LEAST_HIDDEN:
            more = reading.text == plain or score > strength(plain, hidden=True).score
            score += _HIDING * more
        if reading.turned:
            score = score + _HIDING if score >= _LEAST_TURNED else 0
        if reading.encoded:
            score, langs = max(score, _CODED), langs or _IN_CODE
        best = max(best, Strength(score, langs), key=lambda strength: strength.score)
    return best
