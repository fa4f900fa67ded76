"""One news item, as JSON of an API or an extractor or as the only entry of a feed."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Sequence

from rewriter.article import count_words
from rewriter.cleaning.barriers import EXCERPT
from rewriter.cleaning.blocks import split_blocks
from rewriter.cleaning.decode import mend
from rewriter.cleaning.formats import html
from rewriter.cleaning.formats.item_facts import facts_of, unread_times
from rewriter.cleaning.formats.leftovers import without_html
from rewriter.cleaning.page import Block, Page, PageKind
from rewriter.cleaning.shapes import is_terminated
from rewriter.errors import SourceError
from rewriter.items.feeds import BROKEN, NO_END
from rewriter.items.fields import WITHDRAWN, NewsItem, is_cut_off, read_item
from rewriter.items.parts import name_of, read_items

# Tags that divide text; others may stand in text that is divided by its line ends.
_TAG = re.compile(
    r"<(?:p|br|div|h[1-6]|ul|ol|li|table|figure|blockquote|section|article)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
# Tags that were escaped, once or twice more than they need to be.
_ESCAPED_TAG = re.compile(r"&(?:amp;){0,2}lt;/?(?:p|br|div|h[1-6]|li|blockquote)\b", re.IGNORECASE)
_ESCAPED_TWICE = 3
# Descriptions that stand for a body: the longest summaries of feeds and APIs stay below.
_WHOLE_SUMMARY_WORDS = 100
_OWN_DOTS_WORDS = 400


def read(text: str, kind: PageKind) -> Page:
    """The page of the only item in a document.

    Raises `SourceError` for several, where there is none, and where its XML is cut off.
    """
    read = read_items(text)
    items = [item for item in read if item.get(BROKEN) != NO_END] or read
    if len(items) == 1 and (broken := items[0].get(BROKEN)):
        raise SourceError(str(broken))
    found = [read_item(item) for item in items]
    if len(found) > 1:
        raise SourceError(
            f"it holds {len(found)} articles; name one of the saved file as FILE#NAME, "
            f"as in FILE#{name_of(found[0])}; commands take all articles of a file whose name "
            "ends in .json, .jsonl or .xml"
        )
    item = found[0]
    body = item.body or item.summary or ""
    blocks = _blocks(body)
    cut = [NO_END] if len(read) > 1 else []
    page = Page(kind, blocks, facts_of(item)).noted(*unread_times(item), *cut)
    doubt = _doubt(item, body, [block.text for block in blocks])
    return page.held_for(EXCERPT, doubt) if doubt else page


def _blocks(body: str) -> tuple[Block, ...]:
    for _ in range(_ESCAPED_TWICE):
        if "<" not in body and _ESCAPED_TAG.search(body):
            body = entities.unescape(body)
    # Where blank lines divide the text, a few tags do not.
    if len(_TAG.findall(body)) > body.count("\n\n"):
        return html.read_fragment(mend(body))
    read = without_html(mend(entities.unescape(body)))
    return (*split_blocks(read.text), *read.taken)


def _doubt(item: NewsItem, body: str, texts: Sequence[str]) -> str:
    """Why the item is an excerpt, empty where it may be the article."""
    if item.title == WITHDRAWN:
        return "the news API has withdrawn the article"
    if not texts:
        return f"the item has no text, only a title{' and an address' if item.url else ''}"
    words = sum(map(count_words, texts))
    # A long text may end in three dots of its own.
    if is_cut_off(body) and (words < _OWN_DOTS_WORDS or body.rstrip().endswith("]")):
        return f"the text is cut off: “… {texts[-1][-60:]}”"
    if item.body is None and (words < _WHOLE_SUMMARY_WORDS or not is_terminated(texts[-1])):
        return f"the item has no body, only a description of {words} words"
    return ""
