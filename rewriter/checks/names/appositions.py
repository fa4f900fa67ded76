"""G205: is what a person does, told in an apposition, said of somebody else in the source?

"Owen Tate, who leads the port union," where the source has "the president of the port union, Mara
Lind". The words of the apposition stand beside another name, and not near this one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import CAPITALISED, Mention, is_capital
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.evidence.variants import singular
from rewriter.checks.lexicon import first_names, people, word_set
from rewriter.text.quotations import MARKS
from rewriter.text.tokens import Token

# Tokens of an apposition that are read; how near to a name its words must stand in the source, and
# how far from a name they may be that person's after all.
_LONGEST, _BESIDE, _NEAR = 12, 9, 14
# Words of an apposition that stand beside the other name at least.
_LEAST = 2
_STARTS = tuple(sorted({*word_set("roles"), *word_set("leaders"), *word_set("trades")}))
_ENDS = frozenset(f",.;:()—–!?{MARKS}")
# What goes on with a name and is no apposition: "Lind, who resigned, is mediating".
_VERBS = frozenset({"is", "was", "has", "had", "ist", "war", "hat", "es", "era", "est", "è", "é"})
_GENERATIONS = frozenset({"jr", "sr", "ii", "iii"})
_DEPUTY = tuple(word_set("deputies"))
_HEADS = tuple(word_set("heads"))


def check_appositions(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G205 for the first person whose apposition the source gives to somebody else."""
    if len(statement.tokens) > LONGEST_SENTENCE:
        return
    for name, first, behind in _appositions(statement):
        own = singular(name[-1].lower)
        if own not in evidence.names.words or not _has_given_name(name, own, evidence):
            continue
        other = _other(own, statement, range(first, behind), evidence)
        if other is not None:
            where, holder = other
            message = f"what is said of {name[-1].text} is said of {holder} in the source"
            yield Flag("G205", name[0].start, name[-1].end, message, where.text)
            return
        if place := _promoted(own, statement, range(first, behind), evidence):
            message = f"{name[-1].text} is a deputy in the source"
            yield Flag("G205", name[0].start, name[-1].end, message, place.text)
            return


def _appositions(statement: Statement) -> Iterator[tuple[Mention, int, int]]:
    """Each person with an apposition that tells an office or a trade, and where it stands."""
    tokens = statement.tokens
    for name in _people(statement):
        last = statement.place_at(name[-1].start)
        if last + 2 >= len(tokens) or tokens[last + 1].text != ",":
            continue
        first = last + 2
        behind = first
        while behind < min(len(tokens), first + _LONGEST) and (
            tokens[behind].text not in _ENDS or _is_short(tokens, behind)
        ):
            behind += 1
        told = statement.plain[first:behind]
        if _has(told, _STARTS) and told[0] not in _VERBS:
            yield name, first, behind


def _is_short(tokens: list[Token], at: int) -> bool:
    """Whether a point is that of a letter: "the U.S. attorney"."""
    return tokens[at].text == "." and len(tokens[at - 1].text) == 1


def _people(statement: Statement) -> Iterator[Mention]:
    """The people of a sentence; in German those whose first name is known."""
    if statement.lang in CAPITALISED:
        yield from statement.names
        return
    tokens = statement.tokens
    for at, (one, other) in enumerate(pairwise(tokens)):
        told = one.lower in first_names() or _has(statement.plain[max(0, at - 1) : at], _STARTS)
        if told and is_capital(one) and is_capital(other):
            yield [one, other]


def _other(
    own: str, statement: Statement, places: Iterable[int], evidence: Evidence
) -> tuple[Statement, str] | None:
    """Another person beside whom the source has the words, with its sentence."""
    stems = {statement.stems[at] for at in places if statement.stems[at]}
    stems -= {own}
    held = Counter(index for stem in stems for index in evidence.postings.get(stem, ()))
    known: set[str] = set()
    for index in _with(own, evidence):
        known |= _around(evidence.statements[index], own, _NEAR)
    for index, count in held.most_common(_LEAST):
        place = evidence.statements[index]
        if count < _LEAST or len(place.tokens) > LONGEST_SENTENCE:
            continue
        if own in map(singular, place.words):
            continue
        for name in map(_without_generation, _people(place)):
            key = singular(name[-1].lower)
            beside = stems & _around(place, key, _BESIDE)
            if (
                key not in map(singular, statement.words)
                and _is_full(name, place)
                and len(beside - known) >= _LEAST
            ):
                return place, " ".join(token.text for token in name)
    return None


def _without_generation(name: Mention) -> Mention:
    """A name without what tells a son from his father: "James Kennedy Jr."."""
    return name[:-1] if len(name) > 1 and name[-1].lower in _GENERATIONS else name


def _has_given_name(name: Mention, own: str, evidence: Evidence) -> bool:
    """Whether something that may be a first name stands before a last name, here or there."""
    if any(token.lower.endswith("'s") for token in name[:-1]):
        return False
    return len(name) > 1 or bool(evidence.names.before.get(own, set()) - {""})


def _is_full(name: Mention, statement: Statement) -> bool:
    """Whether a first name or an office stands before a last name."""
    before = [token.lower for token in name[:-1]]
    given = people() | first_names()
    if any(word.endswith("'s") for word in before):
        return False
    if statement.lang not in CAPITALISED:  # which _people has seen to
        return True
    letters = any(len(word) == 1 for word in before)  # "P. Kennedy"
    return letters or _has(before, _STARTS) or not given.isdisjoint(before)


def _with(name: str, evidence: Evidence) -> set[int]:
    """The sentences of the source that have a name."""
    openings = evidence.openings
    return {*openings.get(name, ()), *openings.get(f"{name}s", ()), *openings.get(f"{name}'s", ())}


def _around(statement: Statement, name: str, reach: int) -> set[str]:
    """The stems near each place of a name; marks and letters ("U.S.") are not counted."""
    plain = statement.plain
    told = [at for at, word in enumerate(plain) if len(word) > 1 or not word.isascii()]
    places = [n for n, at in enumerate(told) if singular(plain[at]) == name]
    near = (told[max(0, n - reach) : n + reach + 1] for n in places)
    return {statement.stems[at] for run in near for at in run} - {""}


def _promoted(
    own: str, statement: Statement, places: range, evidence: Evidence
) -> Statement | None:
    """The sentence that calls somebody a deputy, where the apposition makes the head of them."""
    words = statement.plain[places.start : places.stop]
    stems = {statement.stems[at] for at in places} - {""}
    if _has(words, _DEPUTY) or not _has(words, _HEADS):
        return None
    found = None
    for index in _with(own, evidence):
        place = evidence.statements[index]
        for at, word in enumerate(place.plain):
            if singular(word) != own:
                continue
            near = place.plain[max(0, at - _BESIDE) : at + _BESIDE]
            near = [w for w, behind in pairwise([*near, ""]) if behind != "as"]  # "acting as"
            if _has(near, _DEPUTY) and len(stems & _around(place, own, _NEAR)) >= _LEAST:
                found = found or place
            elif _has(near, _HEADS):
                return None
    return found


def _has(words: Iterable[str], beginnings: tuple[str, ...]) -> bool:
    return any(word.startswith(beginnings) for word in words if word)
