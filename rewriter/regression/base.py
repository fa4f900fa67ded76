"""The baseline of another commit: a pull request that accepts its own prompt is judged by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rewriter.errors import ConfigurationError
from rewriter.escaping import counted
from rewriter.files import atomic
from rewriter.regression import baseline as pins
from rewriter.regression.comparison import Comparison, compare_with_baseline, unchanged
from rewriter.regression.experiment import Experiment, accepted_variant
from rewriter.regression.git import git
from rewriter.regression.recordings import PROMPT_UNREAD
from rewriter.regression.suite_folder import SuiteFolder
from rewriter.regression.variants import Variant


def compare_with_base(
    experiment: Experiment, candidate: Variant, epochs: int | None, revision: str
) -> Comparison:
    """Compare `candidate` with what the commit `revision` had accepted, in the cases it had too.

    Where it had accepted nothing that a model answered, and where anything is stale or incomplete,
    this is the comparison with the baseline that is here. Raises what `compare_with_baseline` does,
    and `ConfigurationError` for an unknown commit.
    """
    name, folder = candidate.prompt.name, experiment.folder
    there = folder_at(folder, revision, (folder.baseline(name), folder.accepted_prompt(name)))
    here = compare_with_baseline(experiment, candidate, epochs)
    if here.blockers or experiment.baseline is None:
        return here
    accepted = pins.load(there.baseline(name)) if there else None
    if accepted == experiment.baseline:
        return here
    if there is None or accepted is None or accepted.model in PROMPT_UNREAD:
        return _with_note(here, f"{revision} has no baseline that a model answered")
    variant = accepted_variant(there, name, accepted)
    base = replace(experiment, folder=there, baseline=accepted, accepted=variant)
    judged = unchanged(base)
    if not judged.suite.cases:
        return _with_note(here, f"{revision} has none of these cases as they are now")
    found = compare_with_baseline(judged, candidate, epochs)
    if others := len(experiment.suite.cases) - len(judged.suite.cases):
        found = _with_note(found, f"{counted(others, 'case')} new or changed since {revision}")
    if gone := sorted(accepted.cases.keys() - set(experiment.names)):
        found = _with_note(found, f"{revision} has cases that are gone: {', '.join(gone)}")
    if reason := experiment.baseline.reason:
        found = _with_note(found, f"accepted for this reason: {reason}")
    return _with_note(found, f"compared with what {revision} has accepted")


def folder_at(folder: SuiteFolder, revision: str, files: Sequence[Path]) -> SuiteFolder | None:
    """`folder` with the accepted `files` as the commit `revision` has them; None without them.

    Raises `ConfigurationError` for an unknown commit, and `FileError`.
    """
    commit = git(folder.path, "rev-parse", "--verify", f"{revision}^{{commit}}", check=False)
    if commit is None:
        git(folder.path, "rev-parse", "--git-dir")  # says what keeps git from reading at all
        raise ConfigurationError(
            f"--base {revision}: git knows no such commit here; fetch it (in a workflow, "
            "actions/checkout with fetch-depth: 2 has HEAD^1)"
        )
    target = folder.cache / "base"
    for file in files:
        place = file.relative_to(folder.path)
        text = git(folder.path, "show", f"{commit.strip()}:./{place.as_posix()}", check=False)
        if text is None:
            return None
        atomic.write(target / place, text.encode())
    atomic.write(folder.cache / ".gitignore", b"*\n")
    return replace(folder, accepted_in=target)


def _with_note(comparison: Comparison, note: str) -> Comparison:
    return replace(comparison, notes=(*comparison.notes, note))
