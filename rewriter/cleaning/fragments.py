"""Lines that were broken at inline tags, joined again.

Text that was taken from a page node by node has a line for each link and each word in emphasis:
"The operator", "Calder Lines", "ordered six ships."
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.byline import read_line
from rewriter.cleaning.shapes import is_terminated

# This many lines that start in mid-sentence and end a sentence, or start with a comma or the like,
# show a text that was broken so. Other lines may start with a name that is written in lower case.
_FRAGMENTS = 3
# A name, a title or a quoted phrase stands in a link; more words are a line of their own.
_LINK_WORDS = 12
# Before a link stand this many words of its sentence at least; fewer are a menu's.
_BEFORE_WORDS = 3
_GOES_ON = re.compile(r"[,;:!?)\]’”»%](?![\w.])|[.,;](?:\s|$)|['’](?:s|t|ll|re|ve|d|m)\b")
# A reference to a footnote.
_NOTE = re.compile(r"\[(?:\w{1,2}\s)?\d{1,3}\]|\[(?:edit|citation needed)\]")
_NO_SPACE = re.compile(r"[,.;:!?)\]’”»%'…]")
_OPENED = ("(", "“", "‘", "„", "«", "[")
# Marks of Markdown that open a line of its own: items, headings, images and pictures in links.
_OWN_LINE = ("* ", "- ", "# ", "## ", "### ", "#### ", "• ", "![", "[![")
_BY = frozenset(("by", "von", "por", "par", "di", "door"))
# Words that end no line of their own.
_FUNCTION_WORDS = phrases.words("function_words")


def joined_fragments(lines: Sequence[str]) -> list[str]:
    """The lines that are not blank, with those joined that an inline tag had broken."""
    filled = [line for line in lines if line]
    found = sum(
        _is_fragment(line) and not is_terminated(above) and _is_sure(line)
        for above, line in pairwise(filled)
    )
    if found < _FRAGMENTS:
        return filled
    return list(_joined(filled))


def _joined(lines: Sequence[str]) -> Iterator[str]:
    text = ""
    for line, below, beyond in zip(lines, [*lines[1:], ""], [*lines[2:], "", ""], strict=False):
        if text and not _is_byline(text, line, below, beyond) and _continues(text, line, below):
            space = "" if _NO_SPACE.match(line) or text.endswith(_OPENED) else " "
            text += space + line
        else:
            if text:
                yield text
            text = line
    yield text


def _is_byline(text: str, line: str, below: str, beyond: str) -> bool:
    """True for "by Ruth Adeyemi" below a title, on one line or on two.

    In a sentence, which may have such words, too, another fragment follows.
    """
    said, after = (line, below) if " " in line else (f"{line} {below}", beyond)
    if line.partition(" ")[0] not in _BY or count_words(text) <= _BEFORE_WORDS:
        return False
    found = read_line(said)
    return found is not None and found.label == "by" and not (after and _is_fragment(after))


def _continues(text: str, line: str, below: str) -> bool:
    """True where `line` goes on with the sentence that `text` ends in."""
    in_link = line.startswith("]") or below.startswith("]") or text.endswith("[")
    if text.startswith("#") and not in_link and text.count("[") == text.count("]"):
        return False  # a heading of Markdown; one in a link goes on with the link's address
    if line.startswith(_OWN_LINE):
        return False
    ended = is_terminated(text)
    if _NOTE.fullmatch(line):
        return True
    if line.startswith("(") and not ended and count_words(text) >= _BEFORE_WORDS:
        return True
    if _is_fragment(line):
        return not ended or not line[0].isalpha()
    if text.endswith((",", *_OPENED, "—", "–")):
        return True
    before, _, last = text.rpartition(" ")
    last = last.strip("(“\"'")
    if (
        last if before else last.casefold()
    ) in _FUNCTION_WORDS:  # "Supported by" above a title is a line of its own
        opens = count_words(text) < _BEFORE_WORDS and text.casefold() not in _BY
        return not opens or _is_fragment(below) or is_terminated(line)
    return (
        not ended
        and _is_fragment(below)
        and count_words(text) >= _BEFORE_WORDS
        and not is_terminated(line)
        and count_words(line) <= _LINK_WORDS
    )


def _is_fragment(line: str) -> bool:
    """True for a line that starts in mid-sentence."""
    inside = line[:1].islower() and not line[1:2].isupper()  # "eBay" does not
    return inside or _GOES_ON.match(line) is not None


def _is_sure(fragment: str) -> bool:
    return not fragment[0].isalpha() or (
        is_terminated(fragment) and count_words(fragment) >= _BEFORE_WORDS
    )
