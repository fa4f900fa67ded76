"""The title of a flattened page: the headline above the article that the text speaks of.

Lines above the text are scored: by the share of their words that the paragraphs use, by the byline
or date that stands below a title, by being seen twice, and by their distance from the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rewriter.article import count_words
from rewriter.cleaning.byline import read_line
from rewriter.cleaning.dates import find_dates
from rewriter.cleaning.lines import CLOCK, LineKind, kind_of, words_of
from rewriter.cleaning.page import Block
from rewriter.cleaning.people import lists_people
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import (
    HEADLINE_WORDS,
    is_headline,
    is_question,
    is_terminated,
    key,
)
from rewriter.cleaning.structure import Run

# How many lines above the text a title is looked for.
_REACH = 120
_TITLE_WORDS = 4
# Lists may stand above the first paragraph; their lines are no titles.
_HEAD_LINES = 3
# Share of a title's words that the text uses, and what else speaks for one.
_KNOWN_WORDS = 0.3
# Of fewer words most stand in a text by chance.
_LEAST_WORDS = 6
# The same above a byline, where a title may play on words.
_KNOWN_ABOVE_BYLINE = 0.1
_SEEN_TWICE = 0.25
_MARKED = 0.3
_ABOVE_BYLINE = 0.4
_FAR = 0.005  # for each line between it and the text
# A standfirst has more of the text's words than the title above it, up to this share more, or any
# where the title has enough for one. This many words are no kicker, and a title is not longer than
# its standfirst by more than this factor.
_MARGIN = 0.35
_HEAD_REACH = 2
_HEAD_WORDS = 6
_HEAD_LENGTH = 1.5
# How much a byline says for a line of fewer words where another headline stands between the two.
_KICKER = 0.6
# What must speak more for a title inside of the text than for one above it.
_INSIDE = 0.3
# Buttons may stand between a title and its byline.
_BYLINE_REACH = 16
# Captions and credits of pictures, and paths.
_NO_TITLE = re.compile(
    r"\b(?:photo|image|picture|foto|bild|imagen)(?:s|graph|graphy)?"
    r"(?:\s(?:by|of)|\s?:|\scopyright)"
    r"|\bgetty images\b|\([^()]{1,60}/[^()]{1,60}\)$"
    r"|^(?:media|image) ?caption"
    r"|(?:\s[›»>](?:\s.*|$)){2}|[›»>]$",
    re.IGNORECASE,
)
# "... in the N.Y.C."
_INITIALS = re.compile(r"(?:\b\w\.){2,}$")
# Longer lines of two sentences are notices.
_ASKED_WORDS = 16
# Longer lines with a time of day are text.
_DATE_LINE_WORDS = 20


class Found(NamedTuple):
    """The index of a title, None where there is none, and what speaks for it."""

    score: float
    at: int | None


def title_above(blocks: Sequence[Block], run: Run) -> int | None:
    """The index of the headline above `run`; None where no line is plainly one."""
    end = _first_prose(blocks, run)
    above = _best_of(blocks, end, words_of_text(blocks, run))
    end = _first_paragraphs(blocks, run)
    text = words_of_text(blocks, Run(end, run.end))
    inside = _best_of(blocks, end, text, run.start)
    return (inside if inside.score > above.score + _INSIDE else above).at


def _first_paragraphs(blocks: Sequence[Block], run: Run) -> int:
    """Where two paragraphs stand one below the other: a notice may stand above the title."""
    text = blocks[run.start : run.end]
    prose = [kind_of(b) is LineKind.PROSE and not is_question(b.text) for b in text]
    pairs = (i for i in range(len(prose) - 1) if prose[i] and prose[i + 1])
    return run.start + next(pairs, 0)


def _best_of(blocks: Sequence[Block], end: int, text: set[str], start: int = 0) -> Found:
    """The best title of the lines from `start` to `end`; inside of a text only above a byline."""
    keys = [key(block.text) for block in blocks[:end]]
    below = _lines_below(blocks, end)
    known: dict[int, float] = {}
    scores: dict[int, float] = {}
    for i in range(start, end):
        marked = blocks[i].mark == "# "
        if not _may_be_title(blocks[i]):
            continue
        share = known_words(blocks[i], text)
        if share < _KNOWN_ABOVE_BYLINE or (below[i] > _REACH and not marked):
            continue
        signed = _stands_above_byline(blocks, i, end)
        if not signed and (start or share < _KNOWN_WORDS):
            continue
        known[i] = share
        evidence = (
            marked * _MARKED + signed * _ABOVE_BYLINE + (keys.count(keys[i]) > 1) * _SEEN_TWICE
        )
        scores[i] = share + evidence - min(below[i], _REACH) * _FAR
    if not scores:
        return Found(0.0, None)
    best = max(scores, key=lambda i: scores[i])
    return Found(scores[best], _above_standfirst(blocks, known, best))


def _above_standfirst(blocks: Sequence[Block], known: dict[int, float], best: int) -> int:
    """The line at `best`, or the title right above it where that line is its standfirst."""
    title = best
    for i in range(best - 1, max(best - 1 - _HEAD_REACH, -1), -1):
        share, words = known.get(i, 0.0), count_words(blocks[i].text)
        if key(blocks[best].text) in key(blocks[i].text):
            break
        if words > count_words(blocks[best].text) * _HEAD_LENGTH:
            break
        least = min(known[best] - _MARGIN, _KNOWN_WORDS)
        if i in known and share >= least and words >= _HEAD_WORDS:
            title = i
        elif share or _may_be_title(blocks[i]):
            break
    return title


def known_words(block: Block, text: set[str]) -> float:
    """Share of the block's words that stand in the text, from 0 to 1."""
    words = words_of(block)
    return sum(stem_of(w) in text for w in words) / max(len(words), _LEAST_WORDS)


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
    return {stem_of(word) for block in text for word in words_of(block)}


