"""Which commit made a prompt worse: the versions in its git history, compared from recordings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rewriter.errors import ConfigurationError, PromptError
from rewriter.prompting import prompt_file
from rewriter.prompting.prompt import Prompt
from rewriter.regression.comparison import Comparison, compare_variants
from rewriter.regression.experiment import Experiment
from rewriter.regression.git import git
from rewriter.regression.recordings import Recordings
from rewriter.regression.variants import Variant
from rewriter.regression.verdict import Verdict


@dataclass(frozen=True)
class Commit:
    """One commit that changed the prompt file, which was called `file` then.

    `prompt` is None where it cannot be read.
    """

    name: str
    file: str
    day: str
    subject: str
    prompt: Prompt | None


@dataclass(frozen=True)
class Step:
    """A commit with its verdict against the first recorded commit, which has None itself."""

    commit: Commit
    verdict: Verdict | None
    why: str = ""


def steps(experiment: Experiment, history: Sequence[Commit], model: str, epochs: int) -> list[Step]:
    """Every commit of `history` with its verdict.

    Every commit is compared, because that makes no call. It also shows what a binary search
    cannot: a loss that was repaired later, and commits without recordings.
    """
    return list(_steps(experiment, history, model, epochs))


def first_worse(found: Sequence[Step]) -> Step | None:
    """The first commit that is worse than the first recorded one, None where there is none."""
    return next((step for step in found if step.verdict == "WORSE"), None)


def exit_code(found: Sequence[Step], missing: Sequence[str] = ()) -> int:
    """1 where a commit is worse, 5 where a part is `missing` or none is recorded, otherwise 0."""
    if first_worse(found):
        return 1
    if missing:
        return 5
    return 0 if any(step.verdict in (None, "SAME", "BETTER") for step in found) else 5


def _steps(
    experiment: Experiment, history: Sequence[Commit], model: str, epochs: int
) -> Iterator[Step]:
    good: Variant | None = None
    for commit in history:
        if commit.prompt is None:
            yield Step(commit, "STALE", "not a prompt that can be read")
            continue
        variant = Variant(
            commit.prompt, commit.file, model, Recordings(experiment.folder.recordings)
        )
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
    """The commits that changed the file at `path`, oldest first, also under its former names.

    Raises `ConfigurationError` without git, outside a repository, and for a file without a commit.
    """
    folder = path.parent.absolute()
    if not folder.is_dir() or git(folder, "rev-parse", "--git-dir", check=False) is None:
        raise ConfigurationError(
            f"{path}: is in no git repository, whose history bisect reads; name your prompt file "
            "with --prompt"
        )
    words = ("--follow", "--name-only", "--date=short", "--format=%x01%h%x00%ad%x00%s%x00")
    log = git(folder, "log", *words, "--", path.name, check=False) or ""
    found = [_commit(folder, entry) for entry in log.split("\x01")[1:]]
    if not found:
        raise ConfigurationError(f"{path}: no commit has this file; commit it first")
    return found[::-1]


def missing(path: Path, history: Sequence[Commit]) -> list[str]:
    """What this history of the file at `path` does not have, and how to get it."""
    folder, first = path.parent.absolute(), history[0]
    found = []
    if (git(folder, "rev-parse", "--is-shallow-repository") or "").strip() == "true":
        found.append(
            f"the clone is shallow: commits before {first.name} are missing; run: git fetch "
            "--unshallow (in a workflow: fetch-depth: 0)"
        )
    gone = git(folder, "show", "--no-renames", "--diff-filter=D", *_NAMES, first.name) or ""
    if former := [name for name in gone.split("\n") if name.endswith(".md")]:
        found.append(
            f"{first.name} deleted {', '.join(former)}; if that is the same prompt, its history is "
            "missing: the texts are too different to follow the new name"
        )
    return found


_NAMES = ("--name-only", "--format=")


def _commit(folder: Path, entry: str) -> Commit:
    name, day, subject, files = entry.split("\0")
    file = files.strip().split("\n")[-1]
    text = git(folder, "show", f"{name}:{file}", check=False)
    try:
        prompt = None if text is None else prompt_file.parse(text, f"{file} at {name}")
    except PromptError:
        prompt = None
    return Commit(name, file, day, subject, prompt)
