"""An experiment: a suite that was read for one prompt, with its baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from rewriter.errors import ConfigurationError
from rewriter.prompting import prompt_file, reader_prompt
from rewriter.prompting.prompt import Prompt
from rewriter.prompting.reader_prompt import ReaderPrompt
from rewriter.regression import baseline as pins
from rewriter.regression import cases as case_files
from rewriter.regression import labelled_pairs
from rewriter.regression.baseline import Baseline
from rewriter.regression.cases import Case
from rewriter.regression.labelled_pairs import AnyCase, LabelledPair
from rewriter.regression.reader_suite import ReaderSuite
from rewriter.regression.recordings import Recordings
from rewriter.regression.suite import Suite, read_suite
from rewriter.regression.suite_folder import SuiteFolder
from rewriter.regression.variants import Variant
from rewriter.validation import nearest

C = TypeVar("C", Case, LabelledPair)


@dataclass(frozen=True)
class Experiment:
    """A suite that was read for one prompt, with its baseline and the accepted variant.

    `names` are all cases of the folder; `suite` may have a part of them.
    """

    folder: SuiteFolder
    suite: Suite
    baseline: Baseline | None
    accepted: Variant | None
    names: tuple[str, ...]

    @property
    def epochs(self) -> int:
        """The number of accepted epochs; 1 without a baseline."""
        return self.baseline.epochs if self.baseline else 1


def read_experiment(folder: SuiteFolder, prompt: str, only: Sequence[str] = ()) -> Experiment:
    """Read the suite for the prompt called `prompt`, with all cases or those in `only`.

    Raises `ConfigurationError` for wrong files, `FileError` for files that cannot be read, and
    `SourceError` for an article that cannot be cleaned.
    """
    if folder.of_reader:
        pairs = labelled_pairs.load(folder.cases)
        suite: Suite = ReaderSuite(_chosen(pairs, only))
        return _experiment(folder, suite, prompt, pairs)
    cases, mistakes = case_files.read(folder.cases)
    # With mistakes all cases are read: a case of `only` may be one that is not whole.
    articles = read_suite(_chosen(cases, () if mistakes else only), folder.cache)
    case_files.refuse([*mistakes, *articles.unsayable()])
    return _experiment(folder, articles, prompt, cases)


def _chosen(cases: Sequence[C], only: Sequence[str]) -> tuple[C, ...]:
    """The cases named in `only`, or all of them. Raises `ConfigurationError` for an unknown one."""
    names = [case.name for case in cases]
    if unknown := [name for name in only if name not in names]:
        near = nearest(unknown[0], names, "case")
        raise ConfigurationError(f"no case {', '.join(unknown)}; {near}")
    return tuple(case for case in cases if not only or case.name in only)


def _experiment(
    folder: SuiteFolder, suite: Suite, prompt: str, cases: Sequence[AnyCase]
) -> Experiment:
    accepted = pins.load(folder.baseline(prompt))
    return Experiment(
        folder=folder,
        suite=suite,
        baseline=accepted,
        accepted=accepted_variant(folder, prompt, accepted) if accepted else None,
        names=tuple(case.name for case in cases),
    )


def make_variant(
    folder: SuiteFolder,
    prompt_name: str,
    prompts: Path | None,
    model: str,
    *,
    repairs: bool = False,
) -> Variant:
    """The variant of `model` and of the prompt `prompt_name`, a name or a path.

    Raises `PromptError` for a prompt that cannot be loaded, and `ConfigurationError` for one of
    another kind than the suite's.
    """
    path = prompt_path(prompt_name, prompts)
    prompt = parse_prompt(prompt_file.read(path), str(path))
    if isinstance(prompt, ReaderPrompt) is not folder.of_reader:
        raise ConfigurationError(
            f"{prompt_name}: a rewriter's prompt and a second reader's cannot be compared; name a "
            "prompt of the same kind with --prompt"
        )
    recordings = Recordings(folder.recordings)
    return Variant(prompt, prompt_name, model, folder, recordings, repairs)


def prompt_path(name: str, prompts: Path | None) -> Path:
    """The prompt file that `name` names; the shipped second reader's where the folder has none."""
    path = prompt_file.path_of(name, prompts)
    return path if path.exists() or name != reader_prompt.NAME else prompt_file.path_of(name)


def parse_prompt(text: str, path: str) -> Prompt | ReaderPrompt:
    """The prompt in the text of a file, the rewriter's or a second reader's.

    Raises `PromptError`.
    """
    parse = reader_prompt.parse if prompt_file.is_readers(text) else prompt_file.parse
    return parse(text, path)


def named_variant(word: str, usual: Variant, prompts: Path | None) -> Variant:
    """The variant that a word names: `PROMPT`, `PROMPT@MODEL`, `@MODEL`, or a ledger's folder.

    `usual` has the prompt and the model that the word leaves out.
    """
    if (recordings := Path(word)).is_dir():
        return replace(usual, recordings=Recordings(recordings))
    name, _, model = word.partition("@")
    return make_variant(
        usual.folder,
        name or usual.prompt_name,
        prompts,
        model or usual.model,
        repairs=usual.repairs,
    )


def accepted_variant(folder: SuiteFolder, prompt: str, baseline: Baseline) -> Variant:
    """The variant that `baseline` of the prompt called `prompt` accepted.

    Raises `ConfigurationError` for an accepted prompt file that was changed or is gone.
    """
    path = folder.accepted_prompt(prompt)
    pins.require_prompt(path, baseline)
    return make_variant(folder, str(path), None, baseline.model, repairs=baseline.repairs)