def stem_of(word: str) -> str:
    """A word without the end that languages inflect: "officials", "official"."""
    return word[: max(6, len(word) - 2)]


def _lines_below(blocks: Sequence[Block], end: int) -> list[int]:
    """For each line above `end` how many lines that are not cut stand between the two."""
    counts, total = [0] * end, 0
    for i in range(end - 1, -1, -1):
        counts[i] = total
        total += blocks[i].kept
    return counts


def _stands_above_byline(blocks: Sequence[Block], at: int, end: int) -> float:
    """How plainly a byline or date stands below the line, with one line of text between at most."""
    between = 0
    for i, block in enumerate(blocks[at + 1 : at + 1 + _BYLINE_REACH], at + 1):
        if _is_byline(block):
            kicker = between and count_words(blocks[at].text) < _HEAD_WORDS
            return _KICKER if kicker else 1.0
        prose = i >= end and kind_of(block) is LineKind.PROSE
        between += prose or _may_be_title(block) or count_words(block.text) > HEADLINE_WORDS
        if between > 1:
            break
    return 0.0


def _is_byline(block: Block) -> bool:
    text, words = block.text, count_words(block.text)
    if CLOCK.search(text) or find_dates(text):
        return words <= _DATE_LINE_WORDS and not is_terminated(text)
    return block.reason is Reason.FEED_LINE or read_line(text) is not None


def _may_be_title(block: Block) -> bool:
    return (
        (block.kept or block.reason is Reason.RELATED_ARTICLES)
        and block.kind in ("text", "heading")
        and count_words(block.text) >= _TITLE_WORDS
        and is_headline(_INITIALS.sub("", block.text))
        and not lists_people(block.text)
        and read_line(block.text) is None
        and not CLOCK.search(block.text)
        and not _NO_TITLE.search(block.text)
        and not (". " in block.text and count_words(block.text) > _ASKED_WORDS)
        and (kind_of(block) is not LineKind.PAGE or block.mark.startswith("#"))
    )
