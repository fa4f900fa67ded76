"""What a line of flattened text looks like, by itself and in its row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.dates import find_dates
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import LONG_WORDS, PROSE_WORDS, is_terminated, phrase
from rewriter.remembering import looked_up, remembered
from rewriter.text.tokens import DENSE


class LineKind(StrEnum):
    """What a line looks like."""

    PROSE = "prose"
    LONG = "long"  # ten words or more without a stop: a headline, an item or a lost paragraph
    SENTENCE = "sentence"  # a short one
    ITEM = "item"  # an item or a subheading that is marked as such
    SHORT = "short"
    CUT_OFF = "cut-off"  # the end of a teaser
    NAMES = "names"  # a row of links without their marks
    FURNITURE = "furniture"  # what a phrase table knows
    LINKS = "links"
    PAGE = "page"  # a button, a form or a notice
    RELATED = "related"  # a heading over other articles
    FEED = "feed"  # a name and an age
    DATE = "date"  # below text it stands over a comment or another article
    COMMENTS = "comments"  # a heading over comments
    TABLE = "table"  # one of several lines with a figure each: a programme, a table
    IMAGE = "image"  # in Markdown; an article has a few
    TEASER = "teaser"  # an image that links to a page; a list of teasers has one for each
    MARK = "mark"


# What stands in an article and outside of one alike.
_CUT_KINDS = {
    Reason.MARK: LineKind.MARK,
    Reason.IMAGE: LineKind.IMAGE,
    Reason.SHORTCODE: LineKind.MARK,
    Reason.PLAYER: LineKind.MARK,
    Reason.DELETED: LineKind.MARK,
    Reason.CONTENTS: LineKind.MARK,
    Reason.ADVERTISEMENT: LineKind.SHORT,
    Reason.RELATED_LINK: LineKind.SHORT,
    Reason.FEED_LINE: LineKind.FEED,
    Reason.RELATED_ARTICLES: LineKind.RELATED,
}
_LONG_WORDS = 10
_SENTENCE_WORDS = 5
# Longer lines are no date line, and no heading over comments.
_LINE_WORDS = 14
_LINE_CHARACTERS = 200
# Longer lines speak about newsletters rather than offer one.
_PAGE_WORDS = 25
# Lines without a stop are text where they have this many times the words of those with one.
_NO_STOPS = 2
# This many lines with a figure on end are a table or a programme, not heads of comments.
_TABLE_LINES = 3
_ROWS = (LineKind.DATE, LineKind.SHORT, LineKind.LONG, LineKind.ITEM)
# "— Harbor Watch (@harborwatch)": below a post that an article shows; its date follows.
_POSTED = re.compile(r"^(?:[—–-]|&mdash;)\s.{1,80}\(@\w{1,30}\)")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|avif)\)?$", re.IGNORECASE)
# Lines of a row of pictures, each with its link.
_GALLERY = 20
_PICTURES = (Reason.IMAGE, Reason.LINK, Reason.MARK)
_DIGIT = re.compile(r"\d")
# Share of text in links from which a line is one of links.
_LINKED = 0.6
# Share of capitalised words from which a long line without a stop is a row of links.
_CAPITALS = 0.7
_CUT_OFF = re.compile(r"(?:\.\.\.|…)\W{0,3}$")
_SAYS = re.compile(
    r"\b(?:says?|said|wrote|writes|sagt|schreibt|dice|dit|a dit|diz)\s?:$", re.IGNORECASE
)
# A time of day; prices and results are written alike, but with a currency or more digits.
CLOCK = re.compile(
    r"(?<![\d.,$€£¥])(?:(?:[01]?\d|2[0-4])[:h時时点點]|(?:0[1-9]|1\d|2[0-4])\.)[0-5]\d\b(?![.,]?\d|\s?%)"
)
_NUMBERS = re.compile(r"[(\[]?\d[\d.,]*[)\]]?")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_LONG_WORD = re.compile(r"\w{4,60}")
_DENSE_RUN = re.compile(f"[{DENSE}]+")
_INNER_STOP = re.compile(r"[^\W\d_]{3}[.!?]\s+\S")


def kinds_of(blocks: Sequence[Block]) -> list[LineKind]:
    """What each block looks like, by itself and in its row."""
    kinds = _by_neighbours(blocks, [kind_of(block) for block in blocks])

    def may_be_row(i: int) -> bool:
        row = blocks[i].reason is not Reason.RELATED_ARTICLES and kinds[i] in _ROWS
        return row and _DIGIT.search(blocks[i].text) is not None

    lines = (i for i, kind in enumerate(kinds) if kind is not LineKind.MARK)
    for rows, group in groupby(list(lines), key=may_be_row):
        table = list(group)
        if rows and len(table) >= _TABLE_LINES:
            for i in table:
                kinds[i] = LineKind.TABLE
    return _without_stops(blocks, kinds)


def _without_stops(blocks: Sequence[Block], kinds: list[LineKind]) -> list[LineKind]:
    """The kinds, where lines without a stop are the text: in Thai, in verse, in many blogs."""
    words = Counter[LineKind]()
    for block, kind in zip(blocks, kinds, strict=True):
        words[kind] += count_words(block.text)
    if words[LineKind.LONG] <= words[LineKind.PROSE] * _NO_STOPS:
        return kinds
    return [LineKind.PROSE if kind is LineKind.LONG else kind for kind in kinds]


def _by_neighbours(blocks: Sequence[Block], kinds: list[LineKind]) -> list[LineKind]:
    """The kinds, corrected by the lines beside them.

    Links, images, linked headings and shown posts may stand in an article. Of a row of images one
    counts, and of a box of other articles the heading.
    """
    for i in range(1, len(blocks)):
        above, below = kinds[i - 1], blocks[i + 1 : i + 3]
        if kinds[i] is LineKind.DATE and _POSTED.search(blocks[i - 1].text):
            kinds[i - 1] = kinds[i] = LineKind.MARK
        if blocks[i].reason is Reason.LINK:
            kinds[i] = LineKind.SHORT if above is LineKind.LINKS else LineKind.MARK
            full_size = _PICTURE.search(blocks[i].text)
            if above is LineKind.IMAGE and not (full_size or _is_in_text(blocks, kinds, i)):
                kinds[i - 1] = LineKind.TEASER
        if blocks[i].reason is Reason.IMAGE and above is LineKind.IMAGE:
            kinds[i - 1] = LineKind.MARK
        if kinds[i] is LineKind.CUT_OFF and above is LineKind.PROSE and _is_long(blocks[i]):
            kinds[i] = LineKind.PROSE  # a teaser stands below its headline
        boxed = blocks[i].reason is blocks[i - 1].reason is Reason.RELATED_ARTICLES
        linked = kinds[i] is LineKind.LINKS and bool(blocks[i].mark)
        if boxed or (linked and _heads_text(below)):
            kinds[i] = LineKind.SHORT
    return kinds


def _is_in_text(blocks: Sequence[Block], kinds: Sequence[LineKind], at: int) -> bool:
    """True where paragraphs stand above and below the pictures around the line."""
    sides = (range(at, max(at - _GALLERY, 0), -1), range(at, min(at + _GALLERY, len(blocks))))
    lines = (next((i for i in side if blocks[i].reason not in _PICTURES), at) for side in sides)
    return all(kinds[i] in (LineKind.PROSE, LineKind.LONG) for i in lines)


def _is_long(block: Block) -> bool:
    return count_words(block.text) >= LONG_WORDS


def _heads_text(below: Sequence[Block]) -> bool:
    """True where a paragraph that is longer than a teaser follows."""
    text = next((block for block in below if block.kept), None)
    return text is not None and not is_link(text) and _is_long(text)


def kind_of(block: Block) -> LineKind:
    """What the block looks like by itself."""
    return _kind_of(block.text, block)


@remembered(8192, longest=2_000)  # several stages ask about the same blocks
def _kind_of(text: str, block: Block) -> LineKind:
    if not block.kept:
        return _CUT_KINDS.get(block.reason or Reason.MARK, LineKind.FURNITURE)
    words = count_words(text)
    ends = is_terminated(text) or text.endswith((":", "：", ";"))
    if words <= _PAGE_WORDS and (kind := _kind_of_phrase(text, words)):
        return kind
    if is_link(block):
        return LineKind.LINKS
    is_line = words <= _LINE_WORDS and len(text) <= _LINE_CHARACTERS
    if is_line and (not ends or _SAYS.search(text)) and _dates(text, words):
        return LineKind.DATE
    if (_CUT_OFF.search(text) and words < LONG_WORDS * 2) or _SAYS.search(text):
        return LineKind.CUT_OFF
    if words >= LONG_WORDS or (ends and words >= PROSE_WORDS):
        return LineKind.NAMES if is_row_of_names(text) else LineKind.PROSE
    if words >= _LONG_WORDS:
        return LineKind.LONG
    if ends and words >= _SENTENCE_WORDS:
        return LineKind.SENTENCE
    return LineKind.ITEM if block.kind in ("item", "heading") else LineKind.SHORT


def _kind_of_phrase(text: str, words: int) -> LineKind | None:
    line = phrase(_NUMBERS.sub(" ", text))
    if line in phrases.COMMENTS:
        return LineKind.COMMENTS
    if line in phrases.RELATED:
        return LineKind.RELATED
    if words <= _LINE_WORDS and phrases.COMMENT_PHRASES.search(line):
        return LineKind.COMMENTS
    return LineKind.PAGE if phrases.PAGE_PHRASES.search(line) else None


def is_link(block: Block) -> bool:
    """True for a line that is little else than links."""
    return block.linked > _LINKED


def is_notice(text: str) -> bool:
    """True for "Skip to content": what a page says to its readers, outside of an article."""
    words = count_words(text)
    return words <= _PAGE_WORDS and _kind_of_phrase(text, words) is LineKind.PAGE


def _dates(text: str, words: int) -> bool:
    """True for a line that is a date or a time of day with a few words beside it."""
    if words <= _LONG_WORDS and CLOCK.search(text):
        return True
    dates = find_dates(text)
    around = len(text) - sum(found.end - found.start for found in dates)
    return bool(dates) and around <= len(text) // 2


def is_row_of_names(text: str) -> bool:
    """True for "Home Local Weather Tides ...": nearly every word has a capital."""
    words = _WORD.findall(text)
    if len(words) < PROSE_WORDS or _INNER_STOP.search(text):
        return False
    capital = sum(word[0].isupper() for word in words)
    return capital >= len(words) * _CAPITALS and not text.isupper()


def words_of(block: Block) -> frozenset[str]:
    """The words of the block that have four letters or more, case folded.

    In scripts without spaces they are pairs of characters.
    """
    return _words_of(block.text)


@looked_up(2048, longest=2_000)  # each part of a page is compared with the article
def _words_of(text: str) -> frozenset[str]:
    text = text.casefold()
    if text.isascii():
        return frozenset(_LONG_WORD.findall(text))
    runs = _DENSE_RUN.findall(text)
    pairs = {run[i : i + 2] for run in runs for i in range(len(run) - 1)}
    return frozenset(pairs).union(_LONG_WORD.findall(_DENSE_RUN.sub(" ", text) if runs else text))
