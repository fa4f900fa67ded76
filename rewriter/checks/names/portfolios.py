"""G205: is a minister one of what the source says: "finance minister" for a foreign minister?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import takewhile

from rewriter.checks.evidence.index import Evidence, set_of_source
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.support import support_of
from rewriter.checks.lexicon import ministers, portfolios

# Share of a sentence's content that the source sentence with another minister must hold.
_RESTATED = 0.3
# The words before and behind the one for a minister among which the field stands.
_FAR = 40
_WORD, _LONGEST = re.compile(r"[\w'’-]+"), 3
_BEFORE = re.compile(r"(?:[^\W\d_]+[- ]){0,2}$")
# The field stands behind "of" in some languages, right behind the word or another for affairs in
# others; what else is behind is what the minister does.
_BEHIND = re.compile(
    r"(?: (?:of|for|de|del|du|des|der|für|do|da|di|della|dello|dei|van|voor|för|al)\b|dell['’]|"
    r" de l['’])(?:[ '’-]?[^\W\d_]+){1,3}"
)
_RIGHT_BEHIND = re.compile(r" (?:(?:spraw|ds|věcí|справ|дел|хозяйства)\.? )?[^\W\d_]+")
_LINKING = frozenset(["en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "ro", "ca"])


def check_portfolio(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G205 for a minister of a field of which the source has no word at all.

    The sentence of the source that says the same, or one with the minister's name, has a minister
    of another field.
    """
    support = support_of(statement, evidence)
    restated = support.statements if support.share >= _RESTATED else ()
    for span, fields in _ministers(statement.text, statement.lang):
        if fields & _fields_known(evidence):
            continue
        name = _name_behind(statement.text[span[1] : span[1] + _FAR])
        named = evidence.openings.get(name.lower(), ()) if name else ()
        for index in dict.fromkeys((*restated, *named)):
            place = evidence.statements[index].text
            for (start, end), _ in _ministers(place, evidence.lang):
                if index in restated or name in place[max(0, start - _FAR) : end + _FAR]:
                    message = (
                        f"{statement.text[slice(*span)]!r} is {place[start:end]!r} in the source"
                    )
                    yield Flag("G205", *span, message, place)
                    return


def _name_behind(text: str) -> str:
    """The last word of a name of two or three words that a text begins with, "" without one."""
    words = list(takewhile(str.istitle, _WORD.findall(text)[:_LONGEST]))
    return words[-1] if len(words) > 1 else ""


@set_of_source
def _fields_known(evidence: Evidence) -> Iterator[str]:
    yield from _fields("\n".join(evidence.titled))


def _ministers(text: str, lang: str) -> Iterator[tuple[tuple[int, int], Set[str]]]:
    """Each minister with a field, where it is told, and the fields that are told beside it."""
    for found in ministers().finditer(text):
        start, end = found.span()
        if own := _fields(found.group()):
            yield (start, end), own.keys()
            continue
        before = _BEFORE.search(text, max(0, start - _FAR), start)
        behind = (_BEHIND if lang in _LINKING else _RIGHT_BEHIND).match(text, end)
        first = before.start() if before else start
        fields = _fields(text[first : behind.end() if behind else end])
        if fields:
            places = [first + at for span in fields.values() for at in span]
            yield (min(start, *places), max(end, *places)), fields.keys()


def _fields(text: str) -> dict[str, tuple[int, int]]:
    """The fields of ministers that a text tells, and where each is told first."""
    found = ((name, words.search(text)) for name, words in portfolios().items())
    return {name: match.span() for name, match in found if match}
