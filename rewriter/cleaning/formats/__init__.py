"""The formats an article comes in; one reader each, and the choice between them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath

from rewriter.cleaning.blocks import refuse_collections, split_blocks
from rewriter.cleaning.decode import BEFORE_PAGE, WHOLE_PAGE
from rewriter.cleaning.facts import tidied
from rewriter.cleaning.formats import html, markdown, news_item
from rewriter.cleaning.formats.leftovers import without_html
from rewriter.cleaning.links import without_links
from rewriter.cleaning.page import Block, Page, PageKind
from rewriter.cleaning.shapes import key
from rewriter.cleaning.unseen import cut_unseen
from rewriter.errors import SourceError
from rewriter.frontmatter.keys import KeyNames
from rewriter.items.feeds import is_xml
from rewriter.items.parts import is_json

_SUFFIXES: dict[PageKind, tuple[str, ...]] = {
    "text": (".txt",),
    "markdown": (".md", ".markdown", ".mdx"),
    "html": (".html", ".htm", ".xhtml", ".mhtml", ".mht"),
    "json": (".json", ".jsonl", ".ndjson"),
}
_SNIFFED = 2_000
_HTML = re.compile(
    rf"{BEFORE_PAGE}<(?:!doctype html|html|head|body|title|meta|link|article|main|section|header"
    r"|div|p|h[1-6]|table|figure|span|blockquote|ul|ol)\b",
    re.IGNORECASE | re.DOTALL,
)
# XHTML may give its elements a prefix, which no reader of HTML knows: `<x:p>`.
_PREFIX = re.compile(r"\bxmlns:([\w-]{1,20})=[\"']http://www\.w3\.org/1999/xhtml[\"']")
_ATX_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)


def read_page(text: str, name: str, keys: KeyNames) -> Page:
    """The blocks and facts of decoded text; the format is told by `name` or else by the text."""
    text = _without_prefix(text)
    kind = _kind(text, name)
    if kind == "html":
        page = html.read(text)
    elif kind in ("json", "xml"):
        page = news_item.read(text, kind)
    elif kind == "markdown":
        page = markdown.read(text, PurePath(name).name, keys)
    else:
        refuse_typesetting(text)
        read = without_html(text)
        blocks = without_links(split_blocks(read.text, flattened=True))
        page = Page("text", (*blocks, *read.taken))
    refuse_collections(block.text for block in page.blocks)
    return _with_title_marked(tidied(cut_unseen(page)))


def _without_prefix(text: str) -> str:
    """XHTML without the prefix of its elements."""
    prefix = _PREFIX.search(text[:_SNIFFED])
    return re.sub(rf"<(/?){re.escape(prefix[1])}:", r"<\1", text) if prefix else text


def _with_title_marked(page: Page) -> Page:
    """The page with the first block that is the title marked as such."""
    title = key(page.facts.title or "")
    at = next((i for i, block in page.kept() if title and key(block.text) == title), None)
    if at is None:
        return page
    blocks = (*page.blocks[:at], Block(page.blocks[at].text, "title"), *page.blocks[at + 1 :])
    return replace(page, blocks=blocks)


def _kind(text: str, name: str) -> PageKind:
    if is_xml(text):
        return "xml"
    suffix = PurePath(name).suffix.lower()
    named = next((kind for kind, suffixes in _SUFFIXES.items() if suffix in suffixes), None)
    if named in ("text", "markdown") and WHOLE_PAGE.match(text):
        return "html"
    if named in (None, "text") and is_json(text):
        return "json"
    if named == "text" and markdown.has_front_matter(text):
        return "markdown"
    return named or _sniffed(text)


def _sniffed(text: str) -> PageKind:
    if _HTML.match(text):
        return "html"
    if markdown.has_front_matter(text) or _ATX_HEADING.search(text[:_SNIFFED]):
        return "markdown"
    return "text"


# --- sources of typesetting ----------------------------------------------------------------------

# A longer text is refused as no article.
_LONGEST = 500_000
# Comments and blank lines may stand before what opens a document.
_LATEX = re.compile(r"(?>(?:[ \t]*+(?:%[^\n]*+)?\n)*)[ \t]*+\\documentclass\b")
_LATEX_BODY = re.compile(r"^[ \t]*+\\begin\{document\}", re.MULTILINE)
# Two of them are wikitext: a program has the first, and other markups have the second.
_WIKI_SIGNS = (
    re.compile(r"'''[^'\n]+'''"),
    re.compile(r"^(={2,6})[ \t]*+[^=\s][^\n]{0,300}(?<=[^=])\1[ \t]*+$", re.MULTILINE),
    re.compile(r"<ref[\s>]"),
)


def refuse_typesetting(text: str) -> None:
    """Raise `SourceError` for wikitext and for the source of a LaTeX document."""
    if len(text) > _LONGEST:
        return
    if _LATEX.match(text) and _LATEX_BODY.search(text):
        raise SourceError("this is LaTeX; save the document as text or HTML")
    if sum(sign.search(text) is not None for sign in _WIKI_SIGNS) > 1:
        raise SourceError("this is wikitext; save the page as HTML, as the wiki shows it")
