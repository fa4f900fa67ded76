"""K104: investment advice, to the reader or as somebody else's where the source has none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.lexicon import pattern, phrases, word_set

_ADVICE_WORDS = word_set("advice_words")
_ADVICE, _REPORTED = pattern("advice"), pattern("advice_reported")
_TO_INVESTORS = pattern("to_investors")
# What advice is to do: a source that advises to buy does not bear out advice to sell.
_SIDES = (word_set("buying"), word_set("selling"), word_set("holding"))
_DEALS = frozenset[str]().union(*_SIDES)
_ADVISING = word_set("advising")
_SPEECH = word_set("speech")
_LISTENERS = word_set("listeners")


def check_advice(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield K104 for investment advice as an instruction, or reported where the source has none."""
    if not _SPEECH & statement.words:
        for found in _direct(statement):
            what = f"{found.group().strip()!r} tells the reader what to do"
            yield Flag("K104", *found.span(), what)
    for found in _reported(statement):
        if not _is_advised(statement, evidence):
            what = f"{found.group().strip()!r} is advice that the source does not give"
            yield Flag("K104", *found.span(), what)


def _direct(statement: Statement) -> Iterator[re.Match[str]]:
    if statement.lang != "en":
        yield from phrases("advice").finditer(statement.text)
    elif _ADVICE_WORDS & statement.words:
        yield from _ADVICE.finditer(statement.text)


def _reported(statement: Statement) -> Iterator[re.Match[str]]:
    """Advice that somebody is said to give: by the verb, or as an instruction in their words."""
    text, english = statement.text, statement.lang == "en"
    if english and not _DEALS & statement.words:
        return
    yield from (_REPORTED if english else phrases("reported")).finditer(text)
    if _SPEECH & statement.words and (not english or _TO_INVESTORS.search(text)):
        yield from _direct(statement)


def _is_advised(statement: Statement, evidence: Evidence) -> bool:
    """Whether the source gives such advice itself, in whatever words."""
    if statement.lang != "en":
        advising, deals = phrases("advising"), phrases("deals")
        return any(advising.search(text) and deals.search(text) for text in evidence.texts)
    sides = frozenset[str]().union(*(side for side in _SIDES if side & statement.words))
    return any(
        sides & known.words
        and (_ADVISING & known.words or (_SPEECH & known.words and _LISTENERS & known.words))
        for known in evidence.statements
    )
