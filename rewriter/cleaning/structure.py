"""Where the article stands in text that was flattened from a page, told by the shape of its lines.

Menus, headline lists, players, comments and footers are runs of short lines and links; an article
is a run of prose. Each line gets a score. The run of lines with the highest sum is the article (a
maximum-sum segment, as boilerplate removers use it over tokens). A run beside it that holds much of
the article's prose is added to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rewriter.article import count_words
from rewriter.cleaning.lines import LineKind, kind_of, kinds_of, words_of
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import LONG_WORDS, phrase

# In words of prose, chosen on 277 public pages that were flattened in three ways. A subheading
# costs less than its paragraph brings; a menu of ten lines costs two paragraphs.
_SCORES = {
    LineKind.LONG: 2.0,
    LineKind.SENTENCE: 2.0,
    LineKind.ITEM: 1.0,
    LineKind.SHORT: -4.0,
    LineKind.CUT_OFF: -4.0,
    LineKind.IMAGE: -4.0,
    LineKind.TEASER: -20.0,
    LineKind.NAMES: -8.0,
    LineKind.FURNITURE: -15.0,
    LineKind.LINKS: -16.0,
    LineKind.PAGE: -25.0,
    LineKind.RELATED: -40.0,
    LineKind.FEED: -40.0,
    LineKind.DATE: -50.0,
    LineKind.COMMENTS: -200.0,
    LineKind.TABLE: 0.0,
    LineKind.MARK: 0.0,
}
# One long comment does not outweigh a short article.
_PROSE_CAP = 60
# Prose between two lines that are none is a teaser or a caption more often than other prose.
_ALONE = 0.5
# Above this many words of prose a date or a heading is the article's own.
_HEAD_WORDS = 100
_HEADS = (LineKind.DATE, LineKind.RELATED, LineKind.COMMENTS)
# Lines of a comment's head, a name and a date, below the heading over all comments.
_COMMENT_HEAD = 3
# A run beside the article belongs to it when it holds this much of the article's prose, and this
# share of its own words is the article's: more of a small part, and less where it stands near.
# Chosen on half of 270 public pages that were flattened in three ways; kept on the other half.
_PART = 0.1
_LARGE_PART = 0.2
_SAME_WORDS = 0.19
_SAME_WORDS_OF_SMALL = 0.45
_NEAR = 0.1
_NEAR_LINES = 5
# Lines between the two that outweigh it by more than this part it from the article.
_APART = 5.0
# The article of two topics opens with this much of its prose above lines that outweigh it by this.
_OPENING = 0.4
_OUTWEIGHED = 2.5
# Above a few lines less of its prose is an opening, too.
_NEAR_OPENING = 0.15
# The article once more has all of its words.
_COPY = 0.9
# Between two runs they tell that another text begins.
_ANOTHER_TEXT = frozenset((LineKind.COMMENTS, LineKind.FEED, LineKind.DATE))
# Readers' comments are often longer than the article above them.
_COMMENT_WEIGHT, _SURE_COMMENT_WEIGHT = 0.4, 0.1
# A cut that holds more than this share of the article's prose is a mistake. A teaser above a feed's
# line may hold this many words of a short article.
_COVERED, _FEED_WORDS = 0.15, 60
# This many lines of a feed below a heading show other articles.
_FEED_LINES = 2


class Run(NamedTuple):
    """A half-open range of blocks."""

    start: int
    end: int


def article_run(blocks: Sequence[Block]) -> Run:
    """The run of blocks that is the article; empty where no block is prose."""
    kinds = kinds_of(blocks)
    scores = line_scores(blocks, kinds)
    start, end = _best(scores)
    while (part := _best(scores[end:])).end:
        below = Run(end + part.start, end + part.end)
        if not _belongs(blocks, kinds, scores, Run(start, end), below):
            break
        end = below.end
    end = end_of_table(kinds, end)
    end = end_of_series(blocks, kinds, end)
    while (part := _part_above(blocks, kinds, scores, Run(start, end))).end:
        start = part.start
    return Run(start, end)


def _part_above(
    blocks: Sequence[Block], kinds: Sequence[LineKind], scores: Sequence[float], article: Run
) -> Run:
    """What stands above the article and is more of it: the best run, or the one right above."""
    best = _best(scores[: article.start])
    if best.end and _belongs(blocks, kinds, scores, article, best):
        return best
    top = max(article.start - 2 * _NEAR_LINES, 0)
    near = _best(scores[top : article.start])
    near = Run(top + near.start, top + near.end)
    belongs = near.end > top and _belongs(blocks, kinds, scores, article, near)
    return near if belongs and _same_words(blocks, article, near) >= _SAME_WORDS else Run(0, 0)


def _belongs(
    blocks: Sequence[Block],
    kinds: Sequence[LineKind],
    scores: Sequence[float],
    article: Run,
    part: Run,
) -> bool:
    """True where the part below or above the article is more of it.

    Terms of use, notices of a page and other articles are prose, too, but in other words. A date
    above a few lines in the article's words ("12:00 PM") is one of an update.
    """
    between = slice(min(article.end, part.end), max(article.start, part.start))
    near = sum(kind is not LineKind.MARK for kind in kinds[between]) <= _NEAR_LINES
    another = _ANOTHER_TEXT.intersection(kinds[between])
    is_update = near and another == {LineKind.DATE} and part.start > article.start
    if another and not is_update:
        return False
    brings = _words_of_prose(blocks, kinds, part)
    share = brings / max(_words_of_prose(blocks, kinds, article), 1)
    same = _same_words(blocks, article, part)
    apart = -sum(scores[between])
    if share < _PART or same >= _COPY or apart > brings * _APART:
        return False
    opens = share >= _OPENING and brings * _OUTWEIGHED > apart
    if part.start < article.start and (opens or (near and share >= _NEAR_OPENING)):
        return True
    if near and blocks[part.start].text[:1].islower():
        return True  # it goes on in mid-sentence
    same += _NEAR if near else 0
    return same >= (_SAME_WORDS if share >= _LARGE_PART else _SAME_WORDS_OF_SMALL)


def _same_words(blocks: Sequence[Block], article: Run, part: Run) -> float:
    """The share of the part's words that the article has."""
    used = _words_of_run(blocks, part)
    return len(used & _words_of_run(blocks, article)) / max(len(used), 1)


