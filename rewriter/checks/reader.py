"""A second reader's answer: the sentences that it is shown, and the findings made of its report.

A report counts only where its words stand in the sentence that it names. White space, quotation
marks and dashes may differ there; nothing else may.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, get_args

from pydantic import Field, field_validator

from rewriter.article import Finding, Passage, Section, Severity, Source, Value
from rewriter.checks.catalogue import CATALOGUE
from rewriter.rules import FaultKind, GroundingRules, Judgement, ReaderRules
from rewriter.text.quotations import ANY_MARK
from rewriter.text.sentences import split_sentences

CODES: dict[FaultKind, str] = {kind: f"R{101 + n}" for n, kind in enumerate(get_args(FaultKind))}
"""The finding code of each kind of fault."""
UNREAD = "R199"
"""The code of a reading that gave no usable answer, or left reports out."""

_DASHES = "-‐‑‒–—−"
# Source sentences that a finding quotes: an exchanged pair stands in two or three.
_MOST_QUOTED = 3


class Stated(NamedTuple):
    """One sentence of a rewrite: its section, its piece ("bullet 2"), and its offset in that."""

    section: Section
    place: str
    offset: int
    text: str


def sentences_of(passages: Iterable[Passage], lang: str) -> tuple[Stated, ...]:
    """The sentences of a rewrite in the order in which a reader numbers them, without headings."""
    return tuple(
        sentence
        for passage in passages
        if passage.place != "heading"
        for sentence in _stated(passage, lang)
    )


def _stated(passage: Passage, lang: str) -> Iterator[Stated]:
    at = 0
    for text in split_sentences(passage.text, lang):
        at = max(passage.text.find(text, at), 0)
        yield Stated(passage.section, passage.place, at, text)
        at += len(text)


def source_sentences(source: Source) -> tuple[str, ...]:
    """The source's sentences in the order in which a reader numbers them."""
    return tuple(sentence.text for sentence in source.sentences)


class Fault(Value):
    """One report of a second reader.

    `r` is the number of the rewrite's sentence and `words` what is wrong in it, `s` the numbers of
    the source's sentences that say otherwise, all counted from 1; `sure` goes from 0 to 100. `fix`
    is what `words` should be, empty where no replacement does.
    """

    r: int
    words: str
    kind: FaultKind
    s: tuple[int, ...] = ()
    verdict: Judgement
    why: str
    sure: int = Field(ge=0, le=100)
    fix: str = ""

    @field_validator("kind", mode="before")
    @classmethod
    def _known(cls, kind: object) -> object:
        return kind if not isinstance(kind, str) or kind in CODES else "other"


class Reading(Value):
    """The typed answer of a second reader."""

    faults: tuple[Fault, ...]


class Dropped(Value):
    """How many reports were dropped: `unanchored`, too little `sure`, `surplus`, or `malformed`."""

    unanchored: int = 0
    unsure: int = 0
    surplus: int = 0
    malformed: int = 0

    def __add__(self, other: Dropped) -> Dropped:
        return Dropped(
            unanchored=self.unanchored + other.unanchored,
            unsure=self.unsure + other.unsure,
            surplus=self.surplus + other.surplus,
            malformed=self.malformed + other.malformed,
        )


class ReaderFinding(NamedTuple):
    """A finding made of a report, and the fix that the report brought."""

    finding: Finding
    fix: str


class ReaderReport(NamedTuple):
    """What one reading came to: findings with their fixes, how many were told, and dropped.

    `incomplete` is the finding on reports that were left out, where there are any.
    """

    found: tuple[ReaderFinding, ...]
    reported: int
    dropped: Dropped
    model: str
    incomplete: Finding | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings alone."""
        found = tuple(one.finding for one in self.found)
        return (*found, self.incomplete) if self.incomplete else found


class Fix(Value):
    """A fault that was put right in the reader's own words, without a repair."""

    code: str
    section: Section
    place: str
    message: str
    fix: str

    @classmethod
    def of(cls, found: ReaderFinding) -> Fix:
        """What was done about a finding."""
        told = found.finding
        return cls(
            code=told.code,
            section=told.section,
            place=told.place,
            message=told.message,
            fix=found.fix,
        )


class Trace(Value):
    """What a second reader did for one article, for its record.

    `model` is the one that answered last, `model_asked` the one that was asked. `reported` counts
    the reports of all `readings`, `dropped` those of them that count for nothing.
    """

    prompt: str
    version: int
    model: str = ""
    model_asked: str
    readings: int = 0
    reported: int = 0
    dropped: Dropped = Dropped()
    fixed: tuple[Fix, ...] = ()

    def after(self, report: ReaderReport) -> Trace:
        """The trace with one more reading."""
        return self.model_copy(
            update={
                "model": report.model,
                "readings": self.readings + 1,
                "reported": self.reported + report.reported,
                "dropped": self.dropped + report.dropped,
            }
        )


