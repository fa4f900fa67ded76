"""Any number of paths becomes a batch; what needs no work is not queued."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import SecretStr

from rewriter.errors import ConfigurationError, FileError
from rewriter.prompting.prompt_file import load
from rewriter.queue import batches
from rewriter.queue.claims import Delivery, End, Return
from rewriter.queue.connection import Connection
from rewriter.queue.fleet_budget import CancelledBatchError, FleetBudget
from rewriter.queue.submitting import Submission, Tally, submit
from rewriter.settings import Settings
from tests.queue.conftest import buried, write_articles
from tests.queue.test_claims import join
from tests.queue.test_fleet_budget import REQUEST


async def send(
    connection: Connection, root: Path, *paths: str, out: str = "site", **changes: object
) -> Tally:
    submission = Submission("b", out=root / out, **changes)  # type: ignore[arg-type]
    given = [str(root / path) for path in paths or ("raw",)]
    return await submit(connection, given, submission, Settings(root=root))


async def test_messages_are_references_relative_to_the_root(
    connection: Connection, root: Path
) -> None:
    assert await send(connection, root) == Tally(queued=3)
    messages = await connection.client.hgetall(connection.key("messages"))
    assert json.loads(messages["b/raw/0000.txt"]) == {
        "batch": "b",
        "path": "raw/0000.txt",
        "target": "site/0000.md",
        "prompt": "rewrite",
        "prompt_version": load().version,
    }


def write_current_article(root: Path) -> None:
    """The finished article of raw/0000.txt."""
    (root / "site").mkdir()
    mark = "---\ntitle: T\nai:\n  rewritten: true\n  version: 1\n---\n\nText\n"
    (root / "site" / "0000.md").write_text(mark)


async def test_fresh_articles_are_queued_although_they_are_current(
    connection: Connection, root: Path
) -> None:
    write_current_article(root)
    submission = Submission("b", out=root / "site", fresh=True)
    with_key = Settings(root=root, api_key=SecretStr("k"))
    assert await submit(connection, [str(root / "raw")], submission, with_key) == Tally(queued=3)
    messages = await connection.client.hgetall(connection.key("messages"))
    message = json.loads(messages["b/raw/0000.txt"])
    assert message["force"]
    assert message["fresh_from"] == pytest.approx(time.time(), abs=60), "by Redis's clock"


async def test_an_interrupted_submission_goes_on(connection: Connection, root: Path) -> None:
    await send(connection, root, "raw/0000.txt")
    await send(connection, root)
    assert (await batches.status(connection, "b")).submitted == 3


async def test_what_has_failed_or_is_dead_is_queued_again_where_it_is_submitted_again(
    connection: Connection, root: Path
) -> None:
    """It counted as queued and stayed failed, also one that could not be read at first."""
    unreadable = root / "raw/0002.txt"
    text = unreadable.read_bytes()
    unreadable.unlink()
    unreadable.symlink_to(root / "nowhere")
    assert await send(connection, root) == Tally(queued=2, failed=1)
    hold = await join(connection)
    one, two = (await hold.exchange([], (), 3)).deliveries
    await hold.exchange([End(one, "failed", "why"), End(two, "dead", "why")], (), 0)
    unreadable.unlink()
    unreadable.write_bytes(text)
    assert await send(connection, root) == Tally(queued=3)
    seen = await batches.status(connection, "b")
    assert (seen.submitted, seen.queued, seen.failed, seen.dead) == (3, 3, 0, 0)
    taken = (await hold.exchange([], (), 9)).deliveries
    assert [json.loads(one.message)["path"] for one in taken] == [
        f"raw/000{n}.txt" for n in range(3)
    ]


async def test_what_fails_again_at_submission_counts_once(
    connection: Connection, root: Path
) -> None:
    (root / "raw/0002.txt").unlink()
    (root / "raw/0002.txt").symlink_to(root / "nowhere")
    for _ in range(2):
        await send(connection, root)
    seen = await batches.status(connection, "b")
    assert (seen.submitted, seen.queued, seen.failed) == (3, 2, 1)


async def test_a_cancelled_batch_that_is_submitted_again_goes_on(
    connection: Connection, root: Path
) -> None:
    await send(connection, root)
    await batches.cancel(connection, "b")
    assert await send(connection, root) == Tally(queued=3)
    taken = await (await join(connection)).exchange([], (), 5)
    assert len(taken.deliveries) == 3
    seen = await batches.status(connection, "b")
    assert (seen.state, seen.submitted, seen.running, seen.cancelled) == ("running", 3, 3, 0)


async def test_what_is_submitted_again_after_a_cancellation_is_worked_on_once(
    connection: Connection, root: Path
) -> None:
    """The list has it twice: cancelling does not look for articles in the lists."""
    await send(connection, root)
    await batches.cancel(connection, "b")
    await send(connection, root)
    hold = await join(connection)
    taken = await hold.exchange([], (), 2)
    failed = [End(one, "failed", "why") for one in taken.deliveries]
    assert len(failed) == 2
    later = await hold.exchange(failed, (), 9)
    assert len(later.deliveries) == 1
    await hold.exchange([End(later.deliveries[0], "failed", "why")], (), 9)
    await asyncio.sleep(2.1)
    await hold.beat()
    assert (await hold.exchange([], (), 9)).deliveries == []
    assert (await batches.status(connection, "b")).failed == 3


async def _reserves(connection: Connection, delivery: Delivery) -> bool:
    budget = FleetBudget(connection, "p", delivery, daily_budget=None, prices={})
    with suppress(CancelledBatchError):
        async with budget.reserve(REQUEST):
            return True
    return False


@pytest.mark.parametrize("requeued", [False, True])
async def test_what_was_in_flight_stays_cancelled_where_only_others_are_submitted_again(
    connection: Connection, root: Path, *, requeued: bool
) -> None:
    await send(connection, root)
    hold = await join(connection)
    again, *others = (await hold.exchange([], (), 3)).deliveries
    await batches.cancel(connection, "b")
    await send(connection, root, again.path)
    if requeued:
        await batches.requeue(connection, "b")
    assert await _reserves(connection, again)
    assert [await _reserves(connection, one) for one in others] == [requeued] * 2
    await hold.exchange([Return(one, "ready") for one in (again, *others)], (), 0)
    later = await hold.exchange([], (), 3)
    assert len(later.deliveries) == (3 if requeued else 1)
    seen = await batches.status(connection, "b")
    assert (seen.state, seen.cancelled) == ("running", 0 if requeued else 2)


async def test_current_articles_are_skipped_and_counted(connection: Connection, root: Path) -> None:
    write_current_article(root)
    assert await send(connection, root) == Tally(queued=2, skipped=1)
    seen = await batches.status(connection, "b")
    assert (seen.submitted, seen.skipped, seen.queued) == (3, 1, 2)


async def forgotten(connection: Connection) -> list[str]:
    """The batches that are forgotten, as if 30 days had passed."""
    before = await batches.ids(connection)
    for batch in before:
        await connection.call("HSET", connection.key("batch"), f"{batch}/last_submitted_at", 1)
        await connection.call("ZADD", connection.key("batches"), 1, batch)
    await (await join(connection)).forget_old()
    after = await batches.ids(connection)
    return [one for one in before if one not in after]


async def test_a_batch_that_has_nothing_to_do_is_not_kept_for_ever(
    connection: Connection, root: Path
) -> None:
    write_current_article(root)
    await send(connection, root, "raw/0000.txt")
    assert await forgotten(connection) == ["b"]
    await send(connection, root, "raw/0000.txt")
    await send(connection, root)
    assert await forgotten(connection) == []


async def test_what_cannot_be_worked_on_has_failed_with_its_reason(
    connection: Connection, root: Path
) -> None:
    (root / "raw" / "0000.html").write_text("<p>the same target</p>")
    tally = await send(connection, root, "raw", "raw/missing.txt")
    assert (tally.queued, tally.failed) == (3, 2)
    reasons = {one.path: one.reason async for one in buried(connection)}
    assert "cannot read it" in reasons["raw/missing.txt"]
    assert "would be written to" in reasons["raw/0000.txt"]


@pytest.mark.parametrize("out", ["..", "../elsewhere"])
async def test_results_outside_of_the_root_are_refused(
    connection: Connection, root: Path, out: str
) -> None:
    told = "outside of the content root.*; nothing of this call is queued"
    with pytest.raises(ConfigurationError, match=told):
        await send(connection, root, out=out)


async def test_a_batch_begins_with_its_first_article(connection: Connection, root: Path) -> None:
    (root / "empty").mkdir()
    with pytest.raises(ConfigurationError, match=r"no articles found in .*empty"):
        await send(connection, root, "empty")
    with pytest.raises(FileError, match=r"raw/mising: no such file"):
        await send(connection, root, "raw/mising")
    with pytest.raises(ConfigurationError, match="outside of the content root"):
        await send(connection, root, out="../elsewhere")
    assert await batches.ids(connection) == []


async def test_standard_input_is_refused(connection: Connection, root: Path) -> None:
    with pytest.raises(ConfigurationError, match="standard input cannot be queued; save it"):
        await submit(connection, ["-"], Submission("b", out=root), Settings(root=root))


async def test_results_may_go_into_the_folder_itself_and_no_path_is_an_address(
    connection: Connection, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    here = Submission("b", out=Path())
    assert await submit(connection, ["raw"], here, Settings(root=root)) == Tally(queued=3)
    far = Submission("b", out=Path("s3://a/b"))
    with pytest.raises(ConfigurationError, match="s3:// address as text"):
        await submit(connection, ["raw"], far, Settings(root=root))


async def test_a_submission_says_where_results_go(connection: Connection, root: Path) -> None:
    with pytest.raises(ConfigurationError, match="--out DIR or --in-place"):
        await submit(connection, ["raw"], Submission("b"), Settings(root=root))


async def test_memory_does_not_grow_with_the_number_of_articles(
    connection: Connection, root: Path
) -> None:
    # From the second full chunk on, memory is that of two: one sent, and the next being read.
    write_articles(root, 1_000)
    await send(connection, root)
    few = await _peak(connection, root)
    write_articles(root, 1_500)
    await send(connection, root)
    many = await _peak(connection, root)
    # An article may leave behind its name in a folder's listing, and in the sorted copy of that.
    assert many - few < 500 * 4


async def _peak(connection: Connection, root: Path) -> int:
    """The most blocks of memory that submitting everything takes, seen each time that it waits.

    It is the least of three times: how much garbage waits for its collector is chance.
    """
    peaks = []
    for _ in range(3):
        gc.collect()
        begin = peak = sys.getallocatedblocks()
        sending = asyncio.create_task(send(connection, root))
        while not sending.done():
            await asyncio.sleep(0)
            peak = max(peak, sys.getallocatedblocks())
        await sending
        peaks.append(peak - begin)
    return min(peaks)
