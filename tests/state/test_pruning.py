"""What is old goes; what a person or an article still needs stays, however old it is."""

from __future__ import annotations

import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from rewriter.cli import group
from rewriter.errors import FileError
from rewriter.files import atomic
from rewriter.state import State, held, originals, records
from rewriter.state.ledger import FileLedger, Key
from rewriter.state.pruning import prune
from rewriter.state.records import Decided
from rewriter.state.verifying import verify
from tests.runs.test_publishing import GOOD, TWICE, work

NOW = time.time()
LONG_AGO = NOW - 100 * 86_400
CUT = NOW - 90 * 86_400


@pytest.fixture
def state(raw: Path) -> State:
    return State(root=raw.parent)


def age(state: State) -> None:
    """Make everything in the state directory 100 days older."""
    for path in state.directory.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    for path in state.originals.glob("history/*/*.jsonl"):
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        for line in lines:
            line["at"] = str(datetime.fromisoformat(line["at"]) - timedelta(days=100))
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def answered(state: State, *digests: str) -> set[Path]:
    """Store something as the answers to requests; returns the files."""
    paths = {FileLedger(state.ledger).path(Key(digest)) for digest in digests}
    for path in paths:
        atomic.write(path, b"an answer")
    return paths


def contents(state: State) -> list[bytes]:
    return sorted(path.read_bytes() for path in state.originals.glob("objects/*/*"))


def pruned(state: State, *, dry_run: bool = False, kept_twice: bool = False) -> set[Path]:
    found = [one.path for one in prune(state, CUT, dry_run=dry_run, kept_twice=kept_twice)]
    assert len(found) == len(set(found)), "each file once"
    return set(found)


async def test_answers_go_when_they_are_old_and_records_stay(raw: Path, state: State) -> None:
    await work(raw, GOOD, in_place=True)
    answers = answered(state, atomic.digest(b"1"), atomic.digest(b"2"))
    assert pruned(state) == set(), "what is new stays"
    age(state)
    young = answered(state, atomic.digest(b"3"))
    assert pruned(state, dry_run=True) == answers
    assert all(path.is_file() for path in answers), "a dry run removes nothing"
    assert pruned(state) == answers
    assert set(state.ledger.rglob("*.json")) == young
    assert records.load(state.records, raw.name) is not None
    assert originals.latest(state, raw.name), "the article's only original"


async def test_answers_of_a_held_rewrite_stay_until_somebody_decided(
    raw: Path, state: State
) -> None:
    await work(raw, TWICE, TWICE, TWICE, in_place=True)
    record = records.load(state.held, raw.name)
    assert record is not None
    answers = answered(state, *record.request_digests)
    age(state)
    assert pruned(state) == set()
    held.release(state, raw.name)
    assert pruned(state) == answers


async def test_nothing_is_pruned_where_a_held_record_is_damaged(raw: Path, state: State) -> None:
    """Which answers it needs is not known."""
    await work(raw, TWICE, TWICE, TWICE, in_place=True)
    records.path_of(state.held, raw.name).write_text("{")
    answers = answered(state, "a" * 64)
    age(state)
    with pytest.raises(FileError, match="not a record that this version understands"):
        pruned(state)
    assert all(path.exists() for path in answers)


def test_of_many_versions_the_last_source_the_decided_and_the_last_stay(state: State) -> None:
    for data, kind in (
        (b"first source", "original"),
        (b"machine 1", "replaced"),
        (b"a person's edit", "decided"),
        (b"last source", "original"),
        (b"machine 2", "replaced"),
        (b"machine 3", "replaced"),
    ):
        originals.keep(state, "a.md", data, kind)  # type: ignore[arg-type]
    originals.keep(state, "b.md", b"machine 2")  # the source of another article
    age(state)
    originals.keep(state, "c.md", b"first source")

    pruned(state)

    assert contents(state) == sorted(
        [b"first source", b"last source", b"a person's edit", b"machine 2", b"machine 3"]
    )
    kept = [originals.get(state, "a.md", one.digest) for one in originals.history(state, "a.md")]
    assert kept == [b"a person's edit", b"last source", b"machine 3"]
    assert originals.latest(state, "a.md") == b"last source"
    assert verify(state).damage == ()
    assert pruned(state) == set(), "a second time removes nothing"
    again = originals.keep(state, "a.md", b"machine 1", "replaced")
    assert originals.get(state, "a.md", again.digest) == b"machine 1", "and it can be kept again"


async def test_what_a_record_names_stays(raw: Path, state: State) -> None:
    await work(raw, GOOD, in_place=True)
    record = records.load(state.records, raw.name)
    assert record is not None
    for data in (b"before the decision", b"nobody's", b"last"):
        originals.keep(state, raw.name, data, "replaced")
    decision = Decided(
        at=datetime.now(UTC), action="edited", before=atomic.digest(b"before the decision")
    )
    records.save(state.records, record.model_copy(update={"decisions": (decision,)}))
    age(state)
    pruned(state)
    assert b"before the decision" in contents(state)
    assert b"nobody's" not in contents(state)


async def test_a_text_that_a_person_edited_is_kept_as_such(raw: Path, state: State) -> None:
    await work(raw, GOOD, in_place=True)
    first = raw.read_bytes()
    await work(raw, GOOD, in_place=True, force=True)
    raw.write_bytes(raw.read_bytes() + b"\nAn editor's last line.\n")
    edited = raw.read_bytes()
    await work(raw, GOOD, in_place=True, force=True)
    kinds = {kept.digest: kept.kind for kept in originals.history(state, raw.name)}
    assert kinds[atomic.digest(first)] == "replaced"
    assert kinds[atomic.digest(edited)] == "decided"


