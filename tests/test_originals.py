"""Originals come back byte for byte, whatever was done to the article since."""

from __future__ import annotations

import multiprocessing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter import frontmatter
from rewriter.errors import FileChangedError, FileError
from rewriter.originals import Originals
from rewriter.state import State

SOURCE = b"---\r\ntitle: A\r\n---\r\nOld \xc3\xa4\r\n\r\nlast line"
FINISHED = b"---\ntitle: A\nai: {rewritten: true}\n---\nNew\n"


@pytest.fixture
def store(tmp_path: Path) -> Originals:
    return Originals(State(root=tmp_path))


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "news" / "a.md"
    path.parent.mkdir()
    path.write_bytes(SOURCE)
    return path


def objects(store: Originals) -> list[bytes]:
    return [p.read_bytes() for p in (store.state.originals / "objects").rglob("*") if p.is_file()]


def test_what_is_kept_comes_back_whole(store: Originals, article: Path) -> None:
    assert store.latest(article) is None
    store.keep(article, SOURCE)
    assert store.latest(article) == SOURCE
    assert store.latest(article.with_name("b.md")) is None


def test_the_history_says_when_what_was_kept(store: Originals, article: Path) -> None:
    first = store.keep(article, SOURCE)
    second = store.keep(article, FINISHED, "replaced")
    assert store.history(article) == (first, second)
    assert (first.kind, first.size, second.kind) == ("original", len(SOURCE), "replaced")
    assert first.at <= second.at


def test_keeping_the_same_again_changes_nothing(store: Originals, article: Path) -> None:
    first = store.keep(article, SOURCE)
    assert store.keep(article, SOURCE) == first
    assert store.history(article) == (first,)


def test_the_same_content_is_stored_once(store: Originals, article: Path) -> None:
    for name in ("a.md", "b.md", "b.md"):
        store.keep(article.with_name(name), SOURCE)
        store.keep(article.with_name(name), FINISHED, "replaced")
    assert sorted(objects(store)) == sorted([SOURCE, FINISHED])


def test_the_latest_source_is_never_a_finished_article(store: Originals, article: Path) -> None:
    store.keep(article, SOURCE)
    store.keep(article, FINISHED, "replaced")
    assert store.latest(article) == SOURCE


def test_restore_brings_the_source_back_and_keeps_what_it_replaced(
    store: Originals, article: Path
) -> None:
    store.keep(article, SOURCE)
    article.write_bytes(FINISHED)
    assert store.restore(article) == SOURCE
    assert article.read_bytes() == SOURCE
    assert store.get(article, store.history(article)[-1].digest) == FINISHED


def test_restoring_twice_is_restoring_once(store: Originals, article: Path) -> None:
    store.keep(article, SOURCE)
    article.write_bytes(FINISHED)
    store.restore(article)
    before = store.history(article)
    store.restore(article)
    assert article.read_bytes() == SOURCE
    assert store.history(article) == before


def test_a_digest_s_first_characters_name_what_comes_back(store: Originals, article: Path) -> None:
    store.keep(article, SOURCE)
    finished = store.keep(article, FINISHED, "replaced")
    store.restore(article, finished.digest[:8])
    assert article.read_bytes() == FINISHED
    with pytest.raises(FileError, match="no kept content has a digest that begins with 'zz'"):
        store.restore(article, "zz")


def test_a_digest_that_names_several_is_refused(store: Originals, article: Path) -> None:
    for number in range(17):  # of 17 digests two begin alike
        store.keep(article, b"%d" % number)
    digests = sorted(kept.digest for kept in store.history(article))
    twice = next(a[0] for a, b in pairwise(digests) if a[0] == b[0])
    with pytest.raises(FileError, match="several kept contents"):
        store.get(article, twice)


def test_a_vanished_article_is_made_anew(store: Originals, article: Path) -> None:
    store.keep(article, SOURCE)
    article.unlink()
    store.restore(article)
    assert article.read_bytes() == SOURCE


