"""G604: does a figure that rose "from 5 to 3" rise at all?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rewriter.checks.evidence.figures import keys_of
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.lexicon import directions
from rewriter.text.quantities import Quantity

# By language the words before where a figure comes from and where it goes.
_WAYS = {
    "en": ("from", "to"),
    "de": ("von", "auf"),
    "es": ("del?|desde", "al?|hasta"),
    "fr": ("de", "à"),
    "it": ("da|dal(?:l['’])?", "a|al(?:l['’])?"),
    "pt": ("de|do", "para|ao?"),
    "ru": ("с|со", "до"),
}
# A figure that is told with the one before it: "16.6 million cars, up from 17.3 million".
_SINCE = re.compile(r"[^.;:]{0,60}\b(up|down|higher|lower) (?:than|from)\b[^.,;:]{0,25}$")
# Characters before a figure in which such a word and those that round it stand.
_REACH = 25
_ROUGHLY = r"(?: [^\W\d]{1,13}\.?){0,2} ?[$€£¥]?$"
# What is the better the smaller it is, or is below zero.
_TURNED = re.compile(
    r"\b(?:rank|place|position|seed|no\.|loss|deficit|odds|score)|[-−]\d", re.IGNORECASE
)
_COUNTED = frozenset({"money", "percent", "count"})


def check_course(statement: Statement) -> Iterator[Flag]:
    """Yield G604 for two figures of which the words beside them say the wrong one is larger."""
    figures = statement.facts.quantities
    if len(figures) < 2 or len(statement.tokens) > LONGEST_SENTENCE:
        return
    for one, other in pairwise(figures):
        if one.kind not in _COUNTED or keys_of(one)[0].family != keys_of(other)[0].family:
            continue
        if one.label or other.label or one.value == other.value or _TURNED.search(statement.text):
            continue
        told = _course(statement, one, other)
        if told and (told == "up") != (other.value > one.value):
            written = statement.text[one.start : other.end]
            message = f"the figures of {written!r} go the other way than its words"
            yield Flag("G604", one.start, other.end, message)


def _course(statement: Statement, one: Quantity, other: Quantity) -> str:
    """Where the words say that a figure goes from the first of two to the second; "" for none."""
    text = statement.text
    between = text[one.end : other.start]
    if statement.lang == "en" and (found := _SINCE.match(between)):
        return "down" if found[1] in ("up", "higher") else "up"  # from the second to the first
    leaving, reaching = _WAYS.get(statement.lang, ("", ""))
    if not leaving:
        return ""
    before = text[max(0, one.start - _REACH) : one.start].lower()
    moved = _moved(statement, one)
    if _ends(leaving, before) and re.match(rf" (?:{reaching})\b", between.lower()):
        return moved
    if _ends(reaching, before) and re.match(rf",? (?:{leaving})\b", between.lower()):
        return {"up": "down", "down": "up"}.get(moved, "")
    return ""


def _ends(words: str, before: str) -> bool:
    return re.search(rf"\b(?:{words}){_ROUGHLY}", before) is not None


def _moved(statement: Statement, quantity: Quantity) -> str:
    """Where the words of the clause before a figure say that it moves, "" where they disagree."""
    moves = directions(statement.lang)
    first = next((n for n, t in enumerate(statement.tokens) if t.start >= quantity.start), 0)
    clauses = statement.clauses
    sides = {
        moves(token.lower)
        for token, clause in zip(statement.tokens[:first], clauses, strict=False)
        if clause == clauses[first]
    } - {""}
    return sides.pop() if len(sides) == 1 else ""
