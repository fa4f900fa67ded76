"""Names that were seen, any number of them in a few MB."""

from __future__ import annotations

import os
import sqlite3
from types import TracebackType
from typing import Self

from rewriter.errors import FileError


class Seen:
    """Remembers names and whose they are, as a context.

    They are in a database of SQLite's that has no name: 2 MB of it are in memory, the rest in a
    temporary file, which is gone at the end. Methods raise `FileError` where that has no room.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("CREATE TABLE names (name BLOB PRIMARY KEY, owner BLOB)")
        self._database.execute("BEGIN")  # one transaction, which nobody ends: nothing is to be kept

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def owner(self, name: str) -> str | None:
        """Whose `name` is, None where it was not seen."""
        found = self._run("SELECT owner FROM names WHERE name = ?", name).fetchone()
        return None if found is None else os.fsdecode(found[0])

    def add(self, name: str, owner: str = "") -> bool:
        """Remember whose `name` is; whether it was not seen before."""
        return self._run("INSERT OR IGNORE INTO names VALUES (?, ?)", name, owner).rowcount > 0

    def _run(self, statement: str, *names: str) -> sqlite3.Cursor:
        try:
            return self._database.execute(statement, [os.fsencode(name) for name in names])
        except sqlite3.Error as error:
            raise FileError(
                f"cannot remember {names[0]}: {error}; make room where temporary files are kept, "
                "or name another folder by SQLITE_TMPDIR"
            ) from error
