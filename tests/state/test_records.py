"""A record is found by its article's name, by its result, and however long the names are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rewriter.article import Usage
from rewriter.errors import FileError
from rewriter.state import records
from rewriter.state.records import Record

LATER = datetime(2026, 1, 2, tzinfo=UTC)
LONG = "é" * 125  # 250 bytes


def record(name: str, root: Path, target: str) -> Record:
    return Record(
        name=name,
        status="published",
        findings=(),
        engine="openai",
        model="m",
        prompt="rewrite",
        prompt_version=1,
        prompt_digest="d",
        source_digest="s",
        request_digests=(),
        attempts=1,
        usage=Usage(),
        finished_at=datetime(2026, 1, 1, tzinfo=UTC),
        input=str(root / name),
        target=str(root / target),
    )


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("raw/one.txt", "site/one.md"),
        ("raw/deep/one.html", "site/deep/one.md"),
        ("raw/one.v2.json", "site/one.v2.md"),
        ("raw/one", "site/one.md"),
        ("raw/feed.xml#one-1a2b3c4d", "site/feed/one-1a2b3c4d.md"),
        ("raw/one.md", "raw/one.md"),
        ("raw/one.txt", "raw/one.txt"),
        ("raw/[one]*.txt", "site/[one]*.md"),
        (f"raw/{LONG}x.txt", f"site/{LONG}x.md"),
        (f"raw/{LONG}x.md", f"raw/{LONG}x.md"),
    ],
)
def test_a_record_is_found_by_its_name_its_article_and_its_result(
    tmp_path: Path, name: str, target: str
) -> None:
    folder = tmp_path / "records"
    kept = record(name, tmp_path, target)
    records.save(folder, record("other/" + Path(name).name, tmp_path, "other.md"))
    records.save(folder, kept)

    assert records.load(folder, name) == kept
    assert records.of_input(folder, tmp_path / name) == kept
    assert records.of_target(folder, tmp_path / target, tmp_path) == kept
    assert records.of_target(folder, tmp_path / "elsewhere" / Path(target).name, tmp_path) is None
    records.discard(folder, name)
    assert records.load(folder, name) is None


def test_a_result_is_found_through_a_link(tmp_path: Path) -> None:
    kept = record("raw/one.txt", tmp_path, "site/one.md")
    records.save(tmp_path / "records", kept)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "one.md").write_text("")
    (tmp_path / "latest.md").symlink_to(tmp_path / "site" / "one.md")

    assert records.of_target(tmp_path / "records", tmp_path / "latest.md", tmp_path) == kept


def test_a_damaged_record_hides_no_other(tmp_path: Path) -> None:
    kept = record("b/one.txt", tmp_path, "site/one.md")
    records.save(tmp_path / "records", kept)
    (tmp_path / "records" / "a").mkdir()
    for stray in ("a/one.txt.json", ".json", "..json"):
        (tmp_path / "records" / stray).write_text("{")

    found = records.of_target(tmp_path / "records", tmp_path / "site" / "one.md", tmp_path)
    assert found == kept


def test_a_damaged_record_and_a_folder_that_cannot_be_listed_are_told(tmp_path: Path) -> None:
    folder, damaged = tmp_path / "records", list[FileError]()
    folder.mkdir()
    (folder / "a.json").write_text("{")
    assert list(records.every(folder, damaged=damaged.append)) == []
    assert [str(error).partition(": ")[0] for error in damaged] == [str(folder / "a.json")]
    assert list(records.every(tmp_path / "missing")) == []
    with pytest.raises(FileError, match="cannot list the folder: Not a directory"):
        list(records.every(folder / "a.json"))


@pytest.mark.parametrize("target", ["site/one.md", "raw/one.txt"])
def test_a_result_is_found_in_another_checkout(tmp_path: Path, target: str) -> None:
    folder, here, elsewhere = tmp_path / "records", tmp_path / "here", tmp_path / "elsewhere"
    kept = record("raw/one.txt", elsewhere, target)
    records.save(folder, kept)
    records.save(folder, record("other/one.txt", elsewhere, "other/one.md"))

    assert records.of_target(folder, here / target, here) == kept
    assert records.of_target(folder, here / "deep" / target, here) is None


def test_a_result_outside_of_the_content_root_has_not_moved_with_it(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    kept = record("raw/one.txt", elsewhere, "../site/one.md")
    records.save(tmp_path, kept.model_copy(update={"target": str(tmp_path / "site" / "one.md")}))

    assert records.of_target(tmp_path, here / "site" / "one.md", here) is None


def test_a_record_of_another_version_is_refused_and_not_overwritten_in_silence(
    tmp_path: Path,
) -> None:
    path = tmp_path / "records" / "one.txt.json"
    path.parent.mkdir()
    path.write_text('{"name": "one.txt", "of": "another version"}')
    with pytest.raises(FileError, match=r"one\.txt\.json: not a record that this version"):
        records.load(path.parent, "one.txt")


def test_a_held_rewrite_is_nobodys_result(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("result")
    published = record("one.txt", tmp_path, "a.md")
    held = published.model_copy(update={"status": "held", "finished_at": LATER})
    for kept in (published, held):  # of the same target, where the published one stays
        records.save(tmp_path / "records", kept)
    last = records.load(tmp_path / "records", "one.txt")
    assert last == held.model_copy(update={"others": (published,)})
    elsewhere = record("one.txt", tmp_path, "b.md").model_copy(
        update={"finished_at": LATER + timedelta(days=1)}
    )
    records.save(tmp_path / "records", elsewhere)
    last = records.load(tmp_path / "records", "one.txt")
    assert last == elsewhere.model_copy(update={"others": (published,)})


def test_long_names_that_begin_alike_are_kept_apart(tmp_path: Path) -> None:
    for end in "xy":
        records.save(tmp_path, record(f"{LONG}{end}.txt", tmp_path, f"{end}.md"))

    assert len(list(tmp_path.iterdir())) == 2
    for end in "xy":
        found = records.load(tmp_path, f"{LONG}{end}.txt")
        assert found is not None
        assert found.target == str(tmp_path / f"{end}.md")
