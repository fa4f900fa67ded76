"""What stands below a heading and is not the article: links to others, and readers' comments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.disclaimers import start_of_closing
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_headline, is_prose, is_terminated, key, phrase
from rewriter.cleaning.structure import covers_article, next_entry

# Share of the text that must stand above the heading; higher up it heads a box inside the article.
_ARTICLE_SHARE = 0.3
# With a feed below it the heading may stand higher: the other articles can outweigh this one.
_FEED_SHARE = 0.1
_HEADING_WORDS = 8
# "Other Opinion Columns", "Weitere Meldungen aus Tarn".
_OTHERS = re.compile(phrases.pattern("others"))
# This many paragraphs without a headline between them are an article and not a teaser; in a feed,
# known by this many of its marks, a teaser may have a few.
_ARTICLE_RUN = 2
_TEASER_RUN = 5
_FEED_MARKS = 3
# A shorter line ("Bitcoin", "Advertisement") may stand twice in any text.
_HEADLINE_LETTERS = 15
# A teaser repeats this many words of its headline that the article above does not know.
_TEASER_WORDS = 2
_LINK_WORDS = 30
# A line that is linked so far, and has this many words, is another article's headline.
_LINKED = 0.8
_LINKED_WORDS = 4
_HEADING_LINKED = 0.5  # the rest is a kicker
# A page has one or two such headings; a text with more is about something else.
_MAX_HEADINGS = 10
# A feed shows at least two items, and an item's headline and teaser stand right above its line.
_FEED_LINES = 2
_FEED_REACH = 3
# Lines between a heading and the first mark of the feed below it.
_FEED_ITEM = 20
# Shorter words ("after", "in") are in any text.
_WORD = re.compile(r"\w{4,60}")


def cut_related(page: Page) -> Page:
    """Cut other articles below a heading such as "Related Reads", and lines that link to one.

    The heading alone is no evidence: what follows must look like other articles (a feed's lines,
    repeated headlines, or headlines with one teaser each). Otherwise it is kept, with a note. A
    feed is evidence enough without a heading. A disclaimer that closes the page is not theirs.
    """
    page = page.cut_where(lambda block: Reason.RELATED_LINK if _is_link(block.text) else None)
    page = page.cut(dict.fromkeys(_linked_lines(page), Reason.RELATED_LINK))
    blocks = page.blocks[: start_of_closing(page.blocks)]
    above = list(accumulate((len(block.text) * block.kept for block in page.blocks), initial=0))
    done = 0
    for start in _starts(blocks):
        if start < done:
            continue
        length = _related_blocks(blocks, start, above[start] / max(above[-1], 1))
        if length and covers_article(page.blocks, start, start + 1 + length):
            length = 0
        done = start + 1 + length if length else done
        page = page.noted(*_notes(blocks[start].text, blocks[start + 1 :], length))
        if length:
            page = page.cut(dict.fromkeys(range(start, done), Reason.RELATED_ARTICLES))
    return page


def _notes(name: str, below: Sequence[Block], length: int) -> Iterator[str]:
    """What the editor should know of a heading and the `length` blocks that were cut below it."""
    if not length:
        yield f"“{name}” may open other articles; the text below it was kept."
    elif [is_prose(block.text) for block in below[length:] if block.kept] == [True]:
        yield f"The last paragraph, below “{name}”, may belong to another article; it was kept."
    elif length < len(below):
        yield f"The article goes on below “{name}”; only the links were cut."
    elif not _feed_marks(below) and any(is_prose(block.text) for block in below):
        yield f"The text below “{name}” looks like teasers of other articles; it was cut."


def _starts(blocks: Sequence[Block]) -> list[int]:
    """Where other articles may begin: at each known heading, and at a feed without one."""
    headings = [
        i
        for i, block in enumerate(blocks)
        if (block.kept and is_related_heading(block))
        or (block.reason is Reason.RELATED_LINK and block.kind == "heading")
    ]
    feed = _start_of_feed(blocks)
    return headings[:_MAX_HEADINGS] + ([] if feed is None else [feed])


def _start_of_feed(blocks: Sequence[Block]) -> int | None:
    """The repeated headline above a feed's first line, or the short line above that headline."""
    lines = [i for i, block in enumerate(blocks) if block.reason is Reason.FEED_LINE]
    if len(lines) < _FEED_LINES:
        return None
    repeated = _repeated_headlines(blocks)
    for i in range(max(lines[0] - _FEED_REACH, 1), lines[0]):
        if key(blocks[i].text) in repeated:
            opening = blocks[i - 1].text
            opens = count_words(opening) <= _HEADING_WORDS and is_headline(opening)
            return i - 1 if opens else i
    return None


