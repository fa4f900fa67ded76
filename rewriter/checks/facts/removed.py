"""K105: facts that the source has only in the blocks that the cleaner cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from rewriter.article import HIDDEN, ORDER
from rewriter.checks.evidence.index import Evidence, of_source, runs
from rewriter.checks.evidence.mentions import CAPITALISED
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.variants import spelling
from rewriter.checks.lexicon import function_words
from rewriter.text.tokens import DENSE

# The codes of a fact that is missing from the source as a whole, not merely put wrong.
_MISSING = frozenset({"G101", "G102", "G103", "G104", "G105", "G106", "G201", "G401", "G402"})

# Of a sentence's words that only orders have this many, or this large a share, are no chance.
_TAKEN, _TAKEN_SHARE = 2, 0.25
_RUN = 3
# Digits from which on a number alone is no chance.
_TELLING = 3
# What a hidden sentence and one of a rewrite have in common by no chance, and how long it is.
_HIDDEN_RUN, _HIDDEN_WORDS, _CLOSED = 4, 60, (".", "!", "?", "。", "！", "？")
# Shorter stems are in any text, but for those of scripts without spaces.
_LETTERS, _DENSE = 4, re.compile(f"[{DENSE}]")


class _Orders(NamedTuple):
    """What orders have and the article has not: stems, names, values of figures, runs of words.

    `text` is the words of all orders, `kept` those of the article.
    """

    stems: frozenset[str]
    names: frozenset[str]
    values: frozenset[Decimal]
    runs: frozenset[tuple[str, ...]]
    text: str
    kept: str


def check_taken_over(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield K105 for a sentence whose words come from an order to the model, not from the article.

    It needs no fact: "the barrier is a fraud" says what the order says. A sentence that stands word
    for word in an order, and not in the article, is one though the article has each of its words.
    """
    words = statement.wording
    hidden = _hidden(evidence)
    if hidden and (unseen := next((r for r in runs(words, _HIDDEN_RUN) if r in hidden), None)):
        message = f"says what only a text that the page does not show says ({' '.join(unseen)})"
        yield Flag("K105", 0, len(statement.text), message)
        return
    orders = _orders(evidence)
    written = _joined(words)
    if orders and len(words) >= _RUN and written in orders.text and written not in orders.kept:
        message = f"stands only in a text that is addressed to a model ({statement.text})"
        yield Flag("K105", 0, len(statement.text), message)
        return
    if orders is None:
        return
    taken = statement.content & orders.stems
    names = {token.lower for name in statement.names for token in name} & orders.names
    values = {quantity.value for quantity in statement.facts.quantities} & orders.values
    share = len(taken) / max(len(statement.content), 1)
    copied = next((run for run in runs(words, _RUN) if run in orders.runs), ())
    if names or values or copied or len(taken) >= _TAKEN or share >= _TAKEN_SHARE:
        said = ", ".join(sorted(taken | names)) or " ".join(copied) or ", ".join(map(str, values))
        message = f"says what only a text that is addressed to a model says ({said})"
        yield Flag("K105", 0, len(statement.text), message)


@of_source
def _hidden(evidence: Evidence) -> frozenset[tuple[str, ...]]:
    """Runs of words that only short hidden sentences have: longer ones are parts of a page."""
    texts = [
        text
        for reason, text in evidence.removed
        if reason == HIDDEN
        and len(text.split()) <= _HIDDEN_WORDS
        and text.rstrip().endswith(_CLOSED)
    ]
    told = [one.wording for text in texts for one in evidence.read(text)]
    new = {word for words in told for word in words if len(word) > _RUN} - set(evidence.words)
    every = (run for words in told for run in runs(words, _HIDDEN_RUN))
    return frozenset(run for run in every if new & set(run))


@of_source
def _orders(evidence: Evidence) -> _Orders | None:
    texts = [text for reason, text in evidence.removed if reason == ORDER]
    if not texts:
        return None
    told = [statement for text in texts for statement in evidence.read(text)]
    stems = frozenset(stem for statement in told for stem in statement.content)
    values = {q.value for statement in told for q in statement.facts.quantities}
    known = {q.value for statement in evidence.statements for q in statement.facts.quantities}
    own = frozenset(filter(_tells, stems - evidence.postings.keys()))
    said = {word for statement in told for word in statement.wording}
    new = set(filter(_tells, said - set(evidence.words)))
    every = (run for statement in told for run in runs(statement.wording, _RUN))
    names = {token.lower for one in told for name in one.names for token in name if token.start}
    names -= set(evidence.words)
    if (
        evidence.lang not in CAPITALISED
    ):  # every noun has a capital: only another spelling is a name
        spelled = {spelling(word) for word in evidence.words}
        names = {name for name in names if spelling(name) in spelled}
    return _Orders(
        own,
        frozenset(names),
        frozenset(values - known),
        frozenset(r for r in every if new & set(r)),
        _joined(word for text in texts for word in (*evidence.wording(text), "|")),
        _joined((*evidence.title.wording, "|", *evidence.words)),
    )


def _tells(stem: str) -> bool:
    """Whether a stem says something by itself; short ones ("pas", "n'") are in any text."""
    return (len(stem) >= _LETTERS and stem not in function_words()) or bool(_DENSE.match(stem))


def _joined(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "


def from_removed(flag: Flag, statement: Statement, evidence: Evidence) -> Flag:
    """The flag, or K105 instead where a block that was cut has the fact."""
    if flag.code not in _MISSING or not evidence.source.removed:
        return flag
    written = statement.text[flag.start : flag.end].casefold()
    if written.isdecimal() and len(written) < _TELLING:  # "16 attempts" is not "16 hours ago"
        written = " ".join(statement.text[flag.start :].casefold().split()[:2])
    whole = re.compile(rf"\b{re.escape(written)}\b" if written.isalnum() else re.escape(written))
    for reason, text in evidence.removed:
        if whole.search(text.casefold()):
            shown = statement.text[flag.start : flag.end]
            message = f"{shown!r} is only in a block that was cut ({reason})"
            return flag._replace(code="K105", message=message, evidence=_around(text, written))
    return flag


def _around(text: str, written: str) -> str:
    """The line of the cut block that has the fact."""
    lines = (line for line in text.splitlines() if written in line.casefold())
    return next(lines, text)[:300]
