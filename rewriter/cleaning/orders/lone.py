"""The forms by which a passage speaks to its reader, asks, labels or speaks of its own text.

A report speaks of others. Where it has one of these forms once or twice, the passage that has it
may be somebody's who wrote into the report; where it has more of them, they are its manner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from rewriter.cleaning.orders.tables import read_lists

ADDRESS, LABEL, ANSWER, FENCE, ITSELF = range(5)
"""It speaks to somebody, has a label before a colon, answers its own question, is set off by signs,
or speaks of the text that it stands in."""

_LABEL = re.compile(
    r"\W*(?:[^\W\d][\w'’.()-]*[ /]){0,4}?[^\W\d][\w'’.()-]*\s?[:：]\s+(?=[^\s\"“«„‘])"
)
# Of a credit or a link there is hardly a word in small letters behind the colon.
_SMALL, _SMALL_WORDS = re.compile(r"(?<!\w)[^\W\d_A-ZÀ-Þ][^\W\d_]+"), 2
# A line within signs, a fence of code, an element; a heading of Markdown is none.
_FENCE = re.compile(
    r"^\s{0,3}(?:`{3}|~{3}|([=*<>_\[{|-])\1+[^\n]{0,80}[=*<>_\]}|-]{2}\s*$|# [a-z]"
    r"|</?[^<>\n]{1,60}>\s*$)",
    re.MULTILINE,
)
_BEGIN = r"(?:^|[.!?:;…]\s|\n)[\s\"'(\[*>–—-]{0,4}"
_ANSWER = re.compile(r"[?？]\W{0,3}\s+\S")
_LONGEST_FENCE = 100
# A quotation that goes on in other passages is somebody's speech.
_QUOTE = re.compile(r"[\"“”«»„]")
_QUOTATION = re.compile(r"\W*[\"“«„][^\"“”«»„]*[\"”»“]\W*")


def forms_of(text: str, lang: str | None) -> frozenset[int]:
    """The forms of a passage without what others say in it."""
    return frozenset(_forms(text, lang))


def is_fence(text: str) -> bool:
    """Whether a text is a line within signs, which sets off what stands beside it."""
    return len(text) <= _LONGEST_FENCE and _FENCE.match(text) is not None


def is_labelled(text: str) -> bool:
    """Whether a text has a label before a colon, and a sentence behind it."""
    label = _LABEL.match(text)
    return label is not None and len(_SMALL.findall(text, label.end())) >= _SMALL_WORDS


def _forms(text: str, lang: str | None) -> Iterator[int]:
    if len(_QUOTE.findall(text)) % 2 or _QUOTATION.fullmatch(text):
        return
    if is_labelled(text):
        yield LABEL
    if _ANSWER.search(text):
        yield ANSWER
    if _FENCE.search(text):
        yield FENCE
    for form, pattern in _patterns(lang).items():
        if pattern.search(text):
            yield form


@cache
def _patterns(lang: str | None) -> Mapping[int, re.Pattern[str]]:
    """What finds a reader or an order to one, and what finds the text itself."""
    lists = read_lists("lone.toml").get(lang or "", {})
    reader, order, itself = (
        f"(?:{'|'.join(lists.get(name, ['(?!)']))})(?!\\w)"
        for name in ("reader", "order", "itself")
    )
    found = {
        ADDRESS: rf"(?<![\w'’]){reader}|{_BEGIN}{order}",
        ITSELF: rf"(?<!\w){itself}",
    }
    return {form: re.compile(pattern, re.IGNORECASE) for form, pattern in found.items()}
