"""The stage that cuts orders to a model: a text that only they have is no evidence.

A quotation by a named speaker stays, and so does a story about orders: one where other sentences
speak of models, of editing or of fraud.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rewriter.cleaning.orders.asides import SPOKEN, asides, asks_in_another
from rewriter.cleaning.orders.disguises import folded
from rewriter.cleaning.orders.judge import STORY_SENTENCES, Judge
from rewriter.cleaning.orders.scoring import SENTENCE
from rewriter.cleaning.orders.signals import speaks_of_writing
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason

_NOTE = "Text that is addressed to a model was cut: it is no evidence."
_FOREIGN = (
    "a text in a code or in another language than the article's is addressed to a model, and no "
    "check tells whether a rewrite follows it: cut it from the source"
)
_WORD = re.compile(r"\w")
_FOLLOWS = {":": "any", "：": "any", "?": "reply", "？": "reply"}


def cut_orders(page: Page) -> Page:
    """Cut what is addressed to a model: sentences, whole blocks, and fields such as the title."""
    judge = Judge.of(page)
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
    noted = changed.noted(_NOTE)
    return noted.held_for("S123", _FOREIGN) if judge.is_foreign(changed) else noted


def cut_asides(page: Page) -> Page:
    """Cut passages that have nothing in common with their article and ask for something.

    Nothing is cut where other passages tell of writing: there it is news. What other stages have
    cut is no part of the article.
    """
    texts = [block.render() if block.kept else "" for block in page.blocks]
    found = asides([*texts, page.facts.title or ""], page.lang)
    spans = [one for one in found if one.at >= len(texts) or page.blocks[one.at].kept]
    if not spans:
        return _held_if_foreign(page)
    tell = [
        sum(speaks_of_writing(folded(one[0])) for one in SENTENCE.finditer(text)) for text in texts
    ]
    blocks = list[Block]()
    for n, (block, text) in enumerate(zip(page.blocks, texts, strict=True)):
        own = [span for span in spans if span.at == n]
        if not own or sum(tell) - tell[n] >= STORY_SENTENCES:
            blocks.append(block)
            continue
        gone = "".join(text[span.start : span.end] for span in own).strip()
        begins = [0, *(span.end for span in own)]
        ends = [*(span.start for span in own), len(text)]
        left = "".join(text[begin:end] for begin, end in zip(begins, ends, strict=True))
        if left := left.removeprefix(block.mark).strip():
            blocks += [replace(block, text=left)]
        blocks += [replace(block, text=gone.removeprefix(block.mark), reason=Reason.ORDER)]
    changed = replace(page, blocks=tuple(_with_followers(blocks)))
    return _held_if_foreign(changed if changed.blocks == page.blocks else changed.noted(_NOTE))


def _held_if_foreign(page: Page) -> Page:
    """The page, held where a text that was cut asks for something in another language."""
    cut = [block.text for block in page.blocks if block.reason is Reason.ORDER]
    foreign = any(asks_in_another(text, page.lang) for text in cut)
    held = any(defect.code == "S123" for defect in page.defects)
    return page.held_for("S123", _FOREIGN) if foreign and not held else page


def _with_followers(blocks: list[Block]) -> Iterator[Block]:
    """The blocks, those cut too that stand below an order that ends with a colon.

    That is one block, or a list; below a question, a line that answers it ("A: ..."). A block
    without a word beside an order is its fence.
    """
    follows: str | None = None
    for n, block in enumerate(blocks):
        beside = blocks[max(n - 1, 0) : n] + blocks[n + 1 : n + 2]
        if block.reason is Reason.ORDER:
            follows = _FOLLOWS.get(block.text.rstrip()[-1:])
        elif block.kept and (
            follows == "any"
            or (follows == "item" and block.kind == "item")
            or (follows == "reply" and SPOKEN.match(block.text))
        ):
            follows = "item" if block.kind == "item" else None
            block = block.cut(Reason.ORDER)
        elif block.kept and not _WORD.search(block.text):
            if any(other.reason is Reason.ORDER for other in beside):
                block = block.cut(Reason.ORDER)
        elif block.kept:
            follows = None
        yield block
