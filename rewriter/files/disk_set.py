"""A set of names on disk: any number of names in a few MB of memory."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from typing import Self

from rewriter.errors import FileError


class DiskSet:
    """Names with an owner each, as a context manager.

    SQLite holds 2 MB of the names in memory and the rest in a temporary file, which is removed at
    the end. Methods raise `FileError` where the temporary file has no room.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("CREATE TABLE names (name BLOB PRIMARY KEY, owner BLOB)")
        self._database.execute("BEGIN")  # never committed: nothing is kept after the run

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def owner(self, name: str) -> str | None:
        """The owner of `name`, None where it was not added. Raises `FileError`."""
        found = self._run("SELECT owner FROM names WHERE name = ?", name).fetchone()
        return None if found is None else os.fsdecode(found[0])

    def __iter__(self) -> Iterator[str]:
        """All names; none may be added meanwhile."""
        for (name,) in self._database.execute("SELECT name FROM names"):
            yield os.fsdecode(name)

    def add(self, name: str, owner: str = "") -> bool:
        """Add `name` with its owner; True where it is new. Raises `FileError`."""
        return self._run("INSERT OR IGNORE INTO names VALUES (?, ?)", name, owner).rowcount > 0

    def _run(self, statement: str, *names: str) -> sqlite3.Cursor:
        try:
            return self._database.execute(statement, [os.fsencode(name) for name in names])
        except sqlite3.Error as error:
            raise FileError(
                f"cannot remember {names[0]}: {error}; make room where temporary files are kept, "
                "or name another folder by SQLITE_TMPDIR"
            ) from error
