"""The name of the site above its menu, which is not the title."""

from __future__ import annotations

from rewriter.article import count_words
from rewriter.cleaning.furniture import has_cells
from rewriter.cleaning.lines import words_of
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_headline, is_prose, key

# "THE HARBOR AND COUNTY LEDGER"; a longer line is a headline.
_NAME_WORDS = 6
_HEADLINE_WORDS = 4
_LINES = 3


def cut_masthead(page: Page) -> Page:
    """Cut the name of the site and the menu below it, where a headline stands below both."""
    head = [(i, b) for i, b in enumerate(page.blocks) if b.kept or b.reason is Reason.MENU]
    if page.facts.title is not None or len(head) <= _LINES:
        return page
    (at, name), (below, menu), (_, headline) = head[:_LINES]
    is_menu = menu.reason is Reason.MENU or has_cells(menu.text)
    if name.kept and is_menu and headline.kept and _is_masthead(page, name, headline):
        return page.cut({at: Reason.MENU, below: Reason.MENU})
    return page


def _is_masthead(page: Page, name: Block, headline: Block) -> bool:
    """True for a name in capitals, or the one of the copyright line, of which no text speaks.

    A headline in capitals above a line of sections shares words with its text.
    """
    signed = (b.text for b in page.blocks if b.reason is Reason.MENU and b.text.startswith("©"))
    text = {w for b in page.blocks if b.kept and is_prose(b.text) for w in words_of(b)}
    return (
        (name.text.isupper() or any(key(name.text) in key(line) for line in signed))
        and is_headline(name.text)
        and count_words(name.text) <= _NAME_WORDS
        and is_headline(headline.text)
        and not headline.text.isupper()
        and count_words(headline.text) >= _HEADLINE_WORDS
        and text.isdisjoint(words_of(name))
        and not text.isdisjoint(words_of(headline))
    )
