"""HTML pages: trafilatura finds the article and its facts; what it leaves out is kept as cut."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from rewriter.cleaning.formats.choice import article_of
from rewriter.cleaning.formats.declared import declared_facts
from rewriter.cleaning.formats.found import found_author, found_facts, standfirst
from rewriter.cleaning.formats.tree import (
    SeenBlock,
    located_blocks,
    parse,
    seen_part,
    visible_blocks,
)
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_prose, is_question, key

if TYPE_CHECKING:
    from lxml.html import HtmlElement as _Element

# A line is looked for so far ahead in the article before it counts as outside.
_WINDOW = 5_000
# Shorter lines ("News") must stand exactly where they are expected.
_FINDABLE = 20
# The names that networks give to a post which is shown elsewhere, and its box's own words at most.
_POST = re.compile(
    r"(?:twitter|bluesky|mastodon|threads|instagram|tiktok)-(?:tweet|embed|media)|text-post-media"
)
_AROUND_POST = 40
# What holds no text of an article; without it extractors are a fifth faster.
_NO_ARTICLE = ("head", "script", "style", "link", "meta", "img", "picture", "source", "input")


# An extractor's time grows by the square of the pieces of text in one element: it takes a second
# for 4,000. Paragraphs of so many have not been seen.
_MANY_PIECES = 500
_INLINE = ("a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "ins", "kbd", "label",
           "mark", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var")  # fmt: skip


def read(text: str) -> Page:
    """The article of an HTML page with title, date, author, site name and address.

    Where no article is recognised, all visible text is kept for the stages to judge.
    """
    from lxml.etree import strip_elements

    tree = parse(text)
    declared = declared_facts(tree)  # before what is hidden goes, which may hold a date
    tree, taken, notes = seen_part(tree)
    located = tuple(located_blocks(tree))
    seen = tuple(block for block, _ in located)
    facts = found_facts(tree, declared, seen)
    lead = standfirst(tree, seen, facts.title)
    strip_elements(tree, *_NO_ARTICLE, with_tail=False)
    _join_pieces(tree)
    _show_posts(tree)
    if facts.author is None:
        facts = facts.filled(author=found_author(tree, seen))
    blocks = _headed(with_gaps(article_of(tree, seen), located), lead)
    if not blocks:
        page = Page("html", (*seen, *taken), facts, notes)
        return page.noted("No article was recognised in the HTML; all its visible text was read.")
    return Page("html", (*_with_outside(_with_links(blocks, seen), seen), *taken), facts, notes)


def read_fragment(text: str) -> tuple[Block, ...]:
    """All visible blocks of a piece of HTML that is an article and nothing else."""
    tree, taken, _ = seen_part(parse(text))
    return (*visible_blocks(tree), *taken)


def _join_pieces(tree: _Element) -> None:
    """Take the inline tags out of an element that has very many of them."""
    from lxml.etree import strip_tags

    for crowded in tree.xpath(f"//*[text()[{_MANY_PIECES + 1}]]"):
        strip_tags(crowded, *_INLINE)
        crowded.text = crowded.text  # text nodes beside each other become one
        for child in crowded:
            child.tail = child.tail


def _show_posts(tree: _Element) -> None:
    """Take the names off posts that the article shows, by which extractors pass over them."""
    posts = [one for one in tree.iter("blockquote") if _POST.search(one.get("class") or "")]
    if not posts:
        return
    lengths = _lengths(tree)
    shown: set[_Element] = set()
    for box in posts:
        most = lengths[box] + _AROUND_POST
        while box is not None and box not in shown and lengths[box] <= most:
            box.attrib.clear()
            shown.add(box)
            box = box.getparent()


def _lengths(tree: _Element) -> Counter[_Element]:
    """Characters of text in each element, in one pass from the last element to the first."""
    lengths: Counter[_Element] = Counter()
    for element in reversed(list(tree.iter())):
        lengths[element] += len(element.text or "")
        lengths[element.getparent()] += lengths[element] + len(element.tail or "")
    return lengths


def _headed(article: Sequence[Block], lead: Block | None) -> Sequence[Block]:
    """The article with its standfirst, which is no heading."""
    if not article or lead is None:
        return article
    same = key(lead.text)
    if same in "".join(key(block.text) for block in article):
        return [lead if key(block.text) == same else block for block in article]
    return [lead, *article]


def _with_links(article: Sequence[Block], seen: Sequence[Block]) -> list[Block]:
    """The article's blocks with the share of each that is linked in the page."""
    linked = {key(block.text): block.linked for block in seen if block.linked}
    shares = [(block, linked.get(key(block.text), 0.0)) for block in article]
    return [b if b.linked == share else replace(b, linked=share) for b, share in shares]


def _with_outside(article: Sequence[Block], seen: Sequence[Block]) -> Iterator[Block]:
    """The article's blocks, then those of the page that are not in it, cut."""
    yield from article
    whole = "".join(key(block.text) for block in article)
    alone = {key(block.text) for block in article}
    at = 0
    for block in seen:
        text = key(block.text)
        found = whole.startswith(text, at)
        start = (
            at if found else whole.find(text, at, at + _WINDOW) if len(text) >= _FINDABLE else -1
        )
        if start >= 0:
            at = start + len(text)
        elif text not in alone:
            yield Block(block.text, reason=Reason.OUTSIDE_ARTICLE)


# --- what extractors leave out -------------------------------------------------------------------

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
