"""No link leads out of a folder, also one that is put in the way meanwhile; no pipe waits."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from rewriter.errors import FileError
from rewriter.files import atomic, inputs, opening

SECRET = b"secret"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.md").write_bytes(SECRET)
    (tmp_path / "root" / "inner").mkdir(parents=True)
    (tmp_path / "root" / "inner" / "a.md").write_bytes(b"inside")
    return tmp_path / "root"


def _attempts(root: Path) -> dict[str, Callable[[Path], object]]:
    return {
        "read": lambda path: opening.read(path, root),
        "write": lambda path: atomic.write(path, b"new", root),
        "create": lambda path: atomic.create(path.with_name("b.md"), b"new", root),
        "replace": lambda path: atomic.replace(path, b"new", SECRET, root),
        "refuse": lambda path: atomic.refuse_unwritable(path, root),
        "remove": lambda path: opening.remove(path, root),
    }


@pytest.mark.parametrize("attempt", ["read", "write", "replace", "refuse"])
def test_a_link_to_a_file_outside_is_refused(root: Path, attempt: str) -> None:
    (root / "link.md").symlink_to("../outside/a.md")
    with pytest.raises(FileError, match=r"link\.md: leads out of .*root, to .*outside/a\.md"):
        _attempts(root)[attempt](root / "link.md")
    assert (root.parent / "outside" / "a.md").read_bytes() == SECRET


@pytest.mark.parametrize("attempt", ["read", "write", "create", "replace", "refuse", "remove"])
@pytest.mark.parametrize("way", ["link/a.md", "inner/../../outside/a.md"])
def test_no_way_leads_to_a_folder_outside(root: Path, attempt: str, way: str) -> None:
    (root / "link").symlink_to(root.parent / "outside")
    with pytest.raises(FileError, match="leads out of"):
        _attempts(root)[attempt](root / way)
    assert [path.name for path in (root.parent / "outside").iterdir()] == ["a.md"]
    assert (root.parent / "outside" / "a.md").read_bytes() == SECRET


def test_links_inside_are_followed(root: Path) -> None:
    (root / "link").symlink_to("inner")
    assert opening.read(root / "link" / "a.md", root) == b"inside"
    atomic.replace(root / "link" / "a.md", b"new", b"inside", root)
    assert (root / "inner" / "a.md").read_bytes() == b"new"


def test_a_folder_that_is_reached_by_a_link_itself_is_no_way_out(root: Path) -> None:
    alias = root.with_name("alias")
    alias.symlink_to("root")
    atomic.write(alias / "new" / "folder" / "b.md", b"new", alias)
    assert opening.read(root / "new" / "folder" / "b.md", alias) == b"new"
    opening.remove(alias / "new" / "folder" / "b.md", root)
    assert not (root / "new" / "folder" / "b.md").exists()


def test_a_path_without_links_is_not_resolved_from_the_root_of_the_disk(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "realpath", lambda path: pytest.fail(f"resolved {path}"))
    for attempt in ("read", "write", "create", "refuse", "remove"):
        _attempts(root)[attempt](root / "inner" / "a.md")


@pytest.mark.parametrize("attempt", ["read", "write", "create", "refuse", "remove"])
@pytest.mark.parametrize("way", ["inner/a.md", "link/a.md", "a.md/a.md"])
def test_no_descriptor_stays_open(root: Path, attempt: str, way: str) -> None:
    (root / "link").symlink_to(root.parent / "outside")
    (root / "a.md").write_bytes(b"")
    before = _next_descriptor()
    with suppress(FileError, OSError):
        _attempts(root)[attempt](root / way)
    assert _next_descriptor() == before


def _next_descriptor() -> int:
    """The lowest number that is free."""
    number = os.dup(0)
    os.close(number)
    return number


@pytest.mark.slow
@pytest.mark.parametrize("attempt", ["read", "write", "create", "replace"])
def test_a_folder_that_becomes_a_link_meanwhile_is_not_followed(root: Path, attempt: str) -> None:
    """Swapped some thousand times while it is used: nothing outside is ever read or changed."""
    stop = threading.Event()
    inner, aside, link = root / "inner", root / "aside", root / "link"
    link.symlink_to(root.parent / "outside")

    def swap() -> None:
        while not stop.is_set():
            for first, second in ((inner, aside), (link, inner), (inner, link), (aside, inner)):
                with suppress(OSError):  # a writer has made a new folder there
                    first.rename(second)

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        for _ in range(1_500):
            try:
                assert _attempts(root)[attempt](inner / "a.md") != SECRET
            except (FileError, OSError):
                continue
    finally:
        stop.set()
        swapping.join()
    assert [path.name for path in (root.parent / "outside").iterdir()] == ["a.md"]
    assert (root.parent / "outside" / "a.md").read_bytes() == SECRET


def test_what_is_swapped_after_it_was_looked_at_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same without chance: the link is there right after the path was resolved."""
    resolve = opening.resolved

    def resolved(path: Path, beneath: Path | None) -> tuple[Path, Path]:
        found = resolve(path, beneath)
        (root / "inner").rename(root / "aside")
        (root / "inner").symlink_to(root.parent / "outside")
        return found

    monkeypatch.setattr(opening, "resolved", resolved)
    with pytest.raises(FileError, match="a link was put in its way"):
        opening.read(root / "inner" / "a.md", root)


@pytest.mark.parametrize("name", ["pipe", "socket", "device", "folder"])
def test_what_is_no_file_is_refused_at_once(root: Path, name: str) -> None:
    path = root / name
    if name == "pipe":
        os.mkfifo(path)
    elif name == "folder":
        path.mkdir()
    elif name == "device":
        path = Path("/dev/zero")
    else:
        os.mknod(path, 0o140600)
    with pytest.raises(FileError, match="not a file"):
        opening.read(path)


def test_the_folder_that_nothing_leads_out_of_is_no_file(root: Path) -> None:
    with pytest.raises(FileError, match="not a file"):
        opening.read(root, root)


def test_a_file_that_grows_is_not_read_beyond_the_bound(root: Path) -> None:
    with pytest.raises(FileError, match="6 bytes, at most 3 are read"):
        opening.read(root / "inner" / "a.md", root, 3)


# --- articles -----------------------------------------------------------------------------------


@pytest.mark.parametrize("in_place", [True, False])
def test_a_walked_link_out_of_the_root_is_an_error_of_that_article_alone(
    root: Path, in_place: bool
) -> None:
    (root / "b.md").symlink_to(root.parent / "outside" / "a.md")
    out = None if in_place else root / "out"
    read: dict[str, bytes | str] = {}
    for item in inputs.items([str(root)], root, out=out, in_place=in_place):
        try:
            read[item.name] = item.source.read().data if item.source else b""
        except FileError as error:
            read[item.name] = str(error)
    assert read.pop("inner/a.md") == b"inside"
    assert "leads out of" in str(read.pop("b.md"))
    assert read == {}


def test_results_go_to_links_inside_of_the_root_only(root: Path) -> None:
    (root / "out").mkdir()
    (root / "out" / "inner").symlink_to(root.parent / "outside")
    (item,) = inputs.items([str(root / "inner")], root, out=root / "out" / "inner")
    assert isinstance(item.result, inputs.FilePlace)
    assert item.result.home == root / "out" / "inner"  # the user has named it
    (item,) = inputs.items([str(root)], root, out=root / "out")
    assert item.result is not None
    with pytest.raises(FileError, match="leads out of"):
        item.result.create(b"new")
