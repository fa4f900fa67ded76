"""Lints the scripts that Redis runs: syntax, undeclared names, and locals that nothing reads.

`make check` runs it. Redis itself finds an undeclared name only when it runs that very line.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from luaparser import ast, astnodes

ROOT = Path(__file__).parent.parent
# What Redis gives a script: https://redis.io/docs/latest/develop/programmability/lua-api/
_GIVEN = frozenset([
    "ARGV", "KEYS", "assert", "bit", "cjson", "cmsgpack", "error", "ipairs", "math", "next",
    "pairs", "pcall", "redis", "select", "string", "struct", "table", "tonumber", "tostring",
    "type", "unpack", "xpcall",
])  # fmt: skip


class Local:
    """A declared local: its line, and whether something reads it."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.read = False


class Script:
    """One script, read: its `problems`, and its outermost locals, `top`.

    `shared` are the outermost locals of a script that is put before this one.
    """

    def __init__(self, text: str, shared: Mapping[str, Local] | None = None) -> None:
        self.top: dict[str, Local] = {}
        self.problems: list[str] = []
        self._line = 1
        self._locals: list[tuple[str, Local]] = []
        self._scopes = [dict(shared or {}), self.top]
        try:
            self._visit_all(ast.parse(text).body.body)
        except ast.SyntaxException as error:
            self.problems.append(str(error))

    def unread(self) -> list[str]:
        """Messages about the locals that nothing has read; a name that starts with `_` may be."""
        return [
            f"line {local.line}: nothing reads the local {name}"
            for name, local in self._locals
            if not local.read and not name.startswith("_")
        ]

    def _visit(self, node: Any) -> None:
        self._line = getattr(node, "line", None) or self._line  # not every node knows its line
        match node:
            case astnodes.Name():
                self._read(node)
            case astnodes.LocalAssign():
                self._visit_all(node.values)
                self._declare(node.targets)
            case astnodes.LocalFunction():
                self._declare([node.name])
                self._inside(node.args, node.body)
            case astnodes.Function() | astnodes.AnonymousFunction():
                self._visit(getattr(node, "name", None))
                self._inside(node.args, node.body)
            case astnodes.Fornum():
                self._visit_all([node.start, node.stop, node.step])
                self._inside([node.target], node.body)
            case astnodes.Forin():
                self._visit_all(node.iter)
                self._inside(node.targets, node.body)
            case astnodes.Repeat():
                self._inside([], [node.body.body, node.test])
            case astnodes.Invoke():
                self._visit_all([node.source, *node.args])
            case astnodes.Block():
                self._inside([], node.body)
            case astnodes.Index() if node.notation is astnodes.IndexNotation.DOT:
                self._visit(node.value)
            case astnodes.Field() if not node.between_brackets:
                self._visit(node.value)
            case astnodes.Node():
                self._visit_all(vars(node).values())
            case list():
                self._visit_all(node)

    def _visit_all(self, nodes: Iterable[Any]) -> None:
        for node in nodes:
            self._visit(node)

    def _inside(self, declared: Iterable[Any], body: Any) -> None:
        """Visit a body that has locals of its own."""
        self._scopes.append({})
        self._declare(declared)
        self._visit(body.body if isinstance(body, astnodes.Block) else body)
        self._scopes.pop()

    def _declare(self, names: Iterable[Any]) -> None:
        for name in names:
            if isinstance(name, astnodes.Name):  # and not `...`
                local = Local(name.line or self._line)
                self._locals.append((name.id, local))
                self._scopes[-1][name.id] = local

    def _read(self, name: Any) -> None:
        declared = next(
            (scope[name.id] for scope in reversed(self._scopes) if name.id in scope), None
        )
        if declared:
            declared.read = True
        elif name.id not in _GIVEN:
            self.problems.append(f"line {self._line}: nothing declares {name.id}")


def lint(folder: Path) -> Iterator[str]:
    """A message for each problem in `folder`, where `common.lua` is put before each script."""
    common = Script((folder / "common.lua").read_text("utf-8"))
    for path in sorted(folder.glob("*.lua")):
        if path.name != "common.lua":
            script = Script(path.read_text("utf-8"), common.top)
            yield from (f"{path}: {problem}" for problem in script.problems + script.unread())
    yield from (
        f"{folder / 'common.lua'}: {problem}" for problem in common.problems + common.unread()
    )


if __name__ == "__main__":
    sys.exit("\n".join(lint(ROOT / "rewriter" / "queue" / "lua")) or 0)