def _words_of_prose(blocks: Sequence[Block], kinds: Sequence[LineKind], run: Run) -> float:
    lines = zip(blocks[run.start : run.end], kinds[run.start : run.end], strict=True)
    return sum(_prose_words(block, kind) for block, kind in lines)


def _words_of_run(blocks: Sequence[Block], run: Run) -> set[str]:
    return {word for block in blocks[run.start : run.end] for word in words_of(block)}


def _best(scores: Sequence[float]) -> Run:
    """The run with the highest sum above 0."""
    best, run, total, start = 0.0, Run(0, 0), 0.0, 0
    for i, value in enumerate(scores):
        if total <= 0:
            total, start = 0.0, i
        total += value
        if total > best:
            best, run = total, Run(start, i + 1)
    return run


def line_scores(blocks: Sequence[Block], kinds: list[LineKind]) -> list[float]:
    """The score of each block: words for prose, negative for what pages put around it."""
    scores: list[float] = []
    above, weight = 0.0, 1.0
    lines = [kind for kind in kinds if kind is not LineKind.MARK]
    at = -1

    def sure(at: int) -> bool:
        below = lines[at + 1 : at + 1 + _COMMENT_HEAD]
        return lines[at] is LineKind.COMMENTS and LineKind.DATE in below

    for block, kind in zip(blocks, kinds, strict=True):
        at += kind is not LineKind.MARK
        if kind is LineKind.PROSE:
            beside = lines[max(at - 1, 0) : at] + lines[at + 1 : at + 2]
            score = _prose_words(block, kind) * weight
            score *= 1.0 if LineKind.PROSE in beside else _ALONE
            above += score
        elif kind in _HEADS and above <= _HEAD_WORDS and not (above >= LONG_WORDS and sure(at)):
            score = _SCORES[LineKind.SHORT]
        else:
            score = _SCORES[kind]
            if kind is LineKind.COMMENTS:
                weight = min(weight, _SURE_COMMENT_WEIGHT if sure(at) else _COMMENT_WEIGHT)
        scores.append(score)
    return scores


def _prose_words(block: Block, kind: LineKind) -> float:
    return float(min(count_words(block.text), _PROSE_CAP)) if kind is LineKind.PROSE else 0.0


