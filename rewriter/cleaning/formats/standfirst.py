"""The paragraph between the title and the text of a page, which extractors often leave out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from rewriter.article import count_words
from rewriter.cleaning.page import Block
from rewriter.cleaning.shapes import is_prose, key
from rewriter.remembering import looked_up

if TYPE_CHECKING:
    from lxml.etree import _Element

# Blocks below the title: a byline, a date and buttons may stand between.
_BELOW_TITLE = 12
# So may captions of this many paragraphs less one; below them stands the text.
_PARAGRAPHS = 3
_LEAST_WORDS = 8
_LINKED = 0.3
# Characters in which a paragraph and the page's description must agree. Descriptions are cut off.
_SAME_CHARACTERS = 80
_LEAST_CHARACTERS = 25
_DESCRIPTIONS = frozenset(["description", "og:description", "twitter:description"])
# The names that sites give to it, in several languages.
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:intro(?:text)?|lead(?:text)?|lede|perex|chapo|chapeau|stand-?first|dek|vorspann"
    r"|teaser-?text|(?:article|entry|post)[_-]{0,2}(?:teaser|lead|intro|excerpt|summary)|excerpt"
    r"|summary|abstract|strapline|blurb|bajada|sumario|entradilla|epigraph|sub-?(?:title|head))"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# Pieces of text in an element that is no more than a lead.
_TEXTS = 30


def standfirst(tree: _Element, seen: Sequence[Block], title: str | None) -> Block | None:
    """The paragraph below the title that the page gives as its description, or names as its lead.

    `seen` are all blocks of `tree`, which still has its `meta` elements.
    """
    below = islice(_below_title(seen, key(title or "")), _BELOW_TITLE)
    likely = [block for block in below if _is_likely(block)][:_PARAGRAPHS]
    if not likely:
        return None
    described = {key(text) for text in _descriptions(tree)}
    found = next((b for b in likely if any(_agree(key(b.text), d) for d in described)), None)
    if found is None:
        named = set(_named(tree, {key(block.text)[:_SAME_CHARACTERS] for block in likely}))
        found = next((b for b in likely if key(b.text)[:_SAME_CHARACTERS] in named), None)
    return None if found is None else replace(found, kind="text", mark="")


def _below_title(seen: Sequence[Block], title: str) -> Iterator[Block]:
    at = next((i for i, block in enumerate(seen) if title and key(block.text) == title), None)
    yield from () if at is None else seen[at + 1 :]


def _is_likely(block: Block) -> bool:
    return (
        block.kind != "item"
        and count_words(block.text) >= _LEAST_WORDS
        and block.linked < _LINKED
        and (block.kind == "heading" or is_prose(block.text))
        and not block.text.endswith(("...", "…"))
    )


def _agree(text: str, description: str) -> bool:
    if len(description) < _LEAST_CHARACTERS:
        return False
    return text.startswith(description[:_SAME_CHARACTERS])


def _descriptions(tree: _Element) -> Iterator[str]:
    for meta in tree.iter("meta"):
        if (meta.get("name") or meta.get("property") or "").lower() in _DESCRIPTIONS:
            yield meta.get("content") or ""


def _named(tree: _Element, openings: set[str]) -> Iterator[str]:
    """Those of the openings that stand in an element with a name of a lead."""
    for element in tree.xpath("//*[@class or @id]"):
        if _names_lead(element.get("class") or "") or _names_lead(element.get("id") or ""):
            text = key("".join(islice(map(str, element.itertext()), _TEXTS)))
            yield from (opening for opening in openings if opening in text)


@looked_up(4096, longest=1_000)
def _names_lead(names: str) -> bool:
    return _NAMES.search(names) is not None
