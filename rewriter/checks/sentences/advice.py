"""K104: investment advice, to the reader or as somebody else's where the source has none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.lexicon import phrases, word_set

_WHO = r"(?:you|investors?|traders?|readers?|holders?|buyers?|everyone|people)"
_ACT = (
    r"(?:buy|sell|short|invest|purchase|dump|accumulate|hold|load up|stock up|take profits?"
    r"|go long|go short)"
)
_ACTING = r"(?:buying|selling|investing|holding)"
# Each advice in English has one of these words.
_ADVICE_WORDS = frozenset(
    [
        *("buy", "sell", "short", "invest", "purchase", "dump", "accumulate", "hold", "load"),
        *("stock", "take", "go", "buying", "selling", "investing", "holding", "miss", "guaranteed"),
    ]
)
_ADVICE = re.compile(
    rf"\b{_WHO} (?:should|must|need to|ought to|have to) (?:\w{{1,20}} )?{_ACT}\b"
    r"|\b(?:now is|it is|it's) (?:the|a good|the right|a great|time|the best)(?: time)? to "
    rf"{_ACT}\b"
    r"|\b(?:we|i) (?:strongly )?(?:recommend|advise|suggest|urge) (?:that )?(?:\w{1,20} )?"
    rf"(?:{_ACT}|{_ACTING})\b"
    r"|(?:^|[.!?] )(?:buy|sell|dump|accumulate)(?: \w{1,20}){1,3} (?:before\b"
    r"|(?:now|today|immediately)(?=[.!?]|$))"
    rf"|(?:^|[.!?] )(?:{_ACT}) (?:your|the dip|more|it all|everything)\b"
    r"|\b(?:do not|don't) miss (?:out|this|the)\b|\bguaranteed (?:returns?|profits?|gains?)\b",
    re.IGNORECASE,
)
_ADVISERS = (
    r"(?:advis[eo]rs?|analysts?|brokers?|brokerages?|commentators?|economists?|experts?"
    r"|(?:fund|money|wealth) managers?|market watchers|planners?|pundits?|specialists?"
    r"|strategists?)"
)
_INVESTORS = r"(?:clients|(?:share)?holders?|investors?|savers|traders?)"
_SECURITIES = (
    r"(?:the |its |their )?(?:bitcoin|bonds?|coins?|crypto|funds?|shares?|stocks?|tokens?)\b"
)
# Only what is done with securities: not "recommend buying a helmet", "investing in schools",
# "holding the vote" or "short walks".
_DEAL = (
    r"(?:(?:buy|buying|sell|selling|purchase|purchasing|accumulate|accumulating|dump|dumping|shorting)"
    r"\b(?! (?:an?|insurance|only|tickets?)\b)"
    rf"|invest(?:ing)?\b(?! in (?!{_SECURITIES}))|hold(?:ing)? (?:on|onto|{_SECURITIES}))"
)
_REPORTED = re.compile(
    rf"\b{_ADVISERS} (?:(?:now|strongly|also|have|has|are|is|widely|generally|often) ){{0,2}}"
    r"(?:recommend|advis|counsel|encourag|favou?r|suggest|urg)(?:e?s|e?d|ing|e)? (?:that )?"
    rf"(?:{_INVESTORS} )?(?:to |should )?{_DEAL}"
    rf"|\b{_INVESTORS} (?:are|were|have been) (?:\w{{1,20}}ly )?"
    rf"(?:advised|counsel+ed|encouraged|recommended|told|urged) to {_DEAL}",
    re.IGNORECASE,
)
_TO_INVESTORS = re.compile(rf"\b(?:{_INVESTORS}|{_ADVISERS})\b", re.IGNORECASE)
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
