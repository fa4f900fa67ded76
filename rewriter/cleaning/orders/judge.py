"""What is an order in one article, by its sentences and what stands around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, pairwise
from typing import Any, NamedTuple

from rewriter.cleaning.language import detect_language
from rewriter.cleaning.orders.disguises import folded
from rewriter.cleaning.orders.marks import fenced, in_other_script, is_labelled, marked_run
from rewriter.cleaning.orders.scoring import (
    BESIDE,
    MARKED,
    SUSPECTED,
    ScoredSentence,
    explained,
    parted,
    scored,
)
from rewriter.cleaning.orders.signals import speaks_of_writing
from rewriter.cleaning.orders.weights import ORDER
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason

# In a story about models or writing an example of an order is news; more speaks for one of its
# own.
_IN_A_STORY = 8
# The longest sentence that is put together from two blocks.
_PARTED_CHARACTERS = 4_000
# The longest heading over an order.
HEADING_WORDS = 12
# This many other sentences about models, writing or fraud make a story about them.
STORY_SENTENCES, _STORY_SHARE = 2, 0.12
# What an order takes with it of a long block: the sentences behind it that may be what it orders.
_LONG, _TAKEN = 8, 3


class _Scored(NamedTuple):
    """A block with its sentences."""

    block: Block
    sentences: tuple[ScoredSentence, ...]


def texts_of(page: Page) -> Iterator[str]:
    """The text of each block that is kept, and of captions; empty for others.

    No model is given what is cut, and menus and buttons have the words of orders.
    """
    for block in page.blocks:
        yield block.render() if block.kept or block.reason is Reason.IMAGE else ""


@dataclass(frozen=True)
class Judge:
    """What is an order in one article.

    `story` is True where it is about models, writing or fraud, `suspected` where it has an order.
    """

    blocks: tuple[_Scored, ...]
    story: bool
    suspected: bool

    @classmethod
    def of(cls, page: Page) -> Judge:
        """The judge of a page: what its other sentences speak of decides what an example may be."""
        texts = [*texts_of(page), page.facts.title or ""]
        found = [scored(text, quotes_count=True, least=SUSPECTED) for text in texts]
        may_be = [any(sentence.score for sentence in sentences) for sentences in found]
        story = any(may_be) and _is_story(list(chain.from_iterable(found)))
        if story:
            found = [scored(text, quotes_count=False) for text in texts]
        # What is not suspicious counts only beside an order.
        for n in range(len(found) if any(may_be) and not story else 0):
            if any(may_be[max(n - 1, 0) : n + 1]):
                found[n] = scored(texts[n], quotes_count=True)
        bound = _IN_A_STORY if story else ORDER
        suspected = any(s.score >= bound for sentences in found for s in sentences)
        blocks = [
            _Scored(block, tuple(sentences))
            for block, sentences in zip(page.blocks, found, strict=False)
        ]
        return cls(tuple(blocks if story else _together(blocks)), story, suspected)

    @property
    def _bound(self) -> int:
        return _IN_A_STORY if self.story else ORDER

    def is_order(self, text: str) -> bool:
        """Whether a field holds an order."""
        bound = min(self._bound, SUSPECTED) if self.suspected else self._bound
        found = scored(text, not self.story, least=bound)
        return any(sentence.score >= bound for sentence in found)

    def without_orders(self, value: Any) -> Any:
        """A field's value without the texts in it that are orders; None where it is one."""
        if isinstance(value, str):
            return None if self.is_order(value) else value
        if isinstance(value, list):
            return [kept for item in value if (kept := self.without_orders(item)) is not None]
        if isinstance(value, dict):
            kept = {key: self.without_orders(item) for key, item in value.items()}
            return {key: item for key, item in kept.items() if item is not None}
        return value

    def is_foreign(self, page: Page) -> bool:
        """Whether an order is in another language than the article: no check can compare it."""
        lang = detect_language("\n".join(block.text for _, block in page.kept()))
        orders = [s for one in self.blocks for s in one.sentences if s.score >= self._bound]
        return any(s.langs and lang not in s.langs for s in orders)

    def parts(self, one: _Scored) -> Iterator[Block]:
        """The block, or what is left of it and the orders that were cut out of it."""
        orders = self._orders([sentence.score for sentence in one.sentences])
        if not any(orders):
            yield one.block
            return
        texts = [sentence.text for sentence in one.sentences]
        texts[0] = texts[0].removeprefix(one.block.mark)
        left = "".join(text for text, order in zip(texts, orders, strict=True) if not order).strip()
        gone = "".join(text for text, order in zip(texts, orders, strict=True) if order).strip()
        if left:
            yield replace(one.block, text=left)
        yield replace(one.block, text=explained(gone), reason=Reason.ORDER)

    def _orders(self, scores: Sequence[int]) -> list[bool]:
        """Which sentences of a block are orders: from the first one on, nothing of it is evidence.

        Where they are half of the block, so is what stands before them. Of a long block an order
        takes only the next sentences with it.
        """
        bound = SUSPECTED if self.suspected and not self.story else self._bound
        first = next((n for n, score in enumerate(scores) if score >= bound), None)
        if first is None:
            return [False] * len(scores)
        if len(scores) > _LONG:
            found = [score >= bound for score in scores]
            return [any(found[max(n - _TAKEN + 1, 0) : n + 1]) for n in range(len(scores))]
        while first and scores[first - 1] >= BESIDE:
            first -= 1
        if 2 * first <= len(scores):
            first = 0
        return [n >= first for n in range(len(scores))]


