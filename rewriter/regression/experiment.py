"""One experiment: a candidate against the accepted baseline, or any two sides, from recordings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rewriter.errors import ConfigurationError
from rewriter.prompting import prompt_file
from rewriter.regression import baseline as pins
from rewriter.regression import cases as case_files
from rewriter.regression import lock, staleness
from rewriter.regression.baseline import Baseline
from rewriter.regression.cases import Case
from rewriter.regression.recordings import Recordings
from rewriter.regression.scoring import METRICS, Score
from rewriter.regression.sides import Bench, Measured, Place, Side, bench
from rewriter.regression.staleness import Problem
from rewriter.regression.suite import Suite
from rewriter.regression.verdict import (
    Broken,
    Compared,
    Scores,
    Verdict,
    broken,
    compare_metrics,
    confirm,
    overall,
)


@dataclass(frozen=True)
class Report:
    """The outcome of one experiment. With `problems` there are no metrics: a part of the cases is
    no measurement."""

    verdict: Verdict
    suite: Suite
    cases: Sequence[Case]
    before: Measured | None
    after: Measured
    problems: tuple[Problem, ...] = ()
    metrics: tuple[Compared, ...] = ()
    broken: tuple[Broken, ...] = ()
    notes: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    scores_before: Mapping[Place, Score] = field(default_factory=dict)
    scores_after: Mapping[Place, Score] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """A suite that was read for one prompt: cases, sources, its baseline and the accepted side."""

    suite: Suite
    bench: Bench
    baseline: Baseline | None
    accepted: Side | None
    names: tuple[str, ...]

    @property
    def epochs(self) -> int:
        """As many epochs as were accepted; one where nothing was."""
        return self.baseline.epochs if self.baseline else 1


def read(suite: Suite, prompt: str, only: Sequence[str] = ()) -> Setting:
    """Read the suite for the prompt called `prompt`, with all cases or those in `only`.

    Raises `ConfigurationError`s.
    """
    cases = case_files.load(suite.cases, only)
    accepted = pins.load(suite.baseline(prompt))
    return Setting(
        suite=suite,
        bench=bench(cases, suite.cache),
        baseline=accepted,
        accepted=_accepted_side(suite, prompt, accepted) if accepted else None,
        names=tuple(path.stem for path in suite.cases.glob("*.toml")),
    )


def side(
    suite: Suite, prompt_name: str, prompts: Path | None, model: str, *, repairs: bool = False
) -> Side:
    """The side of the prompt called or filed `prompt_name` and of `model`."""
    prompt = prompt_file.load(prompt_name, prompts)
    return Side(prompt, prompt_name, model, Recordings(suite.recordings), repairs)


def against_baseline(setting: Setting, candidate: Side, epochs: int | None = None) -> Report:
    """The candidate against what was accepted, judged with repairs where the candidate is."""
    suite, bench = setting.suite, setting.bench
    wanted = epochs or setting.epochs
    after = bench.measure(candidate, range(1, wanted + 1))
    if setting.baseline is None or setting.accepted is None:
        return _without_baseline(setting, after)
    before, pinned = _accepted(setting, setting.accepted, candidate)
    changes = _changes(setting.accepted, candidate)
    problems = (
        *_lock_problems(candidate, setting.accepted, suite),
        *staleness.case_problems(bench, setting.baseline, before, after, suite),
        *staleness.lost_cases(
            setting.names, setting.baseline, staleness.accept_command(candidate, suite)
        ),
        *_gaps(setting, before, after, changes),
        *staleness.altered_recordings(pinned, setting.baseline, suite),
        *staleness.mixed_models(after, suite),
    )
    return _report(setting, before, after, problems, changes)


def _accepted(setting: Setting, accepted: Side, candidate: Side) -> tuple[Measured, Measured]:
    """The accepted side as the candidate is judged, and as it was pinned."""
    epochs = range(1, setting.epochs + 1)
    pinned = setting.bench.measure(accepted, epochs)
    if accepted.repairs == candidate.repairs:
        return pinned, pinned
    return setting.bench.measure(replace(accepted, repairs=candidate.repairs), epochs), pinned


def against_each_other(setting: Setting, first: Side, second: Side, epochs: int) -> Report:
    """`second` against `first`, whatever was accepted."""
    before = setting.bench.measure(first, range(1, epochs + 1))
    after = setting.bench.measure(second, range(1, epochs + 1))
    changes = _changes(first, second)
    problems = [
        problem
        for measured in (before, after)
        for check in (
            staleness.gap_problems(measured, setting.bench, setting.suite),
            staleness.mixed_models(measured, setting.suite),
        )
        for problem in check
    ]
    return _report(setting, before, after, tuple(problems), changes)


def _report(
    setting: Setting,
    before: Measured,
    after: Measured,
    problems: tuple[Problem, ...],
    changes: tuple[str, ...],
) -> Report:
    if problems:
        return Report(
            _status(problems),
            setting.suite,
            setting.bench.cases,
            before,
            after,
            problems,
            changes=changes,
        )
    return _judged(setting, before, after, changes)


def _judged(
    setting: Setting, before: Measured, after: Measured, changes: tuple[str, ...]
) -> Report:
    bench, rules = setting.bench, after.side.prompt.rules
    old, new = bench.score(before, rules), bench.score(after, rules)
    metrics, failures = compare_metrics(old, new, bench.clusters), broken(old, new)
    notes = tuple(_notes(setting, before, after, changes, metrics))
    if overall(metrics, failures) == "WORSE":
        further = _further(setting, before, after)
        metrics = confirm(metrics, *further, bench.clusters)
        alarms, failures = failures, broken({**old, **further[0]}, new)
        notes = (*notes, *_excused(len(alarms) - len(failures)))
    bench.scores.save()
    return Report(
        verdict=_shown(after.side, changes, overall(metrics, failures)),
        suite=setting.suite,
        cases=bench.cases,
        before=before,
        after=after,
        metrics=metrics,
        broken=failures,
        notes=notes,
        changes=changes,
        scores_before=old,
        scores_after=new,
    )


def _excused(count: int) -> Iterator[str]:
    if count:
        yield f"{count} invariant(s) excused: further epochs of the baseline fail too"


def _shown(candidate: Side, changes: Sequence[str], verdict: Verdict) -> Verdict:
    """The verdict, INCONCLUSIVE where what was changed is not what was judged."""
    is_good = verdict in ("SAME", "BETTER")
    return "INCONCLUSIVE" if is_good and _unseen(candidate, changes) else verdict


def _further(setting: Setting, before: Measured, after: Measured) -> tuple[Scores, Scores]:
    """The scores of as many further epochs of both sides, of those that are recorded."""
    bench, rules = setting.bench, after.side.prompt.rules
    more = range(len(after.epochs) + 1, 2 * len(after.epochs) + 1)
    old, new = (bench.score(bench.measure(m.side, more), rules) for m in (before, after))
    return old, new


def _notes(
    setting: Setting,
    before: Measured,
    after: Measured,
    changes: Sequence[str],
    metrics: Sequence[Compared],
) -> Iterator[str]:
    measured = {result.metric for result in metrics}
    if missing := ", ".join(metric.name for metric in METRICS if metric not in measured):
        free = all(a.usage.cost == 0 for side in (before, after) for a in side.answers.values())
        yield f"not measured: {missing}" + (" (nothing was paid)" if free else "")
    if _unseen(after.side, changes):
        yield "first answers do not show the section '# repair'; record and run with --repairs"
    if before.side.model == after.side.model and before.models != after.models:
        yield (
            f"{after.side.model} was answered by {', '.join(before.models)} then "
            f"and by {', '.join(after.models)} now"
        )
    if len(setting.bench.cases) < len(setting.names):
        yield f"{len(setting.bench.cases)} of {len(setting.names)} cases: a look, not a gate"


# --- problems ----------------------------------------------------------------------------------


def _changes(old: Side, new: Side) -> tuple[str, ...]:
    model = () if old.model == new.model else (f"model {old.model} -> {new.model}",)
    return (*model, *staleness.prompt_changes(old.prompt, new.prompt))


def _unseen(side: Side, changes: Sequence[str]) -> bool:
    """Whether a changed repair section is beyond what is judged; drafts are never repaired."""
    judged = side.repairs or side.drafts
    return not judged and "template section '# repair'" in changes


def _gaps(
    setting: Setting, before: Measured, after: Measured, changes: Sequence[str]
) -> Iterator[Problem]:
    """Gaps on both sides; where both ask the same, or a case is new to both, once."""
    yield from staleness.gap_problems(after, setting.bench, setting.suite, changes)
    if before.requests != after.requests or before.gaps != after.gaps:
        yield from staleness.gap_problems(before, setting.bench, setting.suite)


def _lock_problems(candidate: Side, accepted: Side, suite: Suite) -> Iterator[Problem]:
    changes = staleness.version_changes(accepted.prompt, candidate.prompt)
    reason = lock.violation(candidate.prompt, lock.load(suite.lock), changes)
    if reason:
        yield Problem("STALE", reason, staleness.run_command(candidate, suite))


def _without_baseline(setting: Setting, after: Measured) -> Report:
    command = staleness.accept_command(after.side, setting.suite)
    problems = (
        *staleness.gap_problems(after, setting.bench, setting.suite),
        Problem("INCOMPLETE", "nothing was accepted yet, so there is no baseline", command),
    )
    return Report("INCOMPLETE", setting.suite, setting.bench.cases, None, after, problems)


def _status(problems: Sequence[Problem]) -> Verdict:
    return "STALE" if any(problem.status == "STALE" for problem in problems) else "INCOMPLETE"


def _accepted_side(suite: Suite, prompt: str, baseline: Baseline) -> Side:
    path = suite.accepted_prompt(prompt)
    _check_accepted(path, baseline)
    return side(suite, str(path), None, baseline.model, repairs=baseline.repairs)


def _check_accepted(path: Path, baseline: Baseline) -> None:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{path}: cannot read the accepted prompt: {error.strerror}; "
            "restore it from version control"
        ) from error
    if hashlib.sha256(text).hexdigest() != baseline.prompt:
        raise ConfigurationError(f"{path}: is not the prompt that was accepted; restore it")
