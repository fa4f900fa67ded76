"""What a publisher says of its own page: disclaimers, author notes, what stands below the end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from textwrap import shorten

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Block, KeptBlocks, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_prose, phrase

# A disclaimer closes or opens a page: it is looked for in this many blocks at either end.
_EDGE_BLOCKS = 4
# Below a heading "Disclaimer" this many last blocks are one whatever they say.
_CLOSING_BLOCKS = 2
# The longest seen has 90 words; a longer paragraph that speaks of advice is about advice.
_MAX_WORDS = 150
# A note quotes a line up to here.
_QUOTED_CHARACTERS = 100
_COLON = re.compile("[:：]")
_STOP = re.compile(r"[.!?]\s")
_OWN_VOICE = re.compile(r"\b(?:we|us|our)\b")


def cut_disclaimers(page: Page) -> Page:
    """Cut what closes the page, headed disclaimers, and unheaded ones at the edges of the page.

    "Disclaimer: ..." and "About the author" above other text are kept, with a note.
    """
    page = _cut_unheaded(_cut_headed(_cut_closing(page)))
    unsure = (
        f"“{_quoted(block.text)}” may be what the page says of itself; it was kept."
        for _, block in page.kept()
        if _is_labelled(block.text, phrases.DISCLAIMER)
        or phrase(block.text) in phrases.ABOUT_AUTHOR
    )
    return page.noted(*unsure)


def start_of_closing(blocks: Sequence[Block]) -> int:
    """Where disclaimers and notes on the author begin that close the page; its end without any."""
    kept = [(i, block) for i, block in enumerate(blocks) if block.kept]
    return min((kept[start][0] for start, _ in _closing_sections(kept)), default=len(blocks))


def _closing_sections(kept: KeptBlocks) -> Iterator[tuple[int, int]]:
    """The sections that close the page as positions among the kept blocks, the last one first."""
    end, labels = len(kept), phrases.DISCLAIMER | phrases.ABOUT_AUTHOR
    while end:
        near = range(max(end - _CLOSING_BLOCKS - 1, 0), end)
        headings = (n for n in near if _closing_reason(phrase(kept[n][1].text)) is not None)
        start = next(headings, None)
        last = kept[end - 1][1]
        if start is None and (_is_labelled(last.text, labels) or _is_disclaimer(last)):
            start = end - 1
        if start is None:
            return
        yield start, end
        end = start


def _closing_reason(label: str) -> Reason | None:
    if label in phrases.ABOUT_AUTHOR:
        return Reason.ABOUT_AUTHOR
    return Reason.DISCLAIMER if label in phrases.DISCLAIMER else None


def _cut_closing(page: Page) -> Page:
    kept = list(page.kept())
    for start, end in _closing_sections(kept):
        block = kept[start][1]
        label = _COLON.split(block.text, maxsplit=1)[0]
        reason = _closing_reason(phrase(label)) or Reason.DISCLAIMER
        page = page.cut({i: reason for i, _ in kept[start:end]})
        if _is_labelled(block.text, phrases.DISCLAIMER) and not _disclaims(block):
            page = page.noted(f"“{_quoted(block.text)}” was cut as a disclaimer of the page.")
    return page


def _quoted(text: str) -> str:
    return shorten(text, _QUOTED_CHARACTERS, placeholder=" …")


def _cut_headed(page: Page) -> Page:
    """Cut a line such as "Disclaimer" with the blocks below that disclaim."""
    kept = list(page.kept())
    cut: set[int] = set()
    for at, (i, block) in enumerate(kept):
        if phrase(block.text) in phrases.DISCLAIMER:
            below = list(takewhile(lambda entry: _disclaims(entry[1]), kept[at + 1 :]))
            cut.update((i, *(j for j, _ in below)) if below else ())
    return page.cut(dict.fromkeys(cut, Reason.DISCLAIMER))


def _cut_unheaded(page: Page) -> Page:
    kept = list(page.kept())
    edges = kept[:_EDGE_BLOCKS] + kept[_EDGE_BLOCKS:][-_EDGE_BLOCKS:]
    return page.cut({i: Reason.DISCLAIMER for i, block in edges if _is_disclaimer(block)})


def _is_disclaimer(block: Block) -> bool:
    line = phrase(block.text)
    opens = line.startswith(phrases.DISCLAIMER_SUBJECTS) or _is_labelled(
        block.text, phrases.DISCLAIMER
    )
    return opens and count_words(line) <= _MAX_WORDS and _disclaims(block)


def _is_labelled(text: str, labels: frozenset[str]) -> bool:
    """True for "Disclaimer: we may hold shares of ..."."""
    label, *rest = _COLON.split(text, maxsplit=1)
    return any(map(str.strip, rest)) and phrase(label) in labels


def _disclaims(block: Block) -> bool:
    line = phrase(block.text)
    if any(said in line for said in phrases.DISCLAIMER_PHRASES):
        return True
    own = (sentence for sentence in _STOP.split(line) if _OWN_VOICE.search(sentence))
    return any(said in sentence for sentence in own for said in phrases.DISCLAIMER_EARNINGS)


# --- below the end -------------------------------------------------------------------------------

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
