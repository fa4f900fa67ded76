"""Variants: a prompt and a model, with the answers that are recorded for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rewriter.prompting.prompt import Prompt
from rewriter.prompting.reader_prompt import ReaderPrompt
from rewriter.regression.recordings import PROMPT_UNREAD, REFERENCE, RecordedAnswer, Recordings
from rewriter.regression.suite_folder import RECORDINGS, SuiteFolder

CaseEpoch = tuple[str, int]  # name of the case, and epoch from 1


@dataclass(frozen=True)
class Variant:
    """A prompt and a model whose answers are compared.

    `prompt_name` is the value of `--prompt` that names the prompt. With `repairs` the answers are
    compared after their repairs, otherwise the first answers.
    """

    prompt: Prompt | ReaderPrompt
    prompt_name: str
    model: str
    folder: SuiteFolder
    recordings: Recordings
    repairs: bool = False

    def __str__(self) -> str:
        where = "" if self.recordings.folder.name == RECORDINGS else f", {self.recordings.folder}"
        who = "author: reference" if self.model == REFERENCE else self.model
        repaired = ", repaired" if self.repairs else ""
        return f"{self.prompt.name} v{self.prompt.version}, {who}{repaired}{where}"

    @property
    def drafts(self) -> bool:
        """Whether the extractive engine answered: its drafts are never repaired."""
        return self.model == "extractive"

    @property
    def reads_prompt(self) -> bool:
        """Whether the answers depend on the prompt; those of people and of extracts do not."""
        return self.model not in PROMPT_UNREAD


@dataclass(frozen=True)
class MeasuredVariant:
    """The recorded answers of one variant.

    `requests` has the digest of the request of each case. `gaps` has the epochs that are not
    recorded, by case.
    """

    variant: Variant
    epochs: range
    answers: Mapping[CaseEpoch, RecordedAnswer]
    requests: Mapping[str, str]
    gaps: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that answered."""
        return tuple(sorted({answered.model for answered in self.answers.values()}))
