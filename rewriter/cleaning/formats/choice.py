"""Which part of an HTML page is its article, by several extractors.

trafilatura's fast extraction is right on most pages. It is doubted where resiliparse, the fastest
of all, finds much more text or much less; only then readability and the score over lines are asked,
and trafilatura's slower ways last. All read the same tree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from rewriter.cleaning.formats.tree import parse, visible_blocks
from rewriter.cleaning.furniture import cut_furniture
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.shapes import key
from rewriter.cleaning.structure import article_run
from rewriter.errors import SourceError

if TYPE_CHECKING:
    from lxml.html import HtmlElement as _Element
    from trafilatura.settings import Extractor

_SHINGLE = 4
_WORD = re.compile(r"\w+")
# Shares of runs of four words, chosen on a third of 1,267 public pages. An extraction with less
# than the first share of what resiliparse has may be a piece of the article, one of which
# resiliparse has less than the second may hold more.
_PIECE, _MORE = 0.7, 0.85
_SAME = 0.95  # two extractions that agree so far are the same article
_WITHIN = 0.9
# An article that is made whole grows by less than this; comments and other articles grow more.
_OVERGROWN = 8
_LINES_AGREE = 0.88
# Extractions of fewer runs are worth little.
_FEW = 100
# A heading or a line of this many words with more of its text in links leads to another article.
_LINKED, _TEASER_WORDS = 0.5, 8
# What is left when the teasers of other stories go.
_LEFT = (0.5, 0.75)
# Share of a block's runs that an extractor must have for the block to be in its article.
_TAKEN = 0.8


@dataclass(frozen=True)
class _Extraction:
    """One extractor's article: its lines, and where it tells them the blocks."""

    lines: Sequence[str]
    blocks: Sequence[Block] = ()

    @classmethod
    def of(cls, blocks: Iterable[Block]) -> _Extraction:
        found = tuple(blocks)
        return cls([block.text for block in found], found)

    @cached_property
    def words(self) -> list[str]:
        return _WORD.findall("\n".join(self.lines).casefold())

    @cached_property
    def keys(self) -> set[str]:
        return set(map(key, self.lines))

    @cached_property
    def runs(self) -> Counter[tuple[str, ...]]:
        return Counter(zip(*(self.words[at:] for at in range(_SHINGLE)), strict=False))

    @property
    def size(self) -> int:
        return max(len(self.words) - _SHINGLE + 1, 0)

    def share_in(self, other: _Extraction) -> float:
        """The share of this article that the other holds."""
        return (self.runs & other.runs).total() / max(self.size, 1)

    def agrees(self, other: _Extraction) -> float:
        """How far both are the same: the F1 of one in the other."""
        return 2 * (self.runs & other.runs).total() / max(self.size + other.size, 1)


def article_of(tree: _Element, seen: Sequence[Block]) -> Sequence[Block]:
    """The blocks of the article; empty where no extractor finds one. `seen` are all blocks."""
    fast = _by_trafilatura(tree, fast=True)
    other = _by_resiliparse(tree)
    if not fast.blocks:
        return _by_trafilatura(tree, fast=False).blocks
    if fast.size < _PIECE * other.size:
        return _of_pieces(fast, other, tree, seen).blocks
    if other.size < _MORE * fast.size:
        return _without_teasers(_of_more(fast, other, tree, seen), other, seen)
    return fast.blocks


def _without_teasers(
    found: _Extraction, other: _Extraction, seen: Sequence[Block]
) -> Sequence[Block]:
    """The blocks without those that lead to other pages and that resiliparse leaves out."""
    links = {key(block.text) for block in seen if _is_teaser(block)}
    return [
        block for block in found.blocks if key(block.text) not in links or _is_taken(block, other)
    ]


def _is_teaser(block: Block) -> bool:
    long = block.kind == "heading" or len(_WORD.findall(block.text)) >= _TEASER_WORDS
    return block.linked > _LINKED and long


def _of_pieces(
    fast: _Extraction, other: _Extraction, tree: _Element, seen: Sequence[Block]
) -> _Extraction:
    """The article where resiliparse finds more than `fast`."""
    third = _by_readability(tree)
    if third.agrees(fast) >= _SAME:
        return fast
    lines = _by_lines(seen)
    within = third.share_in(other) >= _WITHIN
    if third.agrees(lines) > _SAME:
        return third
    likely = other.size < _OVERGROWN * fast.size or fast.size < _FEW
    agreed = other.agrees(lines) >= _LINES_AGREE and fast.share_in(other) >= _WITHIN
    if agreed and likely and within and third.size > fast.size:
        return _Extraction.of(block for block in seen if _is_taken(block, other))
    if fast.size >= _FEW:
        return fast
    slow = _by_trafilatura(tree, fast=False)
    return slow if slow.agrees(fast) < _WITHIN else fast


def _of_more(
    fast: _Extraction, other: _Extraction, tree: _Element, seen: Sequence[Block]
) -> _Extraction:
    """The article where resiliparse finds less than `fast`."""
    third = _by_readability(tree)
    low, high = _LEFT
    left = low * fast.size <= third.size <= high * fast.size
    if left and third.share_in(fast) >= _SAME and third.share_in(other) >= _SAME:
        return third
    if other.size >= fast.size / 2 or not third.size:
        return fast
    nothing = other.size < fast.size / 10
    if third.share_in(_by_lines(seen) if nothing else other) < _SAME:
        return fast
    slow = _by_trafilatura(tree, fast=False)
    return third if third.agrees(slow) >= _SAME else fast


# --- the extractors ------------------------------------------------------------------------------


def _by_trafilatura(tree: _Element, *, fast: bool) -> _Extraction:
    from trafilatura import bare_extraction

    document = bare_extraction(tree, options=_options(fast))
    if document is None or isinstance(document, dict) or document.body is None:
        return _Extraction(())
    return _Extraction.of(visible_blocks(document.body))


@cache
def _options(fast: bool) -> Extractor:
    from trafilatura.settings import Extractor

    # For its own format it would write the text a second time.
    return Extractor(fast=fast, comments=False, output_format="txt")


def _by_readability(tree: _Element) -> _Extraction:
    from trafilatura.readability_lxml import Document

    try:
        return _Extraction.of(visible_blocks(parse(Document(deepcopy(tree)).summary())))
    except (SourceError, ValueError, TypeError, AttributeError, IndexError):
        return _Extraction(())  # it is not made for every tree


def _by_lines(seen: Sequence[Block]) -> _Extraction:
    blocks = cut_furniture(Page("html", tuple(seen))).blocks
    run = article_run(blocks)
    return _Extraction.of(block for block in blocks[run.start : run.end] if block.kept)


def _by_resiliparse(tree: _Element) -> _Extraction:
    from lxml.etree import tostring
    from resiliparse.extract.html2text import extract_plain_text

    whole = tostring(tree, encoding="unicode", method="html")
    return _Extraction(str(extract_plain_text(whole, main_content=True)).splitlines())


def _is_taken(block: Block, found: _Extraction) -> bool:
    own = _Extraction((block.text,)).runs
    if not own:
        return key(block.text) in found.keys
    return sum(run in found.runs for run in own) >= _TAKEN * len(own)
