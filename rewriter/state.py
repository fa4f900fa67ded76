"""The state directory `.rewriter/` under the content root, and finding that root."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rewriter import inputs

NAME = ".rewriter"


@dataclass(frozen=True)
class State:
    """Where each kind of state lives under a content root."""

    root: Path

    @property
    def directory(self) -> Path:
        """`.rewriter/` itself."""
        return self.root / NAME

    @property
    def ledger(self) -> Path:
        """Paid completions."""
        return self.directory / "ledger"

    @property
    def lane(self) -> Path:
        """Questions that a batch of the provider is to answer."""
        return self.directory / "lane"

    @property
    def records(self) -> Path:
        """The trace of the last run over each article."""
        return self.directory / "records"

    @property
    def held(self) -> Path:
        """Held rewrites with their findings."""
        return self.directory / "held"

    @property
    def originals(self) -> Path:
        """Sources, whole."""
        return self.directory / "originals"

    @property
    def conflicts(self) -> Path:
        """New text of files that changed meanwhile."""
        return self.directory / "conflicts"


def find_root(paths: Sequence[str], root: Path | None = None) -> Path:
    """The content root, absolute and with symbolic links followed.

    It is `root` where given, else the nearest parent of the paths that holds a state directory,
    else the paths' common folder.
    """
    if root is not None:
        return Path(os.path.realpath(root))
    common = inputs.common_folder(paths)
    holders = (folder for folder in (common, *common.parents) if os.path.isdir(folder / NAME))
    return next(holders, common)
