"""Author and dates of a flattened page, by the lines between its title and its text.

These lines are cut as lines of the page. A name is the author's where a word says so. Beside the
date it is where it opens with a first name; a name that the text speaks of, or that the page has
elsewhere, may be a subject, a section or a publisher.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from rewriter.article import count_words
from rewriter.cleaning.byline import Line, not_filled_in, opens_byline, without_dates
from rewriter.cleaning.furniture import without_age
from rewriter.cleaning.lines import CLOCK
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.people import has_first_name, is_said_to_write, signed_by
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_prose, key

# A date may stand above the title. Standfirst, picture and buttons may stand below it.
_ABOVE, _BELOW = 5, 20
# Name and date stand side by side.
_NEAR = 1
_LINE_WORDS = 20
# What else a date line may say; a caption says more.
_DATE_WORDS = 8
_LINE_CHARACTERS = 200
_READ = (None, Reason.OUTSIDE_ARTICLE, Reason.BYLINE, Reason.FEED_LINE)
_WORD = re.compile(r"[^\W\d_]{2,40}")


class _HeadLine(NamedTuple):
    """A line beside the title: what it says, whether it tells a time, and its number."""

    at: int
    text: str
    line: Line
    timed: bool


class _Signature(NamedTuple):
    """The line that names the author, and the names."""

    line: _HeadLine
    names: tuple[str, ...]


def read_credits(page: Page) -> Page:
    """Fill the author and the dates that read_byline did not find."""
    at = next((i for i, block in enumerate(page.blocks) if block.kind == "title"), None)
    if at is None:
        return page
    head = list(_head(page.blocks, at))
    page = _cut_labels(page, [line for line in head if line.at > at and opens_byline(line.text)])
    facts = page.facts
    for line in (*(x for x in head if x.at > at), *(x for x in head[::-1] if x.at < at)):
        facts = facts.filled(published_at=line.line.published, updated_at=line.line.updated)
    if facts.author is None and (found := _author(page, at, head)):
        signed = found.line
        unsaid = {not_filled_in(part) for part in signed.line.name.split(" | ")}
        page = page.cut({signed.at: Reason.BYLINE} if page.blocks[signed.at].kept else {})
        page = replace(page, notes=tuple(note for note in page.notes if note not in unsaid))
        facts = facts.filled(author="; ".join(found.names))
    return replace(page, facts=facts)


def _cut_labels(page: Page, labels: Sequence[_HeadLine]) -> Page:
    """The page without "By" on a line of its own, and without the note that it is no name."""
    said = {not_filled_in(label.text) for label in labels}
    page = page.cut({label.at: Reason.BYLINE for label in labels if page.blocks[label.at].kept})
    return replace(page, notes=tuple(note for note in page.notes if note not in said))


def _head(blocks: Sequence[Block], title: int) -> Iterator[_HeadLine]:
    """The short lines around the title, down to the second paragraph of the text."""
    paragraphs = 0
    for i in range(max(title - _ABOVE, 0), min(title + _BELOW, len(blocks))):
        block = blocks[i]
        paragraphs += i > title and block.kept and is_prose(block.text)
        if paragraphs > 1:
            return
        if i == title or block.reason not in _READ or len(block.text) > _LINE_CHARACTERS:
            continue
        if count_words(block.text) <= _LINE_WORDS:
            text, aged = without_age(block.text)
            line = without_dates(text)
            timed = aged or bool(line.published or line.updated or CLOCK.search(text))
            if block.kept or count_words(line.name) > _DATE_WORDS:
                line = Line(name=line.name, label=line.label)
            yield _HeadLine(i, text, line, timed)


def _author(page: Page, title: int, head: Sequence[_HeadLine]) -> _Signature | None:
    """The line that names the author, by its own word, below "By" alone or beside a date."""
    above = {key(block.text) for block in page.blocks[:title]}
    for n, line in enumerate(head):
        names = signed_by(line.line.name) if line.at > title else ()
        if not names:
            continue
        said = is_said_to_write(line.line.name) or (n > 0 and opens_byline(head[n - 1].text))
        timed = any(x.timed and abs(x.at - line.at) <= _NEAR for x in head)
        if said or (timed and not any(_may_be_other(page, above, name) for name in names)):
            return _Signature(line, names)
    return None


def _may_be_other(page: Page, above: Set[str], name: str) -> bool:
    """True where the name may be a subject, a place, a section or a publisher."""
    return not has_first_name(name) or key(name) in above or _is_known(page, name)


def _is_known(page: Page, name: str) -> bool:
    """True where the text speaks of the name, or the page writes one of its words small."""
    words = {word.casefold() for word in _WORD.findall(name) if word[0].isupper()}
    surname = _WORD.findall(name)[-1]
    for block in page.blocks:
        said = _WORD.findall(block.text)
        if block.kept and is_prose(block.text) and surname in said:
            return True
        if not words.isdisjoint(said):
            return True
    return False
