"""Controls of video players and slides of picture galleries in the middle of an article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_prose, phrase
from rewriter.cleaning.structure import article_run, prose_words

# This many lines of a player, with no more lines than that between two of them, are one.
_CONTROLS = 4
_REACH = 12
# Longer lines are text.
_CONTROL_WORDS = 25
_NUMBERS = re.compile(r"[-+]?\d[\d:.,]*\s?[%x]?")
# "3/12", "Image 3 of 12"; "3/12 The new bridge" where it is a heading.
_SLIDE = re.compile(
    r"(?:(?:image|photo|picture|slide|bild|foto|photo|imagen|imagem|immagine|фото)\s)?"
    r"(?P<number>\d{1,3})\s?(?:/|of|von|de|sur|di|van|из)\s?(?P<all>\d{1,3})(?P<name>\s\D.{2,150})?",
    re.IGNORECASE,
)
_SLIDES = 3
# A slide has a caption and a credit.
_SLIDE_LINES = 4
_CAPTIONED = 0.8
_CREDIT_WORDS = 6
# A gallery stands in an article of this many words; a page with fewer is the gallery.
_ARTICLE_WORDS = 150
# Slides with headings are the article itself, unless this many words of it stand on each side.
_WORDS_BESIDE = 30


def cut_players(page: Page) -> Page:
    """Cut the controls of players, and the captions of galleries that stand in an article."""
    page = page.cut(dict.fromkeys(_controls(page.blocks), Reason.PLAYER))
    slides = list(_slides(page.blocks))
    rest = [block for i, block in enumerate(page.blocks) if i not in slides]
    run = article_run(rest) if slides else None
    if run is None or prose_words(rest[run.start : run.end]) < _ARTICLE_WORDS:
        return page
    return page.cut({i: Reason.IMAGE for i in slides if page.blocks[i].kept})


def _controls(blocks: Sequence[Block]) -> Iterator[int]:
    known = [i for i, block in enumerate(blocks) if block.kept and _is_control(block.text)]
    groups: list[list[int]] = []
    for i in known:
        near = groups and i - groups[-1][-1] <= _REACH
        if near and not any(is_prose(block.text) for block in blocks[groups[-1][-1] + 1 : i]):
            groups[-1].append(i)
        else:
            groups.append([i])
    for group in groups:
        if len(group) >= _CONTROLS:
            yield from (i for i in range(group[0], group[-1] + 1) if blocks[i].kept)


def _is_control(text: str) -> bool:
    if count_words(text) > _CONTROL_WORDS:
        return False
    line = phrase(_NUMBERS.sub(" ", text))
    return line in phrases.PLAYER or line.startswith(phrases.PLAYER_OPENINGS)


def _slides(blocks: Sequence[Block]) -> Iterator[int]:
    """The lines of the galleries: headings, counters, captions and credits."""
    counters = [(i, slide) for i, b in enumerate(blocks) if (slide := _slide(b)) is not None]
    series: list[list[int]] = [[]]
    for (i, slide), (j, following) in pairwise([*counters, (len(blocks), None)]):
        if slide is None:
            continue
        series[-1].append(i)
        last = (int(slide["number"]), slide["all"])
        near = following if j - i <= _SLIDE_LINES + 1 else None
        if near is None or last != (int(near["number"]) - 1, near["all"]):
            series.append([])
    for starts in series:
        captioned = sum(i + 1 < len(blocks) and is_prose(blocks[i + 1].text) for i in starts)
        if len(starts) < _SLIDES or captioned < len(starts) * _CAPTIONED:
            continue
        start, end = starts[0], _end_of_slide(blocks, starts[-1])
        if blocks[start].kind != "heading":
            yield from range(start, end)
        elif _is_inside(blocks, start, end):
            while start and blocks[start - 1].kind == "heading":
                start -= 1
            yield from range(start, end)


def _slide(block: Block) -> re.Match[str] | None:
    slide = _SLIDE.fullmatch(block.text)
    return slide if slide and (block.kind == "heading" or not slide["name"]) else None


def _is_inside(blocks: Sequence[Block], start: int, end: int) -> bool:
    """True where the article's text stands above and below the slides."""
    sides = ([b for b in side if b.kept] for side in (blocks[:start], blocks[end:]))
    return all(prose_words(side) >= _WORDS_BESIDE for side in sides)


def _end_of_slide(blocks: Sequence[Block], counter: int) -> int:
    """Behind the caption of the last slide and the credit below it."""
    end = counter + 2
    credit = end < len(blocks) and count_words(blocks[end].text) <= _CREDIT_WORDS
    return min(end + (credit and blocks[end].kind == blocks[counter + 1].kind), len(blocks))
