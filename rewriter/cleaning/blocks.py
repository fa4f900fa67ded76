"""Text to blocks: wrapped lines joined, list marks put back before their items, headings marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, pairwise

from rewriter.cleaning.fragments import joined_fragments
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_headline, is_prose, is_terminated
from rewriter.errors import SourceError
from rewriter.text.tokens import DENSE

# Long dashes open direct speech in several languages, so they mark an item only when alone.
_BULLET = re.compile(r"[-•▪◦‣●■□○·*+]\s+(?=\S)|[•▪◦‣●■□](?=\S)")
_ORPHAN = re.compile(r"[-–•▪◦‣●■□○·*]|\d{1,2}[.)]")
_RULE = re.compile(r"(?:[-*_=~—]\s?){1,200}")
_NUMBER = re.compile(r"\(?(\d{1,2})(?:[.)]\s+|(、)\s*)(?=\S)")
_HEADING = re.compile(r"(#{1,6})\s+(?=[^\s#])")

# Mail and agency copy is wrapped at 60 to 80 columns; below 40 lines are verse or tables, above
# 100 they are paragraphs.
_WRAP_COLUMNS = range(40, 101)
# A wrapped line is filled to this share of the column at least: the next word did not fit.
_WRAP_FILL = 0.7
# Lines that must be broken before the text counts as wrapped; fewer may be an address or a list.
_WRAP_EVIDENCE = 3


# A long newspaper feature has 60,000 characters, the longest encyclopedia pages 280,000 with their
# links: what has more is a collection. A character of a script without spaces counts as three,
# since two make a word.
_MAX_CHARACTERS = 400_000
_DENSE = re.compile(f"[{DENSE}]+")
# The same feature has 600 lines when every sentence stands on its own.
_MAX_LINES = 10_000
# Of the characters of the longest one in 20 is a figure in a table that is no article; one in 13
# ends a sentence where all are short. What there is, how many there may be, and what to do.
_COUNTED = (
    ("figures", re.compile(r"(?<![^\W_])\d[\d.,]*"), 20_000, "cut its tables"),
    ("sentences", re.compile(r"[.!?](?:\s|$)|[。！？]"), 30_000, "split the file"),
)
# Figures on a line have a character between them, and ends of sentences are characters.
_FEW_CHARACTERS = 30_000


def refuse_collections(texts: Iterable[str]) -> None:
    """Raise `SourceError` where the lines `texts` are more than one article has."""
    lines = [text for text in texts if text]
    length = sum(map(len, lines))
    if length <= _MAX_LINES:  # the smallest of the limits
        return
    other = [text for text in lines if not text.isascii()] if 3 * length > _MAX_CHARACTERS else []
    dense = sum(len(run) for text in other for run in _DENSE.findall(text))
    characters = length + 2 * dense
    if characters > _MAX_CHARACTERS or len(lines) > _MAX_LINES:
        counted = ", of which each Chinese, Japanese or Thai one counts as three," if dense else ""
        raise SourceError(
            f"{characters:,} characters{counted} in {len(lines):,} lines are too many for one "
            f"article (the limits are {_MAX_CHARACTERS:,} and {_MAX_LINES:,}); split the file"
        )
    if length <= _FEW_CHARACTERS:
        return
    for what, pattern, most, mend in _COUNTED:
        found = sum(len(pattern.findall(text)) for text in lines)
        if found > most:
            raise SourceError(
                f"{found:,} {what} are too many for one article (the limit is {most:,}); {mend}"
            )


def split_blocks(text: str, *, flattened: bool = False) -> tuple[Block, ...]:
    """The blocks of `text`, one a line; wrapped lines are joined, and every letter is kept.

    `flattened` text may have been taken from a page: lines broken at inline tags are joined. Raises
    `SourceError` for text that is longer than an article.
    """
    lines = [line.strip() for line in text.split("\n")]
    refuse_collections(lines)
    joined: Iterable[str] = filter(None, lines)
    runs = [list(run) for filled, run in groupby(lines, key=bool) if filled]
    width = _wrap_width(runs)
    if width:
        joined = (line for run in runs for line in _joined(run, width * _WRAP_FILL))
    elif flattened:
        joined = joined_fragments(lines)
    return tuple(_mark_numbers(list(_mark_lines(joined))))


def _joined(run: list[str], full: float) -> Iterator[str]:
    parts = run[:1]
    for before, line in pairwise(run):
        if len(before) < full or _mark_line(line).kind != "text":
            yield " ".join(parts)
            parts = []
        parts.append(line)
    yield " ".join(parts)


def _wrap_width(runs: list[list[str]]) -> int:
    """The column at which the text is hard-wrapped, 0 where it is not."""
    broken = [line for run in runs for line in run[:-1]]
    width = max(map(len, broken), default=0)
    if len(broken) < _WRAP_EVIDENCE or width not in _WRAP_COLUMNS:
        return 0
    full = [line for line in broken if len(line) >= width * _WRAP_FILL and not is_terminated(line)]
    return width if len(full) * 2 >= len(broken) else 0


def _mark_lines(lines: Iterable[str]) -> Iterator[Block]:
    """Blocks with their marks; a mark alone on its line goes to the line after it."""
    orphan = ""
    for line in lines:
        mark = _ORPHAN.fullmatch(line)
        block = _mark_line(line)
        if orphan and not mark and block.kind == "text" and block.kept:
            block = Block(block.text, "item", f"{orphan[:-1]}. " if orphan[0].isdigit() else "- ")
        elif orphan:
            yield Block(orphan, reason=Reason.MARK)
        orphan = line if mark else ""
        if not mark:
            yield block
    if orphan:
        yield Block(orphan, reason=Reason.MARK)


def _mark_line(line: str) -> Block:
    if heading := _HEADING.match(line):
        return Block(line[heading.end() :].rstrip("# "), "heading", heading[1] + " ")
    if _RULE.fullmatch(line):
        return Block(line, reason=Reason.MARK)
    if bullet := _BULLET.match(line):
        return Block(line[bullet.end() :], "item", "- ")
    return Block(line)


def _mark_numbers(blocks: list[Block]) -> Iterator[Block]:
    """Numbered lines as items, or as headings where each has its own paragraphs below it.

    A number counts only in a sequence (1, 2, ...): "3. März" and "1. FC Köln" open sentences.
    """
    numbered = _sequence(blocks)
    for i, block in enumerate(blocks):
        if i not in numbered:
            yield block
            continue
        number, text = numbered[i]
        alone = i - 1 not in numbered and i + 1 not in numbered
        below = blocks[i + 1] if i + 1 < len(blocks) else None
        if alone and is_headline(text) and below is not None and is_prose(below.text):
            yield replace(block, text=f"{number}. {text}", kind="heading", mark="## ")
        else:
            yield replace(block, text=text, kind="item", mark=f"{number}. ")


def _sequence(blocks: list[Block]) -> dict[int, tuple[int, str]]:
    """Index of each numbered line: its number and the text behind it."""
    found: dict[int, tuple[int, str]] = {}
    last, pending = 0, None
    for i, block in enumerate(blocks):
        match = _NUMBER.match(block.text) if block.kind == "text" and block.kept else None
        if match is None:
            continue
        number, text = int(match[1]), block.text[match.end() :]
        if match[2]:
            found[i] = (number, text)
        elif number == 1:
            pending, last = (i, text), 1
        elif last and number == last + 1:
            if pending is not None:
                found[pending[0]] = (1, pending[1])
                pending = None
            found[i] = (number, text)
            last = number
    return found
