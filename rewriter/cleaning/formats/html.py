"""HTML pages: trafilatura finds the article and its facts; what it leaves out is kept as cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rewriter.cleaning.formats.choice import article_of
from rewriter.cleaning.formats.declared import declared_facts
from rewriter.cleaning.formats.found import found_author, found_facts, standfirst
from rewriter.cleaning.formats.gaps import with_gaps
from rewriter.cleaning.formats.tree import located_blocks, parse, seen_part, visible_blocks
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import key

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