def _together(blocks: list[_Scored]) -> Iterator[_Scored]:
    """The blocks, those marked that are an order together.

    They are the lines of a chat or of an answer, or a heading over an order.
    """
    folds = [folded(one.block.render()) if one.sentences else "" for one in blocks]
    told = [one.block.render() if one.sentences else "" for one in blocks]
    marked = {*marked_runs(folds), *parts_of_orders(told), *fenced(told)}
    # An order in words that are known tells its language, too.
    marked.update(n for n in in_other_script(told) if _best(blocks[n]) < ORDER)
    for n, (above, below) in enumerate(pairwise(blocks)):
        best = _best(below)
        heads = len(above.sentences) == 1 and len(folds[n].split()) <= HEADING_WORDS
        if heads and above.sentences[0].score >= SUSPECTED and best >= BESIDE:
            marked.update((n, n + 1))
    for n, one in enumerate(blocks):
        text = one.block.render()
        yield _Scored(one.block, (ScoredSentence(text, MARKED),)) if n in marked else one


def _best(one: _Scored) -> int:
    return max((sentence.score for sentence in one.sentences), default=0)


def marked_runs(folds: Sequence[str]) -> Iterator[int]:
    """Which of folded blocks are the lines of a chat or of an answer, one below another."""
    for labelled, group in groupby(range(len(folds)), key=lambda n: is_labelled(folds[n])):
        run = list(group)
        if labelled and len(run) > 1 and marked_run([folds[n] for n in run]):
            yield from run


def parts_of_orders(texts: Sequence[str]) -> Iterator[int]:
    """Which blocks are the parts of a sentence that is an order."""
    for one, other in parted(texts):
        # Only the first sentence counts.
        whole = f"{texts[one].strip()} {texts[other].strip()}"[:_PARTED_CHARACTERS]
        found = scored(whole, quotes_count=True, least=ORDER)
        if found[0].score >= ORDER:
            yield from (one, other)


def _is_story(sentences: Sequence[ScoredSentence]) -> bool:
    about = sum(s.score < SUSPECTED and speaks_of_writing(folded(s.text)) for s in sentences)
    return about >= max(STORY_SENTENCES, _STORY_SHARE * len(sentences))
