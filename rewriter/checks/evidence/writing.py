"""Sentences of a source that speak of the text itself: no evidence for what only they say.

News tells what somebody did, with a text too ("the headline spoke of"). A sentence that says what a
text is like, whenever it is written ("a short account closes with", "any version names"), reports
nothing. It may be addressed to whoever writes the news anew, in words that no list foresees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import writing
from rewriter.checks.lexicon.wording import Wording
from rewriter.text.quotations import replace_quotes

# More paragraphs than these that speak of texts are what the article is about.
_MOST = 2
# A paragraph of so many sentences, the first of which is one, is one as a whole.
_SHORT = 3
# A longer sentence is a list, a table or several.
_WORDS = 45
# What stands before that which a text says.
_SAID = re.compile(
    r"[:：]|(?<!\w)(?:that|dass|daß|qu(?:e|['’]\w+)|che|что|що|dat|że|ki)(?!\w)", re.IGNORECASE
)

# What stands behind the part of another thing: "the summary of the ruling", "paragraph 4".
_OF_ANOTHER = re.compile(
    r"\s(?:\d|(?:of|de|du|des|del|di|della|do|da|von|van|über)\b(?!\s(?:this|these|our|dies\w*|ces?|cette?"
    r"|cet|est[ea]s?|quest\w*|deze|dit)\b)|der\s|d['’]|dell['’])",
    re.IGNORECASE,
)


class AboutWriting(NamedTuple):
    """The numbers of statements that speak of the text: the article's `own`, and quotations."""

    own: frozenset[int]
    quoted: frozenset[int]


def about_writing(
    statements: Sequence[Statement], blocks: Sequence[object], lang: str
) -> AboutWriting:
    """The statements that speak of the text they stand in, each with those behind it."""
    known = writing(lang)
    if known is None:
        return AboutWriting(frozenset(), frozenset())
    found = [n for n, one in enumerate(statements) if _spoken(known.text, one.text)]
    own, quoted = set[int](), set[int]()
    if not found or len({blocks[n] for n in found}) > _MOST:
        return AboutWriting(frozenset(), frozenset())
    for n in found:
        text = statements[n].text
        if len(text.split()) > _WORDS:
            continue
        outside = replace_quotes(text, lambda _: " “” ")
        spoken = _spoken(known.text, outside)
        if spoken is None:
            quoted.add(n)
        elif not known.told.search(_frame(outside, spoken.end())):
            others = _with_next(n, blocks)
            own.update(m for m in others if m == n or not known.told.search(statements[m].text))
    return AboutWriting(frozenset(own), frozenset(quoted - own))


def _spoken(texts: Wording, text: str) -> re.Match[str] | None:
    """What a sentence says of its own text: no summary of a ruling and no paragraph of a treaty."""
    found = texts.search(text)
    while found and _OF_ANOTHER.match(text, found.end()):
        found = texts.pattern.search(text, found.start() + 1)
    return found


def _frame(text: str, end: int) -> str:
    """A sentence up to what a text is to say, behind "that" or a colon."""
    said = _SAID.search(text, end)
    return text[: said.start()] if said else text


def _with_next(n: int, blocks: Sequence[object]) -> Iterator[int]:
    """The statement, with the others of a short paragraph that it begins."""
    end = n + 1
    while end < len(blocks) and blocks[end] == blocks[n]:
        end += 1
    begins = not n or blocks[n - 1] != blocks[n]
    return iter(range(n, end if begins and end - n <= _SHORT else n + 1))
