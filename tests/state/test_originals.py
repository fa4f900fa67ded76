"""Originals come back byte for byte, whatever was done to the article since."""

from __future__ import annotations

import json
import multiprocessing
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter import frontmatter
from rewriter.errors import FileError
from rewriter.files import atomic
from rewriter.files.inputs import FilePlace
from rewriter.state import State, originals

NAME = "news/a.md"
SOURCE = b"---\r\ntitle: A\r\n---\r\nOld \xc3\xa4\r\n\r\nlast line"
FINISHED = b"---\ntitle: A\nai: {rewritten: true}\n---\nNew\n"


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "news" / "a.md"
    path.parent.mkdir()
    path.write_bytes(SOURCE)
    return path


def objects(state: State) -> list[bytes]:
    return [p.read_bytes() for p in (state.originals / "objects").rglob("*") if p.is_file()]


def test_what_is_kept_comes_back_whole(state: State) -> None:
    assert originals.latest(state, NAME) is None
    originals.keep(state, NAME, SOURCE)
    assert originals.latest(state, NAME) == SOURCE
    assert originals.latest(state, "news/b.md") is None


def test_a_line_whose_time_has_no_zone_is_ignored(state: State) -> None:
    """It could not be compared with the others; none of ours is written so."""
    kept = originals.keep(state, NAME, SOURCE).model_dump(mode="json")
    (history,) = (state.originals / "history").glob("*/*")
    with history.open("a") as file:
        for kind in ("pruned", "original"):
            file.write(json.dumps(kept | {"kind": kind, "at": "2099-01-01T00:00:00"}) + "\n")
    assert originals.latest(state, NAME) == SOURCE
    assert len(originals.history(state, NAME)) == 1


def test_the_history_says_when_what_was_kept(state: State) -> None:
    first = originals.keep(state, NAME, SOURCE)
    second = originals.keep(state, NAME, FINISHED, "replaced")
    assert originals.history(state, NAME) == (first, second)
    assert (first.kind, first.size, second.kind) == ("original", len(SOURCE), "replaced")
    assert first.at <= second.at


def test_keeping_the_same_again_changes_nothing(state: State) -> None:
    first = originals.keep(state, NAME, SOURCE)
    assert originals.keep(state, NAME, SOURCE) == first
    assert originals.history(state, NAME) == (first,)


def test_the_same_content_is_stored_once(state: State) -> None:
    for name in ("a.md", "b.md", "b.md"):
        originals.keep(state, name, SOURCE)
        originals.keep(state, name, FINISHED, "replaced")
    assert sorted(objects(state)) == sorted([SOURCE, FINISHED])


def test_the_latest_source_is_never_a_finished_article(state: State) -> None:
    originals.keep(state, NAME, SOURCE)
    originals.keep(state, NAME, FINISHED, "replaced")
    assert originals.latest(state, NAME) == SOURCE


def test_restore_brings_the_source_back_and_keeps_what_it_replaced(
    state: State, article: Path
) -> None:
    originals.keep(state, NAME, SOURCE)
    article.write_bytes(FINISHED)
    assert originals.restore(state, NAME, FilePlace(article)) == SOURCE
    assert article.read_bytes() == SOURCE
    assert originals.get(state, NAME, originals.history(state, NAME)[-1].digest) == FINISHED


def test_restoring_twice_is_restoring_once(state: State, article: Path) -> None:
    originals.keep(state, NAME, SOURCE)
    article.write_bytes(FINISHED)
    originals.restore(state, NAME, FilePlace(article))
    before = originals.history(state, NAME)
    originals.restore(state, NAME, FilePlace(article))
    assert article.read_bytes() == SOURCE
    assert originals.history(state, NAME) == before


def test_a_digest_s_first_characters_name_what_comes_back(state: State, article: Path) -> None:
    originals.keep(state, NAME, SOURCE)
    finished = originals.keep(state, NAME, FINISHED, "replaced")
    originals.restore(state, NAME, FilePlace(article), finished.digest[:8])
    assert article.read_bytes() == FINISHED
    with pytest.raises(FileError, match="no kept content has a digest that begins with 'zz'"):
        originals.restore(state, NAME, FilePlace(article), "zz")


