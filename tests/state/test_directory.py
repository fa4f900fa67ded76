"""The state directory is found where the rules say."""

from __future__ import annotations

from pathlib import Path

import pytest

from rewriter.errors import FileError
from rewriter.state import NAME, State, find_root, note_root


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


def test_a_state_directory_that_is_a_link_out_of_the_root_is_refused(
    site: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (site / "inner").mkdir()
    (site / NAME).symlink_to("inner")
    assert State(site).directory == site / NAME
    (site / NAME).unlink()
    (site / NAME).symlink_to(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(FileError, match="leads out of"):
        State(site)
    (site / NAME).unlink()
    (site / NAME).symlink_to(NAME)
    with pytest.raises(FileError, match=r"\.rewriter: Too many levels of symbolic links"):
        State(site)


def test_several_paths_share_the_nearest_parent_of_all(site: Path) -> None:
    (site / "content/news" / NAME).mkdir()
    (site / "content" / NAME).mkdir()
    paths = [str(site / "content/news/a.md"), str(site / "content/blog/c.md")]
    assert find_root(paths) == site / "content"


@pytest.mark.parametrize("marker", [NAME, ".git"])
def test_a_repository_is_the_root_from_every_folder_and_in_every_spelling(
    site: Path, marker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / marker).mkdir()
    (site / "linked").symlink_to(site / "content")
    for folder, path in (("", "content/news"), ("content/news", "a.md"), ("out", "../linked/blog")):
        monkeypatch.chdir(site / folder)
        assert find_root([path]) == find_root([str(site / folder / path)]) == site
    assert find_root([], out=site / "out") == site


@pytest.mark.parametrize(("line", "root"), [("", ""), ('root = "content/news"', "content/news")])
def test_the_folder_of_a_settings_file_is_the_root_or_the_one_it_names(
    site: Path, line: str, root: str
) -> None:
    (site / "rewriter.toml").write_text(line)
    assert find_root([str(site / "content/news/a.md")]) == site / root


def test_without_a_marker_the_working_folder_around_the_paths_is_the_root(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site)
    assert find_root(["content/news"], out=Path("out")) == site
    assert find_root(["out"]) == site


@pytest.mark.parametrize(
    ("paths", "out", "root"),
    [
        (["content/news/a.md"], None, "content/news"),
        (["content/news/a.md", "content/blog/c.md"], None, "content"),
        (["content/news"], "out", ""),
    ],
)
def test_outside_of_the_working_folder_the_root_holds_the_paths_and_results(
    site: Path, paths: list[str], out: str | None, root: str
) -> None:
    given = [str(site / path) for path in paths]
    assert find_root(given, out=site / out if out else None) == site / root


def test_results_outside_of_the_root_note_where_it_is(site: Path) -> None:
    state = State(site / "content")
    state.directory.mkdir()
    note_root(site / "out", state.root)
    note_root(site / "content" / "blog", state.root)
    assert find_root([str(site / "out")]) == state.root
    assert not (site / "content" / "blog" / NAME).exists()
    (site / "moved").mkdir()
    for name in ("content", "out"):  # a note is relative, so that a whole site can move
        (site / name).rename(site / "moved" / name)
    assert find_root([str(site / "moved" / "out")]) == site / "moved" / "content"


def test_a_path_alone_is_no_note_of_a_root(site: Path) -> None:
    (site / "content" / NAME).mkdir()
    (site / "out" / NAME).write_text("../content\n")
    assert find_root([str(site / "out")]) == site / "out"
    (site / "out" / NAME).write_text("root: ../content\n")
    assert find_root([str(site / "out")]) == site / "content"


def test_a_file_of_that_name_is_no_state_directory(site: Path) -> None:
    for text in ("", "root: ../gone\n", "a note of a person"):
        (site / "content" / NAME).write_text(text)
        assert find_root([str(site / "content/news/a.md")]) == site / "content/news"


def test_every_kind_of_state_has_a_folder_of_its_own(tmp_path: Path) -> None:
    state = State(tmp_path)
    folders = [state.records, state.ledger, state.held, state.originals, state.conflicts]
    assert len(set(folders)) == 5
    assert {folder.parent for folder in folders} == {tmp_path / NAME}
    assert not list(tmp_path.iterdir())
