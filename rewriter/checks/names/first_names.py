"""G202: does a last name stand behind the first name that it has in the source?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import CAPITALISED, DECLINED, Mention
from rewriter.checks.evidence.naming import Names
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.variants import lands, singular, spelling
from rewriter.checks.lexicon import aliases, first_names, name_set, pattern_of, people
from rewriter.checks.lexicon.common import is_common
from rewriter.checks.names.known import declines, inflects, namesake
from rewriter.text.tokens import Token


def check_first_names(mention: Mention, statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G202 for a last name behind another first name than those that the source has."""
    names = evidence.names
    for first, last in pairwise(mention):
        if statement.text[first.end : last.start] != " " or first.text.endswith("'s"):
            continue
        others = _others(first, last, names)
        if others and not _says_what(first, last, names):
            written = statement.text[first.start : last.end]
            message = f"{written!r} is {min(others).title()} {last.text} in the source"
            yield Flag("G202", first.start, last.end, message, namesake([last], evidence))


def _others(first: Token, last: Token, names: Names) -> set[str]:
    """The names that stand before `last` in the source where `first` never does."""
    word, end, lang = singular(first.lower), singular(last.lower), names.lang
    known = {name for name in _before(end, names) if name}
    if lang in DECLINED and (inflects(word, names) or declines(word, names)):
        return set()
    member = pattern_of("member", lang)
    belonging = member.match(first.lower) if member else None
    if belonging and word not in names.capitals and names.has_name_like(belonging[1]):
        return set()  # no first name of the source, like "Nazlı"
    if word in names.kin and end in names.capitals:
        return set()
    named = word in people() or word in first_names()
    general = (
        word in name_set("titles") or is_common(word) or word in aliases() or first.text.isupper()
    )
    turned = end in names.before.get(word, ())  # "Ruiz Ana"
    if spelling(word) in map(spelling, known) or not known or turned or (general and not named):
        return set()
    if not named and (
        _is_shortened(word, end, names)
        or any(lands(word) & lands(name) for name in known)  # "Indian", of India
    ):
        return set()
    if first.text in names.called:
        return set()
    plain = lang != "en" or is_common(last.lower)
    if (plain and end in names.uncapitalised) or aliases().get(word, frozenset()) & known:
        return set()
    nouns = lang not in CAPITALISED  # any noun has a capital: "Richtung Biel"
    if nouns and not named:
        return set()
    known -= name_set("titles")
    listed = people() | first_names()
    return {n for n in known if (n in listed if nouns else not is_common(n))}


def _is_shortened(first: str, last: str, names: Names) -> bool:
    """Whether a name of the source has both words: "Coachella Festival", of a longer name."""
    return any(first in run and last in run[run.index(first) :] for run in names.runs)


def _before(last: str, names: Names) -> Iterable[str]:
    """The words before a name, in Turkish before any of its cases: "Bakanlığının"."""
    if names.lang != "tr":
        return names.before.get(last, ())
    return {word for own, words in names.before.items() if own.startswith(last) for word in words}


def _says_what(first: Token, last: Token, names: Names) -> bool:
    """Whether a word says what a name is, with others between: "Belçikalı yıldızı Dzeko"."""
    said = re.compile(
        rf"\b{re.escape(first.text)} [^\W\dA-Z]\w*(?: \w+){{0,2}} {re.escape(last.text)}\b"
    )
    return any(map(said.search, names.texts))
