"""A name means one thing: no two classes or type aliases of the package share it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent / "rewriter"
# Calls that make a type; `TypeVar` makes a variable, which is private to its module.
_TYPE_MAKERS = {"NamedTuple", "NewType", "namedtuple"}


def defined_types(source: str) -> Iterator[str]:
    """The names of all classes and of the module's type aliases."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name
    for node in tree.body:
        target, value = _assigned(node)
        is_constant = target.isupper()
        if target.lstrip("_")[:1].isupper() and not is_constant and _is_type(value):
            yield target


def _assigned(node: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    return "", None


def _is_type(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id in _TYPE_MAKERS
    return isinstance(value, ast.Subscript | ast.BinOp | ast.Name | ast.Attribute)


def test_no_two_types_have_the_same_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted(ROOT.rglob("*.py")):
        for name in defined_types(path.read_text(encoding="utf-8")):
            places[name].append(str(path.relative_to(ROOT)))
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert not twice, "give one of them another name"
    assert len(places) > 200, "the package's types are found"


def test_classes_and_aliases_count_and_type_variables_do_not() -> None:
    source = (
        "class Outer:\n    class Inner: ...\n"
        'Way = Literal["x"]\nPath: TypeAlias = int | str\nDay = NewType("Day", int)\n'
        '_Kinds = dict[str, int]\nText = TypeVar("Text")\nLIMIT = LIMITS[0]\nname = "x"\n'
    )
    assert list(defined_types(source)) == ["Outer", "Inner", "Way", "Path", "Day", "_Kinds"]
