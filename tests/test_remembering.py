"""What a worker remembers of strangers' texts does not grow with their length."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import rewriter
from rewriter.remembering import looked_up, remembered


def test_results_of_short_texts_are_kept_and_two_of_long_ones() -> None:
    asked = []

    @remembered(10, longest=3)
    def length(text: str, more: int = 0) -> int:
        asked.append(text)
        return len(text) + more

    for _ in range(2):
        assert [length(text) for text in ("a", "bb", "long", "longer")] == [1, 2, 4, 6]
    assert asked == ["a", "bb", "long", "longer"]
    assert (length("a", 1), length("longest"), length("long")) == (2, 7, 4)
    assert asked[4:] == ["a", "longest", "long"]
    length.cache_clear()
    assert (length("a"), asked[-1]) == (1, "a")


def test_a_table_of_words_is_emptied_when_it_is_full_and_keeps_no_long_one() -> None:
    asked = []

    @looked_up(2, longest=3)
    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    assert [length(word) for word in ("a", "bb", "long", "a", "bb", "long")] == [1, 2, 4, 1, 2, 4]
    assert asked == ["a", "bb", "long"]
    assert sorted(length) == ["a", "bb"]
    assert length("ccc") == 3
    assert sorted(length) == ["ccc"]


_ROOT = Path(rewriter.__file__).parent
# Prompts, the tool's own pages, and two articles at most.
_KNOWN = {"parse", "_grams", "_digest", "_figures", "_pattern"}


def _kept_by_number(path: Path) -> Iterator[str]:
    """The functions of a text in a module whose results `functools` keeps, however long."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)) if "cache" in text else ():
        if isinstance(node, ast.FunctionDef) and node.args.args:
            kept = any("cache" in ast.unparse(decorator) for decorator in node.decorator_list)
            first = node.args.args[0]
            if kept and first.arg in ("text", "word", "article", "phrase", "key", "block"):
                yield node.name


def test_no_function_of_an_articles_text_keeps_results_by_their_number_alone() -> None:
    found = {name for path in _ROOT.rglob("*.py") for name in _kept_by_number(path)}
    assert found <= _KNOWN
