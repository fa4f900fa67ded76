"""HTML as a tree of what its reader sees, and the blocks of text in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rewriter.cleaning.decode import BEFORE_PAGE, mend
from rewriter.cleaning.formats.markup import settle
from rewriter.cleaning.formats.visibility import take_hidden
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason
from rewriter.errors import SourceError
from rewriter.remembering import looked_up

if TYPE_CHECKING:
    from lxml.etree import _Element

# Extraction takes a second for each 10,000 elements; the fullest news pages have about as many.
_MAX_ELEMENTS = 40_000

# Extractors read each link once for each element around it: 7 microseconds each. The most seen for
# all links of a page are 38,000.
_MAX_AROUND_LINKS = 150_000
_FEW_LINKS = 300  # stay below that at any depth
# No page seen is nested deeper than 100 levels.
_MAX_DEPTH = 500
_TOO_DEEP = f"boolean({'/*' * (_MAX_DEPTH + 1)})"
# The parser compares each attribute of an element with all others; no page seen has more than 60.
_MAX_ATTRIBUTES = 2_000
_LONG_TAG = re.compile(rf"<([^<]{{{_MAX_ATTRIBUTES},}})")

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
# Kind and mark that a tag gives to the text in it; trafilatura's headings and items are the last.
_FORMS = {f"h{level}": Block("", "heading", "#" * level + " ") for level in range(1, 7)}
_FORMS |= {"li": Block("", "item", "- "), "item": Block("", "item", "- "), "head": _FORMS["h2"]}
# The tags of which a walk has to know more.
_TELLING_TAGS = _BLOCK_TAGS | _UNSEEN_TAGS | _CELLS | {"a"}
_BEFORE = re.compile(BEFORE_PAGE, re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z]")
_SCRIPT = re.compile(r"(script|style)\b", re.IGNORECASE)
_IS_WHOLE = re.compile(r"<(?:!doctype|html)\b", re.IGNORECASE)


class Seen(NamedTuple):
    """The tree of what a reader sees, what was taken out of it as cut blocks, and notes."""

    tree: _Element
    taken: list[Block]
    notes: tuple[str, ...] = ()


def seen_part(tree: _Element) -> Seen:
    """Take hidden text, captions and what was struck out of `tree`."""
    unseen = take_hidden(tree)
    hidden = [Block(mend(text), reason=Reason.HIDDEN) for text in unseen.texts]
    note = "A script shows the text of this page, which is hidden without one; it was read."
    return Seen(tree, [*hidden, *settle(tree)], (note,) if unseen.revealed else ())


def parse(text: str) -> _Element:
    """The tree of a page or of a piece of one.

    Raises `SourceError` for what cannot be parsed, is nested too deeply or has too many elements.
    """
    from lxml.etree import ElementDefaultClassLookup, LxmlError
    from lxml.html import HtmlElement, HTMLParser, document_fromstring

    if any(map(_is_crowded, _LONG_TAG.findall(text))) and any(
        map(_is_crowded, _outside_scripts(text))
    ):
        raise SourceError(
            f"an element of the HTML has over {_MAX_ATTRIBUTES:,} attributes; "
            "save the article alone"
        )
    if not _TAG.search(text):
        raise SourceError("the HTML cannot be parsed; give a whole page, or its text as .txt")
    # Without "huge" the parser drops what is nested deeper than 255 levels.
    parser = HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    parser.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))  # the fastest
    try:
        tree: _Element = document_fromstring(_whole(text).encode(), parser=parser)
    except (LxmlError, ValueError) as error:
        raise SourceError(f"the HTML cannot be parsed: {error}") from error
    if tree.xpath(_TOO_DEEP):
        raise SourceError(
            f"the HTML is nested more than {_MAX_DEPTH} levels deep; save the article alone"
        )
    if (elements := int(tree.xpath("count(//*)"))) > _MAX_ELEMENTS:
        raise SourceError(
            f"{elements:,} elements are too many for one article; save the article alone"
        )
    links = list(tree.iter("a"))
    around = (1 for link in links for _ in link.iterancestors())
    if len(links) > _FEW_LINKS and sum(around) > _MAX_AROUND_LINKS:
        raise SourceError(
            f"{len(links):,} links are nested too deeply for one article; save the article alone"
        )
    return tree


def _outside_scripts(text: str) -> Iterator[str]:
    """What stands behind each "<" of a page; in scripts it compares numbers and is left out."""
    inside = ""
    for piece in text.split("<"):
        if inside:
            inside = "" if piece[: len(inside)].lower() == inside else inside
            continue
        yield piece
        opened = _SCRIPT.match(piece)
        inside = f"/{opened[1].lower()}" if opened else ""


def _is_crowded(piece: str) -> bool:
    """Whether what stands behind a "<" is a tag with too many attributes."""
    if len(piece) < _MAX_ATTRIBUTES:
        return False
    start = piece.partition(">")[0]
    quoted = piece if start.count('"') % 2 else start  # the sign may stand in a value
    outside = "".join(quoted.split('"')[::2]).partition(">")[0]
    return len(outside.split()) > _MAX_ATTRIBUTES


def _whole(text: str) -> str:
    """A whole page for the parser, which refuses a piece of one and what stands before one."""
    page = _BEFORE.sub("", text, count=1)
    if _IS_WHOLE.match(page) or not _TAG.search(page):
        return page
    return f"<!DOCTYPE html><html><body>{page}</body></html>"


class SeenBlock(NamedTuple):
    """A block, and the block-level element that it stands in."""

    block: Block
    element: _Element


def visible_blocks(tree: _Element) -> Iterator[Block]:
    """The text under `tree`, a block for each run without a block-level tag in it."""
    return (block for block, _ in located_blocks(tree))


def located_blocks(tree: _Element) -> Iterator[SeenBlock]:
    """The blocks under `tree`, each with its element."""
    from lxml.etree import iterwalk

    unseen = links = 0
    inside: list[Block] = []  # kind and mark of the headings and items around the place
    text: list[str] = []
    linked: list[str] = []
    for event, element in iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        start = event == "start"
        if tag in _TELLING_TAGS:
            if text and tag in _BLOCK_TAGS and (block := _flush(text, linked, inside)):
                yield SeenBlock(block, _holder(element if not start else element.getparent()))
            if tag == "a" and not (element.get("href") or "#").startswith("#"):
                links += 1 if start else -1
            elif tag in _UNSEEN_TAGS:
                unseen += 1 if start else -1
            elif tag in _FORMS:
                form = _FORMS.get(element.get("rend", "") if tag == "head" else tag, _FORMS[tag])
                inside.append(form) if start else inside.pop()
            elif tag in _CELLS and not start and element.getnext() is not None:
                text.append(" | ")
        piece = (element.text if tag else None) if start else element.tail
        if piece and not unseen and (text or not piece.isspace()):
            text.append(piece)
            if links:
                linked.append(piece)
    if block := _flush(text, linked, inside):
        yield SeenBlock(block, tree)


def _holder(element: _Element) -> _Element:
    while element.tag not in _BLOCK_TAGS and (around := element.getparent()) is not None:
        element = around
    return element


@looked_up(512, longest=2_000)  # the article is read out of the page, and once more of its tree
def _mended(line: str) -> str:
    return " ".join(mend(line).split())


def _flush(text: list[str], linked: list[str], inside: Sequence[Block]) -> Block | None:
    """The pieces of text as a block; both lists are empty afterwards."""
    line = " ".join("".join(text).split())
    if not (line.isascii() and line.isprintable()):  # in other text there is nothing to mend
        line = _mended(line)
    line = line.strip(" |")
    share = len(" ".join("".join(linked).split())) / max(len(line), 1) if linked else 0.0
    text.clear()
    linked.clear()
    if not line:
        return None
    kind, mark = (inside[-1].kind, inside[-1].mark) if inside else ("text", "")
    return Block(line, kind, mark, linked=min(share, 1.0))
