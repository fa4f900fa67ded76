"""G204: have two people or bodies of one sentence changed places since the source?

What stands behind a name at the beginning of a clause is said of it. Two names are exchanged when
the source says of each what the rewrite says of the other, and nothing of what it says of it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import CAPITALISED, Mention
from rewriter.checks.evidence.reading import CLAUSE_ENDS, LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.evidence.support import support_of
from rewriter.checks.evidence.variants import singular
from rewriter.checks.lexicon import name_set
from rewriter.checks.names.actors import names_in

# Words said of the other name at least, in both directions together.
_LEAST = 4
# Share of a sentence's content that its source sentences must hold together.
_RESTATED = 0.7


def check_exchanged_names(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G204 for the first two names of a sentence that have changed places."""
    support = support_of(statement, evidence)
    if statement.lang not in CAPITALISED or len(statement.tokens) > LONGEST_SENTENCE:
        return
    here = _said(statement) if support.together >= _RESTATED else {}
    if len(here) < 2:
        return
    places = [evidence.statements[index] for index in support.statements]
    places = [place for place in places if len(place.tokens) <= LONGEST_SENTENCE]
    there: dict[str, set[str]] = {}
    for place in places:
        for name, words in _said(place).items():
            there.setdefault(name, set()).update(words)
    for one, other in combinations([name for name in here if name in there], 2):
        if _exchanged(here[one], here[other], there[one], there[other]):
            token = next(t for t in statement.tokens if singular(t.lower) == one)
            message = f"{token.text!r} has changed places with {other.title()!r}"
            place = next(place for place in places if one in _said(place))
            yield Flag("G204", token.start, token.end, message, place.text)
            return


def _exchanged(one: set[str], other: set[str], source: set[str], others: set[str]) -> bool:
    """Whether the words of two names are each other's in the source."""
    both = (one & other) | (source & others)
    taken, given = (one & others) - both, (other & source) - both
    straight = ((one & source) | (other & others)) - both
    return bool(taken and given and not straight) and len(taken) + len(given) >= _LEAST


def begins_clause(name: Mention, statement: Statement) -> bool:
    """Whether a name, its titles aside, is the first word of a clause."""
    tokens, at = statement.tokens, statement.place_at(name[0].start)
    while at and (tokens[at - 1].lower in name_set("titles") or tokens[at - 1].text == "."):
        at -= 1
    return not at or tokens[at - 1].lower in CLAUSE_ENDS


def _said(statement: Statement) -> dict[str, set[str]]:
    """For each name that begins a clause, by its last word, the stems up to the next such name."""
    names = [name for name in names_in(statement) if begins_clause(name, statement)]
    inside = {statement.place_at(token.start) for name in names for token in name}
    ends = [*(statement.place_at(name[0].start) for name in names[1:]), len(statement.tokens)]
    found: dict[str, set[str]] = {}
    for name, end in zip(names, ends, strict=False):
        words = {
            statement.stems[at]
            for at in range(statement.place_at(name[-1].start) + 1, end)
            if statement.stems[at] and at not in inside
        }
        found.setdefault(singular(name[-1].lower), set()).update(words)
    return found