def test_an_article_that_was_never_kept_is_a_clear_error(store: Originals, article: Path) -> None:
    with pytest.raises(FileError, match="no original is kept in"):
        store.restore(article)
    assert article.read_bytes() == SOURCE


def test_a_damaged_original_is_not_brought_back(store: Originals, article: Path) -> None:
    kept = store.keep(article, SOURCE)
    (store.state.originals / "objects" / kept.digest[:2] / kept.digest).write_bytes(b"rotten")
    article.write_bytes(FINISHED)
    with pytest.raises(FileError, match="damaged"):
        store.restore(article)
    assert article.read_bytes() == FINISHED


def test_a_line_torn_by_a_kill_is_passed_over(store: Originals, article: Path) -> None:
    first = store.keep(article, SOURCE)
    (history,) = (store.state.originals / "history").iterdir()
    with history.open("ab") as file:
        file.write(b'{"name": "news/a.md", "at": "2026-')
    assert store.history(article) == (first,)
    second = store.keep(article, FINISHED, "replaced")
    assert store.history(article) == (first, second)


@pytest.mark.parametrize("name", ["ü" * 127, "a b\n.md", "caf\udce9.md", "deep/" * 40 + "a.md"])
def test_names_of_any_length_and_kind_are_kept(store: Originals, tmp_path: Path, name: str) -> None:
    store.keep(tmp_path / name, SOURCE)
    assert store.latest(tmp_path / name) == SOURCE


def test_an_article_goes_by_its_own_name_not_its_link_s_target(
    store: Originals, article: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.md"
    link.symlink_to(article)
    store.keep(link, SOURCE)
    assert store.latest(article) is None
    link.write_bytes(FINISHED)
    store.restore(link)
    assert link.is_symlink()
    assert article.read_bytes() == SOURCE


def test_an_article_outside_of_the_root_is_a_clear_error(store: Originals, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="outside of the content root"):
        store.keep(tmp_path.parent / "a.md", SOURCE)


def test_replace_keeps_what_was_read(store: Originals, article: Path) -> None:
    store.replace(article, FINISHED, SOURCE)
    assert article.read_bytes() == FINISHED
    assert store.latest(article) == SOURCE


def test_the_new_text_of_an_article_that_changed_meanwhile_is_not_lost(
    store: Originals, article: Path
) -> None:
    article.write_bytes(b"an editor was here")
    with pytest.raises(FileChangedError) as caught:
        store.replace(article, FINISHED, SOURCE)
    assert article.read_bytes() == b"an editor was here"
    (rescued,) = store.state.conflicts.iterdir()
    assert rescued.read_bytes() == FINISHED
    assert str(caught.value).endswith(f"the new text is in {rescued}")


def _keep_many(root: Path, start: int) -> None:
    for number in range(start, start + 30):
        Originals(State(root=root)).keep(root / "a.md", b"%d" % number)


def test_many_processes_keep_at_once_and_nothing_is_lost(store: Originals, tmp_path: Path) -> None:
    article = tmp_path / "a.md"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_keep_many, args=(tmp_path, n * 100)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    wanted = {b"%d" % (n * 100 + number) for n in range(3) for number in range(30)}
    assert {store.get(article, kept.digest) for kept in store.history(article)} == wanted


@settings(deadline=None, max_examples=30)
@given(st.binary(max_size=200), st.lists(st.binary(max_size=20), max_size=3))
def test_any_bytes_come_back_after_any_edits(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, later: list[bytes]
) -> None:
    root = tmp_path_factory.mktemp("site")
    store, article = Originals(State(root=root)), root / "a.md"
    source = b"---\ntitle: A\n---\n" + body
    article.write_bytes(source)
    store.keep(article, source)
    article.write_bytes(frontmatter.edit(source, {"ai": {"rewritten": True}}))
    for data in later:
        store.keep(article, article.read_bytes(), "replaced")
        article.write_bytes(data)
    assert store.restore(article) == source
    assert article.read_bytes() == source
