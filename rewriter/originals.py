"""Whole articles as they were before a write of ours: kept by content, found by path.

A content is stored once, as `objects/ab/ab12…` under its SHA-256. Each article has a history file
with a line for each time that it was kept, named by the digest of the article's path, as the path
itself may be too long for a name. A line is appended only after its content is safe on disk, so a
killed process leaves at worst a content that no line names, or half a line, which is passed over.
"""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from rewriter import atomic
from rewriter.article import Value
from rewriter.errors import FileChangedError, FileError
from rewriter.state import State

# Characters of an article's name that fit beside a digest into 255 bytes, at 4 bytes each.
_NAME_LENGTH = 60


class Kept(Value):
    """One time that an article was kept.

    `kind` is `original` for a source article, `replaced` for a finished one that a newer rewrite
    or a restore replaced. `digest` is the SHA-256 (hex) of its bytes, `size` their number.
    """

    path: str
    at: datetime
    kind: Literal["original", "replaced"]
    digest: str
    size: int


class Originals:
    """The store of originals of one state directory. Its methods raise only FileErrors."""

    def __init__(self, state: State) -> None:
        self.state = state

    def keep(
        self, article: Path, data: bytes, kind: Literal["original", "replaced"] = "original"
    ) -> Kept:
        """Store an article's bytes; storing what was stored last changes nothing."""
        name = self.state.name_of(article).as_posix()
        kept = Kept(
            path=name, at=datetime.now(UTC), kind=kind, digest=atomic.digest(data), size=len(data)
        )
        history = self.history(article)
        if history and (history[-1].digest, history[-1].kind) == (kept.digest, kind):
            return history[-1]
        if not self._object(kept.digest).exists():
            atomic.write(self._object(kept.digest), data)
        _append(self._history_file(article), kept.model_dump_json())
        return kept

    def history(self, article: Path) -> tuple[Kept, ...]:
        """All times that an article was kept, oldest first; empty for one that never was."""
        path = self._history_file(article)
        try:
            lines = path.read_bytes().splitlines()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise FileError(f"{path}: {error.strerror}") from error
        return tuple(kept for line in lines if (kept := _parsed(line)))

    def latest(self, article: Path) -> bytes | None:
        """The source article that was kept last, None where there is none."""
        sources = [kept for kept in self.history(article) if kept.kind == "original"]
        return self._content(sources[-1].digest) if sources else None

    def get(self, article: Path, digest: str) -> bytes:
        """What was kept under a digest, of which the first characters do."""
        digests = {kept.digest for kept in self.history(article)}
        found = [known for known in digests if known.startswith(digest)]
        if len(found) != 1:
            how = "several kept contents have" if found else "no kept content has"
            raise FileError(f"{article}: {how} a digest that begins with '{digest}'")
        return self._content(found[0])

    def restore(self, article: Path, digest: str = "") -> bytes:
        """Bring an article back, byte for byte: the latest source, or what `digest` names.

        What stood in its place is kept in turn; an article that has vanished is made anew. Returns
        the bytes that are now in place.
        """
        wanted = self.get(article, digest) if digest else self.latest(article)
        if wanted is None:
            raise FileError(f"{article}: no original is kept in {self.state.originals}")
        try:
            current = article.read_bytes()
        except FileNotFoundError:
            atomic.create(article, wanted)
            return wanted
        except OSError as error:
            raise FileError(f"{article}: {error.strerror}") from error
        if current != wanted:
            self.keep(article, current, "replaced")
            atomic.replace(article, wanted, current)
        return wanted

    def replace(
        self,
        article: Path,
        new: bytes,
        read: bytes,
        kind: Literal["original", "replaced"] = "original",
    ) -> None:
        """Put a new text in the place of an article that still is as it was `read`, and keep that.

        Where the article changed meanwhile, it stays, the new text goes to the state directory,
        and the FileChangedError says where.
        """
        self.keep(article, read, kind)
        try:
            atomic.replace(article, new, read)
        except FileChangedError as error:
            name = f"{atomic.digest(new)[:12]}-{article.name[-_NAME_LENGTH:]}"
            rescued = self.state.conflicts / name
            atomic.write(rescued, new)
            raise FileChangedError(f"{error}; the new text is in {rescued}") from error

    def _content(self, digest: str) -> bytes:
        path = self._object(digest)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise FileError(f"{path}: {error.strerror}") from error
        if atomic.digest(data) != digest:
            raise FileError(f"{path}: the stored original is damaged: it has another digest")
        return data

    def _object(self, digest: str) -> Path:
        return self.state.originals / "objects" / digest[:2] / digest

    def _history_file(self, article: Path) -> Path:
        name = self.state.name_of(article).as_posix()
        return self.state.originals / "history" / f"{atomic.digest(os.fsencode(name))}.jsonl"


def _parsed(line: bytes) -> Kept | None:
    try:
        return Kept.model_validate_json(line)
    except ValidationError:
        return None


def _append(path: Path, line: str) -> None:
    """Add a line to a file and flush it; a torn line before it is ended first."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            size = file.seek(0, os.SEEK_END)
            is_torn = size > 0 and os.pread(file.fileno(), 1, size - 1) != b"\n"
            file.write(b"\n" * is_torn + line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}; nothing was changed") from error
