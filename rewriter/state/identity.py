"""The id of a content root, the same on every machine that mounts it."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress

from rewriter.errors import FileChangedError, FileError
from rewriter.files import atomic, opening
from rewriter.state.directory import State

_ID = re.compile(r"[0-9a-f]{16}\n?", re.ASCII)


_MOST_BYTES = 100


def root_id(state: State) -> str:
    """The content root's id, 16 hexadecimal digits; made at the first use.

    Raises `FileError` where the id can be neither read nor made.
    """
    if not state.identity.exists():
        with suppress(FileChangedError):  # another process has made it at the same time
            atomic.create(state.identity, f"{secrets.token_hex(8)}\n".encode(), state.directory)
    try:
        text = opening.read(state.identity, state.directory, _MOST_BYTES).decode("ascii")
    except (OSError, ValueError) as error:
        raise FileError(f"{state.identity}: cannot read the content root's id: {error}") from error
    if not _ID.fullmatch(text):
        raise FileError(
            f"{state.identity}: no id of a content root; restore the file, or delete it when no "
            "article of this root waits in a queue"
        )
    return text.strip()
