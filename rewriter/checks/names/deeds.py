"""G204: has "Lind told Vogt" become "Vogt told Lind"?"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement, stem
from rewriter.checks.evidence.variants import singular
from rewriter.checks.lexicon import word_set
from rewriter.checks.names.actors import names_in

# Words between two names at most.
_REACH = 5
# What makes the second the doer, or the word between them a noun.
_NO_DEED = word_set("no_deed")
# The stems of what two do together.
_BOTH = frozenset(map(stem, word_set("together")))
# What one does to the other in return, which the source may tell of either: "countersued".
_ANSWERED = re.compile(r"^(?:counter-?|re-)")
_BACK = frozenset({"back", "return", "turn"})
_TELLING = word_set("speech") - {"told", "tells", "warned", "warns", "asked"}

_Deed = tuple[str, str, str]


def check_deeds(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G204 for a deed that the source has the other way round only."""
    if statement.lang != "en" or _is_answer(statement):
        return
    for deed, start, end in _deeds(statement):
        known = evidence.once("deeds", lambda: _known(evidence))
        place = known.get(deed[::-1])
        if deed not in known and place and not _is_answer(place):
            message = f"{statement.text[start:end]!r} is the other way round in the source"
            yield Flag("G204", start, end, message, place.text)


def _is_answer(statement: Statement) -> bool:
    return not _BACK.isdisjoint(statement.words) or any(map(_ANSWERED.match, statement.plain))


def _known(evidence: Evidence) -> dict[_Deed, Statement]:
    return {deed: place for place in evidence.statements for deed, _, _ in _deeds(place)}


def _deeds(statement: Statement) -> Iterator[tuple[_Deed, int, int]]:
    """Who did what to whom, where only one verb stands between two names."""
    if len(statement.tokens) > LONGEST_SENTENCE:
        return
    for one, other in pairwise(names_in(statement)):
        first = _place(one[-1].start, statement) + 1
        last = _place(other[0].start, statement)
        between = statement.plain[first:last]
        if not 0 < len(between) <= _REACH or not all(between) or one[-1].text.endswith("'s"):
            continue
        if _NO_DEED & set(between) or _TELLING & set(between):
            continue
        verbs = [own for own in statement.stems[first:last] if own]
        if len(verbs) == 1 and verbs[0] not in _BOTH:
            verb = stem(_ANSWERED.sub("", between[statement.stems[first:last].index(verbs[0])]))
            deed = singular(one[-1].lower), verb, singular(other[-1].lower)
            yield deed, one[0].start, other[-1].end


def _place(start: int, statement: Statement) -> int:
    return bisect_left(statement.tokens, start, key=lambda token: token.start)
