"""Accepting a candidate: it becomes the baseline, and its version becomes final."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from rewriter.errors import ConfigurationError
from rewriter.files import atomic
from rewriter.regression import baseline, prompts_lock, staleness
from rewriter.regression.baseline import Baseline, PinnedCase
from rewriter.regression.cases import with_plain_line_ends
from rewriter.regression.comparison import Comparison, compare_with_baseline, unchanged
from rewriter.regression.experiment import Experiment, prompt_path
from rewriter.regression.variants import MeasuredVariant, Variant


def judge(experiment: Experiment, candidate: Variant, epochs: int | None = None) -> Comparison:
    """The comparison that decides whether `candidate` may be accepted.

    New and changed cases are left out where the baseline has others.
    """
    comparison = compare_with_baseline(experiment, candidate, epochs)
    unread = any(blocker.unread for blocker in comparison.blockers)
    if not comparison.blockers or not experiment.baseline or unread:
        return comparison
    kept = unchanged(experiment)
    if (kept.names, kept.baseline) == (experiment.names, experiment.baseline):
        return comparison
    return replace(compare_with_baseline(kept, candidate, epochs), after=comparison.after)


def accept(
    experiment: Experiment,
    comparison: Comparison,
    *,
    first: bool = False,
    even_worse: str = "",
    repairs: bool = False,
    prompts: Path | None,
) -> None:
    """Write the candidate of `comparison` as the baseline, with its prompt file and version.

    The baseline has the first answers, or with `repairs` the repaired ones. Raises
    `ConfigurationError` for answers that are not recorded, for a locked version with other content,
    and for a candidate that is not shown to be as good. It is accepted all the same if it is the
    `first` that a model answered, or with a reason why `even_worse` is right.
    """
    after, folder = comparison.after, experiment.folder
    if after.variant.repairs and not repairs:
        first_answers = replace(after.variant, repairs=False)
        after = experiment.suite.measure(first_answers, after.epochs)
    accepted = experiment.accepted
    if accepted and not (first and not accepted.reads_prompt):
        _refuse_worse(comparison, accepted, first=first, even_worse=even_worse)
    if after.gaps or len(experiment.suite.cases) < len(experiment.names):
        raise ConfigurationError(
            "a baseline has an answer to every case: "
            + "; ".join(map(str, staleness.gap_blockers(after, experiment.suite)))
        )
    changes = staleness.version_changes(accepted.prompt if accepted else None, after.variant.prompt)
    prompts_lock.save(folder.prompts_lock, after.variant.prompt, changes)
    path = prompt_path(after.variant.prompt_name, prompts)
    text = with_plain_line_ends(path.read_bytes())
    atomic.write(folder.accepted_prompt(after.variant.prompt.name), text)
    baseline.save(
        folder.baseline(after.variant.prompt.name),
        _pinned(experiment, after, text, even_worse),
    )


def _refuse_worse(
    comparison: Comparison, accepted: Variant, *, first: bool, even_worse: str
) -> None:
    """Raise for a candidate that is not shown to be as good, without a reason to accept it."""
    if first:
        raise ConfigurationError(
            f"--first is for a first baseline of a prompt; this one has {accepted}: "
            "compare with it, or accept with --even-worse REASON"
        )
    if not even_worse and comparison.verdict not in ("BETTER", "SAME"):
        if comparison.after.gaps and accepted.reads_prompt:  # no reason could make up for them
            blockers = "; ".join(map(str, comparison.blockers))
            raise ConfigurationError(
                f"{comparison.after.variant} cannot be accepted yet: {blockers}"
            )
        way = "" if accepted.reads_prompt else "--first, or "
        raise ConfigurationError(
            f"{comparison.after.variant} is {comparison.verdict}; to accept it all the same, say "
            f"why with {way}--even-worse REASON"
        )


def _pinned(experiment: Experiment, after: MeasuredVariant, text: bytes, reason: str) -> Baseline:
    return Baseline(
        prompt=hashlib.sha256(text).hexdigest(),
        model=after.variant.model,
        epochs=len(after.epochs),
        repairs=after.variant.repairs,
        reason=reason,
        cases={
            case.name: PinnedCase(
                article=case.article_digest,
                request=after.requests[case.name],
                expectations=case.expectations_digest,
                answers=tuple(after.answers[case.name, n].digest for n in after.epochs),
            )
            for case in experiment.suite.cases
        },
    )
