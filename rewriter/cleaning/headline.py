"""The title of a flattened page: the headline above the article that the text speaks of.

Lines above the text are scored: by the share of their words that the paragraphs use, by the byline
or date that stands below a title, by being seen twice, and by their distance from the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.byline import read_line
from rewriter.cleaning.lines import CLOCK, LineKind, kind_of, words_of
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import HEADLINE_WORDS, is_headline, is_terminated, key, phrase
from rewriter.cleaning.structure import Run

# How many lines above the text a title is looked for. Markdown says which line is one.
_REACH = 50
_REACH_ABOVE_BYLINE = 120
_TITLE_WORDS = 4
# Lists may stand above the first paragraph; their lines are no titles.
_HEAD_LINES = 3
# Share of a title's words that the text uses, and what else speaks for one.
_KNOWN_WORDS = 0.3
# The same above a byline, where a title may play on words.
_KNOWN_ABOVE_BYLINE = 0.1
_SEEN_TWICE = 0.25
_MARKED = 0.3
_ABOVE_BYLINE = 0.4
# A standfirst without a stop stands between title and byline.
_ABOVE_STANDFIRST = 0.3
# A line below the byline is a caption more often than a title.
_BELOW_BYLINE = 0.1
_FAR = 0.01  # for each line between it and the text
# A standfirst has more of the text's words than the title above it, up to this share. This many
# words are no kicker, and a title is not longer than its standfirst by more than this factor.
_MARGIN = 0.35
_HEAD_REACH = 2
_HEAD_WORDS = 5
_HEAD_LENGTH = 1.5
# Buttons may stand between a title and its byline.
_BYLINE_REACH = 16
# A shorter line may stand in others by chance.
_CONTAINED_LETTERS = 20
_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.){2,6}$|\b(?:Inc|Co|Ltd|Corp|Jr|Sr|St|No)\.$")
# Posts that the article shows, credits and captions of pictures, links to networks and paths.
_NO_TITLE = re.compile(
    r"^[—–-]\s|\(@\w{1,30}\)"
    r"|\b(?:photo|image|picture|foto|bild|imagen)(?:s|graph|graphy)?"
    r"(?:\s(?:by|of)|\s?:|\scopyright)"
    r"|^(?-i:(?:[A-Z][\w.'’-]{0,30} ){1,3}[A-Z][\w.'’-]{0,30}/(?:[A-Z][\w.'’-]{0,30} ?){1,5})$"
    r"|credit(?::|\.\.\.|…|\s?by\b)|\bgetty images\b|\([^()]{1,60}/[^()]{1,60}\)$"
    r"|^(?:media|image) ?caption"
    r"|^(?:\S+\s){1,3}(?:on|auf|sur|en|em|su|via)"
    r"\s(?:facebook|twitter|instagram|whatsapp|linkedin|youtube|x)$"
    r"|(?:\s[›»>](?:\s.*|$)){2}|[›»>]$",
    re.IGNORECASE,
)
_NO_TITLES = (LineKind.PAGE, LineKind.LINKS, LineKind.DATE, LineKind.COMMENTS)
# Longer lines with a time of day are text.
_DATE_LINE_WORDS = 20


def title_above(blocks: Sequence[Block], run: Run) -> int | None:
    """The index of the headline above `run`; None where no line is plainly one."""
    end = _first_prose(blocks, run)
    text = words_of_text(blocks, run)
    keys = [key(block.text) for block in blocks[:end]]
    below = _lines_below(blocks, end)
    known: dict[int, float] = {}
    scores: dict[int, float] = {}
    for i in range(end):
        marked = blocks[i].mark == "# "
        if not _may_be_title(blocks[i]):
            continue
        byline = _beside_byline(blocks, i, end)
        if below[i] > (_REACH if byline < _ABOVE_BYLINE else _REACH_ABOVE_BYLINE) and not marked:
            continue
        least = _KNOWN_ABOVE_BYLINE if byline > 0 else _KNOWN_WORDS
        if (share := known_words(blocks[i], text)) < least:
            continue
        known[i] = share
        score = share + byline - min(below[i], _REACH) * _FAR
        score += (_MARKED if marked else 0) + (_SEEN_TWICE if _is_seen_twice(keys, i) else 0)
        scores[i] = score
    if not scores:
        return None
    return _above_standfirst(blocks, known, max(scores, key=lambda i: scores[i]))


def _above_standfirst(blocks: Sequence[Block], known: dict[int, float], best: int) -> int:
    """The line at `best`, or the title right above it where that line is its standfirst."""
    title = best
    for i in range(best - 1, max(best - 1 - _HEAD_REACH, -1), -1):
        share, words = known.get(i, 0.0), count_words(blocks[i].text)
        if key(blocks[best].text) in key(blocks[i].text):
            break
        if words > count_words(blocks[best].text) * _HEAD_LENGTH:
            break
        if i in known and share >= known[best] - _MARGIN and words >= _HEAD_WORDS:
            title = i
        elif share or _may_be_title(blocks[i]):
            break
    return title


def known_words(block: Block, text: set[str]) -> float:
    """Share of the block's words that stand in the text, from 0 to 1."""
    words = words_of(block)
    return len(words & text) / max(len(words), 3)


