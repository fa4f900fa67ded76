"""K105: facts that the source has only in the blocks that the cleaner cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from rewriter.article import HIDDEN, ORDER
from rewriter.checks.evidence.index import Evidence, of_source, runs
from rewriter.checks.evidence.mentions import CAPITALISED
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.variants import spelling
from rewriter.checks.lexicon import function_words, writing
from rewriter.text.quotations import MARKS, replace_quotes
from rewriter.text.tokens import DENSE

# The codes of a fact that is missing from the source as a whole, not merely put wrong.
_MISSING = frozenset({"G101", "G102", "G103", "G104", "G105", "G106", "G201", "G401", "G402"})

# Of a sentence's words that only orders have this many, or this large a share, are no chance.
_TAKEN, _TAKEN_SHARE = 2, 0.25
# A sentence that does what another asks for has this share of its words.
_RESTS = 0.5
_RUN = 3
# Digits from which on a number alone is no chance.
_TELLING = 3
# What a hidden sentence and one of a rewrite have in common by no chance, and how long it is.
_HIDDEN_RUN, _HIDDEN_WORDS, _CLOSED = 4, 60, (".", "!", "?", "。", "！", "？")
# Shorter stems are in any text, but for those of scripts without spaces.
_QUOTED = re.compile(f"[{MARKS}]")
_LETTERS, _DENSE = 4, re.compile(f"[{DENSE}]")


class _Apart(NamedTuple):
    """What some sentences have and the article has not: stems, names, values, runs of words.

    `every` has all their stems, `respelled` the names that the article spells otherwise. `text` is
    all their words, `kept` those of the article.
    """

    every: frozenset[str]
    stems: frozenset[str]
    respelled: frozenset[str]
    names: frozenset[str]
    values: frozenset[Decimal]
    runs: frozenset[tuple[str, ...]]
    text: str
    kept: str


class _Quoted(NamedTuple):
    """What quotations have that ask for something, and the stems around them: who says so."""

    said: _Apart
    around: frozenset[str]


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
    if orders := _orders(evidence):
        yield from _taken(statement, orders, "a text that is addressed to a model")
    about, quoted = _about_writing(evidence)
    known = writing(evidence.lang)
    # Who restates such a sentence speaks of the text, too. Who does as it says does not.
    if not (about or quoted) or not known or known.text.search(statement.text):
        return
    if about and _rests_on(statement, about):
        yield from _taken(statement, about, "a sentence about the text itself")
    if quoted and not _is_attributed(statement, quoted) and _rests_on(statement, quoted.said):
        yield from _taken(statement, quoted.said, "somebody who asks for it")


def _rests_on(statement: Statement, apart: _Apart) -> bool:
    """Whether a sentence has most of its words, or a name's spelling, of some sentences."""
    names = {token.lower for name in statement.names for token in name}
    most = _RESTS * len(statement.content)
    return len(statement.content & apart.every) >= most or bool(names & apart.respelled)


def _taken(statement: Statement, apart: _Apart, who: str) -> Iterator[Flag]:
    """Yield K105 for a sentence that has what only some sentences have."""
    words = statement.wording
    written = _joined(words)
    if len(words) >= _RUN and written in apart.text and written not in apart.kept:
        yield Flag("K105", 0, len(statement.text), f"stands only in {who} ({statement.text})")
        return
    taken = statement.content & apart.stems
    names = {token.lower for name in statement.names for token in name} & apart.names
    values = {quantity.value for quantity in statement.facts.quantities} & apart.values
    share = len(taken) / max(len(statement.content), 1)
    copied = next((run for run in runs(words, _RUN) if run in apart.runs), ())
    if names or values or copied or len(taken) >= _TAKEN or share >= _TAKEN_SHARE:
        said = ", ".join(sorted(taken | names)) or " ".join(copied) or ", ".join(map(str, values))
        yield Flag("K105", 0, len(statement.text), f"says what only {who} says ({said})")


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
def _orders(evidence: Evidence) -> _Apart | None:
    texts = [text for reason, text in evidence.removed if reason == ORDER]
    told = [statement for text in texts for statement in evidence.read(text)]
    return _apart(told, evidence.statements, evidence) if told else None


@of_source
def _about_writing(evidence: Evidence) -> tuple[_Apart | None, _Quoted | None]:
    own, quoted = evidence.about_writing
    every = evidence.statements
    rest = [one for n, one in enumerate(every) if n not in own and n not in quoted]
    about = _apart([every[n] for n in sorted(own)], rest, evidence) if own else None
    if not quoted:
        return about, None
    said = [every[n] for n in sorted(quoted)]
    around = {
        stem
        for one in said
        for read in evidence.read(replace_quotes(one.text, lambda _: " "))
        for stem in read.content
    }
    return about, _Quoted(_apart(said, rest, evidence), frozenset(around))


def _is_attributed(statement: Statement, quoted: _Quoted) -> bool:
    """Whether a sentence quotes, or has a word of what says who says so."""
    return bool(_QUOTED.search(statement.text) or statement.content & quoted.around)


def _apart(told: Sequence[Statement], rest: Sequence[Statement], evidence: Evidence) -> _Apart:
    """What the statements `told` have, and the `rest` of the article has not."""
    stems = frozenset(stem for statement in told for stem in statement.content)
    values = {q.value for statement in told for q in statement.facts.quantities}
    known = {q.value for statement in rest for q in statement.facts.quantities}
    kept = [word for statement in (evidence.title, *rest) for word in statement.wording]
    own = frozenset(
        filter(_tells, stems - {s for one in (evidence.title, *rest) for s in one.content})
    )
    said = {word for statement in told for word in statement.wording}
    new = set(filter(_tells, said - set(kept)))
    every = (run for statement in told for run in runs(statement.wording, _RUN))
    names = {token.lower for one in told for name in one.names for token in name if token.start}
    names -= set(kept)
    spelled = {spelling(word) for word in kept}
    respelled = {name for name in names if spelling(name) in spelled}
    return _Apart(
        stems,
        own,
        frozenset(respelled),
        # Where every noun has a capital only another spelling is a name.
        frozenset(names if evidence.lang in CAPITALISED else respelled),
        frozenset(values - known),
        frozenset(r for r in every if new & set(r)),
        _joined(word for one in told for word in (*one.wording, "|")),
        _joined((*evidence.title.wording, "|", *(w for one in rest for w in one.wording))),
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
    written = statement.written(flag).casefold()
    if written.isdecimal() and len(written) < _TELLING:  # "16 attempts" is not "16 hours ago"
        written = " ".join(statement.text[flag.start :].casefold().split()[:2])
    whole = re.compile(rf"\b{re.escape(written)}\b" if written.isalnum() else re.escape(written))
    for reason, text in evidence.removed:
        if whole.search(text.casefold()):
            shown = statement.written(flag)
            message = f"{shown!r} is only in a block that was cut ({reason})"
            return flag._replace(code="K105", message=message, evidence=_around(text, written))
    return flag


def _around(text: str, written: str) -> str:
    """The line of the cut block that has the fact."""
    lines = (line for line in text.splitlines() if written in line.casefold())
    return next(lines, text)[:300]
