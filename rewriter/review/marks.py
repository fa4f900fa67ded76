"""The support in the source for each sentence, figure, date, name and quote of a rewrite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from rewriter.article import Finding, Passage
from rewriter.checks import Evidence
from rewriter.checks.evidence.index import runs
from rewriter.checks.evidence.moments import completed
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.evidence.support import support_of
from rewriter.checks.names.known import knows, knows_mention
from rewriter.checks.structure.copying import GRAM, streaks
from rewriter.text.quotations import quotes_in

Kind = Literal["figure", "date", "name", "quote"]
MarkState = Literal["supported", "derived", "missing", "contradicted"]
# A sentence that shares less of its content with the source has no supporting sentence.
_LEAST_SHARE = 0.12


class Mark(NamedTuple):
    """A value in a passage: where it is, how the source supports it, and the source's words."""

    start: int
    end: int
    kind: Kind
    state: MarkState
    words: str


@dataclass(frozen=True)
class MarkedPart:
    """A run of characters with the same marks.

    `mark` is the value that it belongs to, and `finding` the finding that points at it. `copied`
    says that it is part of a run of eight or more words of the source.
    """

    text: str
    mark: Mark | None = None
    finding: Finding | None = None
    copied: bool = False


@dataclass(frozen=True)
class MarkedSentence:
    """A sentence of the rewrite, and the ids of the source's sentences that support it."""

    id: str
    parts: tuple[MarkedPart, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class MarkedPassage:
    """A passage with its sentences, and the findings about it as a whole."""

    section: str
    place: str
    sentences: tuple[MarkedSentence, ...]
    findings: tuple[Finding, ...]


def marked(
    passages: Iterable[Passage], findings: Sequence[Finding], evidence: Evidence
) -> Iterator[MarkedPassage]:
    """Each passage with its sentences, marks and findings, in order."""
    number = 0
    for passage in passages:
        about = [f for f in findings if (f.section, f.place) == (passage.section, passage.place)]
        sentences = []
        for statement, start, end in _sentences(passage.text, evidence):
            number += 1
            parts = tuple(_parts(passage.text, statement, start, end, about, evidence))
            sources = _sources(statement, evidence)
            sentences.append(MarkedSentence(f"r{number}", parts, sources))
        whole = tuple(finding for finding in about if not finding.span)
        yield MarkedPassage(passage.section, passage.place, tuple(sentences), whole)


def _sentences(text: str, evidence: Evidence) -> Iterator[tuple[Statement, int, int]]:
    """The sentences of a passage; together their ranges cover all of it."""
    statements = evidence.read(text)
    starts = [0, *(statement.offset for statement in statements[1:]), len(text)]
    for statement, (start, end) in zip(statements, pairwise(starts), strict=False):
        yield statement, start, end


def _sources(statement: Statement, evidence: Evidence) -> tuple[str, ...]:
    support = support_of(statement, evidence)
    if support.together < _LEAST_SHARE:
        return ()
    return tuple(evidence.statements[index].id for index in support.statements)


def _parts(
    text: str,
    statement: Statement,
    start: int,
    end: int,
    findings: Sequence[Finding],
    evidence: Evidence,
) -> Iterator[MarkedPart]:
    marks = list(_marks(text, statement, findings, evidence))
    copied = list(_copied(statement, evidence))
    pointed = [(finding.span, finding) for finding in findings if finding.span]
    edges = {start, end}
    for left, right in [*((m.start, m.end) for m in marks), *copied, *(s for s, _ in pointed)]:
        edges |= {min(max(left, start), end), min(max(right, start), end)}
    for left, right in pairwise(sorted(edges)):
        yield MarkedPart(
            text[left:right],
            next((m for m in marks if m.start <= left and right <= m.end), None),
            next((f for span, f in pointed if span[0] <= left and right <= span[1]), None),
            any(first <= left and right <= last for first, last in copied),
        )


# --- values ------------------------------------------------------------------------------------


def _marks(
    text: str, statement: Statement, findings: Sequence[Finding], evidence: Evidence
) -> Iterator[Mark]:
    """The values of a sentence, those that a finding points at with the finding's evidence."""
    for start, end, kind, state, words in _values(text, statement, evidence):
        wrong = next((f for f in findings if f.span and _overlap(f.span, (start, end))), None)
        if wrong and wrong.severity != "info":
            state = "contradicted" if wrong.evidence else "missing"
            words = wrong.evidence or ""
        yield Mark(start, end, kind, state, words)


def _values(
    text: str, statement: Statement, evidence: Evidence
) -> Iterator[tuple[int, int, Kind, MarkState, str]]:
    at = statement.offset
    near = support_of(statement, evidence).statements
    for quantity in statement.facts.quantities:
        found = evidence.figures.supporting(quantity)
        exact = [f for f in found if f.quantity.value == quantity.value] or found
        words = _words([figure.statement for figure in exact], near, evidence)
        is_said = bool(exact) and exact[0].quantity.value == quantity.value
        state: MarkState = "supported" if is_said else "derived"
        yield at + quantity.start, at + quantity.end, "figure", state, words
    for moment in statement.facts.moments:
        said = evidence.moments.supporting(completed(moment, evidence.published))
        words = _words([one.statement for one in said], near, evidence)
        yield at + moment.start, at + moment.end, "date", "supported" if said else "derived", words
    for mention in statement.names:
        known = all(knows(token, evidence.names) for token in mention)
        if known or knows_mention(mention, evidence.names):
            last = mention[-1].text
            held = [i for i, s in enumerate(evidence.statements) if last in s.text]
            words = _words(held, near, evidence)
            yield at + mention[0].start, at + mention[-1].end, "name", "supported", words
    for quote in quotes_in(text, evidence.lang):
        if at <= quote.start < at + len(statement.text):
            opening = " ".join(quote.words[:4])
            held = [i for i, s in enumerate(evidence.statements) if opening in _lower(s)]
            words = _words(held, near, evidence)
            yield quote.start, quote.end, "quote", "supported" if held else "derived", words


def _lower(statement: Statement) -> str:
    return " ".join(token.lower for token in statement.tokens if token.kind in ("word", "number"))


def _words(found: Sequence[int], near: Sequence[int], evidence: Evidence) -> str:
    """The source's sentence with a value: one that supports the whole sentence where there is."""
    best = next((index for index in near if index in found), found[0] if found else None)
    return "" if best is None else evidence.statements[best].text


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _copied(statement: Statement, evidence: Evidence) -> Iterator[tuple[int, int]]:
    """The runs of eight words and more that the source has word for word."""
    tokens = [token for token in statement.tokens if token.kind in ("word", "number", "han")]
    known = evidence.grams(GRAM)
    hits = [gram in known for gram in runs([token.lower for token in tokens], GRAM)]
    for begin, end in streaks(hits):
        last = tokens[end + GRAM - 2]
        yield statement.offset + tokens[begin].start, statement.offset + last.end
