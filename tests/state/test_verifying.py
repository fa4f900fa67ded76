"""A state directory of somebody else's is not trusted, and damage in one is told."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rewriter.errors import FileError
from rewriter.files import atomic
from rewriter.files.disk_set import DiskSet
from rewriter.state import State, held, originals, records, root_id
from rewriter.state.ledger import FileLedger, Key
from rewriter.state.verifying import look_at, verify
from tests.runs.test_publishing import GOOD, TWICE, work
from tests.state.test_ledger import ENTRY, KEY

HELD = (TWICE, TWICE, TWICE)


@pytest.fixture
def state(raw: Path) -> State:
    return State(root=raw.parent)


def _change(path: Path, **changes: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


# --- targets ------------------------------------------------------------------------------------


async def test_a_target_outside_is_written_only_where_a_run_of_ours_named_it(
    raw: Path, tmp_path: Path, state: State
) -> None:
    await work(raw, *HELD, out=tmp_path / "out")
    assert held.publish(state, raw, "read").address == str(tmp_path / "out" / raw.name)


@pytest.mark.parametrize("way", ["victim.md", "content/../victim.md", "out/victim.md"])
async def test_a_record_of_a_stranger_has_nothing_written_outside(
    raw: Path, tmp_path: Path, state: State, way: str
) -> None:
    await work(raw, *HELD, out=tmp_path / "out")
    _change(state.held / f"{raw.name}.json", target=str(tmp_path / way))
    with pytest.raises(FileError, match="names a target outside of the content root"):
        held.publish(state, raw, "read")
    assert not (tmp_path / way).exists()
    assert any("outside of the content root" in told for _, told, _ in verify(state).damage)


async def test_a_signature_of_another_user_is_none(
    raw: Path, tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    await work(raw, *HELD, out=tmp_path / "out")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
    with pytest.raises(FileError, match="outside of the content root"):
        held.publish(state, raw, "read")


def test_without_a_place_for_the_key_nothing_is_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert held.signature("a", "/b") == ""
    assert not held.is_signed("a", "/b", "")


async def test_a_link_at_the_target_leads_nowhere(raw: Path, tmp_path: Path, state: State) -> None:
    await work(raw, *HELD, out=raw.parent / "out")
    (raw.parent / "out").symlink_to(tmp_path)
    with pytest.raises(FileError, match="leads out of"):
        held.publish(state, raw, "read")
    assert not (tmp_path / raw.name).exists()


# --- what lies in the way -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["link", "pipe", "device"])
@pytest.mark.parametrize("place", ["records", "held"])
async def test_no_run_follows_or_waits_for_what_lies_in_the_state_directory(
    raw: Path, tmp_path: Path, state: State, kind: str, place: str
) -> None:
    (tmp_path / "victim").write_text("{}")
    path = state.directory / place / f"{raw.name}.json"
    path.parent.mkdir(parents=True)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero" if kind == "device" else tmp_path / "victim")
    await work(raw, *(GOOD if place == "records" else HELD[0],) * 3, out=raw.parent / "out")
    assert (tmp_path / "victim").read_text() == "{}"
    if place == "records":  # what is held anew takes the place of what lay there
        assert any(path == damaged for damaged, _, _ in verify(state).damage)


@pytest.mark.parametrize(
    "place",
    ["records/a.md.json", "held/a.md", "ledger/ab/ab12.json", f"originals/objects/ab/{'ab' * 32}"],
)
def test_a_folder_at_the_place_of_a_file_is_told(state: State, place: str) -> None:
    folder = state.directory / place
    folder.mkdir(parents=True)
    (damage,) = verify(state).damage
    assert damage == (folder, originals.NO_FILE.partition("; ")[0], "remove it")


async def test_records_in_a_folder_that_is_called_as_a_file_are_sound(
    raw: Path, state: State
) -> None:
    await work(raw, GOOD, out=raw.parent / "out")
    record = records.load(state.records, raw.name)
    assert record is not None
    records.save(state.records, record.model_copy(update={"name": "news.json/ferries.md"}))
    assert verify(state).damage == ()


@pytest.mark.parametrize("folder", ["records", "held", "ledger", "originals"])
async def test_a_folder_of_the_state_directory_that_is_a_link_out_is_not_written_into(
    raw: Path, tmp_path: Path, state: State, folder: str
) -> None:
    (tmp_path / "victim").mkdir()
    state.directory.mkdir()
    (state.directory / folder).symlink_to(tmp_path / "victim")
    await work(raw, GOOD, out=raw.parent / "out")
    await work(raw, *HELD, out=raw.parent / "out", force=True)
    assert [path.name for path in (tmp_path / "victim").iterdir()] == []
    assert [path for path, _, _ in verify(state).damage] == [state.directory / folder]


def test_a_root_id_that_is_a_pipe_or_a_link_is_refused(tmp_path: Path) -> None:
    state = State(root=tmp_path)
    state.directory.mkdir()
    os.mkfifo(state.identity)
    with pytest.raises(FileError, match="not a file"):
        root_id(state)


@pytest.mark.parametrize("content", [b"", b"no id\n", b"../../x\n", b"\xff\xfe", b"a" * 1_000])
def test_what_is_no_root_id_is_refused(tmp_path: Path, content: bytes) -> None:
    state = State(root=tmp_path)
    first = root_id(state)
    assert root_id(state) == first != root_id(State(root=tmp_path / "other"))
    state.identity.write_bytes(content)
    with pytest.raises(FileError, match=r"root's id|no id of a content root|bytes"):
        root_id(state)
    state.identity.unlink()
    state.identity.mkdir()
    with pytest.raises(FileError, match="not a file"):
        root_id(state)


async def test_a_ledger_of_pipes_is_refused(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path / "ledger", tmp_path / "ledger" / ".lock")
    path = ledger.path(Key("ab" * 32))
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    os.mkfifo(tmp_path / "ledger" / ".lock")
    with pytest.raises(FileError, match="not a file"):
        await ledger.get(Key("ab" * 32))
    async with ledger.one_at_a_time("ab" * 32):
        pass


# --- damage -------------------------------------------------------------------------------------


async def test_a_sound_state_directory_has_no_damage(raw: Path, state: State) -> None:
    await work(raw, GOOD, in_place=True)
    await work(raw, *HELD, in_place=True, force=True)
    await FileLedger(state.ledger).put(KEY, ENTRY)
    verified = verify(state)
    assert verified.damage == ()
    assert verified.files >= 5


@pytest.mark.parametrize("place", ["records", "held", "ledger", "originals", "conflicts"])
def test_a_file_that_a_worker_removes_meanwhile_is_no_damage(state: State, place: str) -> None:
    with DiskSet() as named:
        for name in ("a.json", ".rewriter-0.tmp", "a.jsonl"):
            assert [*look_at(state, state.directory / place / name, named)] == []


async def test_each_damage_is_told_with_its_file(raw: Path, state: State) -> None:
    await work(raw, GOOD, in_place=True)
    (kept, *_) = originals.history(state, raw.name)
    content = originals.object_at(state, kept.digest)
    (history,) = (state.originals / "history").glob("*/*")
    sound = content.read_bytes()
    stored = ENTRY.model_dump_json().encode()
    record = records.path_of(state.records, raw.name)
    whole = record.read_bytes()
    cases: dict[str, Callable[[], object]] = {
        "has another digest": lambda: content.write_bytes(sound + b"x"),
        f"line 1: the content {kept.digest} of {raw.name} is missing": content.unlink,
        "line 2 is damaged": lambda: history.write_bytes(history.read_bytes() + b'{"na\n'),
        "line 3 is about another article": lambda: history.write_bytes(
            history.read_bytes() + kept.model_copy(update={"name": "b"}).model_dump_json().encode()
        ),
        "not a record": lambda: record.write_bytes(b"{"),
        "the record of another article": lambda: record.rename(state.records / "other.json"),
        "it has no record next to it": lambda: atomic.write(state.held / "x.md", b"text"),
        "the answer to another request than its name says": lambda: atomic.write(
            state.ledger / "cd" / "cd.0.1.json", stored
        ),
        "damaged: ": lambda: atomic.write(state.ledger / "ab" / "ab.0.1.json", b"{"),
    }
    for told, damage in cases.items():
        damage()
        assert any(told in problem for _, problem, _ in verify(state).damage), told
        if told.startswith("has another"):
            content.write_bytes(sound)
        if told == "not a record":
            record.write_bytes(whole)
