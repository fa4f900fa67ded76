"""G110, G111 and G406: is a figure or date of the source said of the same thing in the rewrite?

Every figure is compared by the words around it with the figures of its kind in the source. When a
different figure stands among clearly more of these words than the same figure does, the rewrite has
probably taken one for the other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from itertools import combinations

from rewriter.checks.evidence.figures import keys_of
from rewriter.checks.evidence.placements import Placements, placed_in
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.lexicon import contraries
from rewriter.text.quantities import Quantity

# By how much another figure's surroundings must match better. Chosen on exchanged figures in news
# and earnings reports against people's faithful summaries of the same reports
# (docs/reference/findings.md has the numbers).
ADVANTAGE = 1.5
MARGIN = 1.6
# Tokens that the end of a clause counts for, and by how many one figure must be nearer to a word.
_CLAUSE_LENGTH = 4
_CLEAR = 3
# Net votes at which the figures have changed places.
_AGAINST = -1
# A sentence with more figures is a table.
_MOST_FIGURES = 12
# "Grew by 2% and 5%, respectively": nearness says nothing here.
_IN_ORDER = frozenset({"respectively", "correspondingly"})


def check_placement(
    statement: Statement, placements: Placements, source: tuple[Statement, ...]
) -> Iterator[Flag]:
    """Yield G110 for figures and G406 for dates that stand in the wrong place."""
    for placed in placed_in(statement, 0):
        if not placements.has(placed):
            continue
        matches = placements.matches(placed)
        own = matches.pop(placed.value, None)
        if not matches:
            continue
        score, other = max(matches.values(), key=lambda match: (match[0], -match[1].start))
        if score < ADVANTAGE * (own[0] if own else 0.0) + MARGIN:
            continue
        there = source[other.statement].text
        written = statement.text[placed.start : placed.end]
        message = f"{written!r} is in the source, but there it is not said of this"
        code = "G406" if placed.family.startswith("date") else "G110"
        instead = there[other.start : other.end]
        yield Flag(code, placed.start, placed.end, f"{message}; {instead!r} is", there)


def check_exchange(
    statement: Statement, support: Iterable[int], source: tuple[Statement, ...]
) -> Iterator[Flag]:
    """Yield G111 for two figures of one sentence that have changed places since the source.

    Every word that both sentences have votes: is it nearer to the same figure in both?
    """
    if any(token.lower in _IN_ORDER for token in statement.tokens):
        return
    own = _positions(statement)
    if not 1 < len(own) <= _MOST_FIGURES:
        return
    for index in support:
        there = _positions(source[index])
        shared = [key for key in own if key in there]
        for one, other in combinations(shared, 2):
            if one[0] == other[0] and _exchanged(
                _leanings(statement, own, one, other), _leanings(source[index], there, one, other)
            ):
                fact = own[one][1]
                written = statement.text[fact.start : fact.end]
                message = f"{written!r} has changed places with another figure"
                yield Flag("G111", fact.start, fact.end, message, source[index].text)
                return


_Key = tuple[str, Hashable]
_Positions = dict[_Key, tuple[int, Quantity]]


def _positions(statement: Statement) -> _Positions:
    """For each figure of a sentence the token at which it begins."""
    starts = [token.start for token in statement.tokens]
    found: _Positions = {}
    for quantity in statement.facts.quantities:
        if not quantity.label:
            key = keys_of(quantity)[0]
            found[key.family, key.value] = bisect_left(starts, quantity.start), quantity
    return found


def _exchanged(here: dict[str, int], there: dict[str, int]) -> bool:
    """Whether the words that two sentences share stand beside the other of two figures.

    One word more on the wrong side than on the right one says little; two that contradict each
    other ("long", "short") say it alone.
    """
    shared = here.keys() & there.keys()
    against = {word for word in shared if (here[word] > 0) != (there[word] > 0)}
    if any(contraries(word) & against for word in against):
        return True
    return len(shared) - 2 * len(against) < _AGAINST


def _leanings(
    statement: Statement, positions: _Positions, one: _Key, other: _Key
) -> dict[str, int]:
    """For each word that stands once how much nearer it is to the one figure than to the other.

    A word that is nearer still to a third figure belongs to that one.
    """
    clauses = statement.clauses

    def distance(place: int, to: int) -> int:
        return abs(place - to) + _CLAUSE_LENGTH * abs(clauses[place] - clauses[to])

    words = _voters(statement)
    counts = Counter(words)
    places = [place for place, _ in positions.values()]
    left, right = positions[one][0], positions[other][0]
    leanings: dict[str, int] = {}
    for place, word in enumerate(words):
        if not word or counts[word] > 1:
            continue
        near, far = distance(place, left), distance(place, right)
        nearest = min(distance(place, figure) for figure in places)
        if abs(far - near) >= _CLEAR and nearest == min(near, far):
            leanings[word] = far - near
    return leanings


def _voters(statement: Statement) -> list[str]:
    """For each token its stem, its number where it is part of a date, or ""."""
    dated = {
        token.start
        for moment in statement.facts.moments
        for token in statement.tokens
        if token.kind == "number" and moment.start <= token.start < moment.end
    }
    return [
        token.text if token.start in dated else stem
        for token, stem in zip(statement.tokens, statement.stems, strict=True)
    ]
