"""K106, K107: From author and Impact advise nobody, and From author calls nobody names.

The commands in `calls` are found by their form. Advice has many forms ("Readers are better off
with ...", "it is wise to move savings into gold"), so it is found here by classes of words that
stand together in one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rewriter.article import Passage
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement, stem
from rewriter.checks.lexicon import (
    Counsel,
    betters,
    contempt,
    counsel,
    negations,
    payments,
    word_set,
)

_SPEECH = word_set("speech")
_COMMENTS = frozenset({"from_author", "impact", "qa"})
# How a text says to whom money goes, without a service.
_PAYABLE = frozenset(
    {"payable", "zahlbar", "à régler", "à verser", "pagadero", "pagadera", "a pagar"}
)
# Characters from "is" to what somebody is called, and words before that in which it is denied.
_CALLED, _DENYING = 30, 4
# "Is a ...", "n'est qu'un ...": behind a name what somebody is said to be.
_IS_A = re.compile(
    r"\W(?:(?:is|was|remains|has been) (?:just |simply |nothing but |only |really )?(?:an?|the)"
    r"|(?:ist|war|bleibt) (?:nur |bloß |nichts als |und bleibt )?eine?"
    r"|(?:est|était|reste|n['’]est) (?:qu['’]|rien d['’]autre qu['’])?une?"
    r"|(?:es|era|sigue siendo|no es más que) una?|(?:è|era|resta|non è che) un[oa'’]? ?"
    r"|(?:é|era|continua|não passa de) uma?|(?:is|was|blijft) (?:gewoon |maar )?een"
    r"|jest|(?:[—–]|это|[—–] это)(?= [а-я])) ?(?P<noun>[^\W\d_]+(?: [^\W\d_]+)?)",
    re.IGNORECASE,
)


def check_counsel(passage: Passage, statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield K106 for advice or a way to pay in a comment, K107 for contempt in From author.

    What the source has is no excuse: a comment is the publisher's own word. What somebody is said
    to say is no advice.
    """
    if passage.section not in _COMMENTS or _SPEECH & statement.words:
        return
    words = counsel(statement.lang.split("-")[0])
    if found := _advice(words, statement.text, passage.text):
        yield Flag("K106", *found.span(), f"{found[0].strip()!r} advises the reader")
    paid = payments().search(statement.text, passage.text)
    if paid and not _is_subject(paid, evidence):
        yield Flag("K106", *paid.span(), f"{paid[0]!r} tells the reader how to pay")
    called = None
    if passage.section == "from_author":
        called = _called(words, statement, passage.text) or _described(statement, evidence)
    if called:
        yield Flag("K107", *called.span(), f"{called[0]!r} is what From author calls somebody")


def _advice(words: Counsel, text: str, within: str) -> re.Match[str] | None:
    if found := words.praised.search(text, within) or betters().search(text, within):
        return found
    should = words.should.search(text, within)
    if not should:
        return None
    if words.readers.search(text, within) and words.choose.search(text, within):
        return should
    return should if words.money.search(text, within) and words.moves.search(text, within) else None


def _called(words: Counsel, statement: Statement, within: str) -> re.Match[str] | None:
    text = statement.text
    for found in contempt().finditer(text, within):
        before = text[max(0, found.start() - _CALLED) : found.start()]
        near = re.findall(r"[^\W\d_]+", before.lower())[-_DENYING:]
        if words.being.search(before) and negations(statement.lang).isdisjoint(near):
            return found
    return None


def _described(statement: Statement, evidence: Evidence) -> re.Match[str] | None:
    """What From author says that somebody is, in a noun that the source does not use of him.

    A sentence of the source that says so in the same form is no excuse.
    """
    for name in statement.names:
        found = _IS_A.match(statement.text, name[-1].end)
        nouns = {stem(word.lower()) for word in found["noun"].split()} if found else set[str]()
        if nouns and not _is_borne(nouns, name[-1].lower, evidence):
            return found
    return None


def _is_borne(nouns: set[str], name: str, evidence: Evidence) -> bool:
    """Whether a sentence of the source has one of the nouns beside a name, in another form."""
    return any(
        nouns & known.content
        and name in known.words
        and not any(_IS_A.match(known.text, one[-1].end) for one in known.names)
        for known in evidence.statements
    )


def _is_subject(paid: re.Match[str], evidence: Evidence) -> bool:
    """Whether the source speaks of a service for payments more than once: it is its subject."""
    how, service = paid[0].lower().rsplit(maxsplit=1)
    return how not in _PAYABLE and sum(service in text.lower() for text in evidence.titled) > 1