def test_a_digest_that_names_several_is_refused(state: State) -> None:
    for number in range(17):  # of 17 digests two begin alike
        originals.keep(state, NAME, b"%d" % number)
    digests = sorted(kept.digest for kept in originals.history(state, NAME))
    twice = next(a[0] for a, b in pairwise(digests) if a[0] == b[0])
    with pytest.raises(FileError, match="several kept contents"):
        originals.get(state, NAME, twice)


def test_a_vanished_article_is_made_anew(state: State, article: Path) -> None:
    originals.keep(state, NAME, SOURCE)
    article.unlink()
    originals.restore(state, NAME, FilePlace(article))
    assert article.read_bytes() == SOURCE


def test_an_article_that_was_never_kept_is_a_clear_error(state: State, article: Path) -> None:
    with pytest.raises(FileError, match=f"{article}: it was never rewritten here"):
        originals.restore(state, NAME, FilePlace(article))
    assert article.read_bytes() == SOURCE
    with pytest.raises(FileError, match="no such file, and no original of it is kept in"):
        originals.restore(state, "gone.md", FilePlace(article.with_name("gone.md")))


def test_a_damaged_original_is_not_brought_back(state: State, article: Path) -> None:
    kept = originals.keep(state, NAME, SOURCE)
    (state.originals / "objects" / kept.digest[:2] / kept.digest).write_bytes(b"rotten")
    article.write_bytes(FINISHED)
    with pytest.raises(FileError, match="damaged"):
        originals.restore(state, NAME, FilePlace(article))
    assert article.read_bytes() == FINISHED


@pytest.mark.parametrize("planted", ["pipe", "link", "other bytes", "as long"])
def test_what_a_stranger_put_in_the_place_of_a_content_does_not_lose_it(
    state: State, planted: str
) -> None:
    place = originals.object_at(state, atomic.digest(SOURCE))
    place.parent.mkdir(parents=True)
    if planted == "pipe":
        os.mkfifo(place)
    elif planted == "link":
        place.symlink_to(state.root / "a.md")
    else:
        place.write_bytes(SOURCE[::-1] if planted == "as long" else b"other")
    if planted in ("pipe", "link"):
        with pytest.raises(FileError, match="a link, a pipe or a device"):
            originals.keep(state, NAME, SOURCE)
        assert originals.latest(state, NAME) is None
    else:
        originals.keep(state, NAME, SOURCE)
        assert originals.latest(state, NAME) == SOURCE


def test_a_line_torn_by_a_kill_is_passed_over(state: State) -> None:
    first = originals.keep(state, NAME, SOURCE)
    (history,) = (state.originals / "history").glob("*/*")
    with history.open("ab") as file:
        file.write(b'{"name": "news/a.md", "at": "2026-')
    assert originals.history(state, NAME) == (first,)
    second = originals.keep(state, NAME, FINISHED, "replaced")
    assert originals.history(state, NAME) == (first, second)


def test_names_of_any_length_and_kind_are_kept(state: State) -> None:
    for name in ("ü" * 2_000, "../a.md", "a b\n.md", "/etc/passwd", "caf\udce9.md"):
        originals.keep(state, name, name.encode("utf-8", "surrogateescape"))
        assert originals.latest(state, name) == name.encode("utf-8", "surrogateescape")


def _keep_many(root: Path, start: int) -> None:
    for number in range(start, start + 30):
        originals.keep(State(root), NAME, b"%d" % number)


@pytest.mark.slow
def test_many_processes_keep_at_once_and_nothing_is_lost(state: State, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_keep_many, args=(tmp_path, n * 100)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    wanted = {b"%d" % (n * 100 + number) for n in range(3) for number in range(30)}
    assert {originals.get(state, NAME, k.digest) for k in originals.history(state, NAME)} == wanted


@settings(max_examples=30)
@given(st.binary(max_size=200), st.lists(st.binary(max_size=20), max_size=3))
def test_any_bytes_come_back_after_any_edits(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, later: list[bytes]
) -> None:
    root = tmp_path_factory.mktemp("site")
    state, article = State(root), root / "a.md"
    source = b"---\ntitle: A\n---\n" + body
    article.write_bytes(source)
    originals.keep(state, "a.md", source)
    article.write_bytes(frontmatter.edit(source, {"ai": {"rewritten": True}}))
    for data in later:
        originals.keep(state, "a.md", article.read_bytes(), "replaced")
        article.write_bytes(data)
    assert originals.restore(state, "a.md", FilePlace(article)) == source
    assert article.read_bytes() == source
