"""What a second reader finds in labelled pairs: recall and precision, and their change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from rewriter.checks.reader import CODES, ReaderReport
from rewriter.regression.inference import MeanDifference, holm, paired
from rewriter.regression.labelled_pairs import LabelledPair
from rewriter.regression.verdict import Verdict
from rewriter.rules import FaultKind

# A loss of one fault in twenty, or of one false report in ten texts, matters to an editor.
_MOST_LOST = {"recall": 0.05, "false reports": 0.1}
_ALPHA = 0.05
_KINDS: Mapping[str, FaultKind] = {code: kind for kind, code in CODES.items()}


class PairScore(NamedTuple):
    """What a reader reported of one pair.

    `found` are the kinds of labelled faults with whether each was reported, `reports` the reported
    kinds with whether each report is of a labelled fault.
    """

    pair: LabelledPair
    found: tuple[tuple[FaultKind, bool], ...]
    reports: tuple[tuple[FaultKind, bool], ...]

    @property
    def false_reports(self) -> int:
        """Reports of what is no fault by the labels."""
        return sum(not right for _, right in self.reports)

    @property
    def recall(self) -> float | None:
        """The share of faults that were reported, None for a faithful text."""
        return fmean(seen for _, seen in self.found) if self.found else None


def score_pair(pair: LabelledPair, report: ReaderReport) -> PairScore:
    """Compare a report with the labels: a report is right where its words touch a fault's."""
    sentences = pair.sentences
    labels = [(fault.kind, _place(fault.words, *sentences[fault.r - 1])) for fault in pair.faults]
    reports = [
        (_KINDS[finding.code], (finding.section, finding.place, *(finding.span or (0, 0))))
        for finding, _ in report.found
    ]
    return PairScore(
        pair,
        tuple((kind, any(_touch(at, other) for _, other in reports)) for kind, at in labels),
        tuple((kind, any(_touch(at, other) for _, other in labels)) for kind, at in reports),
    )


_Span = tuple[str, str, int, int]


def _place(words: str, section: str, place: str, offset: int, text: str) -> _Span:
    start = offset + text.index(words)
    return section, place, start, start + len(words)


def _touch(one: _Span, other: _Span) -> bool:
    return one[:2] == other[:2] and one[2] < other[3] and other[2] < one[3]


class KindScore(NamedTuple):
    """Counts of one kind, one language, or all."""

    name: str
    faults: int
    found: int
    reports: int
    right: int


def by_kind(scores: Sequence[PairScore]) -> list[KindScore]:
    """Counts by kind: of faults by the labelled kind, of reports by the reported one."""
    kinds = {kind for one in scores for kind, _ in (*one.found, *one.reports)}
    return [_counts(kind, scores, {kind}) for kind in sorted(kinds)]


def by_language(scores: Sequence[PairScore]) -> list[KindScore]:
    """Counts by the language of the source."""
    languages = sorted({one.pair.source.lang for one in scores})
    return [
        _counts(lang, [one for one in scores if one.pair.source.lang == lang]) for lang in languages
    ]


def overall(scores: Sequence[PairScore]) -> KindScore:
    """Counts over all pairs."""
    return _counts("all", scores)


def _counts(
    name: str, scores: Sequence[PairScore], kinds: Collection[FaultKind] = tuple(CODES)
) -> KindScore:
    found = [seen for one in scores for kind, seen in one.found if kind in kinds]
    right = [hit for one in scores for kind, hit in one.reports if kind in kinds]
    return KindScore(name, len(found), sum(found), len(right), sum(right))


# --- the change ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReaderChange:
    """How much worse one measure became: the mean loss an article, its limits and its p-value."""

    measure: str
    verdict: Verdict
    loss: MeanDifference


def changes(before: Sequence[PairScore], after: Sequence[PairScore]) -> list[ReaderChange]:
    """The loss of recall, and the gain of false reports a text, each with its verdict.

    Pairs of one article are averaged, because articles are independent and their pairs are not.
    """
    measures: dict[str, Callable[[PairScore], float | None]] = {
        "recall": lambda one: None if one.recall is None else -one.recall,
        "false reports": lambda one: float(one.false_reports),
    }
    losses = [paired(_losses(before, after, measure)) for measure in measures.values()]
    adjusted = holm([loss.p for loss in losses])
    return [
        ReaderChange(name, _verdict(loss, p, _MOST_LOST[name]), loss._replace(p=p))
        for name, loss, p in zip(measures, losses, adjusted, strict=True)
    ]


def _losses(
    before: Sequence[PairScore],
    after: Sequence[PairScore],
    measure: Callable[[PairScore], float | None],
) -> list[float]:
    by_article: dict[str, list[float]] = defaultdict(list)
    for then, now in zip(before, after, strict=True):
        old, new = measure(then), measure(now)
        if old is not None and new is not None:
            by_article[now.pair.cluster].append(new - old)
    return [fmean(values) for values in by_article.values()]


def _verdict(loss: MeanDifference, p: float, most: float) -> Verdict:
    if p <= _ALPHA:
        return "WORSE" if loss.mean > 0 else "BETTER"
    return "INCONCLUSIVE" if loss.high > most else "SAME"


def verdict_of(found: Iterable[ReaderChange]) -> Verdict:
    """The verdict on all measures: the first of worse, inconclusive and better that one has."""
    verdicts = {change.verdict for change in found}
    order: tuple[Verdict, ...] = ("WORSE", "INCONCLUSIVE", "BETTER")
    return next((verdict for verdict in order if verdict in verdicts), "SAME")
