"""G205: is a minister one of what the source says: "finance minister" for a foreign minister?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from rewriter.checks.evidence.index import Evidence, set_of_source
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.support import support_of
from rewriter.checks.lexicon import ministers, portfolios

# Share of a sentence's content that the source sentence with another minister must hold.
_RESTATED = 0.3
# The words before and behind the one for a minister among which the field stands.
_FAR = 40
_BEFORE = re.compile(r"(?:[^\W\d_]+[- ]){0,2}$")
_BEHIND = re.compile(r"(?:[ '’-]?[^\W\d_]+){0,4}")


def check_portfolio(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G205 for a minister of a field of which the source has no word at all.

    The sentence of the source that says the same has a minister of another field.
    """
    support = support_of(statement, evidence)
    if support.share < _RESTATED:
        return
    for span, fields in _ministers(statement.text):
        if fields & _fields_known(evidence):
            continue
        places = (evidence.statements[index] for index in support.statements)
        for place, other in ((p, span) for p in places for span, _ in _ministers(p.text)):
            said, known = statement.text[slice(*span)], place.text[slice(*other)]
            yield Flag("G205", *span, f"{said!r} is {known!r} in the source", place.text)
            return


@set_of_source
def _fields_known(evidence: Evidence) -> Iterator[str]:
    yield from _fields("\n".join(evidence.titled))


def _ministers(text: str) -> Iterator[tuple[tuple[int, int], Set[str]]]:
    """Each minister with a field, where it is told, and the fields that are told beside it."""
    for found in ministers().finditer(text):
        start, end = found.span()
        if own := _fields(found.group()):
            yield (start, end), own.keys()
            continue
        before = _BEFORE.search(text, max(0, start - _FAR), start)
        behind = _BEHIND.match(text, end)
        first = before.start() if before else start
        fields = _fields(text[first : behind.end() if behind else end])
        if fields:
            places = [first + at for span in fields.values() for at in span]
            yield (min(start, *places), max(end, *places)), fields.keys()


def _fields(text: str) -> dict[str, tuple[int, int]]:
    """The fields of ministers that a text tells, and where each is told first."""
    found = ((name, words.search(text)) for name, words in portfolios().items())
    return {name: match.span() for name, match in found if match}