def judge(
    reading: Reading,
    sentences: Sequence[Stated],
    source: Source,
    rules: ReaderRules,
    grounding: GroundingRules,
) -> tuple[tuple[ReaderFinding, ...], Dropped]:
    """The findings of a reading of `sentences`, in reading order, and what was dropped of it.

    The article's own rules, `grounding`, may change the severity of a code or switch it off.
    """
    told = source_sentences(source)
    anchored: dict[tuple[int, int, FaultKind], tuple[Fault, tuple[int, int]]] = {}
    unanchored = unsure = 0
    for fault in sorted(reading.faults, key=lambda fault: -fault.sure):
        span = _anchor(fault, sentences)
        if span is None:
            unanchored += 1
        elif fault.sure < rules.sure:
            unsure += 1
        else:
            anchored.setdefault((fault.r, span[0], fault.kind), (fault, span))
    kept = sorted(list(anchored.items())[: rules.findings], key=lambda item: item[0][:2])
    found = [
        ReaderFinding(_finding(fault, span, sentences, told, rules, grounding), fault.fix)
        for _, (fault, span) in kept
        if CODES[fault.kind] not in grounding.ignore
    ]
    dropped = Dropped(unanchored=unanchored, unsure=unsure, surplus=len(anchored) - len(kept))
    return tuple(found), dropped


def _anchor(fault: Fault, sentences: Sequence[Stated]) -> tuple[int, int] | None:
    """Where the words of a report stand in its sentence, None where they do not."""
    if not 1 <= fault.r <= len(sentences):
        return None
    text = sentences[fault.r - 1].text
    for words in (fault.words.strip(), fault.words.strip(ANY_MARK + " .…")):
        pattern = _leniently(words)
        # As whole words first: the 5 of "15 boxes and 5 crates" is the second one. A script
        # without spaces has no whole words.
        match = re.search(rf"(?<!\w){pattern}(?!\w)", text) or re.search(pattern, text)
        if words and match:
            return match.span()
    return None


def _leniently(words: str) -> str:
    """A pattern for `words` with any white space, quotation marks and dashes."""
    return "".join(
        r"\s+"
        if part.isspace()
        else f"[{re.escape(ANY_MARK)}]"
        if part in ANY_MARK
        else f"[{re.escape(_DASHES)}]"
        if part in _DASHES
        else re.escape(part)
        for part in re.findall(r"\s+|\S", words)
    )


def _finding(
    fault: Fault,
    span: tuple[int, int],
    sentences: Sequence[Stated],
    told: Sequence[str],
    rules: ReaderRules,
    grounding: GroundingRules,
) -> Finding:
    sentence = sentences[fault.r - 1]
    quoted = [told[n - 1] for n in dict.fromkeys(fault.s) if 1 <= n <= len(told)][:_MOST_QUOTED]
    # A contradiction by no sentence of the source is one that it does not bear out, and no more.
    verdict: Judgement = fault.verdict if quoted else "absent"
    code, words = CODES[fault.kind], sentence.text[slice(*span)]
    severity = rules.severity(fault.kind, sentence.section, verdict)
    says = "the source says otherwise" if verdict == "contradicted" else "the source has no such"
    return Finding(
        code=code,
        severity=grounding.severity.get(code, severity),
        section=sentence.section,
        place=sentence.place,
        span=(sentence.offset + span[0], sentence.offset + span[1]),
        message=f'"{words}" ({CATALOGUE[code].title}): {says}: {fault.why}',
        evidence=" … ".join(quoted) or None,
    )


def unread(rules: ReaderRules, reason: str) -> Finding:
    """The finding on an article whose reading gave no usable answer, and why it gave none."""
    return _unread(
        rules, f"the second reader gave no usable answer, so nobody read this text: {reason}"
    )


def incomplete(rules: ReaderRules, left_out: Sequence[str]) -> Finding | None:
    """The finding on a reading of which reports were `left_out`: how many, and the first reason."""
    if not left_out:
        return None
    return _unread(
        rules,
        f"{len(left_out)} of the second reader's reports cannot be read and are left out; "
        f"the first of them: {left_out[0]}",
    )


def _unread(rules: ReaderRules, message: str) -> Finding:
    severity: Severity = "error" if rules.unread == "hold" else "warning"
    return Finding(code=UNREAD, severity=severity, section="source", message=message)
