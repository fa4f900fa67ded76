"""Accepting a candidate: it becomes the baseline, and its version becomes final."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from rewriter.errors import ConfigurationError
from rewriter.files import atomic
from rewriter.regression import baseline, prompts_lock, staleness
from rewriter.regression.baseline import Baseline
from rewriter.regression.cases import with_plain_line_ends
from rewriter.regression.comparison import Comparison, compare_with_baseline, unchanged
from rewriter.regression.experiment import Experiment, prompt_path
from rewriter.regression.variants import MeasuredVariant, Variant
from rewriter.regression.verdict import Verdict


@dataclass(frozen=True)
class Reasons:
    """Reasons to accept a candidate that is not shown to be as good as the baseline.

    `first` says that no model has answered the baseline yet, `even_worse` is a person's reason.
    """

    first: bool = False
    even_worse: str = ""


NO_REASONS = Reasons()


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
    reasons: Reasons = NO_REASONS,
    *,
    repairs: bool = False,
    prompts: Path | None,
) -> None:
    """Write the candidate of `comparison` as the baseline, with its prompt file and version.

    The baseline has the first answers, or with `repairs` the repaired ones. Raises
    `ConfigurationError` for answers that are not recorded, for a locked version with other content,
    and, without `reasons`, for a candidate that is not shown to be as good.
    """
    after, folder, candidate = comparison.after, experiment.folder, comparison.after.variant
    if after.variant.repairs and not repairs:
        first_answers = replace(after.variant, repairs=False)
        after = experiment.suite.measure(first_answers, after.epochs)
    if accepted := experiment.accepted:
        by_model = accepted.reads_prompt
        refuse_worse(reasons, comparison.verdict, candidate, accepted, by_model=by_model)
    if after.gaps or len(experiment.suite.cases) < len(experiment.names):
        raise ConfigurationError(
            "a baseline has an answer to every case: "
            + "; ".join(map(str, staleness.gap_blockers(after, experiment.suite, folder)))
        )
    changes = staleness.version_changes(accepted.prompt if accepted else None, after.variant.prompt)
    prompts_lock.save(folder.prompts_lock, after.variant.prompt, changes)
    path = prompt_path(after.variant.prompt_name, prompts)
    text = with_plain_line_ends(path.read_bytes())
    atomic.write(folder.accepted_prompt(after.variant.prompt.name), text)
    baseline.save(
        folder.baseline(after.variant.prompt.name),
        _pinned(experiment, after, text, reasons.even_worse),
    )


def refuse_worse(
    reasons: Reasons, verdict: Verdict, candidate: object, accepted: object, *, by_model: bool
) -> None:
    """Raise for a candidate that is not shown to be as good, without a reason to accept it.

    `by_model` says whether a model answered what was accepted.
    """
    if reasons.first and by_model:
        raise ConfigurationError(
            f"--first is for a first baseline of a prompt; this one has {accepted}: "
            "compare with it, or accept with --even-worse REASON"
        )
    if reasons.first or reasons.even_worse or verdict in ("BETTER", "SAME"):
        return
    way = "--even-worse REASON" if by_model else "--first, or --even-worse REASON"
    raise ConfigurationError(
        f"{candidate} is {verdict}; to accept it all the same, say why with {way}"
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
