"""How old somebody is or was, worked out of a year of birth, another age or a number of years."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.checks.evidence.index import MOST_SHARED, Evidence, set_of_source
from rewriter.checks.evidence.reading import Statement, stem
from rewriter.checks.lexicon import pattern, word_set
from rewriter.text.quantities import Quantity
from rewriter.text.quotations import MARKS

_BORN = pattern("born")
# What makes a number an age: a word for it, or somebody who is or was so much. A name begins its
# clause: "the number of injured in Tarn was 32" says no age.
_PERSON = rf"\b(?:[Hh]e|[Ss]he|who|I|{'|'.join(sorted(word_set('aged')))})"
_NAME = (
    rf"(?:^|[,;:{MARKS}] |\b(?:and|as|but|when) )(?!(?:The|It|This|That|There|An?) )"
    r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}"
)
_BEFORE = re.compile(
    r"(?:\b[Aa]ge[ds]?(?: of| between| from)?|\b(?:died|dies|dead|retired|married) at|, still"
    rf"|(?:{_PERSON}|{_NAME}) (?:is|was|turned|turns|being)(?: still)?)(?: just| only| now)? $"
)
_BEHIND = re.compile(r"[- ](?:years?[- ])?old\b")
# "At 39 Lind is the oldest".
_OPENS, _GOES_ON = re.compile(r"^At $"), re.compile(r",? (?:s?he|[A-Z][a-z]+)\b")
# "Turns 18 in three days".
_TURNS = re.compile(r"\b(?:turns?|turning) $")
_REACH = 60
_YOUNGEST, _OLDEST = 1, 110


def is_age_worked_out(quantity: Quantity, statement: Statement, evidence: Evidence) -> bool:
    """Whether somebody is as old as the source says in another way.

    A year of birth gives an age of today, and in a year of the source where the sentence speaks of
    an age. So does another age, of today or some years before. A birthday may be to come.
    """
    if quantity.kind != "count" or quantity.unit not in ("", "calendar"):
        return False
    age, today = quantity.number, evidence.published
    if today and not quantity.unit:
        years = (today.year - age, today.year - age - 1)
        if not _years_of_birth(evidence).isdisjoint(years):
            return True
    return _is_age(quantity, statement) and int(age) in _other_ages(evidence)


def _is_age(quantity: Quantity, statement: Statement) -> bool:
    """Whether the words beside a number make it an age."""
    before = statement.before(quantity, _REACH)
    if _BEFORE.search(before):
        return True
    if _OPENS.search(before):
        return _GOES_ON.match(statement.text, quantity.end) is not None
    return _BEHIND.match(statement.text, quantity.end) is not None


@set_of_source
def _other_ages(evidence: Evidence) -> Iterator[int]:
    """The ages of people of the source in the years, and as many years before, told of them."""
    today = evidence.published
    for index, statement in enumerate(evidence.statements):
        born = {(int(m[1]), m.start()) for m in _BORN.finditer(statement.text)}
        for quantity in statement.facts.quantities:
            age = int(quantity.number)
            if quantity.kind != "count" or not _YOUNGEST <= age <= _OLDEST:
                continue
            if _TURNS.search(statement.text, 0, quantity.start):
                yield age - 1
            if _is_told_age(quantity, statement):
                told = [
                    q for s in _about(index, quantity.start, evidence) for q in s.facts.quantities
                ]
                yield from (age - int(q.number) for q in told if q.unit == "calendar")
                if today:
                    born |= {(today.year - age - step, quantity.start) for step in (0, 1)}
        for year, place in born:
            moments = (m for s in _about(index, place, evidence) for m in s.facts.moments)
            later = {moment.year for moment in moments if moment.year}
            yield from (each - year - step for each in later for step in (0, 1))


def _about(index: int, place: int, evidence: Evidence) -> list[Statement]:
    """The statements about the person named last before a place of one, and the one behind it."""
    statements = evidence.statements
    before = [mention for mention in statements[index].names if mention[0].start < place]
    named = evidence.postings.get(stem(before[-1][-1].lower), []) if before else []
    return [
        statements[at] for at in {index, index + 1, *named[:MOST_SHARED]} if at < len(statements)
    ]


def _is_told_age(quantity: Quantity, statement: Statement) -> bool:
    """Whether a number of the source is an age: "Lind, 31,", "at 78", "a 78-year-old"."""
    around = statement.text[max(0, quantity.start - 2) : quantity.end + 1]
    return (around[:2] == ", " and around[-1:] in ",.") or _is_age(quantity, statement)


@set_of_source
def _years_of_birth(evidence: Evidence) -> Iterator[int]:
    return (int(year) for text in evidence.texts for year in _BORN.findall(text))
