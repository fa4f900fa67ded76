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
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.variants import singular
from rewriter.checks.lexicon import Counsel, counsel, is_denied, phrase, word_set

_SPEECH = word_set("speech")
_COMMENTS = frozenset({"from_author", "impact", "qa"})
# Characters from "is" to what somebody is called.
_CALLED = 30


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
    paid = phrase("payment").search(statement.text, passage.text)
    if paid and not _is_subject(paid, evidence):
        yield Flag("K106", *paid.span(), f"{paid[0]!r} tells the reader how to pay")
    called = None
    if passage.section == "from_author":
        called = _called(words, statement, passage.text) or _described(statement, evidence)
    if called:
        yield Flag("K107", *called.span(), f"{called[0]!r} is what From author calls somebody")


def _advice(words: Counsel, text: str, within: str) -> re.Match[str] | None:
    if found := words.praised.search(text, within) or phrase("better").search(text, within):
        return found
    should = words.should.search(text, within)
    if not should:
        return None
    if words.readers.search(text, within) and words.choose.search(text, within):
        return should
    return should if words.money.search(text, within) and words.moves.search(text, within) else None


def _called(words: Counsel, statement: Statement, within: str) -> re.Match[str] | None:
    text = statement.text
    for found in phrase("contempt").finditer(text, within):
        before = text[max(0, found.start() - _CALLED) : found.start()]
        if words.being.search(before) and not is_denied(text, found.start(), statement.lang):
            return found
    return None


def _described(statement: Statement, evidence: Evidence) -> re.Match[str] | None:
    """What From author calls somebody straight behind a name of two words or of a known person.

    A name may have the word itself: "The Egyptian Vulture is a vulture".
    """
    text = statement.text
    called = {
        name[-1].end: {singular(part.lower) for part in name}
        for name in statement.names
        if len(name) > 1 or singular(name[-1].lower) in evidence.names.before
    }
    for found in phrase("scorn").finditer(text):
        name = called.get(len(text[: found.start()].rstrip(" ,")))
        if name is not None and singular(found[0].split()[-1].lower()) not in name:
            return found
    return None


def _is_subject(paid: re.Match[str], evidence: Evidence) -> bool:
    """Whether the source speaks of a service for payments more than once: it is its subject."""
    if not (service := paid["service"]):
        return False
    named = re.compile(rf"\b{re.escape(service)}\b", re.IGNORECASE)
    return sum(named.search(text) is not None for text in evidence.titled) > 1
