"""The report as one self-contained page: no scripts, no requests, the worst cases first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import get_args

from rewriter.article import Finding, Passage, Section
from rewriter.regression.cases import Case
from rewriter.regression.comparison import Comparison
from rewriter.regression.recordings import Answered
from rewriter.regression.reports import diffs, figures, plots, terminal
from rewriter.regression.staleness import run_command
from rewriter.regression.variants import Measured
from rewriter.regression.verdict import MetricChange

# Cases shown with their texts: 40 of them weigh 0.2 MB, and nobody reads on.
_MOST_TEXTS = 40
# Characters shown of one piece: twice what any prompt allows, and short enough to compare.
_LONGEST = 4_000
# The first few are open: a reader sees at once what is wrong.
_OPEN = 3
_SectionPlace = tuple[Section, str]
_SECTIONS: tuple[Section, ...] = get_args(Section)


def html(comparison: Comparison) -> str:
    """The whole page."""
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    title = escape(f"{comparison.verdict}: {comparison.after.variant}")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{style}</style></head><body><main>"
        + "\n".join(_parts(comparison))
        + "</main></body></html>\n"
    )


def _parts(comparison: Comparison) -> Iterator[str]:
    against = f" against {escape(str(comparison.before.variant))}" if comparison.before else ""
    yield f"<h1>{_badge(comparison.verdict)} {escape(str(comparison.after.variant))}{against}</h1>"
    yield f'<p class="soft">{escape(terminal.summary(comparison))}</p>'
    if comparison.changes:
        changes = ", ".join(f"<code>{escape(change)}</code>" for change in comparison.changes)
        yield f"<p>Changed: {changes}</p>"
    yield from (f'<p class="note">{escape(note)}</p>' for note in comparison.notes)
    for blocker in comparison.blockers:
        yield f'<div class="card inside"><p>{_badge(blocker.status)} {escape(blocker.what)}</p>'
        if blocker.cases:
            yield f'<p class="soft">{escape(", ".join(blocker.cases))}</p>'
        yield f"<pre><code>{escape(blocker.command)}</code></pre></div>"
    if comparison.metrics:
        yield "<h2>Metrics</h2>" + _metrics(comparison.metrics)
        yield from _cases(comparison)


def _badge(verdict: str) -> str:
    return f'<span class="badge {verdict}">{verdict}</span>'


def _metrics(results: Sequence[MetricChange]) -> str:
    head = (
        '<tr><th>metric</th><th class="n">before</th><th class="n">after</th>'
        '<th class="n">change, 95 % interval</th><th>each case</th><th>verdict</th></tr>'
    )
    rows = []
    for result in results:
        metric = result.metric
        rows.append(
            f'<tr><td><b>{metric.name}</b><br><span class="soft">{metric.meaning}</span></td>'
            f'<td class="n">{figures.value(metric, result.before)}</td>'
            f'<td class="n">{figures.value(metric, result.after)}</td>'
            f'<td class="n">{figures.change(metric, result.change)}<br>'
            f'<span class="soft">{figures.interval(result)}</span></td>'
            f"<td>{plots.svg(result)}</td><td>{_badge(result.verdict)}"
            f'<br><span class="soft p">p {result.p:.4f}</span>'
            f'<br><span class="soft">{figures.remark(result)}</span></td></tr>'
        )
    return f'<div class="card"><table>{head}{"".join(rows)}</table></div>'


# --- cases -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ranked:
    """A case with what became worse in it: broken invariants, and losses in margins."""

    case: Case
    broken: tuple[str, ...]
    loss: float
    same: bool

    @property
    def key(self) -> tuple[int, float, str]:
        return -len(self.broken), -self.loss, self.case.name


def _cases(comparison: Comparison) -> Iterator[str]:
    ranked = sorted(
        (_rank(case, comparison) for case in comparison.cases), key=lambda found: found.key
    )
    different = [found for found in ranked if not found.same]
    yield f"<h2>Cases: {len(different)} with other answers, the worst first</h2>"
    for number, found in enumerate(different):
        is_open = " open" if number < _OPEN and (found.broken or found.loss > 1) else ""
        texts = _texts(found.case, comparison) if number < _MOST_TEXTS else ""
        yield (
            f"<details{is_open}><summary>{_headline(found)}</summary>"
            f'<div class="inside">{_details(found, comparison)}{texts}</div></details>'
        )
    if same := [found.case.name for found in ranked if found.same]:
        yield f'<p class="soft">The same answers of both variants: {escape(", ".join(same))}</p>'


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


def _text(measured: Measured, case: Case, epoch: int) -> str:
    found = measured.answers.get((case.name, epoch))
    return found.text if found else ""


def _headline(found: _Ranked) -> str:
    tags = "".join(
        f'<span class="tag">{escape(tag)}</span>' for tag in found.case.expectations.tags
    )
    broken = f' <span class="broken">{len(found.broken)} broken</span>' if found.broken else ""
    return f"<b>{escape(found.case.name)}</b>{tags}{broken}"


def _details(found: _Ranked, comparison: Comparison) -> str:
    case, rows = found.case, []
    for result in comparison.metrics:
        change = result.pairs.get(case.name)
        if change:
            rows.append(f"{result.metric.name} {figures.change(result.metric, change)}")
    note = f'<p class="soft">{escape(case.expectations.note)}</p>' if case.expectations.note else ""
    broken = "".join(f'<li class="broken">{escape(text)}</li>' for text in found.broken)
    command = escape(run_command(comparison.after.variant, comparison.folder, case.name))
    return (
        f"{note}<p>{escape(' · '.join(rows)) or 'no metric changed'}</p>"
        f"<ul>{broken}</ul><pre><code>{command}</code></pre>"
    )


def _texts(case: Case, comparison: Comparison) -> str:
    """Both answers of the epoch in which the candidate has most broken and most findings."""
    if comparison.before is None:
        return ""
    epoch = _worst_epoch(case, comparison)
    last = max(comparison.before.epochs)
    old, new = (
        _ShownAnswer(comparison, case, min(epoch, last), "before"),
        _ShownAnswer(comparison, case, epoch, "after"),
    )
    cells = []
    for place in sorted({**old.passages, **new.passages}, key=_reading_order):
        left, right = diffs.side_by_side(
            old.passages.get(place, ""),
            new.passages.get(place, ""),
            old.findings(place),
            new.findings(place),
        )
        cells.append(f"<h4>{_title(place)}</h4><p>{left}</p><p>{right}</p>")
    loose = "".join(diffs.unplaced(new.score.findings))
    names = [escape(str(one.variant)) for one in (comparison.before, comparison.after)]
    head = (
        f'<p class="variant">before: {names[0]}, epoch {old.epoch}</p>'
        f'<p class="variant">after: {names[1]}, epoch {epoch}</p>'
    )
    about = f"<ul>{loose}</ul>" if loose else ""
    return f'<div class="pair">{head}{"".join(cells)}</div>{about}'


def _worst_epoch(case: Case, comparison: Comparison) -> int:
    scores = {n: comparison.scores_after[case.name, n] for n in comparison.after.epochs}
    return max(scores, key=lambda n: (len(scores[n].broken), len(scores[n].findings), -n))


class _ShownAnswer:
    """One answer, by section and place; a phrase it must not hold is marked like a finding."""

    def __init__(self, comparison: Comparison, case: Case, epoch: int, variant: str) -> None:
        measured = (
            comparison.before if variant == "before" and comparison.before else comparison.after
        )
        scores = comparison.scores_before if variant == "before" else comparison.scores_after
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


def _passages(answered: Answered) -> Iterator[Passage]:
    if answered.rewrite is None:
        yield Passage("source", answered.failure, answered.text)
    else:
        yield Passage("headline", "", answered.rewrite.headline)
        yield from answered.rewrite.passages()


def _reading_order(place: _SectionPlace) -> tuple[int, int, bool]:
    section, name = place
    number = int(name.split()[-1]) if name[-1:].isdigit() else 0
    return _SECTIONS.index(section), number, name.startswith("answer")


def _title(place: _SectionPlace) -> str:
    return escape(", ".join(part.replace("_", " ") for part in place if part))
