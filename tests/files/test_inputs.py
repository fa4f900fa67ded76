"""Paths become items, and no result can land on an input or on another result."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from rewriter.errors import ConfigurationError, FileError
from rewriter.files import inputs


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "a.txt",
        "b.md",
        "sub/c.html",
        "sub/deep/d.json",
        "e.png",
        ".rewriter/x.md",
        ".f.md",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    return tmp_path


def _names(tree: Path, *paths: str, out: Path | None = None) -> list[str]:
    found = inputs.items([str(tree / path) for path in paths], tree, out=out)
    return [item.name for item in found]


def test_a_folder_gives_its_articles_and_no_hidden_files(tree: Path) -> None:
    assert _names(tree, ".") == ["a.txt", "b.md", "sub/c.html", "sub/deep/d.json"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["a.txt"]),
        ("**/*.json", ["sub/deep/d.json"]),
        ("sub/*", ["sub/c.html", "sub/deep/d.json"]),
    ],
)
def test_a_glob_gives_what_it_matches(tree: Path, pattern: str, names: list[str]) -> None:
    assert _names(tree, pattern) == names


def test_a_glob_without_a_match_is_an_error(tree: Path) -> None:
    with pytest.raises(FileError, match="no file matches"):
        _names(tree, "*.nosuch")


def test_a_named_file_counts_whatever_its_suffix_and_only_once(tree: Path) -> None:
    assert _names(tree, "e.png", "e.png", "missing.txt") == ["e.png", "missing.txt"]


def test_files_of_one_name_in_several_folders_are_several(tree: Path) -> None:
    for folder in ("sub", "sub/deep"):
        (tree / folder / "a.txt").write_text("text")
    assert _names(tree, "sub/a.txt", "a.txt", "sub") == [
        *("sub/a.txt", "a.txt", "sub/c.html", "sub/deep/a.txt", "sub/deep/d.json")
    ]


def test_a_file_counts_once_however_it_is_named(tree: Path) -> None:
    (tree / "link").symlink_to("sub")
    (tree / "sub" / "news.jsonl").write_bytes(_TWO)
    paths = ("sub/c.html", "sub/../sub/c.html", "link/c.html", "./link/c.html")
    assert _names(tree, *paths) == _names(tree, *paths, out=tree / "o") == ["sub/c.html"]
    first, *_ = inputs.opened(tree / "link" / "news.jsonl")
    names = _names(tree, f"link/{first.name}", "sub/news.jsonl", out=tree / "o")
    assert len(names) == len(set(names)) == 2


def test_out_mirrors_the_tree_and_always_writes_markdown(tree: Path) -> None:
    out = tree.parent / "out"
    found = inputs.items([str(tree)], tree, out=out)
    assert [os.path.relpath(str(item.result), out) for item in found] == [
        "a.md",
        "b.md",
        "sub/c.md",
        "sub/deep/d.md",
    ]


def test_results_in_the_input_folder_are_not_taken_for_inputs(tree: Path) -> None:
    out = tree / "out"
    out.mkdir()
    (out / "a.md").write_text("finished")
    assert _names(tree, ".", out=out) == ["a.txt", "b.md", "sub/c.html", "sub/deep/d.json"]
    assert _names(tree, "**/*.md", out=out) == ["b.md"]


def test_a_suffix_counts_in_any_case(tree: Path) -> None:
    (tree / "A.TXT").write_text("text")
    assert "A.TXT" in _names(tree, ".")


def test_in_place_a_file_with_two_names_is_done_once(tree: Path) -> None:
    (tree / "link.md").symlink_to("b.md")
    os.link(tree / "b.md", tree / "other.md")
    found = list(inputs.items([str(tree)], tree, in_place=True))
    assert [item.name for item in found if item.name.endswith(".md")] == ["b.md"]


def test_only_regular_files_are_read(tree: Path) -> None:
    os.mkfifo(tree / "pipe.txt")
    with pytest.raises(
        FileError, match=r"pipe\.txt: a pipe, a socket or a device, not a file; save what it gives"
    ):
        inputs.read(tree / "pipe.txt")
    with pytest.raises(FileError, match="not a file"):
        inputs.read(Path("/dev/zero"))
    with pytest.raises(FileError, match="not a file"):
        inputs.read(tree / "sub")


def test_the_working_folder_is_no_file(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    for path in (Path(), Path("sub")):
        with pytest.raises(FileError, match="a folder, not a file"):
            inputs.read(path)


def test_two_inputs_for_one_path_are_refused(tree: Path) -> None:
    (tree / "a.html").write_text("other")
    with pytest.raises(ConfigurationError, match=r"a\.html and .*a\.txt would both"):
        _names(tree, ".", out=tree.parent / "out")


def test_a_result_never_lands_on_an_input(tree: Path) -> None:
    with pytest.raises(ConfigurationError, match="would write over the input"):
        _names(tree, "b.md", out=tree)


def test_in_place_needs_the_article_under_the_root(tree: Path) -> None:
    with pytest.raises(ConfigurationError, match="outside of the content root"):
        list(inputs.items([str(tree / "a.txt")], tree / "sub", in_place=True))
    (item,) = inputs.items([str(tree / "a.txt")], tree / "sub", out=tree / "out")
    assert item.name == "a.txt"


def test_a_link_never_leads_a_result_out_of_its_folder(tree: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    (elsewhere / "g.txt").write_text("text")
    (tree / "link").symlink_to(elsewhere)
    root = tree / "sub"
    with pytest.raises(ConfigurationError, match=r"g\.txt: outside of"):
        list(inputs.items([str(tree / "*" / "*.txt")], root, out=tree / "out"))


def test_standard_input_has_no_place(tree: Path) -> None:
    assert next(inputs.items(["-"], tree)).source is None
    with pytest.raises(ConfigurationError, match="no place"):
        inputs.items(["-"], tree, in_place=True)


@pytest.mark.parametrize(
    ("paths", "folder"),
    [
        (["sub/c.html"], "sub"),
        (["sub"], "sub"),
        (["a.txt", "sub/deep/d.json"], "."),
        (["sub/*.html"], "sub"),
        (["sub/**/*.json", "sub/deep"], "sub"),
    ],
)
def test_the_common_folder_holds_everything_named(
    tree: Path, paths: list[str], folder: str
) -> None:
    assert inputs.common_folder([str(tree / path) for path in paths]) == tree / folder


# --- files of several articles, and of other kinds ---------------------------------------------

_TWO = b"\n".join(
    json.dumps({"title": title, "body": "Six ships sail.", "id": n}).encode()
    for n, title in enumerate(("Ferries ordered", "Trams: a new line"))
)


def test_each_article_of_a_file_is_an_item_with_a_target_of_its_own(tree: Path) -> None:
    (tree / "sub" / "news.jsonl").write_bytes(_TWO)
    out = tree.parent / "out"
    first, second = inputs.items([str(tree / "sub" / "news.jsonl")], tree, out=out)
    assert first.name.startswith("sub/news.jsonl#ferries-ordered-")
    assert str(second.result).startswith(str(out / "news" / "trams-a-new-line-"))
    assert first.source
    assert b"Ferries ordered" in first.source.read().data
    unbound = inputs.items([str(tree)], tree, out=out, once=False)
    assert [item.name for item in unbound].count(first.name) == 1


def test_an_article_of_a_file_is_named_and_found_again(tree: Path) -> None:
    path = tree / "news.json"
    path.write_bytes(_TWO)
    first, _ = inputs.opened(path)
    (item,) = inputs.items([str(first)], tree)
    path.write_bytes(b'{"title": "New", "body": "More."}\n' + _TWO)
    assert item.source
    assert b"Ferries ordered" in item.source.read().data
    with pytest.raises(FileError, match="no article trams in it any more"):
        inputs.read(tree / "news.json#trams")


def test_a_file_of_one_article_is_itself_and_a_number_sign_in_a_name_is_nothing_special(
    tree: Path,
) -> None:
    (tree / "one.json").write_bytes(_TWO.split(b"\n")[0])
    (tree / "no#1.txt").write_text("text")
    assert _names(tree, "one.json", "no#1.txt") == ["one.json", "no#1.txt"]
    assert inputs.read(tree / "no#1.txt") == b"text"
    (item,) = inputs.items([str(tree / "no#1.txt")], tree, out=tree.parent / "out")
    assert str(item.result) == str(tree.parent / "out" / "no#1.md")


def test_one_of_several_articles_has_no_place(tree: Path) -> None:
    (tree / "news.json").write_bytes(_TWO)
    with pytest.raises(ConfigurationError, match=r"one of several articles.*--out"):
        list(inputs.items([str(tree / "news.json")], tree, in_place=True))


def test_files_of_other_kinds_in_a_folder_are_counted_and_named(tree: Path) -> None:
    for name in ("a.docx", "sub/b.PDF", "c.eml", "d.rtf", ".hidden.pdf", "photo.jpg"):
        (tree / name).write_text("x")
    passed_over = inputs.PassedOver()
    list(inputs.items([str(tree)], tree, passed_over=passed_over))
    assert passed_over.count == 4
    assert str(passed_over).startswith("4 files of other kinds passed over (")
    assert "a.docx" in str(passed_over)


def test_a_name_that_is_too_long_hinders_no_other(tree: Path) -> None:
    long = f"{'y' * 300}.json"
    assert _names(tree, "a.txt", long, "b.md") == ["a.txt", long, "b.md"]
    with pytest.raises(FileError, match="File name too long"):
        inputs.read(tree / long)


def test_an_empty_path_is_not_the_working_folder(tree: Path) -> None:
    with pytest.raises(ConfigurationError, match="an empty path"):
        list(inputs.items([""], tree, in_place=True))


def test_an_empty_path_has_no_content_root() -> None:
    with pytest.raises(ConfigurationError, match="an empty path names no article"):
        inputs.common_folder([""])
