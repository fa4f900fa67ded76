"""Which commit made a prompt worse: the versions in its git history, compared from recordings."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rewriter.errors import ConfigurationError, PromptError
from rewriter.prompting import prompt_file
from rewriter.prompting.prompt import Prompt
from rewriter.regression.comparison import Comparison, compare_variants
from rewriter.regression.experiment import Experiment
from rewriter.regression.recordings import Recordings
from rewriter.regression.variants import Variant
from rewriter.regression.verdict import Verdict


@dataclass(frozen=True)
class Commit:
    """One commit that changed the prompt file; `prompt` is None where it cannot be read."""

    name: str
    day: str
    subject: str
    prompt: Prompt | None


@dataclass(frozen=True)
class Step:
    """A commit with its verdict against the first recorded commit, which has None itself."""

    commit: Commit
    verdict: Verdict | None
    why: str = ""


def steps(experiment: Experiment, path: Path, model: str, epochs: int) -> list[Step]:
    """Every commit of the prompt file at `path`, oldest first, with its verdict.

    Every commit is compared, because that makes no call. It also shows what a binary search
    cannot: a loss that was repaired later, and commits without recordings. Raises
    `ConfigurationError` without git.
    """
    return list(_steps(experiment, commits(path), str(path), model, epochs))


def first_worse(found: Sequence[Step]) -> Step | None:
    """The first commit that is worse than the first recorded one, None where there is none."""
    return next((step for step in found if step.verdict == "WORSE"), None)


def exit_code(found: Sequence[Step]) -> int:
    """1 where a commit is worse, 5 where none is recorded, otherwise 0."""
    if first_worse(found):
        return 1
    return 0 if any(step.verdict in (None, "SAME", "BETTER") for step in found) else 5


def _steps(
    experiment: Experiment, history: Sequence[Commit], name: str, model: str, epochs: int
) -> Iterator[Step]:
    good: Variant | None = None
    for commit in history:
        if commit.prompt is None:
            yield Step(commit, "STALE", "not a prompt that can be read")
            continue
        variant = Variant(commit.prompt, name, model, Recordings(experiment.folder.recordings))
        if good is None:
            gaps = experiment.suite.measure(variant, range(1, epochs + 1)).gaps
            good = None if gaps else variant
            yield Step(commit, "INCOMPLETE" if gaps else None, "not recorded" if gaps else "")
            continue
        comparison = compare_variants(experiment, good, variant, epochs)
        yield Step(commit, comparison.verdict, _why(comparison))


def _why(comparison: Comparison) -> str:
    if comparison.blockers:
        return "not recorded"
    worse = [
        result.metric.name for result in comparison.metrics if result.verdict == comparison.verdict
    ]
    broken = [f"{failure.case}: {failure.invariant}" for failure in comparison.broken[:1]]
    if comparison.verdict in ("SAME", "BETTER"):
        return ""
    return ", ".join(broken + worse) or "first answers do not show the section '# repair'"


def commits(path: Path) -> list[Commit]:
    """The commits that changed the file at `path`, oldest first."""
    folder = path.parent.absolute()
    log = _git(
        folder, "log", "--reverse", "--date=short", "--format=%h%x00%ad%x00%s", "--", path.name
    )
    return [_commit(folder, path.name, *line.split("\0")) for line in log.splitlines()]


def _commit(folder: Path, file: str, name: str, day: str, subject: str) -> Commit:
    try:
        prompt = prompt_file.parse(_git(folder, "show", f"{name}:./{file}"), f"{file} at {name}")
    except (PromptError, ConfigurationError):  # the commit deleted or broke the file
        return Commit(name, day, subject, None)
    return Commit(name, day, subject, prompt)


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words and a path, no shell
            ["git", "-C", str(folder), *words],  # noqa: S607 - whichever git the user has
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
    except FileNotFoundError as error:
        raise ConfigurationError(
            "bisect reads the prompt's git history, and there is no git"
        ) from error
    except subprocess.CalledProcessError as error:
        raise ConfigurationError(f"git: {error.stderr.strip()}") from error
    return done.stdout
