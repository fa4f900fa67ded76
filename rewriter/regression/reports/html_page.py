"""The report as one HTML page without scripts and requests, with the worst cases first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import get_args

from rewriter.article import Finding, Passage, Section
from rewriter.regression.cases import Case
from rewriter.regression.comparison import Comparison
from rewriter.regression.recordings import RecordedAnswer
from rewriter.regression.reports import amounts, terminal
from rewriter.regression.staleness import run_command
from rewriter.regression.variants import MeasuredVariant
from rewriter.regression.verdict import Scores
from rewriter.webpage import Pages, diffs
from rewriter.webpage.diffs import DiffPiece

# Cases shown with their texts: 40 of them take 0.2 MB.
_MOST_TEXTS = 40
# Characters shown of one piece: twice what any prompt allows.
_LONGEST = 4_000
# Cases that are open at first: the worst.
_OPEN = 3
_PAGES = Pages(__package__, "report.css")
_SectionPlace = tuple[Section, str]
_SECTIONS: tuple[Section, ...] = get_args(Section)


def html(comparison: Comparison) -> str:
    """The whole page."""
    # With blockers there are no scores. Labelled pairs have no two rewrites to show.
    cases = [c for c in comparison.cases if isinstance(c, Case)] if comparison.metrics else []
    ranked = sorted((_rank(case, comparison) for case in cases), key=lambda found: found.key)
    different = [found for found in ranked if not found.same]
    return _PAGES.render(
        "report.html.j2",
        title=f"{comparison.verdict}: {comparison.after.variant}",
        comparison=comparison,
        summary=terminal.summary(comparison),
        amounts=amounts,
        command=partial(run_command, comparison.after.variant),
        different=different,
        most_open=_OPEN,
        texts={one.case.name: _texts(one.case, comparison) for one in different[:_MOST_TEXTS]},
        same=[found.case.name for found in ranked if found.same],
    )


# --- cases -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ranked:
    """A case with what became worse: broken invariants, and its largest loss in margins."""

    case: Case
    broken: tuple[str, ...]
    loss: float
    same: bool

    @property
    def key(self) -> tuple[int, float, str]:
        return -len(self.broken), -self.loss, self.case.name


@dataclass(frozen=True)
class _ShownTexts:
    """Both answers to a case: their variants and epochs, and their texts section by section."""

    before: str
    after: str
    passages: tuple[tuple[str, tuple[DiffPiece, ...], tuple[DiffPiece, ...]], ...]
    unplaced: tuple[Finding, ...]


def _rank(case: Case, comparison: Comparison) -> _Ranked:
    losses = [
        (-change if result.metric.higher_is_better else change) / result.metric.margin
        for result in comparison.metrics
        if (change := result.pairs.get(case.name)) is not None
    ]
    return _Ranked(
        case=case,
        broken=tuple(f.invariant for f in comparison.broken if f.case == case.name),
        loss=max(losses, default=0.0),
        same=all(
            comparison.before is not None
            and _text(comparison.before, case, epoch) == _text(comparison.after, case, epoch)
            for epoch in comparison.after.epochs
        ),
    )


def _text(measured: MeasuredVariant, case: Case, epoch: int) -> str:
    found = measured.answers.get((case.name, epoch))
    return found.text if found else ""


def _texts(case: Case, comparison: Comparison) -> _ShownTexts | None:
    """Both answers in the candidate's worst epoch: most broken invariants, then most findings."""
    if comparison.before is None:
        return None
    epoch = _worst_epoch(case, comparison)
    last = max(comparison.before.epochs)
    old = _ShownAnswer(case, min(epoch, last), comparison.before, comparison.scores_before)
    new = _ShownAnswer(case, epoch, comparison.after, comparison.scores_after)
    passages = []
    for place in sorted({**old.passages, **new.passages}, key=_reading_order):
        left, right = diffs.side_by_side(
            old.passages.get(place, ""),
            new.passages.get(place, ""),
            old.findings(place),
            new.findings(place),
        )
        title = ", ".join(part.replace("_", " ") for part in place if part)
        passages.append((title, left, right))
    return _ShownTexts(
        before=f"{comparison.before.variant}, epoch {old.epoch}",
        after=f"{comparison.after.variant}, epoch {epoch}",
        passages=tuple(passages),
        unplaced=tuple(finding for finding in new.score.findings if not finding.span),
    )


def _worst_epoch(case: Case, comparison: Comparison) -> int:
    scores = {n: comparison.scores_after[case.name, n] for n in comparison.after.epochs}
    return max(scores, key=lambda n: (len(scores[n].broken), len(scores[n].findings), -n))


class _ShownAnswer:
    """One answer by section and place, with a finding for each phrase that it must not have."""

    def __init__(self, case: Case, epoch: int, measured: MeasuredVariant, scores: Scores) -> None:
        self.epoch = epoch
        self.score = scores[case.name, epoch]
        self.passages = {
            (passage.section, passage.place): passage.text[:_LONGEST]
            for passage in _passages(measured.answers[case.name, epoch])
        }
        self._forbidden = case.expectations.must_not

    def findings(self, place: _SectionPlace) -> list[Finding]:
        found = [f for f in self.score.findings if (f.section, f.place) == place]
        return found + [
            Finding(
                code="must not",
                severity="error",
                section=place[0],
                message=f'says "{phrase}"',
                span=match.span(),
            )
            for phrase in self._forbidden
            for match in re.finditer(re.escape(phrase), self.passages.get(place, ""), re.IGNORECASE)
        ]


def _passages(answered: RecordedAnswer) -> Iterator[Passage]:
    if answered.rewrite is None:
        yield Passage("source", answered.failure, answered.text)
    else:
        yield Passage("headline", "", answered.rewrite.headline)
        yield from answered.rewrite.passages()


def _reading_order(place: _SectionPlace) -> tuple[int, int, bool]:
    section, name = place
    number = int(name.split()[-1]) if name[-1:].isdigit() else 0
    return _SECTIONS.index(section), number, name.startswith("answer")
