"""The state directory `.rewriter/` beside the content: where it is, and what lies where in it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from rewriter.article import Value
from rewriter.errors import FileError

NAME = ".rewriter"


class State(Value):
    """The folders of one state directory; none is made before something is written there.

    `root` is the content root, an absolute path: the folder that holds the state directory. Paths
    inside the state directory follow those of the articles, relative to it.
    """

    root: Path

    @property
    def folder(self) -> Path:
        """The state directory itself."""
        return self.root / NAME

    @property
    def records(self) -> Path:
        """The JSON traces of runs."""
        return self.folder / "records"

    @property
    def ledger(self) -> Path:
        """Paid completions."""
        return self.folder / "ledger"

    @property
    def held(self) -> Path:
        """Rewrites that wait for a person."""
        return self.folder / "held"

    @property
    def originals(self) -> Path:
        """Articles as they were before they were first rewritten."""
        return self.folder / "originals"

    @property
    def conflicts(self) -> Path:
        """New texts of articles that somebody else changed meanwhile."""
        return self.folder / "conflicts"

    def name_of(self, article: Path) -> Path:
        """An article's path relative to the root, symbolic links followed.

        Raises FileError for an article outside of the root.
        """
        path = Path(os.path.realpath(article))
        try:
            return path.relative_to(self.root)
        except ValueError:
            reason = f"{article}: outside of the content root {self.root}; name its own with --root"
            raise FileError(reason) from None


def find_root(paths: Iterable[Path], root: Path | None = None) -> Path:
    """The content root: `root` where given, else the nearest parent of all paths that holds a state
    directory, else the paths' common folder. Without paths, those of the working folder.

    The result is absolute, symbolic links followed. A path may be a file, a folder, or not exist.
    """
    if root is not None:
        return Path(os.path.realpath(root))
    folders = [_folder_of(Path(os.path.realpath(path))) for path in paths] or [Path.cwd()]
    common = Path(os.path.commonpath(folders))
    holders = (parent for parent in (common, *common.parents) if (parent / NAME).is_dir())
    return next(holders, common)


def _folder_of(path: Path) -> Path:
    return path if path.is_dir() else path.parent
