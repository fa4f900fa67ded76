"""Which articles are reviewed, and in which order."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rewriter.errors import ConfigurationError, FileError
from rewriter.review import articles
from rewriter.settings import Settings
from tests.review.conftest import load


def test_the_held_article_comes_first(shared_site: Path, settings: Settings) -> None:
    found = articles.entries([str(shared_site.parent)], settings)
    assert [entry.record.name for entry in found] == [
        "raw/stablecoin-reserves.txt",
        "raw/exchange-fees.json",
        "raw/quantum-clock.md",
    ]
    assert [entry.status for entry in found] == ["held", "published", "published"]


@pytest.mark.parametrize("path", ["raw/stablecoin-reserves.txt", ".rewriter/held"])
def test_a_held_article_is_found_by_its_source_and_by_its_document(
    shared_site: Path, settings: Settings, path: str
) -> None:
    reviewed = load(shared_site.parent / path, settings)
    assert reviewed.entry.is_held
    assert reviewed.counts["error"] == 2
    assert "$1.6 billion" in reviewed.data.decode()


def test_a_moved_content_root_is_reviewed(site: Path, settings: Settings) -> None:
    moved = site.parent.with_name("moved")
    shutil.move(site.parent, moved)
    there = settings.model_copy(update={"root": moved})
    assert len(articles.entries([str(moved)], there)) == 3
    assert load(moved / "site" / "exchange-fees.md", there).findings == ()


def test_a_changed_source_is_told(site: Path, settings: Settings) -> None:
    (site.parent / "raw" / "stablecoin-reserves.txt").write_text("Another text altogether.")
    with pytest.raises(FileError, match="has changed or is gone"):
        load(site.parent / "raw" / "stablecoin-reserves.txt", settings)


def test_a_folder_without_records_says_what_to_do(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="run 'rewriter rewrite' first"):
        articles.entries([str(tmp_path)], settings)
