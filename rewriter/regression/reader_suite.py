"""The labelled pairs as a suite: what a second reader finds in them, as recall and precision."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean
from typing import ClassVar, NamedTuple

from rewriter.checks.reader import CODES, ReaderReport
from rewriter.completion import Request
from rewriter.completion.asking import Asker, Asking, drive
from rewriter.prompting.reader_prompt import Reader, ReaderPrompt
from rewriter.regression.inference import wilson
from rewriter.regression.labelled_pairs import AnyCase, LabelledPair
from rewriter.regression.recordings import RecordedAnswer, record_by_hand, replayed
from rewriter.regression.scoring import Metric, Score
from rewriter.regression.suite import Suite
from rewriter.regression.variants import Variant
from rewriter.rules import FaultKind, GroundingRules
from rewriter.second_reading import reading
from rewriter.state.ledger import Ledger
from rewriter.text.columns import columns

_NOTHING_IGNORED = GroundingRules()
_KINDS: dict[str, FaultKind] = {code: kind for kind, code in CODES.items()}
# A loss of one fault in twenty, or of one false report in ten texts, matters to an editor.
_METRICS = (
    Metric("recall", "share", True, 0.05, "share of the labelled faults that are reported"),
    Metric("false reports", "count", False, 0.1, "reports of a text that are no labelled fault"),
)


@dataclass(frozen=True)
class PairScore(Score):
    """What a reader reported of one pair.

    `found` are the kinds of labelled faults with whether each was reported, `reports` the reported
    kinds with whether each report is of a labelled fault.
    """

    found: tuple[tuple[FaultKind, bool], ...]
    reports: tuple[tuple[FaultKind, bool], ...]
    lang: str


@dataclass(frozen=True)
class ReaderSuite(Suite):
    """Labelled pairs. An answer that stayed useless finds nothing."""

    metrics: ClassVar[tuple[Metric, ...]] = _METRICS

    def request(self, case: AnyCase, variant: Variant) -> Request:
        """The request for a reading."""
        pair, reader = _pair(case), _reader(variant)
        return reader.prompt.request(pair.source, pair.sentences, reader.model)

    def answer(
        self, case: AnyCase, variant: Variant, request: Request, epoch: int
    ) -> RecordedAnswer | None:
        """The recorded report."""
        asking = _asking(_pair(case), _reader(variant))
        return replayed(asking, epoch, variant.recordings, lambda report: {"report": report})

    async def ask(self, case: AnyCase, variant: Variant, asker: Asker) -> None:
        """Ask for a reading."""
        await drive(_asking(_pair(case), _reader(variant)), asker.answer)

    def scorer(self, case: AnyCase, judge: Variant) -> Callable[[RecordedAnswer], Score]:
        """What compares a report with the labels."""
        return partial(_score, _pair(case))


def _pair(case: AnyCase) -> LabelledPair:
    assert isinstance(case, LabelledPair)  # noqa: S101 - this suite has no other cases
    return case


def _reader(variant: Variant) -> Reader:
    assert isinstance(variant.prompt, ReaderPrompt)  # noqa: S101 - others have their own suite
    return Reader(variant.prompt, variant.model)


def _asking(pair: LabelledPair, reader: Reader) -> Asking[ReaderReport]:
    return reading(pair.passages, pair.source, reader, _NOTHING_IGNORED, pair.source.lang)


async def write_references(suite: Suite, variant: Variant, ledger: Ledger) -> None:
    """Record the labels of all pairs as answers of people, who wrote them.

    They show that the labels are anchored and counted. They measure no model.
    """
    for case in suite.cases:
        await record_by_hand(ledger, suite.request(case, variant), _pair(case).answer)


# --- scores --------------------------------------------------------------------------------------

_Span = tuple[str, str, int, int]


def _score(pair: LabelledPair, answered: RecordedAnswer) -> PairScore:
    """Compare a report with the labels: a report is right where its words touch a fault's."""
    sentences = pair.sentences
    labels = [(fault.kind, _place(fault.words, *sentences[fault.r - 1])) for fault in pair.faults]
    reports = [
        (_KINDS[finding.code], (finding.section, finding.place, *(finding.span or (0, 0))))
        for finding, _ in (answered.report.found if answered.report else ())
    ]
    found = tuple((kind, any(_touch(at, other) for _, other in reports)) for kind, at in labels)
    right = tuple((kind, any(_touch(at, other) for _, other in labels)) for kind, at in reports)
    values = {
        "recall": fmean(seen for _, seen in found) if found else None,
        "false reports": float(sum(not hit for _, hit in right)),
    }
    return PairScore(values, (), (), found, right, pair.source.lang)


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
    return [overall(scores, kind, {kind}) for kind in sorted(kinds)]


def by_language(scores: Sequence[PairScore]) -> list[KindScore]:
    """Counts by the language of the source."""
    languages = sorted({one.lang for one in scores})
    return [overall([one for one in scores if one.lang == lang], lang) for lang in languages]


def overall(
    scores: Iterable[PairScore], name: str = "all", kinds: Collection[FaultKind] = tuple(CODES)
) -> KindScore:
    """Counts over all pairs, of faults and reports of these kinds."""
    scores = list(scores)
    found = [seen for one in scores for kind, seen in one.found if kind in kinds]
    right = [hit for one in scores for kind, hit in one.reports if kind in kinds]
    return KindScore(name, len(found), sum(found), len(right), sum(right))


def table(scores: Iterable[Score]) -> Iterator[str]:
    """The lines of a table: recall and precision by kind and by language, with 95 % limits."""
    pairs = [one for one in scores if isinstance(one, PairScore)]
    faithful = [one for one in pairs if not one.found]
    yield f"{len(faithful)} faithful texts, {len(pairs) - len(faithful)} with faults"
    if pairs:
        head = ["", "faults", "found", "recall", "95 %", "reports", "right", "precision", "95 %"]
        rows = (*by_kind(pairs), *by_language(pairs), overall(pairs))
        yield from columns([head, *map(_row, rows)], left=(0,))
        yield f"reports on faithful texts: {overall(faithful).reports}"


def _row(one: KindScore) -> list[str]:
    recall, precision = _share(one.found, one.faults), _share(one.right, one.reports)
    counts = [str(one.reports), str(one.right)]
    return [one.name, str(one.faults), str(one.found), *recall, *counts, *precision]


def _share(hits: int, number: int) -> tuple[str, str]:
    if not number:
        return "-", "-"
    low, high = wilson(hits, number)
    return f"{hits / number:.2f}", f"{low:.2f}-{high:.2f}"
