"""The state directory `.rewriter/` under the content root, finding that root, and its id.

`ledger` keeps paid completions (with `locking` between processes), `records` the trace of each run,
`originals` whole sources, `held` rewrites that await a decision.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rewriter.errors import FileChangedError, FileError
from rewriter.files import atomic, inputs, opening
from rewriter.settings.sources import FILE_NAME, root_in

NAME = ".rewriter"
# A file name has at most 255 bytes on all usual file systems, and ours end in ".json" or ".md".
_MOST_BYTES = 250
_DIGEST = 16
_NOTE = "root: "
_ID = re.compile(r"[0-9a-f]{16}\n?", re.ASCII)
_MOST_ID_BYTES = 100


@dataclass(frozen=True)
class State:
    """Where each kind of state lives under a content root.

    Raises `FileError` where the state directory is a link out of the root, which may be a
    stranger's.
    """

    root: Path

    def __post_init__(self) -> None:
        if os.path.islink(self.directory):
            try:
                opening.resolved(self.directory, self.root)
            except OSError as error:
                raise FileError(f"{self.directory}: {error.strerror}") from error

    @property
    def directory(self) -> Path:
        """`.rewriter/` itself."""
        return self.root / NAME

    @property
    def identity(self) -> Path:
        """The identity of this content root: see `root_id`."""
        return self.directory / "root-id"

    @property
    def ledger(self) -> Path:
        """Paid completions."""
        return self.directory / "ledger"

    @property
    def batch_requests(self) -> Path:
        """Questions that a batch of the provider is to answer."""
        return self.directory / "batch-requests"

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
        """New text of files that another program changed during the run."""
        return self.directory / "conflicts"

    @property
    def valkey(self) -> Path:
        """The embedded Valkey's files, where no Redis is configured."""
        return self.directory / "valkey"


def unwritable(state: State) -> str:
    """Why the state directory cannot be written; "" where it can. The directory is not created."""
    if not os.path.isdir(state.root):
        return f"the content root {state.root} is no folder"
    folder = state.directory if os.path.lexists(state.directory) else state.root
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return f"{folder}: cannot write: {error.strerror}"


def kept_at(folder: Path, name: str, suffix: str) -> Path:
    """The file below `folder` for the article called `name`."""
    parent, slash, last = name.rpartition("/")
    return folder / f"{parent}{slash}{kept_name(last)}{suffix}"


def kept_name(file_name: str) -> str:
    """An article's file name within the name of a state file; a long one is cut, with a digest."""
    encoded = os.fsencode(file_name)
    if len(encoded) <= _MOST_BYTES:
        return file_name
    digest = hashlib.sha256(encoded).hexdigest()[:_DIGEST]
    return f"{encoded[: _MOST_BYTES - 1 - _DIGEST].decode(errors='ignore')}~{digest}"


def find_root(paths: Sequence[str], root: Path | None = None, out: Path | None = None) -> Path:
    """The content root, absolute and with symbolic links followed.

    `out` is the folder for results. The root is the first of these that there is: `root`; the
    nearest folder above the paths with a state directory, a `rewriter.toml` or a git repository;
    the working folder if the paths are in it; the common folder of the paths and `out`.

    Raises `ConfigurationError` for a `rewriter.toml` that cannot be read.
    """
    if root is not None:
        return Path(os.path.realpath(root))
    common = inputs.common_folder(paths)
    for folder in (common, *common.parents):
        if found := _marked_root(folder):
            return found
    here = Path(os.path.realpath(Path.cwd()))
    if common.is_relative_to(here):
        return here
    shared = Path(os.path.commonpath([common, os.path.realpath(out or common)]))
    return common if shared == shared.parent else shared  # `/` is nobody's content


def _marked_root(folder: Path) -> Path | None:
    """The content root that `folder` says: itself, another one, or None."""
    if os.path.isdir(folder / NAME):
        return folder
    if os.path.isfile(folder / NAME):
        return _noted_root(folder)
    if os.path.lexists(folder / FILE_NAME):
        return Path(os.path.realpath(root_in(folder) or folder))
    return folder if os.path.exists(folder / ".git") else None


def note_root(out: Path, root: Path) -> None:
    """Note in the folder `out` which content root its results belong to, where no parent says it.

    The note is a file with the name of the state directory. Raises `FileError`.
    """
    folder = Path(os.path.realpath(out))
    if find_root([str(folder)]) != root and not os.path.isdir(folder / NAME):
        text = f"{_NOTE}{os.path.relpath(root, folder)}\n"
        atomic.write(folder / NAME, text.encode())


def _noted_root(folder: Path) -> Path | None:
    """The content root in the note of `note_root`, None where it is none or has no state.

    A note may come with a folder of somebody else's: it makes no state directory anywhere.
    """
    try:
        noted = (folder / NAME).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    root = folder / noted.removeprefix(_NOTE).rstrip("\n")
    real = Path(os.path.realpath(root))
    if Path(os.path.realpath(folder)).is_relative_to(real):
        return None  # nothing of ours notes a folder above, and a stranger would have it all
    return real if noted.startswith(_NOTE) and os.path.isdir(real / NAME) else None


def root_id(state: State) -> str:
    """The content root's id, the same on every machine that mounts it; made at the first use.

    Raises `FileError` where the id can be neither read nor made.
    """
    if not os.path.exists(state.identity):
        with suppress(FileChangedError):  # another process has made it at the same time
            atomic.create(state.identity, f"{secrets.token_hex(8)}\n".encode(), state.directory)
    try:
        text = opening.read(state.identity, state.directory, _MOST_ID_BYTES).decode("ascii")
    except (OSError, ValueError) as error:
        raise FileError(f"{state.identity}: cannot read the content root's id: {error}") from error
    if not _ID.fullmatch(text):
        raise FileError(
            f"{state.identity}: no id of a content root; restore the file, or delete it when no "
            "article of this root waits in a queue"
        )
    return text.strip()
