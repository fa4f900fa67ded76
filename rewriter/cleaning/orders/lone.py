"""The passages of an article, and the forms by which one asks, labels or speaks of its own text.

A report speaks of others. Where it has one of these forms once or twice, the passage that has it
may be somebody's who wrote into the report; where it has more of them, they are its manner.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from rewriter.cleaning.orders.disguises import folded
from rewriter.cleaning.orders.patterns import one_of
from rewriter.cleaning.orders.reports import is_reported
from rewriter.cleaning.orders.scoring import SENTENCE, without_speech
from rewriter.cleaning.orders.tables import read_lists
from rewriter.text.quotations import MARKS, replace_quotes

ADDRESS, DIALOGUE, ITSELF = range(3)
"""It orders to say something, has lines with a label before a colon each, or speaks of the text
that it stands in."""

_LINE = re.compile(
    r"(?:^|[?？!.。]\s{0,3})\W{0,4}[^\W\d][\w'’.-]{0,20}(?: [\w'’.-]{1,20})?\s?[:：]\s*\S",
    re.MULTILINE,
)
_LINES = 2
_BEGIN = r"(?:^|[.!?:;…]\s|\n)[\s\"'(\[*>–—-]{0,4}"
# A form that one passage has is no manner of the article's, nor a dialogue that two have.
_ALONE, SHORT = {DIALOGUE: 2}, 30
# The words of the article that a passage of each form may have; one of another, hardly any.
_MOST = {ADDRESS: 3, DIALOGUE: 2, ITSELF: 2}
# A quotation that goes on in other passages is somebody's speech.
_QUOTE = re.compile(f"[{MARKS}]")

# A text of up to so many words is one passage. A longer text is split into sentences.
_WORDS = 60
# A passage is unrelated if it shares at most so many words with the rest of its article, or at most
# this part of its own words; a short one may share a little more.
_LITTLE, _LITTLE_PART = 1, 0.2
_SOME, _SOME_PART, _FEW = 2, 0.34, 3


class TextPassage(NamedTuple):
    """A passage, and where it begins in its text and in the article."""

    text: str
    at: int
    start: int
    whole_start: int


class Shared(NamedTuple):
    """How many words of a passage other passages have, and how many it has itself."""

    words: int
    own: int

    @property
    def little(self) -> bool:
        """Whether the passage has hardly anything in common with the others."""
        return self.words <= max(_LITTLE, _LITTLE_PART * self.own)

    @property
    def few(self) -> bool:
        """Whether it has so few that a request in two words may have them."""
        return self.words <= _FEW or self.little

    @property
    def some(self) -> bool:
        """Whether it has at most a few words in common with them."""
        return self.words <= max(_SOME, _SOME_PART * self.own)


def passages_of(texts: Sequence[str]) -> Iterator[TextPassage]:
    """The short texts, and the sentences of the long ones."""
    begin = 0
    for at, text in enumerate(texts):
        if len(text.split()) <= _WORDS:
            if text:
                yield TextPassage(text, at, 0, begin)
        else:
            for found in SENTENCE.finditer(text):
                yield TextPassage(found[0], at, found.start(), begin + found.start())
        begin += len(text) + 1


def lone_of(
    passages: Sequence[TextPassage],
    common: Sequence[Shared],
    lang: str | None,
) -> frozenset[int]:
    """Which short passages have a form that no other of their article has, and report nobody.

    It has little in common with the article: a few words more where it orders to say something.
    """
    likely = {
        n: own
        for n, (one, shared) in enumerate(zip(passages, common, strict=True))
        if (shared.little or shared.words <= max(_MOST.values()))
        and len(one.text.split()) <= SHORT
        and (own := _forms_in(one, lang))
    }
    if not likely:
        return frozenset()
    had = Counter(form for one in passages for form in _forms_in(one, lang))
    return frozenset(
        n
        for n, own in likely.items()
        if _is_lone(own, had, common[n])
        and not is_reported(folded(without_speech(passages[n].text)))
    )


def _is_lone(own: frozenset[int], had: Mapping[int, int], shared: Shared) -> bool:
    if shared.little:
        return any(had[form] <= _ALONE.get(form, 1) for form in own)
    some = shared.some or len(own) > 1
    return some and any(had[form] == 1 and shared.words <= _MOST.get(form, 0) for form in own)


def _forms_in(one: TextPassage, lang: str | None) -> frozenset[int]:
    """The forms of a passage in its own words; only what begins a text has lines."""
    own = frozenset(_forms(replace_quotes(one.text, lambda said: '""'.ljust(len(said))), lang))
    return own - {DIALOGUE} if one.start else own


def is_dialogue(text: str) -> bool:
    """Whether a text begins with lines that have a label before a colon: "Q: ...", "A: ..."."""
    return _LINE.match(text) is not None and len(_LINE.findall(text)) >= _LINES


def is_quotation(text: str) -> bool:
    """Whether a text is all in quotation marks."""
    rest = replace_quotes(text, lambda _: "")
    return rest != text and not re.search(r"\w", rest)


def is_credit(text: str, lang: str | None) -> bool:
    """Whether a text has what a publisher says of its own text."""
    return _patterns(lang)[2].search(text) is not None


def _forms(text: str, lang: str | None) -> Iterator[int]:
    if len(_QUOTE.findall(text)) % 2 or is_quotation(text):
        return
    if is_dialogue(text):
        yield DIALOGUE
    address, itself, credit = _patterns(lang)
    if address.search(text):
        yield ADDRESS
    # "The headline read:" and a quotation tells of another text.
    if '""' not in text and itself.search(text) and not credit.search(text):
        yield ITSELF


@cache
def _patterns(lang: str | None) -> tuple[re.Pattern[str], ...]:
    """What finds an order to word something, the text itself, and a credit of the text."""
    lists = read_lists("lone.toml").get(lang or "", {})
    order, itself, credit = (
        f"{one_of(lists.get(name, ['(?!)']))}(?!\\w)" for name in ("order", "itself", "credit")
    )
    found = (f"{_BEGIN}{order}", rf"(?<!\w){itself}", rf"(?<!\w){credit}")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in found)
