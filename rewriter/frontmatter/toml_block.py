"""Editing and reading a block of TOML: only the text of the keys that change is replaced."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from rewriter.frontmatter.toml_text import (
    Assignment,
    TomlTable,
    inline_pairs,
    key_text,
    statements,
    value_text,
)
from rewriter.frontmatter.values import (
    Changes,
    Edit,
    Unsupported,
    end_of_line,
    moment,
    refuse_replacing,
    same,
    start_of_line,
    timeless,
)
from rewriter.validation import NotTomlError, toml

Path = tuple[str, ...]


def edits(text: str, changes: Changes, newline: str) -> list[Edit]:
    """The replacements that merge `changes` in. Raises `Unsupported` for what is not understood."""
    return _TomlEditor(text, newline).merge((), changes)


def removals(text: str, keys: Collection[str]) -> list[Edit]:
    """The ranges of the keys and tables at the top called `keys`, each with its lines."""
    pairs, tables = statements(text)
    parts: list[Assignment | TomlTable] = [*pairs, *tables]
    return [
        (start_of_line(text, part.at), end_of_line(text, part.end), "")
        for part in parts
        if part.path[0] in keys
    ]


def load(text: str) -> dict[str, Any]:
    """The values of the block; dates and times are `date`, `time` and `datetime`.

    Raises `Unsupported` for text that is not TOML.
    """
    try:
        return toml(text)
    except NotTomlError as error:
        at = 0
        for _ in range(error.line - 1):
            at = end_of_line(text, at)
        raise Unsupported(f"not TOML: {error.reason}", at) from None


def new(changes: Changes, newline: str) -> str:
    """A block that holds `changes` alone."""
    return "".join(
        f"{key_text(key)} = {value_text(value)}{newline}" for key, value in changes.items()
    )


class _TomlEditor:
    """Collects the replacements that bring a block, known to be TOML, to the wanted values."""

    def __init__(self, text: str, newline: str) -> None:
        self.text = text
        self.newline = newline
        self.pairs, self.tables = statements(text)

    def merge(self, path: Path, changes: Changes) -> list[Edit]:
        """The replacements within the table at `path`."""
        edits: list[Edit] = []
        missing: dict[str, object] = {}
        for key, value in changes.items():
            inner = (*path, key)
            pair = next((pair for pair in self.pairs if pair.path == inner), None)
            if pair is not None:
                edits += self._change(pair, value)
            elif (at := self._table_at(inner)) is None:
                missing[key] = value
            elif isinstance(value, dict):
                edits += self.merge(inner, value)
            else:
                refuse_replacing(key, {}, value, at)
        return [*edits, self._add(path, missing)] if missing else edits

    def _table_at(self, path: Path) -> int | None:
        """Where a table begins that headers or dotted keys make, None where there is none."""
        parts: list[TomlTable | Assignment] = [*self.tables, *self.pairs]
        found = [part for part in parts if part.path[: len(path)] == path]
        for part in found:
            if isinstance(part, TomlTable) and part.is_array:
                raise Unsupported(
                    f"'{path[-1]}' holds a list of tables, which is not replaced", part.at
                )
        return found[0].at if found else None

    def _change(self, pair: Assignment, value: object) -> list[Edit]:
        """The replacements for a key that is there."""
        written = self.text[pair.start : pair.end]
        if isinstance(value, dict) and written.startswith("{"):
            return self._merge_inline(pair, value)
        old = tomllib.loads(f"v = {written}")["v"]
        if same(timeless(old), value):
            return []
        refuse_replacing(pair.path[-1], old, value, pair.start)
        is_moment = isinstance(old, date) and isinstance(value, str) and _is_moment(value)
        return [(pair.start, pair.end, str(value) if is_moment else value_text(value))]

    def _merge_inline(self, table: Assignment, changes: Changes) -> list[Edit]:
        """The replacements within a table in braces."""
        edits: list[Edit] = []
        missing: dict[str, object] = {}
        pairs = inline_pairs(self.text, table.start)
        for key, value in changes.items():
            found = next((pair for pair in pairs if pair.path == (key,)), None)
            if found is not None:
                edits += self._change(found, value)
            else:
                missing[key] = value
        if missing:
            inner = value_text(missing)[1:-1].strip()
            if pairs:
                edits.append((pairs[-1].end, pairs[-1].end, f", {inner}"))
            else:
                edits.append((table.start, table.end, f"{{ {inner} }}"))
        return edits

    def _add(self, path: Path, missing: Changes) -> Edit:
        """Put missing keys after the last one of their table."""
        at, indent, prefix = self._place(path)
        lines = (new({key: value}, self.newline) for key, value in missing.items())
        return at, at, "".join(f"{indent}{prefix}{line}" for line in lines)

    def _place(self, path: Path) -> tuple[int, str, str]:
        """Where new keys of a table go: the offset of the line, its indent, the keys' prefix."""
        header = next((table for table in self.tables if table.path == path), None)
        section = header.section if header else 0
        own = [pair for pair in self.pairs if pair.section == section]
        if header is None and path:
            own = [pair for pair in self.pairs if pair.path[: len(path)] == path]
            if not own or len(own[-1].container) > len(path):
                raise Unsupported(f"'{path[-1]}' is made by the headers of its inner tables")
            prefix = ".".join(map(key_text, path[len(own[-1].container) :])) + "."
            return end_of_line(self.text, own[-1].end), self._indent(own[-1].at), prefix
        if header is None and not self.tables:
            return len(self.text), self._indent(own[0].at) if own else "", ""
        if own:
            return end_of_line(self.text, own[-1].end), self._indent(own[-1].at), ""
        if header is None:
            return self.tables[0].at - len(self._indent(self.tables[0].at)), "", ""
        return end_of_line(self.text, header.end), self._indent(header.at), ""

    def _indent(self, at: int) -> str:
        """The blanks before `at` on its line."""
        before = self.text[:at]
        return before[len(before.rstrip(" \t")) :]


def _is_moment(text: str) -> bool:
    """Whether text is a date or a time as we write it, so that a TOML date-time may stay one."""
    try:
        return text in (moment(datetime.fromisoformat(text)), text[:10]) and bool(
            date.fromisoformat(text[:10])
        )
    except ValueError:
        return False
