"""Draws the names at the top of `rewriter/` and their imports, for docs/explanation/structure.md.

    python -m tools.structure            writes the drawing into the page
    python -m tools.structure --check    exits with 1 where the page's drawing is stale
    python -m tools.structure FOLDER     prints the drawing of a package, of an older commit say

Every import counts: late ones inside functions, and those for types only.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "explanation" / "structure.md"
_BEGIN, _END = "<!-- drawn by make structure -->\n", "<!-- end of the drawing -->\n"

Arrow = tuple[str, str]


def arrows(package: Path) -> set[Arrow]:
    """Who imports whom among the modules and packages directly in `package`.

    Dunder modules (`__init__`, `__main__`) are left out.
    """
    names = _names(package)
    found = set()
    for path in package.rglob("*.py"):
        importer = path.relative_to(package).parts[0].removesuffix(".py")
        if importer in names:
            tree = ast.parse(path.read_text("utf-8"))
            found |= {(importer, name) for name in _imported(tree, package.name)}
    return {(a, b) for a, b in found if a != b and b in names}


def reduced(every: set[Arrow]) -> set[Arrow]:
    """`every` arrow but those that follow from others: with a -> b -> c, a -> c is left out."""
    kept = set(every)
    for arrow in sorted(every):
        kept.discard(arrow)
        if not _leads(kept, *arrow):
            kept.add(arrow)
    return kept


def circles(every: set[Arrow]) -> set[str]:
    """The names that import themselves by way of others."""
    return {name for name, _ in every if _leads(every, name, name)}


def drawing(package: Path) -> str:
    """The package as a Mermaid graph in Markdown, with its figures."""
    every, names = arrows(package), _names(package)
    around = circles(every)
    circle = f"in a circle: {', '.join(sorted(around))}" if around else "no circle"
    lines = [f"    {a} --> {b}" for a, b in sorted(reduced(every))]
    alone = sorted(names - {name for arrow in every for name in arrow})
    graph = "\n".join(["```mermaid", "flowchart TD", *lines, *(f"    {n}" for n in alone), "```"])
    return f"{len(names)} names, {len(every)} arrows, {circle}.\n\n{graph}\n"


def _names(package: Path) -> set[str]:
    modules = {path.stem for path in package.glob("[!_]*.py")}
    return modules | {path.parent.name for path in package.glob("*/__init__.py")}


def _imported(tree: ast.AST, package: str) -> Iterator[str]:
    """The names directly in `package` that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            parts = [alias.name.split(".") for alias in node.names]
            yield from (name[1] for name in parts if name[0] == package and len(name) > 1)
        elif isinstance(node, ast.ImportFrom) and node.module == package:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
            yield (node.module or "").split(".")[1]


def _leads(every: set[Arrow], start: str, end: str) -> bool:
    """Whether a way of one arrow or more leads from `start` to `end`."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        following = {b for a, b in every if a == name} - seen
        if end in following:
            return True
        seen |= following
        ahead += following
    return False


def main(*arguments: str) -> None:
    """Write, check or print, as the module's docstring says."""
    if arguments and arguments[0] != "--check":
        sys.stdout.write(drawing(Path(arguments[0])))
        return
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    current = f"{before}{_BEGIN}\n{drawing(ROOT / 'rewriter')}\n{_END}{after}"
    if not arguments:
        PAGE.write_text(current, "utf-8")
    elif current != text:
        sys.exit(f"{PAGE.relative_to(ROOT)} is stale: run make structure, and commit it")


if __name__ == "__main__":
    main(*sys.argv[1:])