def test_what_is_kept_again_while_it_is_pruned_is_not_lost(state: State) -> None:
    """Each round has old contents, one thread that keeps them again, and one that prunes."""
    for number in range(15):
        name, data = f"{number}.md", b"text %d" % number
        originals.keep(state, name, data, "replaced")
        originals.keep(state, name, b"last", "replaced")
        age(state)
        keeping = threading.Thread(target=originals.keep, args=(state, name, data, "replaced"))
        keeping.start()
        pruned(state)
        keeping.join()
        last = originals.history(state, name)[-1]
        assert originals.get(state, name, last.digest) == data
    assert verify(state).damage == ()


def test_rescued_texts_and_half_written_files_go(state: State) -> None:
    rescued, half = state.conflicts / "ab-a.md.md", state.records / ".rewriter-0f.tmp"
    for path in (rescued, half):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    (damage,) = verify(state).damage
    assert (damage.path, damage.advice) == (half, "'rewriter state prune' removes it")
    age(state)
    assert pruned(state) == {rescued, half}


def test_a_content_without_a_history_is_told_and_removed_when_it_is_old(state: State) -> None:
    orphan = originals.object_at(state, atomic.digest(b"x"))
    atomic.write(orphan, b"x")
    assert [(path, problem) for path, problem, _ in verify(state).damage] == [
        (orphan, "no history names it")
    ]
    assert pruned(state) == set()
    age(state)
    assert pruned(state) == {orphan}


def test_the_command_says_what_it_removes(state: State) -> None:
    (answer,) = answered(state, atomic.digest(b"1"))
    age(state)
    run = CliRunner()
    place = ["--root", str(state.root)]
    told = run.invoke(group, ["state", "prune", "--older-than", "90d", "--dry-run", *place])
    assert told.stdout == f"{answer}\n"
    assert told.stderr == "rewriter: 1 file would be removed, 0.0 MB\n"
    done = run.invoke(group, ["state", "prune", "--older-than", "90d", "--json", *place])
    assert json.loads(done.stdout)["path"] == str(answer)
    assert not answer.exists()
    for wrong in ("1d", "90", "3 weeks", "-90d"):
        refused = run.invoke(group, ["state", "prune", "--older-than", wrong, *place])
        assert "give the age in days, from 2d on: 90d" in refused.stderr
        assert refused.exit_code == 2


@pytest.mark.parametrize("command", [["verify"], ["export"], ["prune", "--older-than", "90d"]])
def test_a_folder_that_is_not_there_has_no_state(
    state: State, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    state.directory.mkdir(exist_ok=True)
    monkeypatch.chdir(state.root)
    done = CliRunner().invoke(group, ["state", *command, "nowhere"])
    assert "nowhere: no such file or folder" in done.stderr + str(done.exception)


async def test_export_prints_each_record_as_a_line_of_json(raw: Path, state: State) -> None:
    await work(raw, GOOD, in_place=True)
    command = ["state", "export", "--root", str(state.root)]
    done = CliRunner().invoke(group, command, standalone_mode=False)
    (line,) = map(json.loads, done.stdout.splitlines())
    assert (line["name"], line["status"]) == (raw.name, "published")
    assert done.return_value == 0
    (state.records / "damaged.json").write_text("{")
    done = CliRunner().invoke(group, command, standalone_mode=False)
    assert len(done.stdout.splitlines()) == 1
    assert "damaged.json: not a record" in done.stderr
    assert done.return_value == 4


async def test_an_original_that_stands_at_its_input_goes_where_that_is_asked_for(
    raw: Path, state: State, out: Path
) -> None:
    await work(raw, GOOD, out=out)
    age(state)
    assert pruned(state) == set(), "not by itself"
    both = set(state.originals.glob("*/*/*"))
    assert len(both) == 2
    assert pruned(state, kept_twice=True, dry_run=True) == both
    assert pruned(state, kept_twice=True) == both
    assert verify(state).damage == ()
    again = await work(raw, GOOD, in_place=True)
    assert again.result.status == "published"
    assert originals.latest(state, raw.name), "kept again before it is written over"


async def test_an_original_that_two_articles_share_goes_with_both(
    raw: Path, state: State, out: Path
) -> None:
    same = raw.with_name("same.txt")
    same.write_bytes(raw.read_bytes())
    await work(raw, GOOD, out=out)
    await work(same, GOOD, out=out)
    age(state)
    both = set(state.originals.glob("*/*/*"))
    assert len(both) == 3
    assert pruned(state, kept_twice=True, dry_run=True) == both
    assert pruned(state, kept_twice=True) == both
    assert verify(state).damage == ()


@pytest.mark.parametrize("why", ["changed", "gone", "in place", "young", "decided", "held"])
async def test_an_only_original_and_what_a_person_decided_stay(
    raw: Path, state: State, out: Path, why: str
) -> None:
    await work(raw, GOOD, in_place=True) if why == "in place" else await work(raw, GOOD, out=out)
    source = originals.latest(state, raw.name)
    record = records.load(state.records, raw.name)
    assert record is not None
    age(state)
    if why == "changed":
        raw.write_bytes(raw.read_bytes() + b"more")
    elif why == "gone":
        raw.unlink()
    elif why == "young":
        originals.keep(state, raw.name, source or b"")  # as a run does before it writes over it
    elif why == "decided":
        decided = Decided(at=datetime.now(UTC), action="edited")
        records.save(state.records, record.model_copy(update={"decisions": (decided,)}))
    elif why == "held":
        held.keep(state, record, b"text")
    pruned(state, kept_twice=True)
    assert originals.latest(state, raw.name) == source
