"""What only looks like a figure: list marks, parts of names, idioms."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.text.quantities.numerals import read_numeral
from rewriter.text.quantities.scan import Numeral, Piece, Scan
from rewriter.text.quantities.shares import FRACTIONS
from rewriter.text.quotations import MARKS

_IDIOMS = frozenset({"24/7", "50/50"})
_LIST_MARKS = frozenset({".", ")"})
_WIDE_MARKS = frozenset({"、", "．"})
# A longer number behind a name is a count: "Bitcoin 70,000".
_MAX_LABEL = 9999


def behind_no_figure(scan: Scan, index: int) -> int:
    """The index behind a number at `index` that is no figure; `index` itself when it is one.

    That is a list mark ("2."), a part of a name ("GPT-4"), or "a 5 million-dollar house".
    """
    if _is_list_mark(scan, index):
        return index + 2
    if _is_name_part(scan, index):
        return index + 1
    scale = scan.words.magnitude.match(scan.tokens, index + 1)
    if scale and not scan.glued(index + 1) and scan.at(scale[1]) == "-":
        currency = scan.words.currency.match(scan.tokens, scale[1] + 1)
        if currency and scan.at(index + 1) != "-":
            return currency[1]
    return index


def is_slashed(scan: Scan, index: int) -> bool:
    """Whether a slash makes a name of two numbers ("9/11"), rather than a fraction or a year."""
    if scan.at(index + 1) != "/" or not scan.glued(index + 1) or scan.kind(index + 2) != "number":
        return False
    if scan.at(index + 3) == "/" or scan.year(index):
        return False
    return (scan.at(index), scan.at(index + 2)) not in FRACTIONS


def slashed(scan: Scan, index: int) -> Iterator[Piece]:
    """The two numbers as labels, unless they are an idiom."""
    if f"{scan.at(index)}/{scan.at(index + 2)}" in _IDIOMS:
        return
    for at in (index, index + 2):
        number = read_numeral(scan, at)
        if number and number.end == at + 1:
            yield Piece("count", number, at, at + 1, label=True)


def is_label(scan: Scan, index: int, number: Numeral) -> bool:
    """Whether a plain number belongs to a name: "Rule 144", "S&P 500", "No. 5", "iPhone 15"."""
    if number.spelled or number.value > _MAX_LABEL or index == 0:
        return False
    if scan.means(index - 1, "number_words"):
        return True
    if scan.at(index - 2) == "no" and scan.at(index - 1) == ".":
        return True
    before = scan.tokens[index - 1]
    if before.lower.endswith("'s"):  # "Norvik's 600 staff"
        return False
    opens = index == 1 or scan.at(index - 2) in f".!?:{MARKS}"
    capital = before.kind == "word" and before.text[0].isupper() and not opens
    return capital and scan.words.bound.match_before(scan.tokens, index) is None


def _is_list_mark(scan: Scan, index: int) -> bool:
    if len(scan.tokens[index].text) > 2 or not scan.glued(index + 1):
        return False
    first = index
    while scan.at(first - 1) == "#":  # the mark of a Markdown heading
        first -= 1
    begin = scan.tokens[first].start
    if begin and scan.text[begin - 1] != "\n":
        return False
    mark = scan.at(index + 1)
    if mark in _WIDE_MARKS:  # "3、5和7" are three numbers
        return scan.kind(index + 2) != "number"
    return mark in _LIST_MARKS and not scan.glued(index + 2)


def _is_name_part(scan: Scan, index: int) -> bool:
    if not scan.glued(index) or scan.at(index - 1) not in ("-", "_", "#", "&", "/"):
        return False
    if scan.kind(index - 2) != "word" or not scan.glued(index - 1):
        return scan.at(index - 1) in ("#", "_")
    before = scan.at(index - 2)
    return not scan.means(index - 2, "prefixes") and before not in scan.words.starters
