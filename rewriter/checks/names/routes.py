"""G204: does somebody go the other way than in the source: "from Tarn to Elm"?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement

# By language the words before the place that is left and before the one that is reached.
_WAYS = {
    "en": ("from", "to"),
    "de": ("von|aus", "nach"),
    "es": ("de|desde", "a|hasta|hacia"),
    "fr": ("de|depuis", "à|vers"),
    "it": ("da", "a|verso"),
    "nl": ("van|uit", "naar"),
    "pl": ("z|ze", "do"),
    "pt": ("de", "para|a|até"),
    "ru": ("из", "в|до"),
}
_PLACE = r"[A-ZÀ-ÞА-Я][\w’'-]*(?: (?:[A-ZÀ-ÞА-Я][\w’'-]*|de[l]?|la|am))*"
# What says that somebody goes there and back.
_BACK = re.compile(
    r"\b(?:back|return|round|zurück|rück|hin und|vuelta|regres|retour|aller|ritorn|volta|terug|powr"
    r"|обратн)",
    re.IGNORECASE,
)
# Languages with case endings, the letters that these may change, and the beginning that stays.
_INFLECTED = frozenset({"pl", "ru"})
_CASE, _ROOT = 2, 5


def check_routes(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G204 for a way that the source only has in the other direction, not there and back."""
    for way, start, end in _ways(statement):
        known = evidence.once("ways", lambda: _known(evidence))
        if way not in known and (there := known.get(way[::-1])) and not _BACK.search(there):
            message = f"{statement.text[start:end]!r} goes the other way in the source"
            yield Flag("G204", start, end, message, there)


def _known(evidence: Evidence) -> dict[tuple[str, str], str]:
    """The ways of the source, each with its sentence."""
    return {way: s.text for s in evidence.statements for way, _, _ in _ways(s)}


def _ways(statement: Statement) -> Iterator[tuple[tuple[str, str], int, int]]:
    if statement.lang in _WAYS:
        for found in _pattern(statement.lang).finditer(statement.text):
            way = _root(found["left"], statement.lang), _root(found["reached"], statement.lang)
            yield way, found.start(), found.end()


@cache
def _pattern(lang: str) -> re.Pattern[str]:
    leaving, reaching = _WAYS[lang]
    way = rf"(?i:{leaving}) (?P<left>{_PLACE}) (?:{reaching}) (?P<reached>{_PLACE})"
    return re.compile(rf"\b{way}")


def _root(name: str, lang: str) -> str:
    """What the forms of a name share."""
    return name[: min(_ROOT, len(name) - _CASE)] if lang in _INFLECTED else name