def _repeated_headlines(blocks: Sequence[Block]) -> set[str]:
    """The keys of headlines that stand in `blocks` more than once, as an item of a feed does."""
    times = Counter(
        key(block.text)
        for block in blocks
        if block.kept and is_headline(block.text) and not is_related_heading(block)
    )
    return {text for text, number in times.items() if number > 1 and len(text) >= _HEADLINE_LETTERS}


def is_related_heading(block: Block) -> bool:
    """True for "Related Reads" and "More from Harbor Ledger"."""
    line = phrase(block.text)
    if line in phrases.RELATED or _OTHERS.fullmatch(line):
        return True
    opens = line.startswith(phrases.RELATED_OPENINGS) and count_words(line) <= _HEADING_WORDS
    return opens and not is_terminated(block.text)


def _is_link(text: str) -> bool:
    """True for "Read more: Another headline" on one line."""
    opening, colon, headline = text.partition(":")
    return (
        bool(colon and headline.strip())
        and phrase(opening) in phrases.RELATED_LINK
        and count_words(text) <= _LINK_WORDS
        and is_headline(headline.strip(" *[]"))
    )


def _linked_lines(page: Page) -> Iterator[int]:
    """The lines of HTML that are nothing but a link to another article.

    A linked heading over text and a single linked item of a list are the article's own.
    """
    kept = list(page.kept()) if page.kind in ("html", "json", "xml") else []
    for n, (i, block) in enumerate(kept):
        if not _is_linked(block):
            continue
        beside = [one for _, one in (*kept[max(n - 1, 0) : n], *kept[n + 1 : n + 2])]
        below = kept[n + 1][1] if n + 1 < len(kept) else None
        if block.kind == "item" and not any(map(_is_linked, beside)):
            continue
        if block.kind == "heading" and below is not None and is_prose(below.text):
            continue
        yield i


def _is_linked(block: Block) -> bool:
    words = count_words(block.text)
    share = _HEADING_LINKED if block.kind == "heading" else _LINKED
    return block.linked >= share and words >= _LINKED_WORDS and is_headline(block.text)


def _related_blocks(blocks: Sequence[Block], start: int, above: float) -> int:
    """How many blocks below the heading at `start` belong to other articles; 0 when in doubt.

    `above` is the share of the whole text that stands above the heading.
    """
    below = blocks[start + 1 :]
    opens = (n for n, b in enumerate(below) if phrase(b.text) in phrases.FAQ)
    below = below[: next(opens, len(below))]
    inside = next_entry(blocks[:start], below)
    below = below[:inside]
    marks = _feed_marks(below)
    if inside is None and above < (_FEED_SHARE if marks else _ARTICLE_SHARE):
        return 0
    marks = marks_above_article(below, marks)
    if marks and marks[0] > _FEED_ITEM:  # farther down than an item of a feed is long
        marks = []
    links = below[: _start_of_article(below, _ARTICLE_RUN)]
    end = marks[-1] if marks else _leading_headlines(links)
    if not end or goes_on(below[end:]):
        return end
    last = not marks and _is_last_paragraph(below, end, blocks[:start])
    return end if last else len(below)


def marks_above_article(below: Sequence[Block], marks: Sequence[int]) -> list[int]:
    """Those of a feed's marks, numbers of blocks from 1, that stand above an article's text."""
    article = _start_of_article(below, _TEASER_RUN if len(marks) >= _FEED_MARKS else _ARTICLE_RUN)
    return [n for n in marks if n <= article]


def goes_on(rest: Sequence[Block]) -> bool:
    """True where an article's text stands among the blocks."""
    return _start_of_article(rest, _ARTICLE_RUN) < len(rest)


