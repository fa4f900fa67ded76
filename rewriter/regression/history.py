"""Which commit made a prompt worse: the versions in its git history, compared from recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rewriter.errors import ConfigurationError, PromptError
from rewriter.prompting.prompt import Prompt
from rewriter.prompting.reader_prompt import ReaderPrompt
from rewriter.regression.comparison import Comparison, compare_variants
from rewriter.regression.experiment import Experiment, parse_prompt
from rewriter.regression.git import git
from rewriter.regression.recordings import Recordings
from rewriter.regression.variants import Variant
from rewriter.regression.verdict import Verdict, exit_code


@dataclass(frozen=True)
class Commit:
    """One commit that changed the prompt file, which was called `file` then.

    `prompt` is None where it cannot be read.
    """

    name: str
    file: str
    day: str
    subject: str
    prompt: Prompt | ReaderPrompt | None


@dataclass(frozen=True)
class Step:
    """A commit with its verdict against the good one, which has None itself."""

    commit: Commit
    verdict: Verdict | None
    why: str = ""


@dataclass(frozen=True)
class Bisection:
    """The commits that were looked at, oldest first, and the first one that is worse.

    `unknown` are the commits right before `worse` of which nobody knows: they are not recorded, or
    inconclusive.
    """

    steps: Sequence[Step]
    worse: Commit | None = None
    unknown: Sequence[Commit] = ()

    @property
    def exit_code(self) -> int:
        """1 where a commit is worse, otherwise that of the present prompt's verdict."""
        return exit_code(self.steps[-1].verdict or "SAME")


def bisect(
    experiment: Experiment, history: Sequence[Commit], model: str, epochs: int, good: Commit
) -> Bisection:
    """Halve the commits between `good` and the last one until the first worse one is found.

    A commit that is not recorded, or inconclusive, is passed over.
    """

    def variant(commit: Commit) -> Variant | None:
        prompt, folder = commit.prompt, experiment.folder
        if prompt is None or isinstance(prompt, ReaderPrompt) is not folder.of_reader:
            return None
        return Variant(prompt, commit.file, model, folder, Recordings(folder.recordings))

    def judged(commit: Commit) -> Step:
        first, second = variant(good), variant(commit)
        if first is None or second is None:
            return Step(commit, "STALE", "not a prompt that can be read")
        comparison = compare_variants(experiment, first, second, epochs)
        return Step(commit, comparison.verdict, _why(comparison))

    low, high = history.index(good), len(history) - 1
    found = {low: Step(good, None)}
    if high > low:
        found[high] = judged(history[high])
    if found[high].verdict == "WORSE":
        open_ones = set(range(low + 1, high))
        while open_ones:
            middle = min(open_ones, key=lambda n: abs(2 * n - low - high))
            found[middle] = judged(history[middle])
            if found[middle].verdict == "WORSE":
                high = middle
            elif found[middle].verdict in ("SAME", "BETTER"):
                low = middle
            open_ones = {n for n in open_ones if low < n < high} - {middle}
    steps = [found[n] for n in sorted(found)]
    if found[high].verdict != "WORSE":
        return Bisection(steps)
    return Bisection(steps, history[high], history[low + 1 : high])


def last_good(
    experiment: Experiment, history: Sequence[Commit], path: Path, named: str | None
) -> Commit:
    """The commit that `named` names, otherwise the last one that has the accepted prompt.

    Where neither is in `history`, it is the first commit. Raises `ConfigurationError` for a commit
    before which the prompt did not exist.
    """
    if named:
        words = ("log", "-1", "--format=%h", named, "--", path.name)
        name = (git(path.parent.absolute(), *words, check=False) or "").strip()
        for commit in history:
            if name and commit.name == name:
                return commit
        raise ConfigurationError(f"--good {named}: no commit of {path} up to it")
    accepted = experiment.accepted.prompt.digest() if experiment.accepted else ""
    same = [one for one in history if one.prompt and one.prompt.digest() == accepted]
    return (same or history)[-1 if same else 0]


def _why(comparison: Comparison) -> str:
    if comparison.blockers:
        return str(comparison.blockers[0])
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
    # A subject or a name may hold any character but NUL.
    words = ("--follow", "--name-only", "--date=short", "--format=%x00%h%x00%ad%x00%s%x00")
    log = git(folder, "log", *words, "--", path.name, check=False) or ""
    fields = log.split("\0")[1:]
    found = [_commit(folder, *fields[at : at + 4]) for at in range(0, len(fields), 4)]
    if not found:
        raise ConfigurationError(f"{path}: no commit has this file; commit it first")
    return found[::-1]


def missing(path: Path, history: Sequence[Commit]) -> str:
    """What a shallow clone lacks of the history of the file at `path`, and how to get it."""
    if (
        git(path.parent.absolute(), "rev-parse", "--is-shallow-repository") or ""
    ).strip() != "true":
        return ""
    return (
        f"the clone is shallow: commits before {history[0].name} are missing; run: git fetch "
        "--unshallow (in a workflow: fetch-depth: 0)"
    )


def _commit(folder: Path, name: str, day: str, subject: str, files: str) -> Commit:
    file = files.strip().split("\n")[-1]
    text = git(folder, "show", f"{name}:{file}", check=False)
    try:
        prompt = None if text is None else parse_prompt(text, f"{file} at {name}")
    except PromptError:
        prompt = None
    return Commit(name, file, day, subject, prompt)
