"""The folder of a suite: everything that a verdict depends on, committed with the code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT = Path("tests/regression")
RECORDINGS = "recordings"
BASELINES = "baselines"
READER = "reader"


@dataclass(frozen=True)
class SuiteFolder:
    """The paths of a suite's parts.

    `of_reader` is for the labelled pairs of the second reader and what was accepted of its prompt.
    `accepted_in` has what another commit accepted.
    """

    path: Path = DEFAULT
    accepted_in: Path | None = None
    of_reader: bool = False

    @property
    def cases(self) -> Path:
        """`NAME.toml`: expectations of the raw article `NAME.*`, or a source and labelled texts."""
        return self.path / (READER if self.of_reader else "cases")

    @property
    def recordings(self) -> Path:
        """A ledger: one file for each answer."""
        return self.path / RECORDINGS

    @property
    def references(self) -> Path:
        """`NAME.json`: a person's answer to the case NAME."""
        return self.path / "references"

    @property
    def baselines(self) -> Path:
        """The baseline and the accepted prompt file of each prompt."""
        return (self.accepted_in or self.path) / (READER if self.of_reader else BASELINES)

    def baseline(self, prompt: str) -> Path:
        """The baseline of the prompt called `prompt`."""
        return self.baselines / f"{prompt}.json"

    def accepted_prompt(self, prompt: str) -> Path:
        """A copy of the accepted prompt file: each run renders its requests again."""
        return self.baselines / f"{prompt}.prompt.md"

    @property
    def prompts_lock(self) -> Path:
        """The digest of each accepted prompt version."""
        return self.path / "prompts.lock"

    @property
    def cache(self) -> Path:
        """Cached scores and cleaned sources; not committed, safe to delete."""
        return self.path / ".cache"