def _is_last_paragraph(below: Sequence[Block], end: int, article: Sequence[Block]) -> bool:
    """True for one paragraph that closes the page and is no teaser of the headline above it."""
    rest = [block for block in below[end:] if block.kept]
    if len(rest) != 1 or not is_prose(rest[0].text):
        return False
    known = _words(*article)
    return len((_words(*below[:end]) & _words(*rest)) - known) < _TEASER_WORDS


def _words(*blocks: Block) -> set[str]:
    return {word for block in blocks for word in _WORD.findall(block.text.casefold())}


def _feed_marks(below: Sequence[Block]) -> list[int]:
    """The numbers, from 1, of the blocks that only a feed has: its lines and repeated headlines."""
    repeated = _repeated_headlines(below)
    return [
        n
        for n, block in enumerate(below, 1)
        if block.reason is Reason.FEED_LINE or (block.kept and key(block.text) in repeated)
    ]


def _leading_headlines(below: Sequence[Block]) -> int:
    return next(
        (n for n, block in enumerate(below) if block.kept and not is_headline(block.text)),
        len(below),
    )


def _start_of_article(blocks: Sequence[Block], paragraphs: int) -> int:
    """Where this many paragraphs follow each other without a headline; the end if nowhere."""
    run: list[int] = []
    for n, block in enumerate(blocks):
        if block.kept:
            run = [*run, n] if is_prose(block.text) else []
        if len(run) >= paragraphs:
            return run[0]
    return len(blocks)


# --- readers' comments ---------------------------------------------------------------------------

# "Leave a comment", "Comments (14)": a page has a few such headings.
_COMMENT_HEADINGS = 5
_NUMBERS = re.compile(r"[(\[]?\d[\d.,]{0,9}[)\]]?")
# "bigfan99: Amazing!!", "@harbor_cat Never again": a handle has a digit or an underscore, or an @.
_HANDLE = re.compile(r"(?:@[\w.-]{2,30}\b|(?=[A-Za-z.-]{0,29}[\d_])[A-Za-z][\w.-]{2,29}:\s)")


def cut_comments(page: Page) -> Page:
    """Cut a heading such as "Comments (14)" with what readers wrote below it.

    The heading alone is no evidence: an age, a button or a reader's handle must stand below it.
    Without one the text is kept, with a note.
    """
    blocks = page.blocks
    closing = start_of_closing(blocks)
    unsure: tuple[str, ...] = ()
    for start in list(_headings(blocks))[:_COMMENT_HEADINGS]:
        below = blocks[start + 1 : closing]
        links = (n for n, block in enumerate(below) if block.kept and is_related_heading(block))
        below = below[: next(links, len(below))]
        length = _comments(below)
        end = start + 1 + length
        if length and not covers_article(blocks, start, end):
            return page.cut(dict.fromkeys(range(start, end), Reason.COMMENTS))
        if any(block.kept for block in below):
            unsure = (f"“{blocks[start].text}” may open readers' comments; they were kept.",)
    return page.noted(*unsure)


def _headings(blocks: Sequence[Block]) -> Iterator[int]:
    above = list(accumulate((len(block.text) for block in blocks), initial=0))
    return (
        i
        for i, block in enumerate(blocks)
        if above[i] >= above[-1] * _ARTICLE_SHARE and _is_heading(block)
    )


def _is_heading(block: Block) -> bool:
    may_open = block.kept or block.reason in (Reason.COUNTER, Reason.SUBSCRIBE)
    return may_open and phrase(_NUMBERS.sub(" ", block.text)) in phrases.COMMENTS


def _comments(below: Sequence[Block]) -> int:
    """How many of the blocks below the heading are comments; 0 without evidence."""
    marks = marks_above_article(below, [n for n, b in enumerate(below, 1) if _is_mark(b)])
    if not marks:
        return 0
    return marks[-1] if goes_on(below[marks[-1] :]) else len(below)


def _is_mark(block: Block) -> bool:
    return block.reason is Reason.FEED_LINE or (
        block.kept
        and (phrase(block.text) in phrases.COMMENT_BUTTONS or bool(_HANDLE.match(block.text)))
    )
