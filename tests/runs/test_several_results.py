"""An article that is written to several places has a record of each result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from rewriter.runs.checking.texts import judge_file
from rewriter.settings import Settings
from rewriter.state import State, held, originals, records
from rewriter.state.pruning import prune
from rewriter.state.records import Record
from rewriter.state.verifying import verify
from tests.runs.test_publishing import GOOD, PROMPT, TWICE, _newer, work
from tests.state.test_locking import another_process


def _of(raw: Path, target: Path) -> Record | None:
    state = State(root=raw.parent)
    return records.of_target(state.records, target, state.root)


async def test_each_result_is_checked_against_the_source_that_it_was_made_of(
    raw: Path, out: Path
) -> None:
    await work(raw, GOOD, out=out)
    raw.write_text(raw.read_text() + "\nA second ferry will run from April.\n")
    await work(raw, GOOD, out=out.with_name("other"))
    for folder, paragraphs in ((out, 0), (out.with_name("other"), 1)):
        judged = judge_file(str(folder / "ferries.md"), None, PROMPT.rules, raw.parent)
        assert sum("second ferry" in text for text in judged.source.paragraphs) == paragraphs


async def test_what_a_person_accepted_stays_accepted_after_another_result(
    raw: Path, out: Path
) -> None:
    state, other = State(root=raw.parent), out.with_name("other")
    await work(raw, *[TWICE] * 3, out=out)
    held.publish(state, raw, "read by a person")
    await work(raw, GOOD, out=other)
    await work(raw, *[TWICE] * 3, out=out, prompt=_newer())  # held; the older file stays
    for target, reason in ((out, "read by a person"), (other, None)):
        record = _of(raw, target / "ferries.md")
        assert record is not None
        assert (record.status, record.reason) == ("published", reason)
    await work(raw, GOOD, out=other, force=True)
    last = records.load(state.records, raw.name)
    assert last is not None
    assert [one.status for one in last.each()] == ["published", "published"]
    assert verify(state).damage == ()


async def test_drafts_in_two_folders_are_both_written_again(raw: Path, out: Path) -> None:
    other = out.with_name("other")
    for folder in (out, other):
        await work(raw, GOOD, out=folder, engine="extractive")
    for folder in (out, other):
        done = await work(raw, GOOD, out=folder, engine="extractive", prompt=_newer())
        assert done.result.status == "drafted", done.result.reason


async def test_a_result_that_is_gone_leaves_no_record(raw: Path, out: Path) -> None:
    await work(raw, GOOD, out=out)
    (out / "ferries.md").unlink()
    await work(raw, GOOD, out=out.with_name("other"))
    last = records.load(State(root=raw.parent).records, raw.name)
    assert last is not None
    assert last.others == ()


async def test_the_record_keeps_a_bounded_number_of_results_in_a_store(
    raw: Path, out: Path
) -> None:
    await work(raw, GOOD, out=out)
    folder = State(root=raw.parent).records
    first = records.load(folder, raw.name)
    assert first is not None
    for day in range(30):
        finished = first.finished_at + timedelta(days=day + 1)
        target = f"s3://news/{day:02}/ferries.md"
        records.save(folder, first.model_copy(update={"target": target, "finished_at": finished}))
    last = records.load(folder, raw.name)
    assert last is not None
    assert [one.target for one in last.each()] == [
        f"s3://news/{day:02}/ferries.md" for day in range(29, 8, -1)
    ]


@pytest.mark.parametrize("decide", ["publish", "edit"])
async def test_a_decision_waits_while_another_process_writes_the_records(
    raw: Path, out: Path, decide: str
) -> None:
    from rewriter.files import atomic
    from rewriter.review import articles, decisions

    await work(raw, *([TWICE] * 3 if decide == "publish" else [GOOD]), out=out)
    state = State(root=raw.parent)
    (entry,) = articles.entries([str(raw)], Settings(root=raw.parent))
    data = entry.path.read_bytes()
    with another_process(*records.lock(state.records, raw.name)) as other:
        decision: Callable[[], object] = partial(held.publish, state, raw, "read")
        if decide == "edit":
            seen, changed = atomic.digest(data), data + b"More.\n"
            decision = partial(decisions.edit, entry, seen, changed, "impact")
        waiting = asyncio.create_task(asyncio.to_thread(decision))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        assert other.stdin
        other.stdin.close()
        await asyncio.wait_for(waiting, 20)
    record = records.load(state.records, raw.name)
    assert record is not None
    assert (record.status, len(record.decisions)) == ("published", int(decide == "edit"))


async def test_the_sources_of_all_results_outlive_pruning(raw: Path, out: Path) -> None:
    state, first = State(root=raw.parent), raw.read_bytes()
    for number in range(3):
        await work(raw, GOOD, out=out.with_name(f"out{number}"))
        raw.write_bytes(raw.read_bytes() + b"\nMore.\n")
    list(prune(state, 4e9))
    assert first in [
        originals.get(state, raw.name, one.digest) for one in originals.history(state, raw.name)
    ]


@pytest.mark.parametrize("decide", ["publish", "edit"])
async def test_a_decision_on_one_result_leaves_the_others(
    raw: Path, out: Path, decide: str
) -> None:
    from rewriter.files import atomic
    from rewriter.review import articles, decisions

    await work(raw, GOOD, out=out)
    await work(raw, *[TWICE] * 3, out=out.with_name("other"))
    settings = Settings(root=raw.parent)
    waiting, written = articles.entries([str(raw)], settings)
    assert (waiting.status, written.status) == ("held", "published")
    entry = waiting if decide == "publish" else written
    data = entry.path.read_bytes()
    if decide == "publish":
        decisions.publish(entry, atomic.digest(data), "read by a person", settings)
    else:
        decisions.edit(entry, atomic.digest(data), data + b"More.\n", "impact")
    one, two = articles.entries([str(raw)], settings)
    assert {len(one.record.decisions), len(two.record.decisions)} == {0, 1}
    assert held.record_of(State(root=raw.parent), raw) is None or decide == "edit"
