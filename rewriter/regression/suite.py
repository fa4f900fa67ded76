"""The suite: one folder with everything that a verdict depends on, all of it committed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT = Path("tests/regression")
RECORDINGS = "recordings"


@dataclass(frozen=True)
class Suite:
    """Where each part of a suite lies."""

    folder: Path = DEFAULT

    @property
    def cases(self) -> Path:
        """`NAME.toml` with what is expected, beside the raw article `NAME.*`."""
        return self.folder / "cases"

    @property
    def recordings(self) -> Path:
        """A ledger: one file for each answer."""
        return self.folder / RECORDINGS

    @property
    def baseline(self) -> Path:
        """What was accepted last, pinned by digests."""
        return self.folder / "baseline.json"

    @property
    def baseline_prompt(self) -> Path:
        """The accepted prompt file, whole: its requests are rendered again at each run."""
        return self.folder / "baseline.prompt.md"

    @property
    def lock(self) -> Path:
        """The digest of each accepted prompt version."""
        return self.folder / "prompts.lock"

    @property
    def cache(self) -> Path:
        """Scores and cleaned sources; never committed, safe to delete."""
        return self.folder / ".cache"
