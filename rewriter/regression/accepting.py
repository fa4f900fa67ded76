"""Accepting a candidate: it becomes the baseline, and its version becomes final."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from rewriter.errors import ConfigurationError
from rewriter.files import atomic
from rewriter.prompting import prompt_file
from rewriter.regression import baseline, prompts_lock, staleness
from rewriter.regression.baseline import Baseline, changed
from rewriter.regression.comparison import Comparison, compare_variants, compare_with_baseline
from rewriter.regression.experiment import Experiment
from rewriter.regression.variants import MeasuredVariant, Variant


def judge(experiment: Experiment, candidate: Variant, epochs: int | None = None) -> Comparison:
    """The comparison that decides whether `candidate` may be accepted.

    New and changed cases are left out where the baseline has others.
    """
    comparison = compare_with_baseline(experiment, candidate, epochs)
    if (
        not comparison.blockers
        or not experiment.baseline
        or not experiment.accepted
        or not comparison.before
    ):
        return comparison
    pinned, requests = experiment.baseline.cases, comparison.before.requests
    same = [c for c in experiment.suite.cases if not changed(c, requests[c.name], pinned)]
    if len(same) == len(experiment.suite.cases):
        return comparison
    kept = replace(experiment, suite=replace(experiment.suite, cases=same))
    partial = compare_variants(kept, comparison.before.variant, candidate, experiment.epochs)
    return replace(partial, after=comparison.after)


def accept(
    experiment: Experiment, comparison: Comparison, *, reason: str = "", prompts: Path | None
) -> None:
    """Write the candidate of `comparison` as the baseline, with its prompt file and version.

    Raises `ConfigurationError` for answers that are not recorded, for a locked version with other
    content, and, without a `reason`, for a candidate that is not shown to be as good.
    """
    after, folder = comparison.after, experiment.folder
    if after.gaps or len(experiment.suite.cases) < len(experiment.names):
        raise ConfigurationError(
            "a baseline has an answer to every case: "
            + "; ".join(map(str, staleness.gap_blockers(after, experiment.suite, folder)))
        )
    if experiment.baseline and comparison.verdict not in ("BETTER", "SAME") and not reason:
        raise ConfigurationError(
            f"{after.variant} is {comparison.verdict}; to accept it all the same, say why with "
            "--even-worse REASON"
        )
    accepted = experiment.accepted.prompt if experiment.accepted else None
    changes = staleness.version_changes(accepted, after.variant.prompt)
    prompts_lock.save(folder.prompts_lock, after.variant.prompt, changes)
    text = prompt_file.path_of(after.variant.prompt_name, prompts).read_bytes()
    atomic.write(folder.accepted_prompt(after.variant.prompt.name), text)
    baseline.save(
        folder.baseline(after.variant.prompt.name), _pinned(experiment, after, text, reason)
    )


def _pinned(experiment: Experiment, after: MeasuredVariant, text: bytes, reason: str) -> Baseline:
    return Baseline(
        prompt=hashlib.sha256(text).hexdigest(),
        model=after.variant.model,
        epochs=len(after.epochs),
        repairs=after.variant.repairs,
        reason=reason,
        cases={
            case.name: baseline.pin(
                case,
                after.requests[case.name],
                [after.answers[case.name, n].digest for n in after.epochs],
            )
            for case in experiment.suite.cases
        },
    )
