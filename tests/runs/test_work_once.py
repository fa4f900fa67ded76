"""Work is done once: what one article in place parses, reads and hashes, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rewriter.files import atomic
from rewriter.frontmatter import yaml_tree
from rewriter.state import records
from tests.articles import RAW_WITH_FRONT_MATTER
from tests.runs.test_publishing import GOOD, work

Count = Callable[[object, str], list[Any]]


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Count:
    """Note the first argument of each call of a function, which still does its work."""

    def watch(owner: object, name: str) -> list[Any]:
        calls: list[Any] = []
        original = getattr(owner, name)

        def noted(*args: Any, **options: Any) -> Any:
            calls.append(args[0])
            return original(*args, **options)

        monkeypatch.setattr(owner, name, noted)
        return calls

    return watch


@pytest.fixture
def article(tmp_path: Path) -> Path:
    yaml_tree.tree_of.cache_clear()
    path = tmp_path / "ferries.md"
    path.write_text(RAW_WITH_FRONT_MATTER)
    return path


async def test_front_matter_is_parsed_once_before_each_edit_and_once_after(
    article: Path, count: Count
) -> None:
    """The trial edit, before anything is paid, has a result of its own to parse."""
    parsed = count(yaml_tree, "Tree")
    await work(article, GOOD, in_place=True)
    assert max(Counter(parsed).values()) == 1
    assert len(parsed) == 3


async def test_a_record_is_read_once(article: Path, count: Count) -> None:
    await work(article, GOOD, in_place=True)
    read = count(records, "read")
    await work(article, GOOD, in_place=True, force=True)
    assert len(read) == 1


async def test_a_file_is_hashed_once(article: Path, count: Count) -> None:
    hashed = count(atomic, "digest")
    before = article.read_bytes()
    await work(article, GOOD, in_place=True)
    assert hashed.count(before) == 1
    assert hashed.count(article.read_bytes()) == 1
