"""K1xx: does the text behave like an article: no leaked instructions, right language, no advice?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rewriter.checks.evidence import Evidence, runs
from rewriter.checks.lexicon import function_words, phrases, word_set
from rewriter.checks.reading import Flag, Statement
from rewriter.tokens import tokenize

# Consecutive words shared with the instructions that are no accident.
_GRAM = 8
_LEAK = re.compile(
    r"\b(?:as (?:requested|instructed)|per (?:the|your) (?:instructions?|guidelines?|prompt)"
    r"|(?:system|user) prompt"
    r"|the (?:provided|given|supplied|original|source) (?:article|text|source|information)"
    r"|(?:here is|here's|below is) (?:the|a|your) (?:rewrite|rewritten|revised|requested)"
    r"|word (?:count|limit)|json (?:schema|object|format|output)|from_author|in this rewrite)\b",
    re.IGNORECASE,
)
_WHO = r"(?:you|investors?|traders?|readers?|holders?|buyers?|everyone|people)"
_ACT = (
    r"(?:buy|sell|short|invest|purchase|dump|accumulate|hold|load up|stock up|take profits?"
    r"|go long|go short)"
)
_ACTING = r"(?:buying|selling|investing|holding)"
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
_SPEECH = word_set("speech")
# Fewer function words than this say too little about the language of a text.
_MIN_WORDS = 6
_OTHER_LANGUAGE = 2.0


def check_leaks(text: str, instructions: str, evidence: Evidence) -> Iterator[Flag]:
    """Yield K101 for phrases about the task, or runs of words from the instructions."""
    found = _LEAK.search(text) or phrases("leak").search(text)
    if found:
        yield Flag("K101", *found.span(), f"{found.group()!r} speaks of the task, not of the news")
    if not instructions:
        return
    told = _grams(instructions)
    tokens, known = evidence.words_in(text), evidence.grams(_GRAM)
    for index, gram in enumerate(runs([t.lower for t in tokens], _GRAM)):
        if gram in told and gram not in known:
            start, end = tokens[index].start, tokens[index + _GRAM - 1].end
            yield Flag("K101", start, end, f"{text[start:end]!r} is taken from the instructions")
            return


@lru_cache(maxsize=8)
def _grams(text: str) -> frozenset[tuple[str, ...]]:
    words = [t.lower for t in tokenize(text) if t.kind in ("word", "number", "han")]
    return frozenset(runs(words, _GRAM))


def check_advice(statement: Statement) -> Iterator[Flag]:
    """Yield K104 for investment advice in the form of an instruction; to report one is news."""
    if _SPEECH & statement.words:
        return
    pattern = _ADVICE if statement.lang == "en" else phrases("advice")
    for found in pattern.finditer(statement.text):
        yield Flag("K104", *found.span(), f"{found.group().strip()!r} tells the reader what to do")


def language_of(statements: Iterable[Statement]) -> str | None:
    """The language of a text among the seven known ones, by script or function words.

    None where there is too little to tell by. The method is Grefenstette's, "Comparing two
    language identification schemes" (1995).
    """
    words = [token for statement in statements for token in statement.tokens]
    dense = sum(token.kind == "han" for token in words)
    letters = [token.lower for token in words if token.kind == "word"]
    if dense > len(letters):
        return "zh"
    scores = {
        lang: sum(word in table for word in letters) for lang, table in function_words().items()
    }
    ranked = sorted(scores, key=lambda lang: -scores[lang])
    best, second = ranked[0], ranked[1]
    clear = scores[best] >= max(_MIN_WORDS, _OTHER_LANGUAGE * scores[second])
    return best if clear else None
