"""Comparing a candidate with the accepted baseline, or any two variants, from recordings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rewriter.escaping import counted
from rewriter.regression import prompts_lock, staleness
from rewriter.regression.baseline import changed
from rewriter.regression.experiment import Experiment
from rewriter.regression.labelled_pairs import AnyCase
from rewriter.regression.scoring import Score
from rewriter.regression.staleness import Blocker
from rewriter.regression.suite_folder import SuiteFolder
from rewriter.regression.variants import CaseEpoch, MeasuredVariant, Variant
from rewriter.regression.verdict import (
    BrokenInvariant,
    MetricChange,
    Scores,
    Verdict,
    broken,
    compare_metrics,
    confirm,
    overall,
)

_REPAIR = "template section '# repair'"


@dataclass(frozen=True)
class Comparison:
    """The verdict on a variant (`after`) against another (`before`), and what it rests on.

    `metrics` and `broken` are empty where there are `blockers`: a part of the cases is not a
    measurement. `changes` names the changed parts of prompt and model.
    """

    verdict: Verdict
    folder: SuiteFolder
    cases: Sequence[AnyCase]
    before: MeasuredVariant | None
    after: MeasuredVariant
    blockers: tuple[Blocker, ...] = ()
    metrics: tuple[MetricChange, ...] = ()
    broken: tuple[BrokenInvariant, ...] = ()
    notes: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    scores_before: Mapping[CaseEpoch, Score] = field(default_factory=dict)
    scores_after: Mapping[CaseEpoch, Score] = field(default_factory=dict)


def compare_with_baseline(
    experiment: Experiment, candidate: Variant, epochs: int | None = None
) -> Comparison:
    """Compare `candidate` with the accepted variant, after repairs where the candidate has them.

    `epochs` is the number of answers to each case, by default as many as were accepted. Answers
    are compared after their repairs, too, where the section `# repair` changed. Raises
    `ConfigurationError` and `FileError` for damaged files.
    """
    suite = experiment.suite
    wanted = range(1, (epochs or experiment.epochs) + 1)
    if experiment.baseline is None or experiment.accepted is None:
        return _without_baseline(experiment, suite.measure(candidate, wanted))
    changes = _changes(experiment.accepted, candidate)
    if _unseen(candidate, changes):
        candidate = replace(candidate, repairs=True)
    after = suite.measure(candidate, wanted)
    before, pinned = _accepted(experiment, experiment.accepted, candidate)
    locked = tuple(_lock_blockers(candidate, experiment.accepted))
    unread = staleness.unread_prompt(experiment.accepted, candidate, len(wanted))
    if unusable := tuple(unread):
        return _comparison(experiment, before, after, (*locked, *unusable), changes)
    blockers = (
        *locked,
        *staleness.case_blockers(suite, experiment.baseline, before, after),
        *staleness.lost_cases(experiment.names, experiment.baseline, candidate),
        *_gaps(experiment, before, after, changes),
        *staleness.altered_recordings(pinned, experiment.baseline),
        *staleness.mixed_models(after),
    )
    return _comparison(experiment, before, after, blockers, changes)


def unchanged(experiment: Experiment) -> Experiment:
    """`experiment` with the cases that are as they were accepted, and a baseline of only these."""
    if experiment.baseline is None or experiment.accepted is None:
        return experiment
    pinned = experiment.baseline.cases
    requests = experiment.suite.measure(experiment.accepted, range(0)).requests
    kept = [c for c in experiment.suite.cases if not changed(c, requests[c.name], pinned)]
    names = tuple(case.name for case in kept)
    only = {name: pinned[name] for name in names}
    return replace(
        experiment,
        suite=replace(experiment.suite, cases=kept),
        baseline=experiment.baseline.model_copy(update={"cases": only}),
        names=names,
    )


def _accepted(
    experiment: Experiment, accepted: Variant, candidate: Variant
) -> tuple[MeasuredVariant, MeasuredVariant]:
    """The accepted variant with repairs as the candidate has them, and as it was accepted."""
    epochs = range(1, experiment.epochs + 1)
    pinned = experiment.suite.measure(accepted, epochs)
    if accepted.repairs == candidate.repairs:
        return pinned, pinned
    return experiment.suite.measure(replace(accepted, repairs=candidate.repairs), epochs), pinned


def compare_variants(
    experiment: Experiment, first: Variant, second: Variant, epochs: int
) -> Comparison:
    """Compare `second` with `first`; the baseline plays no part. Raises `FileError`."""
    before = experiment.suite.measure(first, range(1, epochs + 1))
    after = experiment.suite.measure(second, range(1, epochs + 1))
    changes = _changes(first, second)
    blockers = [
        blocker
        for measured in (before, after)
        for check in (
            staleness.gap_blockers(measured, experiment.suite),
            staleness.mixed_models(measured),
        )
        for blocker in check
    ]
    return _comparison(experiment, before, after, tuple(blockers), changes)


def _comparison(
    experiment: Experiment,
    before: MeasuredVariant,
    after: MeasuredVariant,
    blockers: tuple[Blocker, ...],
    changes: tuple[str, ...],
) -> Comparison:
    if not blockers:
        return _judged(experiment, before, after, changes)
    verdict: Verdict = "STALE" if any(b.status == "STALE" for b in blockers) else "INCOMPLETE"
    cases = experiment.suite.cases
    return Comparison(verdict, experiment.folder, cases, before, after, blockers, changes=changes)


def _judged(
    experiment: Experiment,
    before: MeasuredVariant,
    after: MeasuredVariant,
    changes: tuple[str, ...],
) -> Comparison:
    suite = experiment.suite
    old, new = suite.score(before, after.variant), suite.score(after, after.variant)
    metrics = compare_metrics(old, new, suite.clusters, suite.metrics)
    failures = broken(old, new)
    untested = tuple(_untested(experiment, after, changes))
    notes = (*untested, *_notes(experiment, before, after, metrics))
    if overall(metrics, failures) == "WORSE":
        further = _further(experiment, before, after)
        if not all(len(scores) == len(new) for scores in further):
            notes = (*notes, _advice(before, after))
        metrics = confirm(metrics, *further, suite.clusters)
        alarms, failures = failures, broken({**old, **further[0]}, new)
        notes = (*notes, *_excused(len(alarms) - len(failures)))
    suite.save()
    verdict = overall(metrics, failures)
    return Comparison(
        verdict="INCONCLUSIVE" if untested and verdict in ("SAME", "BETTER") else verdict,
        folder=experiment.folder,
        cases=suite.cases,
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
        yield f"{counted(count, 'invariant')} excused: further epochs of the baseline fail too"


def _advice(before: MeasuredVariant, after: MeasuredVariant) -> str:
    """How to try an alarm again: as many further epochs of both variants."""
    count = len(after.epochs)
    commands = (staleness.record_command(m.variant, 2 * count) for m in (before, after))
    return (
        f"is this chance? Record epochs {count + 1} to {2 * count} of both prompts, then run the "
        f"gate again: they alone decide; {' && '.join(commands)}"
    )


def _untested(
    experiment: Experiment, after: MeasuredVariant, changes: Sequence[str]
) -> Iterator[str]:
    """A note where the section `# repair` changed and no answer shows it."""
    if _unseen(after.variant, changes):
        yield "first answers do not show the section '# repair'; record and run with --repairs"
    elif after.variant.repairs and _REPAIR in changes:
        first = experiment.suite.measure(replace(after.variant, repairs=False), after.epochs)
        if all(first.answers[key].digest == each.digest for key, each in after.answers.items()):
            yield "no answer needed a repair, so none shows the section '# repair'; add cases"


def _further(
    experiment: Experiment, before: MeasuredVariant, after: MeasuredVariant
) -> tuple[Scores, Scores]:
    """The scores of both variants in as many further epochs, where they are recorded."""
    suite = experiment.suite
    more = range(len(after.epochs) + 1, 2 * len(after.epochs) + 1)
    old, new = (suite.score(suite.measure(m.variant, more), after.variant) for m in (before, after))
    return old, new


def _notes(
    experiment: Experiment,
    before: MeasuredVariant,
    after: MeasuredVariant,
    metrics: Sequence[MetricChange],
) -> Iterator[str]:
    measured = {result.metric for result in metrics}
    if missing := ", ".join(m.name for m in experiment.suite.metrics if m not in measured):
        free = all(a.usage.cost == 0 for one in (before, after) for a in one.answers.values())
        yield f"not measured: {missing}" + (" (nothing was paid)" if free else "")
    if before.variant.model == after.variant.model and before.models != after.models:
        yield (
            f"{after.variant.model} was answered by {', '.join(before.models)} then "
            f"and by {', '.join(after.models)} now"
        )
    if len(experiment.suite.cases) < len(experiment.names):
        yield f"{len(experiment.suite.cases)} of {len(experiment.names)} cases: a look, not a gate"


# --- blockers ----------------------------------------------------------------------------------


def _changes(old: Variant, new: Variant) -> tuple[str, ...]:
    model = () if old.model == new.model else (f"model {old.model} -> {new.model}",)
    return (*model, *staleness.prompt_changes(old.prompt, new.prompt))


def _unseen(variant: Variant, changes: Sequence[str]) -> bool:
    """Whether the changed part is the repair section, and only first answers are compared.

    A draft has no repairs.
    """
    judged = variant.repairs or variant.drafts
    return not judged and _REPAIR in changes


def _gaps(
    experiment: Experiment, before: MeasuredVariant, after: MeasuredVariant, changes: Sequence[str]
) -> Iterator[Blocker]:
    """The gaps of both variants; only once where both miss the answers to the same requests."""
    yield from staleness.gap_blockers(after, experiment.suite, changes)
    if before.requests != after.requests or before.gaps != after.gaps:
        yield from staleness.gap_blockers(before, experiment.suite)


def _lock_blockers(candidate: Variant, accepted: Variant) -> Iterator[Blocker]:
    changes = staleness.version_changes(accepted.prompt, candidate.prompt)
    reason = prompts_lock.violation(
        candidate.prompt, prompts_lock.load(candidate.folder.prompts_lock), changes
    )
    if reason:
        yield Blocker("STALE", reason, staleness.run_command(candidate))


def _without_baseline(experiment: Experiment, after: MeasuredVariant) -> Comparison:
    command = staleness.accept_command(after.variant)
    blockers = (
        *staleness.gap_blockers(after, experiment.suite),
        Blocker("INCOMPLETE", "nothing was accepted yet, so there is no baseline", command),
    )
    return Comparison(
        "INCOMPLETE", experiment.folder, experiment.suite.cases, None, after, blockers
    )
