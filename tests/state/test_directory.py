"""The state directory is found where the rules say."""

from __future__ import annotations

from pathlib import Path

import pytest

from rewriter.state import NAME, State, find_root


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for folder in ("content/news", "content/blog", "out"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("content/news/a.md", "content/news/b.md", "content/blog/c.md"):
        (tmp_path / name).write_text("text")
    return tmp_path


def test_the_root_that_is_named_wins(site: Path) -> None:
    (site / NAME).mkdir()
    paths = [str(site / "content/news/a.md")]
    assert find_root(paths, root=site / "content/blog") == site / "content/blog"


@pytest.mark.parametrize("holder", ["", "content", "content/news"])
def test_the_nearest_parent_that_holds_one_is_the_root(site: Path, holder: str) -> None:
    (site / NAME).mkdir()
    (site / holder / NAME).mkdir(exist_ok=True)
    assert find_root([str(site / "content/news/a.md")]) == site / holder


def test_several_paths_share_the_nearest_parent_of_all(site: Path) -> None:
    (site / "content/news" / NAME).mkdir()
    (site / "content" / NAME).mkdir()
    paths = [str(site / "content/news/a.md"), str(site / "content/blog/c.md")]
    assert find_root(paths) == site / "content"


@pytest.mark.parametrize(
    ("paths", "root"),
    [
        (["content/news/a.md"], "content/news"),
        (["content/news/a.md", "content/news/b.md"], "content/news"),
        (["content/news/a.md", "content/blog/c.md"], "content"),
        (["content/news"], "content/news"),
    ],
)
def test_without_one_the_paths_common_folder_is_the_root(
    site: Path, paths: list[str], root: str
) -> None:
    assert find_root([str(site / path) for path in paths]) == site / root


def test_a_file_of_that_name_is_no_state_directory(site: Path) -> None:
    (site / "content" / NAME).write_text("")
    assert find_root([str(site / "content/news/a.md")]) == site / "content/news"


def test_every_kind_of_state_has_a_folder_of_its_own(tmp_path: Path) -> None:
    state = State(tmp_path)
    folders = [state.records, state.ledger, state.held, state.originals, state.conflicts]
    assert len(set(folders)) == 5
    assert {folder.parent for folder in folders} == {tmp_path / NAME}
    assert not list(tmp_path.iterdir())
