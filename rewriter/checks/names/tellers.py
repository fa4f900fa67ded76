"""G204: is what somebody says here said by somebody else in the source?

The sentence has one person's name beside an office or a word of saying. What it says stands in the
source beside another person who says something, and nothing of it near this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rewriter.checks.evidence.index import MOST_SHARED, Evidence
from rewriter.checks.evidence.mentions import Mention
from rewriter.checks.evidence.naming import CAPITALISED
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement, stem
from rewriter.checks.evidence.variants import case_root
from rewriter.checks.lexicon import name_set, word_set
from rewriter.checks.names.offices import role_of
from rewriter.text.tokens import Token

# Tokens on each side of a name in which an office or a word of saying stands.
_NEAR = 6
_AT = frozenset({"at", "in", "near", "en", "em", "nella", "nel", "bei", "w"})
_OPENING = frozenset(':«“"„')
# Content words of what is said, at least, the share of their weight that one sentence of the source
# holds, and the part of that which the sentences around the person may hold.
_LEAST, _SHARE, _OWN = 4, 0.2, 0.6
# Statements from one that names a person in which it may still be spoken of.
_BEFORE, _BEHIND = 1, 2


def check_tellers(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G204 for the one person of a sentence who says what another says in the source."""
    if statement.lang not in CAPITALISED or len(statement.tokens) > LONGEST_SENTENCE:
        return
    people = list(_people(statement))
    if len(people) != 1 or not _is_telling(statement, people[0]):
        return
    root = case_root(people[0][-1].lower)
    tellers = evidence.once("tellers", lambda: _tellers(evidence.statements))
    names = {stem(token.lower) for name in statement.names for token in name}
    content = statement.content - names
    if root not in tellers or len(content) < _LEAST:
        return
    held = _held(content, evidence)
    best = max(held, key=lambda index: (held[index], -index), default=None)
    whole = sum(evidence.weights.get(word, evidence.rarest) for word in content)
    if best is None or held[best] < _SHARE * whole:
        return
    own = {
        near
        for index, place in enumerate(evidence.statements)
        if any(word.startswith(root) for word in place.words)
        for near in range(index - _BEFORE, index + _BEHIND + 1)
    }
    others = [
        name
        for other, (name, places) in tellers.items()
        if other != root and any(abs(index - best) <= 1 for index in places)
    ]
    if _holds_office(people[0], statement, evidence.statements[best], evidence):
        return
    if others and max((held.get(near, 0.0) for near in own), default=0.0) <= _OWN * held[best]:
        start, end = people[0][0].start, people[0][-1].end
        message = f"{statement.text[start:end]!r} says what {others[0]!r} says in the source"
        yield Flag("G204", start, end, message, evidence.statements[best].text)


def _holds_office(name: Mention, statement: Statement, said: Statement, evidence: Evidence) -> bool:
    """Whether a sentence of the source tells it of an office of this person, and names nobody."""
    offices = _offices(statement, name) & said.words
    if not offices or any(offices & _offices(said, other) for other in _people(said)):
        return False
    root = case_root(name[-1].lower)
    return any(
        case_root(other[-1].lower) == root and offices & _offices(place, other)
        for place in evidence.statements
        for other in _people(place)
    )


def _offices(statement: Statement, name: Mention) -> set[str]:
    return {token.lower for token in _around(statement, name) if role_of(token.lower)}


def _held(content: Iterable[str], evidence: Evidence) -> dict[int, float]:
    """For each statement of the source what it holds of some words, by weight."""
    held: dict[int, float] = defaultdict(float)
    for word in sorted(content):
        for index in evidence.postings.get(word, ())[:MOST_SHARED]:
            held[index] += evidence.weights.get(word, 0.0)
    return held


def _tellers(statements: Iterable[Statement]) -> dict[str, tuple[str, list[int]]]:
    """The people of a source who say something or hold an office, and where."""
    found: dict[str, tuple[str, list[int]]] = {}
    for index, statement in enumerate(statements):
        for name in _people(statement):
            if _is_telling(statement, name):
                written = statement.text[name[0].start : name[-1].end]
                found.setdefault(case_root(name[-1].lower), (written, []))[1].append(index)
    return found


def _people(statement: Statement) -> Iterator[Mention]:
    """The names of several words, each with a capital, behind no preposition that says where."""
    for name in statement.names:
        if len(name) > 1 and all(t.text[0].isupper() and not t.text[-1].isdigit() for t in name):
            at = statement.place_at(name[0].start)
            at -= at > 1 and statement.tokens[at - 1].lower == "the"
            if name[0].lower in name_set("institutions"):  # "Republic of Ireland"
                continue
            if not at or statement.tokens[at - 1].lower not in _AT:
                yield name


def _is_telling(statement: Statement, name: Mention) -> bool:
    """Whether an office, a word of saying or the beginning of a quotation stands beside a name."""
    near, speech = _around(statement, name), word_set("speech")
    return any(t.lower in speech or t.text in _OPENING or role_of(t.lower) for t in near)


def _around(statement: Statement, name: Mention) -> list[Token]:
    first = statement.place_at(name[0].start)
    last = statement.place_at(name[-1].start)
    return statement.tokens[max(0, first - _NEAR) : last + 1 + _NEAR]
