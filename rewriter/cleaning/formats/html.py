"""HTML pages: trafilatura finds the article and its facts; what it leaves out is kept as cut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rewriter.cleaning.dates import parse_date
from rewriter.cleaning.decode import mend
from rewriter.cleaning.formats.choice import second_opinion
from rewriter.cleaning.formats.declared import declared_facts
from rewriter.cleaning.formats.markup import settle
from rewriter.cleaning.formats.visibility import take_hidden
from rewriter.cleaning.page import Block, Page, PageFacts
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import key
from rewriter.errors import SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element
    from trafilatura.settings import Document

# Extraction takes a second for each 10,000 elements; the fullest news pages have about as many.
_MAX_TAGS = 40_000

# The parser stops at 255 levels unless it is told otherwise; no page seen has more than 100.
_PARSED_DEPTH = 250
_MAX_DEPTH = 500

_BLOCK_TAGS = frozenset([
    "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "dd", "details",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "html", "label", "legend", "li", "main", "nav", "ol", "option", "p",
    "pre", "section", "select", "summary", "table", "tr", "ul",
    "code", "head", "item", "lb", "list", "quote", "row",  # trafilatura's names
])  # fmt: skip
_UNSEEN_TAGS = frozenset([
    "iframe", "link", "meta", "noscript", "object", "script", "style", "svg", "template",
    "textarea", "title",
])  # fmt: skip
_CELLS = frozenset(("td", "th", "cell"))
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_SPACES = re.compile(r"\s+")
# A line is looked for so far ahead in the article before it counts as outside.
_WINDOW = 5_000
# Shorter lines ("News") must stand exactly where they are expected.
_FINDABLE = 20


# Comments and an XML declaration may stand before a page.
_BEFORE = re.compile(r"\ufeff?\s*(?:<\?xml\b[^>]*>\s*|<!--.*?-->\s*)*+", re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z]")
_IS_WHOLE = re.compile(r"<(?:!doctype|html)\b", re.IGNORECASE)


def read(text: str) -> Page:
    """The article of an HTML page with title, date, author, site name and address.

    Where no article is recognised, all visible text is kept for the stages to judge.
    """
    from lxml.etree import tostring
    from trafilatura import bare_extraction

    tree = _tree(text)
    taken = _taken(tree)
    seen = tuple(visible_blocks(tree))
    whole = tostring(tree, encoding="unicode", method="html")
    declared = declared_facts(tree)  # before the extraction, which takes the tree apart
    document = bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        # The extensive search takes any year on the page, a copyright line's too, for its date.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if document is None or isinstance(document, dict) or document.body is None:
        page = Page("html", (*seen, *taken), declared)
        return page.noted("No article was recognised in the HTML; all its visible text was read.")
    blocks: Sequence[Block] = tuple(visible_blocks(document.body))
    blocks = second_opinion(blocks, seen, whole) or blocks
    return Page("html", (*_with_outside(blocks, seen), *taken), _facts(document, declared))


def read_fragment(text: str) -> tuple[Block, ...]:
    """All visible blocks of a piece of HTML that is an article and nothing else."""
    tree = _tree(text)
    taken = _taken(tree)
    return (*visible_blocks(tree), *taken)


def _taken(tree: _Element) -> list[Block]:
    """What leaves the tree before it is read: hidden text, captions, what was struck out."""
    hidden = [Block(mend(text), reason=Reason.HIDDEN) for text in take_hidden(tree)]
    return [*hidden, *settle(tree)]


def _tree(text: str) -> _Element:
    from lxml.etree import LxmlError
    from trafilatura import load_html

    tags = text.count("<")
    if tags > _MAX_TAGS:
        raise SourceError(f"{tags:,} tags are too many for one article; save the article alone")
    try:
        tree = load_html(_whole(text))
    except (LxmlError, ValueError) as error:
        raise SourceError(f"the HTML cannot be parsed: {error}") from error
    if tree is not None and _depth(tree) >= _PARSED_DEPTH:
        tree = _deep_tree(text)
    if tree is None:
        raise SourceError("the HTML cannot be parsed; give a whole page, or its text as .txt")
    return tree


def _whole(text: str) -> str:
    """A whole page for the parser, which refuses a piece of one and what stands before one."""
    page = _BEFORE.sub("", text, count=1)
    if _IS_WHOLE.match(page) or not _TAG.search(page):
        return page
    return f"<!DOCTYPE html><html><body>{page}</body></html>"


def _deep_tree(text: str) -> _Element:
    """The tree of HTML that is nested deeper than parsers read by default, which drop the rest."""
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    tree: _Element = document_fromstring(text.encode(), parser=parser)
    if _depth(tree) > _MAX_DEPTH:
        raise SourceError(
            f"the HTML is nested more than {_MAX_DEPTH} levels deep; save the article alone"
        )
    return tree


def _depth(tree: _Element) -> int:
    from lxml.etree import iterwalk

    depth = deepest = 0
    for event, _ in iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def visible_blocks(tree: _Element) -> Iterator[Block]:
    """The text under `tree`, a block for each run without a block-level tag in it."""
    from lxml.etree import iterwalk

    unseen = 0
    inside: list[Block] = []  # kind and mark of the headings and items around the place
    text: list[str] = []
    for event, element in iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        start = event == "start"
        if tag in _BLOCK_TAGS:
            yield from _flush(text, inside)
        if tag in _UNSEEN_TAGS:
            unseen += 1 if start else -1
        form = _form(element, tag)
        if form is not None:
            inside.append(form) if start else inside.pop()
        if tag in _CELLS and not start and element.getnext() is not None:
            text.append(" | ")
        piece = (element.text if tag else None) if start else element.tail
        if piece and not unseen:
            text.append(piece)
    yield from _flush(text, inside)


def _form(element: _Element, tag: str) -> Block | None:
    """Kind and mark that a tag gives to the text in it."""
    level = element.get("rend", "h2") if tag == "head" else tag
    if mark := _HEADINGS.get(level):
        return Block("", "heading", mark)
    return Block("", "item", "- ") if tag in ("li", "item") else None


def _flush(text: list[str], inside: Sequence[Block]) -> Iterator[Block]:
    line = _SPACES.sub(" ", "".join(text))
    if not (line.isascii() and line.isprintable()):  # in other text there is nothing to mend
        line = _SPACES.sub(" ", mend(line))
    line = line.strip(" |")
    text.clear()
    if line:
        yield replace(inside[-1], text=line) if inside else Block(line)


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


def _facts(document: Document, declared: PageFacts) -> PageFacts:
    """What the page declares, else what trafilatura finds in it."""
    found = declared.filled(
        published_at=parse_date(document.date or ""),
        publisher=_said(document.sitename),
        author=_said(document.author),
        url=_said(document.url),
        image=_said(document.image),
    )
    return replace(found, title=_title(_said(document.title), declared.title))


def _title(found: str | None, declared: str | None) -> str | None:
    """The heading that was found, unless the page declares a title of other words."""
    if found is None or declared is None:
        return found or declared
    one, other = key(found), key(declared)
    return found if one in other or other in one else declared


def _said(value: str | None) -> str | None:
    return mend(value).strip() or None if value else None