def _first_prose(blocks: Sequence[Block], run: Run) -> int:
    """Where the text of the run begins; a title may be one of the first lines of the run."""
    head = range(run.start, min(run.start + _HEAD_LINES, run.end))
    prose = (i for i in head if kind_of(blocks[i]) is LineKind.PROSE)
    return next(prose, head.stop if run.end > head.stop else run.start)


def words_of_text(blocks: Sequence[Block], run: Run) -> set[str]:
    """The words of the run's paragraphs."""
    kinds = (LineKind.PROSE, LineKind.LONG, LineKind.SENTENCE)
    first = _first_prose(blocks, run)
    text = (block for block in blocks[first : run.end] if kind_of(block) in kinds)
    return {word for block in text for word in words_of(block)}


def _lines_below(blocks: Sequence[Block], end: int) -> list[int]:
    """For each line above `end` how many lines that are not cut stand between the two."""
    counts, total = [0] * end, 0
    for i in range(end - 1, -1, -1):
        counts[i] = total
        total += blocks[i].kept
    return counts


def _is_seen_twice(keys: Sequence[str], at: int) -> bool:
    """True where the line, or a line that contains it, stands above the text once more."""
    text = keys[at]
    if len(text) < _CONTAINED_LETTERS:
        return keys.count(text) > 1
    return sum(text in other for other in keys) > 1


def _beside_byline(blocks: Sequence[Block], at: int, end: int) -> float:
    """What the byline or date below the line speaks for it, a title, at most one line between."""
    between = 0
    for i, block in enumerate(blocks[at + 1 : at + 1 + _BYLINE_REACH], at + 1):
        if _is_byline(block):
            return _ABOVE_STANDFIRST if between else _ABOVE_BYLINE
        prose = i >= end and kind_of(block) is LineKind.PROSE
        between += prose or _may_be_title(block) or count_words(block.text) > HEADLINE_WORDS
        if between > 1:
            break
    return -_BELOW_BYLINE if at and _is_byline(blocks[at - 1]) else 0.0


def _is_byline(block: Block) -> bool:
    text, words = block.text, count_words(block.text)
    if CLOCK.search(text):
        return words <= _DATE_LINE_WORDS and not is_terminated(text)
    return block.reason is Reason.FEED_LINE or read_line(text) is not None


def _may_be_title(block: Block) -> bool:
    return (
        (block.kept or block.reason is Reason.RELATED_ARTICLES)
        and block.kind in ("text", "heading")
        and count_words(block.text) >= _TITLE_WORDS
        and (is_headline(block.text) or _ABBREVIATED.search(block.text) is not None)
        and read_line(block.text) is None
        and not CLOCK.search(block.text)
        and not _NO_TITLE.search(block.text)
        and not phrase(block.text).startswith(phrases.RELATED_OPENINGS)
        and (kind_of(block) not in _NO_TITLES or block.mark.startswith("#"))
    )
