"""G104: is an age that stands beside a name that of this person in the source, or of another?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import CAPITALISED, Mention
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement
from rewriter.checks.evidence.variants import are_forms, singular
from rewriter.checks.lexicon import countries, nationalities, word_set

_YEARS = r"[ -]?(?:years?|ans|años|anos|anni|jaar|lat|лет|год[а]?|yaşında(?:ki)?|Jahre|-year-old)\b"
# What stands between a name and an age behind it: ", 59,", "(59)", ", âgé de 59 ans".
_BEHIND = re.compile(
    r"(?:,? (?:who (?:is|was)|aged|âgée? de|que tiene|ha|tem|de)|,|,? \()"
    rf" ?(\d{{1,3}})(?:{_YEARS}|(?=[,)]))"
)
# And before it: "59-year-old", "der 59-jährige".
_BEFORE = re.compile(
    r"\b(\d{1,3})(?:-year-old|-jarige|-летн\w+|-letni\w?| yaşındaki)(?: [^\W\d]\S*){0,2} $"
)
# Languages that put an age in brackets behind a name and its title, the characters of a given name.
_EASTERN, _GIVEN = frozenset({"zh", "ja", "ko"}), 2
_TITLE = (
    "さん|容疑者|被告|氏|社長|会長|頭取|理事長|(?:代表)?取締役|選手|監督|コーチ|議員|知事|市長|教授|首相|大統領|巡査(?:部長)?"
    "|警部補?|技官|씨|선수|감독|의원|대표|회장|사장|교수|지사|시장|장관|총장"
)
_BRACKETED = re.compile(rf"([^\W\d_]{{2,4}}?) ?(?:{_TITLE})? ?[（(](\d{{1,2}})(?:歳|岁|세)?[）)]")
# "57歳の白川俊介会長", "37세 김철수가".
_AGED = re.compile(
    r"(\d{1,2})(?:歳の|岁的|세(?:인|의)? )([^\W\d_]{2,4}?)"
    rf"(?= ?(?:{_TITLE})|[がはをに、，은는이가])"
)
_REACH = 40
# What somebody is who is said to be a club's or a country's, beside the trades.
_PLAYERS = ("international", "forward", "winger", "keeper", "player", "native", "resident")
_OLDEST = 115


def check_ages(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G104 for an age that the source gives to somebody else only."""
    if statement.lang in _EASTERN:
        yield from _eastern(statement, evidence)
    if statement.lang not in CAPITALISED:
        return
    for name, span in _ages(statement):
        age = int(statement.text[span[0] : span[1]])
        holders = evidence.once("ages", lambda: _holders(evidence.statements)).get(age)
        own = singular(name[-1].lower)
        if (
            not holders
            or nationalities(statement.lang)(own)  # "the 47-year-old Australian"
            or any(are_forms(own, holder) for holder in holders)
            or not _is_told_apart(own, age, evidence)
        ):
            continue
        other = min(holders)
        place = evidence.statements[holders[other]].text
        message = f"{age} is the age of {other.title()} in the source, not of {name[-1].text}"
        yield Flag("G104", *span, message, place)


def _eastern(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """G104 for an age in brackets behind a name that has another one there in the source."""
    told = [(found, 1, 2) for found in _BRACKETED.finditer(statement.text)]
    told += [(found, 2, 1) for found in _AGED.finditer(statement.text)]
    for found, named, aged in told:
        name, age = found[named][-_GIVEN:], found[aged]
        known = evidence.once("ages in brackets", lambda: _bracketed(evidence)).get(name)
        if known and age not in known:
            message = f"{age} is not the age of {found[named]}, which is {min(known)} in the source"
            place = next(text for text in evidence.texts if name in text)
            yield Flag("G104", *found.span(aged), message, place)


def _bracketed(evidence: Evidence) -> dict[str, set[str]]:
    """For the last characters of each name the ages in brackets behind it."""
    ages: dict[str, set[str]] = defaultdict(set)
    for text in evidence.texts:
        for found in _BRACKETED.finditer(text):
            ages[found[1][-_GIVEN:]].add(found[2])
    return ages


def _is_told_apart(own: str, age: int, evidence: Evidence) -> bool:
    """Whether the source has a name, and its age nowhere in a sentence with it."""
    figures = evidence.figures.by_value.get(Decimal(age).normalize(), [])
    words = (evidence.statements[f.statement].words for f in figures)
    apart = all(own not in map(singular, each) for each in words)
    alone = all(list(_ages(evidence.statements[f.statement])) for f in figures)
    return own in evidence.names.capitals and bool(figures) and apart and alone


def _holders(statements: Iterable[Statement]) -> dict[int, dict[str, int]]:
    """For each age the last names beside it, each with its first sentence."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for index, statement in enumerate(statements):
        for name, (start, end) in _ages(statement):
            age = int(statement.text[start:end])
            found[age].setdefault(singular(name[-1].lower), index)
    return found


def _ages(statement: Statement) -> Iterator[tuple[Mention, tuple[int, int]]]:
    """The names of a sentence that have an age beside them, and where it stands."""
    if not statement.facts.quantities or len(statement.tokens) > LONGEST_SENTENCE:
        return
    for name in statement.names:
        begin = max(0, name[0].start - _REACH)
        found = _BEHIND.match(statement.text, name[-1].end)
        start = 0
        if found is None and not _says_whose(name, statement):
            found, start = _BEFORE.search(statement.text[begin : name[0].start]), begin
        if found and 0 < int(found[1]) <= _OLDEST:
            yield name, (start + found.start(1), start + found.end(1))


def _says_whose(name: Mention, statement: Statement) -> bool:
    """Whether a name only says whose somebody is: "the 31-year-old Togo international"."""
    following = statement.tokens[statement.place_at(name[-1].start) + 1 :][:1]
    role = any(token.lower.startswith((*_PLAYERS, *word_set("trades"))) for token in following)
    return role or singular(name[-1].lower) in countries()