def covers_article(blocks: Sequence[Block], start: int, end: int) -> bool:
    """True where the blocks from `start` to `end` hold much of the article's prose.

    What a heading says is no evidence here: the shape of the lines decides. A feed's lines are.
    """
    feed = sum(block.reason is Reason.FEED_LINE for block in blocks[start:end])
    if feed >= _FEED_LINES:
        return False
    run = article_run([*blocks[:start], Block(""), *blocks[start + 1 :]])
    paragraphs = _on_end(blocks[max(run.start, start) : min(run.end, end)])
    most = prose_words(blocks[run.start : run.end]) * _COVERED
    return prose_words(paragraphs) > max(most, _FEED_WORDS if feed else 0)


def _on_end(blocks: Sequence[Block]) -> list[Block]:
    """The paragraphs that are no teasers: one stands alone below its headline, and is short."""
    kinds = kinds_of(blocks)
    return [
        block
        for i, block in enumerate(blocks)
        if kinds[i] is LineKind.PROSE
        and (
            LineKind.PROSE in kinds[max(i - 1, 0) : i] + kinds[i + 1 : i + 2]
            or count_words(block.text) >= LONG_WORDS
        )
    ]


def share_of_text(blocks: Sequence[Block], run: Run) -> float:
    """The run's share of the page's text; comments count as much as they do for the run."""
    scores = [max(score, 0.0) for score in line_scores(blocks, kinds_of(blocks))]
    return sum(scores[run.start : run.end]) / max(sum(scores), 1)


def prose_words(blocks: Sequence[Block]) -> float:
    """Words of prose in the blocks; of a very long block only the first count."""
    return sum(_prose_words(block, kind_of(block)) for block in blocks)


# --- series and tables ---------------------------------------------------------------------------

# "3. ", "Step 3", "Schritt 3: ..."
_ENTRY = re.compile(
    r"(?:#{1,6} )?(?P<name>(?:[^\W\d_]{2,12} )?)(?P<number>\d{1,2})(?:[.:)] |[.:)]?$)"
)
# An entry of a series may have this many lines of its own, and the last one its text in these.
_ENTRY_LINES = 6
_ENTRY_TEXT = 2
_OTHER_TEXT = (LineKind.COMMENTS, LineKind.RELATED, LineKind.FEED)


def end_of_table(kinds: Sequence[LineKind], end: int) -> int:
    """Where the table ends that stands right below the run, with one line above it or none."""
    headed = False
    found = end
    for i in range(end, len(kinds)):
        if kinds[i] is LineKind.TABLE:
            found = i + 1
        elif kinds[i] is not LineKind.MARK:
            if headed or found > end or kinds[i] not in (LineKind.SHORT, LineKind.ITEM):
                break
            headed = True
    return found


def end_of_series(blocks: Sequence[Block], kinds: Sequence[LineKind], end: int) -> int:
    """Where the series ends that the run breaks off in: a numbered list, or "Step 3" by "Step 4".

    It is `end` where the run breaks off in none, and where another text begins in between. A box of
    links that was cut is none.
    """
    last: tuple[str, int] | None = None
    lines = 0
    for i, block in enumerate(blocks):
        if i >= end and (last is None or lines > _ENTRY_LINES or _is_other(block, kinds[i])):
            break
        lines += block.kept
        if (entry := _entry(block)) is None:
            continue
        if i < end or (last is not None and entry == (last[0], last[1] + 1)):
            last, lines, end = entry, 0, max(end, i + 1)
    below = kinds[end : end + _ENTRY_TEXT]
    text = [n for n, kind in enumerate(below, 1) if kind is LineKind.PROSE]
    return end + text[-1] if text and end and last and _entry(blocks[end - 1]) == last else end


def _is_other(block: Block, kind: LineKind) -> bool:
    return kind in _OTHER_TEXT and (block.kept or kind is LineKind.FEED)


def _entry(block: Block) -> tuple[str, int] | None:
    """Name and number of the entry of a series that the line opens."""
    found = _ENTRY.match(block.mark + block.text) if block.kept else None
    return None if found is None else (phrase(found["name"]), int(found["number"]))


def next_entry(above: Sequence[Block], below: Sequence[Block]) -> int | None:
    """Which heading below goes on with the series that stands above; None for no series."""
    last = next((entry for block in reversed(above) if (entry := _entry(block))), None)
    if last is None:
        return None
    following = (last[0], last[1] + 1)
    heads = (n for n, b in enumerate(below) if b.kind == "heading" and _entry(b) == following)
    return next(heads, None)
