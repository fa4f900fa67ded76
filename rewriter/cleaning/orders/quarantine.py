"""The stage that cuts orders to a model: a text that only they have is no evidence.

A quotation by a named speaker stays, and so does a story about orders: one where other sentences
speak of models, of editing or of fraud.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from rewriter.cleaning.language import detect_language
from rewriter.cleaning.orders.disguises import Decoding, folded, readings
from rewriter.cleaning.orders.marks import HTML, has_marks, is_labelled, marked_run
from rewriter.cleaning.orders.signals import ORDER, Strength, speaks_of_models, strength, tells
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason

_FOREIGN = (
    "a text in a code or in another language than the article's is addressed to a model, and no "
    "check tells whether a rewrite follows it: cut it from the source"
)
# In a story about models an example of an order is news; more speaks for an order of its own.
_IN_A_STORY = 8
# What is enough beside an order in the same paragraph, and in the rest of such an article.
_BESIDE = 2
_SUSPECTED = 3
# What a text in letters or a code that hide it has at least; this much is added to it.
_LEAST_HIDDEN, _LEAST_TURNED, _HIDING = 2, 4, 3
# A hidden block is most often a menu or a button: one that orders says more, in a sentence.
_LEAST_IN_HIDDEN, _HIDDEN_WORDS = 5, 60
_CODED = ORDER
# The longest heading over an order.
_HEADING_WORDS = 12
_MARKED = 2 * ORDER
_IN_CODE = frozenset({"a code"})
# So many other sentences about models, editing or fraud make a story about them.
_STORY_SENTENCES, _STORY_SHARE = 2, 0.12
_CLOSED = "[.!?。！？…][\"'”»’)\\]]*"
_SENTENCE = re.compile(rf".*?(?:{_CLOSED}(?:\s+|$)|(?<=[。！？])|\n+|$)", re.DOTALL)
_QUOTED = re.compile(
    '“[^“”]{1,2000}”|"[^"]{1,2000}"|«[^«»]{1,2000}»|„[^„“”]{1,2000}[“”]|「[^「」]{1,2000}」|『[^『』]{1,2000}』'
)
# A name behind other words; scripts without capitals have to say more.
_NAME = re.compile(r"[\w,.:]\s+[A-ZÀ-ÞА-Я][^\W\d_]+")
_CASED = re.compile(r"[A-Za-zА-Яа-я]")
_COMMENT = "<!--"
_TAG = re.compile(r"<[^<>]{1,4000}>")
_WORD = re.compile(r"\w")
# No evidence: what stands outside of the article, and the long addresses of its links.
_NOT_TOLD = (Reason.OUTSIDE_ARTICLE, Reason.LINK)
# Code has so many of these signs, and such a share of them; a sentence has few.
_CODE_SIGNS = re.compile(r"[(){}\[\];=<>|\\]")
_CODE_LEAST, _CODE_SHARE = 6, 0.03
# What an order takes with it of a long block: the sentences behind it that may be what it orders.
_LONG, _TAKEN = 8, 3
_SAID_WORDS, _SAID_CHARACTERS = 3, 6


def cut_orders(page: Page) -> Page:
    """Cut what is addressed to a model: sentences, whole blocks, and fields such as the title."""
    judge = _Judge.of(page)
    blocks = tuple(_with_followers([part for one in judge.blocks for part in judge.parts(one)]))
    facts, cut = page.facts, []
    for name in ("title", "publisher", "author", "category"):
        value, cleared = getattr(facts, name), dict[str, Any]({name: None})
        if isinstance(value, str) and judge.is_order(value):
            cut.append(Block(value, reason=Reason.ORDER))
            facts = replace(facts, **cleared)
    metadata = {key: judge.without_orders(value) for key, value in facts.metadata.items()}
    facts = replace(facts, metadata={k: v for k, v in metadata.items() if v is not None})
    changed = replace(page, blocks=(*cut, *blocks), facts=facts)
    if not cut and blocks == page.blocks:
        return changed
    noted = changed.noted("Text that is addressed to a model was cut: it is no evidence.")
    return noted.held_for("S123", _FOREIGN) if judge.is_foreign(changed) else noted


def _with_followers(blocks: list[Block]) -> Iterator[Block]:
    """The blocks, those cut too that stand below an order that ends with a colon.

    That is one block, or a list. A block without a word beside an order is its fence.
    """
    follows: str | None = None
    for n, block in enumerate(blocks):
        beside = blocks[max(n - 1, 0) : n] + blocks[n + 1 : n + 2]
        if block.reason is Reason.ORDER:
            follows = "any" if block.text.rstrip().endswith((":", "：")) else None
        elif block.kept and (follows == "any" or (follows == "item" and block.kind == "item")):
            follows = "item" if block.kind == "item" else None
            block = block.cut(Reason.ORDER)
        elif block.kept and not _WORD.search(block.text):
            if any(other.reason is Reason.ORDER for other in beside):
                block = block.cut(Reason.ORDER)
        else:
            follows = None
        yield block


class _Sentence(NamedTuple):
    """A sentence with the white space behind it; what speaks for an order, in what languages."""

    text: str
    score: int
    langs: frozenset[str] = frozenset()


class _Scored(NamedTuple):
    """A block with its sentences."""

    block: Block
    sentences: tuple[_Sentence, ...]


@dataclass(frozen=True)
class _Judge:
    """What is an order in one article.

    `story` is True where it is about models, editing or fraud, `suspected` where it has an order.
    """

    blocks: tuple[_Scored, ...]
    story: bool
    suspected: bool

    @classmethod
    def of(cls, page: Page) -> _Judge:
        """The judge of a page: what its other sentences speak of decides what an example may be."""
        texts = [
            # What stands outside of an article is no evidence, and may be ten times as long.
            ("" if block.reason in _NOT_TOLD else block.render(), hidden)
            for block in page.blocks
            for hidden in (block.reason is Reason.HIDDEN,)
        ]
        texts.append((page.facts.title or "", False))
        scored = [_scored(text, quotes_count=True, hidden=hidden) for text, hidden in texts]
        story = _is_story([sentence for sentences in scored for sentence in sentences])
        if story:
            scored = [_scored(text, quotes_count=False, hidden=hidden) for text, hidden in texts]
        bound = _IN_A_STORY if story else ORDER
        suspected = any(
            s.score >= bound
            for (_, hidden), sentences in zip(texts, scored, strict=True)
            for s in sentences
            if not hidden
        )
        blocks = [
            _Scored(block, tuple(sentences))
            for block, sentences in zip(page.blocks, scored, strict=False)
        ]
        return cls(tuple(blocks if story else _together(blocks)), story, suspected)

    @property
    def _bound(self) -> int:
        return _IN_A_STORY if self.story else ORDER

    def is_order(self, text: str) -> bool:
        """Whether a field holds an order."""
        bound = min(self._bound, _SUSPECTED) if self.suspected else self._bound
        return any(sentence.score >= bound for sentence in _scored(text, not self.story))

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

    def parts(self, scored: _Scored) -> Iterator[Block]:
        """The block, or what is left of it and the orders that were cut out of it."""
        orders = self._orders([sentence.score for sentence in scored.sentences])
        if not any(orders):
            yield scored.block
            return
        texts = [sentence.text for sentence in scored.sentences]
        texts[0] = texts[0].removeprefix(scored.block.mark)
        left = "".join(text for text, order in zip(texts, orders, strict=True) if not order).strip()
        gone = "".join(text for text, order in zip(texts, orders, strict=True) if order).strip()
        if left:
            yield replace(scored.block, text=left)
        yield replace(scored.block, text=_explained(gone), reason=Reason.ORDER)

    def _orders(self, scores: Sequence[int]) -> list[bool]:
        """Which sentences of a block are orders: from the first one on, nothing of it is evidence.

        Where they are half of the block, so is what stands before them. Of a long block an order
        takes only the next sentences with it.
        """
        bound = _SUSPECTED if self.suspected and not self.story else self._bound
        first = next((n for n, score in enumerate(scores) if score >= bound), None)
        if first is None:
            return [False] * len(scores)
        if len(scores) > _LONG:
            found = [n for n, score in enumerate(scores) if score >= bound]
            return [any(0 <= n - at < _TAKEN for at in found) for n in range(len(scores))]
        while first and scores[first - 1] >= _BESIDE:
            first -= 1
        if 2 * first <= len(scores):
            first = 0
        return [n >= first for n in range(len(scores))]


def _explained(text: str) -> str:
    """An order, and what it says where it is in a code."""
    says = [one.text for one in readings(text) if one.hidden or one.encoded or one.turned]
    new = [said for said in says if said not in text.lower()]
    told = [said for said in new if strength(said, hidden=True).score >= _LEAST_HIDDEN]
    return f"{text} [{' | '.join(told)}]" if told else text


def _together(blocks: list[_Scored]) -> Iterator[_Scored]:
    """The blocks, those marked that are an order together.

    They are the lines of a chat or of an answer, or a heading over an order.
    """
    folds = [folded(scored.block.render()) if scored.sentences else "" for scored in blocks]
    marked: set[int] = set()
    for labelled, group in groupby(range(len(blocks)), key=lambda n: is_labelled(folds[n])):
        run = list(group)
        if labelled and len(run) > 1 and marked_run([folds[n] for n in run]):
            marked.update(run)
    for n, (above, below) in enumerate(pairwise(blocks)):
        best = max((sentence.score for sentence in below.sentences), default=0)
        heads = len(above.sentences) == 1 and len(folds[n].split()) <= _HEADING_WORDS
        if heads and above.sentences[0].score >= _SUSPECTED and best >= _BESIDE:
            marked.update((n, n + 1))
    for n, scored in enumerate(blocks):
        text = scored.block.render()
        yield _Scored(scored.block, (_Sentence(text, _MARKED),)) if n in marked else scored


def _is_story(sentences: Sequence[_Sentence]) -> bool:
    about = sum(s.score < _SUSPECTED and speaks_of_models(folded(s.text)) for s in sentences)
    return about >= max(_STORY_SENTENCES, _STORY_SHARE * len(sentences))


def _scored(text: str, quotes_count: bool, hidden: bool = False) -> list[_Sentence]:
    """The sentences of a block; what a named speaker says in quotation marks does not count.

    Without `quotes_count` no quotation does.
    """
    if not text:
        return []
    told = text if quotes_count and not _has_speaker(text) else _QUOTED.sub(_blank, text)
    if has_marks(folded(text if quotes_count else told)):
        return [_Sentence(text, _MARKED)]
    if _COMMENT in told:
        return [_Sentence(text, *_strength(told, hidden))]
    if HTML.search(told):
        told = _TAG.sub(_blank, told)
    found, at = [], 0
    while at < len(text):
        match = _SENTENCE.match(told, at)
        end = match.end() if match and match.end() > at else len(text)
        found.append(_Sentence(text[at:end], *_strength(told[at:end], hidden)))
        at = end
    return found


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _has_speaker(text: str) -> bool:
    """Whether a block says who speaks, outside of its quotation marks."""
    around = _QUOTED.sub(" ", text)
    if around == text:
        return False
    if _CASED.search(around):
        return len(around.split()) >= _SAID_WORDS and _NAME.search(around) is not None
    return len(around.strip()) >= _SAID_CHARACTERS


def _strength(text: str, hidden: bool) -> Strength:
    """What speaks for an order in a sentence, in whatever code it is written."""
    if _is_code(text) or (hidden and len(text.split()) > _HIDDEN_WORDS):
        return Strength(0)
    best, plain = Strength(0), ""
    for n, reading in enumerate(readings(text)):
        unseen = hidden or reading.hidden
        score, langs = strength(reading.text, hidden=unseen)
        if n == 0:
            plain = reading.text
        # Letters that are read otherwise hide something only where more comes of them.
        if unseen and score >= _LEAST_HIDDEN and _says_more(reading, score, plain):
            score += _HIDING
        if reading.turned:
            score = score + _HIDING if score >= _LEAST_TURNED else 0
        if reading.encoded:
            score, langs = max(score, _CODED), langs or _IN_CODE
        best = max(best, Strength(score, langs), key=lambda strength: strength.score)
    return best


def _says_more(reading: Decoding, score: int, plain: str) -> bool:
    """Whether what a reading hides is an order rather than a button or a part of an address.

    Letters that are read otherwise hide something only where more comes of them than of `plain`.
    """
    if reading.text != plain:
        return score > strength(plain, hidden=True).score
    return reading.hidden or score >= _LEAST_IN_HIDDEN or tells(reading.text)


def _is_code(text: str) -> bool:
    """Whether a text is a programme's: its comments and texts are not addressed to a model."""
    signs = len(_CODE_SIGNS.findall(text))
    return signs >= _CODE_LEAST and signs >= _CODE_SHARE * len(text) and _COMMENT not in text
