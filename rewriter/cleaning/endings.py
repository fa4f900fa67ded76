"""What stands below an article's end: notes of a press release, and who edited an agency's text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_prose

# A closed article is no longer below its end than above it. "###" may also part its sections.
_END = re.compile(
    r"[-–—*(\[ ]{0,4}(?:ENDS?|ENDE|FIN|FIM|EINDE)[-–—*)\]. ]{0,4}"
    r"|[-–—]\s?(?:[Ee]nds?|[Ee]nde|[Ff]in|[Ff]im)\s?[-–—]|以上|[（(][完了][)）]"
)
_HASHES = re.compile(r"#\s?#\s?#|[-–—]\s?30\s?[-–—]")
_HASHED_SHARE = 4
# "(Reporting by Ana Ruiz; Editing by Tom Hall)" stands last, or above an agency's note on itself.
_LAST_LINES = 2
_CREDIT_WORDS = 40
_CREDIT = re.compile(
    r"(?:(?:additional|further|with|original)\s)?"
    rf"(?:{phrases.pattern('credits')})\s(?P<names>.{{2,300}})",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"(?<=[.!?”\"’»])\s{1,3}(\([^()]{10,300}\))$")
# What stands between the names in small letters; "Reporting by the Ledger found that" says more.
_BETWEEN = phrases.words("between_names")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*")


def cut_ending(page: Page) -> Page:
    """Cut what follows "- ENDS -" or "###", and the editors' names on a line at the end."""
    page = _split_credits(_cut_below_end(page))
    last = list(page.kept())[1:][-_LAST_LINES:]
    return page.cut({i: Reason.BYLINE for i, block in last if _is_credit(block)})


def _split_credits(page: Page) -> Page:
    """The page with names in brackets at the end of its last paragraphs as lines."""
    last = [i for i, _ in page.kept()][1:][-_LAST_LINES:]
    blocks = list(page.blocks)
    for i in reversed(last):
        end = _IN_BRACKETS.search(blocks[i].text)
        if end and _is_credit(Block(end[1])):
            blocks[i : i + 1] = [
                replace(blocks[i], text=blocks[i].text[: end.start()]),
                Block(end[1]),
            ]
    return replace(page, blocks=tuple(blocks))


def _is_credit(block: Block) -> bool:
    found = _CREDIT.fullmatch(block.text.strip("*_ ()[]."))
    words = _NAME.findall(found["names"]) if found else []
    named = all(word[0].isupper() or word.casefold() in _BETWEEN for word in words)
    return 0 < len(words) <= _CREDIT_WORDS and named


def _cut_below_end(page: Page) -> Page:
    kept = list(page.kept())
    ends = [n for n, (_, block) in enumerate(kept) if _is_end(block)]
    if len(ends) != 1:
        return page
    blocks, at = [block for _, block in kept], ends[0]
    above, below = _prose_words(blocks[:at]), _prose_words(blocks[at + 1 :])
    share = _HASHED_SHARE if _HASHES.fullmatch(_line(blocks[at])) else 1
    if not above or below * share > above:
        return page
    cut = {i: Reason.OUTSIDE_ARTICLE for i, _ in kept[at + 1 :]}
    return page.cut({kept[at][0]: Reason.MARK} | cut)


def _is_end(block: Block) -> bool:
    line = _line(block)
    return _END.fullmatch(line) is not None or _HASHES.fullmatch(line) is not None


def _line(block: Block) -> str:
    return f"{block.mark}{block.text}".strip()


def _prose_words(blocks: Sequence[Block]) -> int:
    return sum(count_words(block.text) for block in blocks if is_prose(block.text))
