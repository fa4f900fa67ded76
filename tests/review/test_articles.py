"""Which articles are reviewed, and in which order."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from rewriter.article import Finding
from rewriter.checks.evidence import index as evidence_index
from rewriter.errors import ConfigurationError, FileError
from rewriter.files import inputs
from rewriter.review import articles, pages
from rewriter.settings import Settings
from rewriter.state import records
from rewriter.state.records import Record
from tests.review.conftest import load, rewrite


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


def test_a_held_article_of_a_file_of_several_is_reviewed(
    tmp_path: Path, settings: Settings
) -> None:
    raw = tmp_path / "raw" / "wire.json"
    raw.parent.mkdir()
    raw.write_text(
        json.dumps([{"title": name, "description": "Rain."} for name in ("Pier", "Mole")])
    )
    there = settings.model_copy(update={"root": tmp_path})
    rewrite(raw, there, out=tmp_path / "site")
    for path in (raw, raw.parent):
        found = articles.entries([str(path)], there)
        assert [articles.load(entry, there).source.title for entry in found] == ["Mole", "Pier"]
    raw.write_text("[]")
    with pytest.raises(FileError, match="has changed or is gone"):
        articles.load(found[0], there)


def test_a_folder_without_records_says_what_to_do(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="run 'rewriter rewrite' first"):
        articles.entries([str(tmp_path)], settings)


def test_what_a_reader_found_stands_until_its_passage_is_changed(
    site: Path, settings: Settings
) -> None:
    place = site / "exchange-fees.md"
    entry = load(place, settings).entry
    found = Finding(
        code="R102", severity="error", section="details", message="wrong", place="paragraph 1"
    )
    records.save(entry.state.records, entry.record.model_copy(update={"findings": (found,)}))
    assert entry.record.rewrite is not None
    rewrite = entry.record.rewrite

    def codes(changed: str) -> list[str]:
        place.write_text(place.read_text().replace(changed, f"In short: {changed}", 1))
        return [one.finding.code for one in load(place, settings).findings]

    assert "R102" in codes(rewrite.from_author[0])
    assert "R102" not in codes(rewrite.details.paragraphs[0])


def test_the_evidence_of_a_page_is_built_once(
    shared_site: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[object] = []
    build = evidence_index.Evidence.__init__

    def counted(self: evidence_index.Evidence, *given: Any, **named: Any) -> None:
        built.append(self)
        build(self, *given, **named)

    monkeypatch.setattr(evidence_index.Evidence, "__init__", counted)
    pages.article(load(shared_site / "exchange-fees.md", settings))
    assert len(built) == 1


def test_the_index_of_100_articles_is_small_and_reads_each_record_once(
    site: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test counts instead of taking the time, since a busy machine is slower."""
    entry = load(site / "exchange-fees.md", settings).entry
    text = (site / "exchange-fees.md").read_bytes()
    for number in range(100):
        target = site / "many" / f"{number}.md"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(text)
        one = {"name": f"raw/many/{number}.json", "target": str(target), "input": None}
        records.save(entry.state.records, entry.record.model_copy(update=one))
    read: list[Path] = []
    really = records.read

    def counted(path: Path, *given: Any) -> Record | None:
        read.append(path)
        return really(path, *given)

    monkeypatch.setattr(records, "read", counted)
    monkeypatch.setattr(inputs, "read", None)  # no article is opened
    found = articles.entries([str(site / "many")], settings)
    page = pages.index(found, [f"{n:04d}.html" for n in range(len(found))])
    assert len(found) == 100
    assert len(read) == len(set(read)) == 103
    assert len(page.encode()) < 1_000_000
