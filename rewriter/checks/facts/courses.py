"""G604: does a figure that rose "from 5 to 3" rise at all?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rewriter.checks.evidence.figures import keys_of
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.lexicon import directions
from rewriter.text.quantities import Quantity

# By language the words before where a figure comes from and where it goes, and what verbs end in:
# a noun for rising ("la hausse", "der Anstieg") may itself fall.
_WAYS = {
    "en": ("from", "to", r"\w+ed|rose|risen|grew|fell|fallen|sank|shrank|slid|lost|up|down"),
    "de": ("von", "auf", r"[a-zäöü]\w+"),
    "es": ("del?|desde", "al?|hasta", r"\w+(?:ó|[aeéií]ron|[ai]do)"),
    "fr": ("de", "à", r"\w+(?:ée?s?|èrent|ai(?:en)?t|a)|accru|bondi|perdu"),
    "it": (
        "da|dal(?:l['’])?",
        "a|al(?:l['’])?",
        r"\w+(?:at[oaie]|it[oi]|ut[oaie]|ò|ì|rono)|(?:di)?sces[oaie]",
    ),
    "pt": ("de|do", "para|ao?", r"\w+(?:[aei]u|ou|[aeií]ram|[ai]d[oa]s?)"),
    "ru": ("с|со", "до", r"\w+(?:л[аои]?|л[аио]сь|лся)"),
}
# What turns a German verb: "stieg von 5 auf 3 ab".
_OFF = re.compile(r"[^.;:,]{0,20}\b(?:ab|aus)\b")
# A figure that is told with the one before it: "16.6 million cars, up from 17.3 million".
_SINCE = re.compile(r"[^.;:]{0,60}\b(up|down|higher|lower) (?:than|from)\b[^.,;:]{0,25}$")
# Characters before a figure in which a verb, such a word and those that round it stand.
_REACH = 50
_ROUGHLY = r"(?: [^\W\d]{1,13}\.?){0,2} ?[$€£¥]?$"
# What is the better the smaller it is, or is below zero.
_TURNED = re.compile(
    r"\b(?:rank|place|position|seed|no\.|loss|deficit|odds|score)|[-−]\d", re.IGNORECASE
)
_COUNTED = frozenset({"money", "percent", "count"})


def check_course(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G604 for two figures of which the words beside them say the wrong one is larger.

    Not where a sentence of the source has them with the same word: it may be said of a loss.
    """
    figures = statement.facts.quantities
    if len(figures) < 2 or len(statement.tokens) > LONGEST_SENTENCE:
        return
    for one, other in pairwise(figures):
        if one.kind not in _COUNTED or keys_of(one)[0].family != keys_of(other)[0].family:
            continue
        if one.label or other.label or one.value == other.value or _TURNED.search(statement.text):
            continue
        word, rises = _course(statement, one, other)
        moved = directions(statement.lang)(word.lower())
        if moved and ((moved == "up") == rises) != (other.value > one.value):
            both = _places(one, evidence) & _places(other, evidence)
            if any(word.lower() in evidence.statements[at].words for at in both):
                continue
            written = statement.text[one.start : other.end]
            message = f"the figures of {written!r} go the other way than its words"
            yield Flag("G604", one.start, other.end, message)


def _places(quantity: Quantity, evidence: Evidence) -> set[int]:
    return {figure.statement for figure in evidence.figures.supporting(quantity)}


def _course(statement: Statement, one: Quantity, other: Quantity) -> tuple[str, bool]:
    """The verb that moves a figure, "" for none, and whether the first of the two comes first."""
    text = statement.text
    between = text[one.end : other.start]
    if statement.lang == "en" and (found := _SINCE.match(between)):
        return found[1], False
    if statement.lang not in _WAYS or (statement.lang == "de" and _OFF.match(text, other.end)):
        return "", True
    leaving, reaching, verb = _WAYS[statement.lang]
    before = text[max(0, one.start - _REACH) : one.start]
    for first, second, onward in ((leaving, reaching, True), (reaching, leaving, False)):
        found = re.search(rf"\b({verb}) (?:{first}){_ROUGHLY}", before)
        if found and re.match(rf",? (?:{second})\b", between):
            return found[1], onward
    return "", True
