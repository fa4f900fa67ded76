"""Comparing any sides: prompt versions, models, or the recordings of two ledgers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rewriter.errors import ConfigurationError
from rewriter.regression import experiment
from rewriter.regression.experiment import Report, Setting
from rewriter.regression.recordings import Recordings
from rewriter.regression.sides import Side


@dataclass(frozen=True)
class Defaults:
    """What a side is that says nothing else."""

    prompt: str
    prompts: Path | None
    models: Sequence[str]
    repairs: bool


def sides(words: Sequence[str], setting: Setting, defaults: Defaults) -> list[Side]:
    """The sides that `words` name: `PROMPT`, `PROMPT@MODEL`, `@MODEL`, or a folder of recordings.

    A side without a model stands for one with each of the default models. Raises
    `ConfigurationError` for fewer than two sides.
    """
    found = [side for word in words for side in _sides(word, setting, defaults)]
    if len(found) < 2:
        raise ConfigurationError(
            "a comparison has two sides: name another prompt, @MODEL or folder"
        )
    return found


def _sides(word: str, setting: Setting, defaults: Defaults) -> Iterator[Side]:
    folder = Path(word)
    is_ledger = folder.is_dir()
    prompt, _, model = ("", "", "") if is_ledger else word.partition("@")
    for name in [model] if model else defaults.models:
        side = experiment.side(
            setting.suite,
            prompt or defaults.prompt,
            defaults.prompts,
            name,
            repairs=defaults.repairs,
        )
        yield replace(side, recordings=Recordings(folder)) if is_ledger else side


def compare(setting: Setting, sides: Sequence[Side], epochs: int) -> list[Report]:
    """Each further side against the first."""
    return [experiment.against_each_other(setting, sides[0], other, epochs) for other in sides[1:]]
