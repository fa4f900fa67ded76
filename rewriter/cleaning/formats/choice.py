"""A second opinion on where the article of an HTML page is, for the pages where extraction fails.

trafilatura is right on most pages. Where two other extractors (the score over lines, resiliparse)
agree with each other and hardly with it, their article is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rewriter.cleaning.furniture import cut_furniture
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.structure import article_run

if TYPE_CHECKING:
    pass

_SHINGLE = 4
_WORD = re.compile(r"\w+")
# Shares of runs of four words, chosen on 277 public pages: an extraction that has less than half of
# what the others have is a piece of the article; one of which they have less than half is too much.
_PIECE = 0.5
_INSIDE = 0.6
# The others must agree more where they would add text: readers' comments look like an article.
_AGREED_TO_CUT, _AGREED_TO_ADD = 0.6, 0.7
# A page with fewer words has no article that could be lost.
_WORDS = 60


def second_opinion(found: Sequence[Block], seen: Sequence[Block], tree: str) -> list[Block] | None:
    """The blocks of the article by the other extractors; None where `found` need not be doubted.

    `seen` are the page's blocks, and `tree` is its HTML.
    """
    run = article_run(blocks := cut_furniture(Page("html", tuple(seen))).blocks)
    lines = [block for block in blocks[run.start : run.end] if block.kept]
    by_lines, taken = _runs(*map(_text, lines)), _runs(*map(_text, found))
    if by_lines.total() < _WORDS or not _differ(taken, by_lines):
        return None
    other = _runs(_by_resiliparse(tree))
    agreed = min(_share(by_lines, other), _share(other, by_lines))
    cuts = by_lines.total() < taken.total()
    enough = agreed >= (_AGREED_TO_CUT if cuts else _AGREED_TO_ADD)
    return lines if enough and _differ(taken, other) else None


def _differ(taken: Counter[tuple[str, ...]], other: Counter[tuple[str, ...]]) -> bool:
    """True where one is a small part of the other."""
    within, around = _share(taken, other), _share(other, taken)
    return (within >= _INSIDE and around <= _PIECE) or (within <= _PIECE and around >= _INSIDE)


def _share(part: Counter[tuple[str, ...]], whole: Counter[tuple[str, ...]]) -> float:
    return (part & whole).total() / max(part.total(), 1)


def _runs(*texts: str) -> Counter[tuple[str, ...]]:
    words = [word for text in texts for word in _WORD.findall(text.casefold())]
    return Counter(zip(*(words[at:] for at in range(_SHINGLE)), strict=False))


def _text(block: Block) -> str:
    return block.text


def _by_resiliparse(tree: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(tree, main_content=True))
