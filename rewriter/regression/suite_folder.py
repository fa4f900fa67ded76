"""The suite: one folder with everything that a verdict depends on, all of it committed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT = Path("tests/regression")
RECORDINGS = "recordings"
BASELINES = "baselines"


@dataclass(frozen=True)
class SuiteFolder:
    """Where each part of a suite lies."""

    path: Path = DEFAULT

    @property
    def cases(self) -> Path:
        """`NAME.toml` with what is expected, beside the raw article `NAME.*`."""
        return self.path / "cases"

    @property
    def recordings(self) -> Path:
        """A ledger: one file for each answer."""
        return self.path / RECORDINGS

    @property
    def references(self) -> Path:
        """`NAME.json`: an answer to the case NAME that a person wrote."""
        return self.path / "references"

    @property
    def baselines(self) -> Path:
        """For each prompt what was accepted last."""
        return self.path / BASELINES

    def baseline(self, prompt: str) -> Path:
        """What was accepted last of the prompt called `prompt`, pinned by digests."""
        return self.baselines / f"{prompt}.json"

    def accepted_prompt(self, prompt: str) -> Path:
        """The accepted prompt file, whole: its requests are rendered again at each run."""
        return self.baselines / f"{prompt}.prompt.md"

    @property
    def prompts_lock(self) -> Path:
        """The digest of each accepted prompt version."""
        return self.path / "prompts.lock"

    @property
    def cache(self) -> Path:
        """Scores and cleaned sources; never committed, safe to delete."""
        return self.path / ".cache"
