"""What extractors leave out of the middle of an article: headings, tables, lists and questions.

They stand in the same element of the page as the article's paragraphs, between two of them.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from rewriter.cleaning.formats.tree import SeenBlock
from rewriter.cleaning.page import Block
from rewriter.cleaning.shapes import is_prose, is_question, key

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_ENTRIES = frozenset(("li", "tr", "dd", "dt"))
# The parts of lists, tables and quotes; the element around them is the one that counts.
_PARTS = _HEADINGS | _ENTRIES | {
    "p", "ul", "ol", "td", "th", "tbody", "thead", "tfoot", "table", "dl", "blockquote", "pre",
}  # fmt: skip
# What has such a word in its class or id holds other stories, offers or readers' words.
_OTHER = frozenset((
    "comment", "comments", "newsletter", "popular", "promo", "promos", "promotion", "recommended",
    "recommendations", "related", "replies", "reply", "share", "sharing", "sidebar", "teaser",
    "teasers", "trending",
))  # fmt: skip
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
# An element with one paragraph of the article may hold a teaser; with this many it holds the text.
_PARAGRAPHS = 2
# What has more of its text in links leads to other pages.
_LINKED = 0.5
# Shorter text may stand in the article by chance; longer text is looked for around its place.
_FINDABLE = 20
_WINDOW = 5_000


def with_gaps(article: Sequence[Block], seen: Sequence[SeenBlock]) -> Sequence[Block]:
    """The article with those blocks of the page `seen` that belong between its own."""
    keys = [key(block.text) for block, _ in seen]
    places = list(_places(article, keys))
    matched = {place for place in places if place is not None}
    holders = Counter(_place(seen[i].element)[1] for i in matched if is_prose(seen[i].block.text))
    texts = {element for element, count in holders.items() if count >= _PARAGRAPHS}
    if not texts:
        return article
    own = [key(block.text) for block in article]
    starts = dict(zip(places, accumulate(map(len, own), initial=0), strict=False))
    whole = "".join(own)
    left: set[int] = set()
    at = 0
    for i in range(max(matched), min(matched), -1):
        if i in matched:
            at = starts[i]
            continue
        name, holder = _place(seen[i].element)
        if holder not in texts or not _is_text(seen[i].block, name):
            continue
        heads = name not in _HEADINGS or i + 1 in matched or i + 1 in left
        known = len(keys[i]) >= _FINDABLE
        if heads and not (known and whole.find(keys[i], max(at - _WINDOW, 0), at + _WINDOW) >= 0):
            left.add(i)
    return list(_merged(article, places, seen, left))


def _is_text(block: Block, name: str) -> bool:
    """True for a block that is more than a caption or a link; `name` is its element's tag."""
    if block.linked > _LINKED or not name or block.text.startswith("©"):
        return False
    return name in _HEADINGS | _ENTRIES or is_prose(block.text) or is_question(block.text)


def _places(article: Sequence[Block], keys: Sequence[str]) -> Iterator[int | None]:
    """Where in the page each block of the article stands, in the order of both."""
    listed: dict[str, deque[int]] = {}
    for i, text in enumerate(keys):
        listed.setdefault(text, deque()).append(i)
    at = -1
    for block in article:
        waiting = listed.get(key(block.text), deque())
        while waiting and waiting[0] <= at:
            waiting.popleft()
        at = waiting[0] if waiting else at
        yield at if waiting else None


def _place(element: _Element) -> tuple[str, _Element]:
    """The tag of the heading, entry or paragraph, and the element around the whole of it.

    Text without a paragraph of its own has the tag of the element around it. The tag is empty for
    what is named as something else than an article.
    """
    name = ""
    while element.tag in _PARTS and (around := element.getparent()) is not None:
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        if not _OTHER.isdisjoint(map(str.lower, _WORD.findall(named))):
            return "", element
        if element.tag in _ENTRIES or not name:
            name = element.tag
        element = around
    return name or str(element.tag), element


def _merged(
    article: Sequence[Block],
    places: Sequence[int | None],
    seen: Sequence[SeenBlock],
    left: set[int],
) -> Iterator[Block]:
    waiting = sorted(left, reverse=True)
    for block, place in zip(article, places, strict=True):
        while waiting and place is not None and waiting[-1] < place:
            yield seen[waiting.pop()].block
        yield block
