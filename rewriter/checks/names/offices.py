"""G205: does the source give an office to this person, or to somebody else?

An office is a word such as "minister" right before a name, or in an apposition behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import Mention, is_capital
from rewriter.checks.evidence.naming import CAPITALISED
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.evidence.variants import singular
from rewriter.checks.lexicon import word_set
from rewriter.text.tokens import Token

_ROLES = tuple(sorted(word_set("roles"), key=len, reverse=True))
# Tokens between an office and its name: "minister of the interior, Ana Ruiz".
_BEFORE = 7
_BEHIND = 4
# Tokens between an office and a name within which it may be theirs after all.
_NEAR = 8
# Words of bodies that begin like an office.
_BODIES = (
    *("ministry", "ministri", "ministeri", "ministér", "ministè", "министерств", "bakanlı"),
    *("başkanlı", "secretariat", "directorate", "presidenc", "presidênc", "présidenc"),
)
# Words behind which another person may begin.
_AND = frozenset({"and", "y", "e", "et", "und", "sowie", "и", "ve", "como", "con", "with", "mit"})
# What ends the words that may belong to a name.
_ENDS = frozenset({".", ";", ":", "!", "?", "(", ")", '"', "“", "”", "«", "»"})


def check_roles(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G205 for an office that the source gives only to others, never to this person."""
    if statement.lang not in CAPITALISED or len(statement.tokens) > LONGEST_SENTENCE:
        return
    holders = evidence.once("offices", lambda: _holders(evidence.statements))
    for role, token, name in _offices(statement):
        known = holders.get(role, {})
        last = singular(name[-1].lower)
        people = {singular(t.lower) for t in name}
        if not known or people & known.keys() or last not in evidence.names.capitals:
            continue
        if _may_hold(last, role, evidence):
            continue
        others = sorted(known)
        if others and all(_is_person(index, other, evidence) for other, index in known.items()):
            place = evidence.statements[known[others[0]]]
            message = f"{token.text!r} is said of {name[-1].text}, in the source of somebody else"
            yield Flag("G205", name[0].start, name[-1].end, message, place.text)


def _may_hold(last: str, role: str, evidence: Evidence) -> bool:
    """Whether the source has an office near a name anywhere."""
    for index in evidence.openings.get(last, ()):
        words = evidence.statements[index].plain
        for at, word in enumerate(words):
            if singular(word) != last:
                continue
            if any(near.startswith(role) for near in words[max(0, at - _NEAR) : at + _NEAR]):
                return True
    return False


def _is_person(index: int, last: str, evidence: Evidence) -> bool:
    """Whether a last name stands behind a first name where the source gives it an office."""
    named = evidence.statements[index].names
    return any(len(name) > 1 and singular(name[-1].lower) == last for name in named)


def _holders(statements: Iterable[Statement]) -> dict[str, dict[str, int]]:
    """For each office the last names of those who hold it, and the statement that says so."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for index, statement in enumerate(statements):
        if len(statement.tokens) <= LONGEST_SENTENCE:
            for role, _, name in _offices(statement):
                found[role].setdefault(singular(name[-1].lower), index)
    return found


def _offices(statement: Statement) -> Iterator[tuple[str, Token, Mention]]:
    """Each office of a sentence with its word and the name that it stands beside."""
    tokens = statement.tokens
    places = {token.start: place for place, token in enumerate(tokens)}
    for mention in statement.names:
        inside = [at for at, token in enumerate(mention[:-1]) if _role(token.lower)]
        name = mention[inside[-1] + 1 :] if inside else mention
        if inside:
            token = mention[inside[-1]]
            yield _role(token.lower), token, name
        if len(name) < 2:
            continue
        first, last = places[name[0].start], places[name[-1].start]
        before = tokens[max(0, first - _BEFORE) : first][::-1]
        behind = tokens[last + 2 : last + 2 + _BEHIND]
        apposed = last + 1 < len(tokens) and tokens[last + 1].text == ","
        if not inside:
            yield from _office_of(name, before, {*_ENDS, *_AND})
        if apposed:
            yield from _office_of(name, behind, {*_ENDS, *_AND, ","})


def _office_of(
    name: Mention, tokens: list[Token], ends: set[str]
) -> Iterator[tuple[str, Token, Mention]]:
    """The first office among tokens beside a name, none of another name's or behind a mark."""
    for token in tokens:
        role = _role(token.lower)
        if token.lower in ends or (is_capital(token) and not role) or token.lower.endswith("'s"):
            return
        if role:
            yield role, token, name
            return


@lru_cache(maxsize=30_000)
def _role(word: str) -> str:
    """The office that a word names, "" for none."""
    if word.startswith(_BODIES):
        return ""
    return next((role for role in _ROLES if word.startswith(role)), "")
