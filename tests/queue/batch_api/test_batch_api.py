"""The batch API from submission to publication: whole, paid once, at half the price."""

from __future__ import annotations

import asyncio
from collections import deque
from pathlib import Path

import pytest

from rewriter.cleaning import clean
from rewriter.completion.capabilities import Capabilities, encode
from rewriter.errors import ConfigurationError, NoBatchEndpointError
from rewriter.prompting import prompt_file
from rewriter.queue import batches
from rewriter.queue.batch_api.provider_batches import Claim
from rewriter.queue.claims import End
from rewriter.queue.connection import Connection
from rewriter.queue.submitting import Submission, submit
from rewriter.runs.estimates import Estimate, estimator
from rewriter.state import State
from rewriter.state.ledger import FileLedger
from tests import articles
from tests.ledgers import stored_in
from tests.provider import Course, Provider
from tests.queue.batch_api.conftest import Post, assert_missing_half_was_sent_again, conserved
from tests.queue.conftest import buried, write_articles

# Fits the schema; every figure in it is invented.
WRONG = articles.rewrite().model_dump_json()


async def test_articles_go_by_one_batch_and_are_published_at_half_the_price(post: Post) -> None:
    await post.submit(3)
    await post.work()
    waiting = await post.status()
    assert (waiting.awaiting, waiting.queued, waiting.state) == (3, 0, "running")
    seen = await post.run()
    assert (seen.published, seen.awaiting, seen.state) == (3, 0, "done")
    assert [len(one) for one in post.provider.desk.requests] == [3]
    assert post.provider.answered == ["batch"] * 3
    assert seen.cost == pytest.approx(await _direct_cost(post) / 2, rel=1e-3)
    assert len(list((post.root / "site").rglob("*.md"))) == 3
    assert not list((post.root / ".rewriter" / "batch-requests").rglob("*.json"))


async def _direct_cost(post: Post) -> float:
    """What the same tokens cost when they are asked for directly."""
    price = post.settings.price_list["gpt-4.1-mini"]
    seen = await post.status()
    return price.cost(seen.input_tokens, seen.output_tokens)


async def test_a_line_says_what_the_direct_call_would_have_sent(post: Post) -> None:
    await post.submit(1)
    await post.run()
    (by_batch,) = (call.body for call in post.provider.calls)
    (entry,) = stored_in(FileLedger(post.root / ".rewriter" / "ledger"))
    await post.submit(1, batch="c", out=post.root / "other", api="direct")
    for stored in (post.root / ".rewriter" / "ledger").rglob("*.json"):
        stored.unlink()
    await post.work()
    direct = post.provider.calls[-1]
    assert direct.answered == "ok"
    assert by_batch == direct.body
    assert {
        **encode(entry.request, Capabilities()),
        "prompt_cache_key": f"rewrite-v{prompt_file.load().version}-en",
    } == by_batch


async def test_chunks_hold_no_more_requests_than_configured(post: Post) -> None:
    post.set(batch_requests=2)
    await post.submit(5)
    seen = await post.run()
    assert sorted(len(one) for one in post.provider.desk.requests) == [1, 2, 2]
    assert seen.published == 5


async def test_an_expired_batch_has_only_its_missing_half_sent_again(post: Post) -> None:
    post.provider.desk.courses.append(Course("expired", share=0.5))
    await post.submit(4)
    seen = await post.run()
    assert_missing_half_was_sent_again(post, seen)


@pytest.mark.parametrize("status", ["expired", "failed", "cancelled"])
async def test_articles_without_an_answer_in_three_batches_are_dead_and_can_go_directly(
    post: Post, status: str
) -> None:
    post.provider.desk.courses.extend([Course(status, share=0)] * 3)
    await post.submit(2)
    seen = await post.run()
    assert (seen.dead, len(post.provider.desk.batches)) == (2, 3)
    (reason, *_) = [one.reason async for one in buried(post.connection)]
    assert "no answer in 3 batches of the provider" in reason
    assert "requeue b --api direct" in reason
    assert await batches.requeue(post.connection, "b", api="direct") == 2
    await post.work()
    assert (await post.status()).published == 2
    assert post.provider.answered == ["ok"] * 2


@pytest.mark.parametrize(
    ("fault", "published", "failed", "sent"),
    [
        ("server-error", 2, 0, 2),
        ("rate-limit", 2, 0, 2),
        ("bad-request", 1, 1, 1),
        ("filter-400", 1, 1, 1),
        ("too-long", 1, 1, 1),
    ],
)
async def test_a_line_of_the_error_file_is_judged_like_a_direct_error(
    post: Post, fault: str, published: int, failed: int, sent: int
) -> None:
    post.provider.desk.courses.append(Course(faults={0: fault}))
    await post.submit(2)
    seen = await post.run()
    assert (seen.published, seen.failed) == (published, failed)
    assert len(post.provider.desk.batches) == sent
    assert set(post.payments.values()) == {1}


async def test_what_the_server_objects_to_is_given_up_and_sent_again(
    connection: Connection, tmp_path: Path
) -> None:
    with Provider(refuse=["temperature", "bounds"]) as provider:
        post = Post(connection, tmp_path, provider)
        await post.submit(2)
        assert (await post.run()).published == 2
        assert [len(one) for one in provider.desk.requests] == [2, 2, 2]
        await post.submit(3)
        assert (await post.run()).published == 3
        assert [len(one) for one in provider.desk.requests] == [2, 2, 2, 1]
        assert set(post.payments.values()) == {1}
        assert all("temperature" not in call.body for call in provider.calls)


@pytest.mark.parametrize("fault", ["quota", "unauthorized", "not-found"])
async def test_what_every_line_would_meet_pauses_the_batch_until_it_is_requeued(
    post: Post, fault: str
) -> None:
    post.provider.desk.courses.append(Course(faults={0: fault}))
    await post.submit(2)
    seen = await post.run()
    assert (seen.state, seen.queued, seen.awaiting) == ("paused", 1, 1)
    assert seen.reason.startswith("127.0.0.1")
    assert await batches.requeue(post.connection, "b") == 2
    assert (await post.run()).published == 2


async def test_an_endpoint_without_batches_is_refused_before_anything_is_queued(
    connection: Connection, tmp_path: Path
) -> None:
    with Provider(batches=False) as provider:
        post = Post(connection, tmp_path, provider)
        with pytest.raises(NoBatchEndpointError, match=r"no batches.*use --api direct"):
            await post.submit(1)
        assert await batches.ids(connection) == []


async def test_an_engine_without_a_provider_is_refused(post: Post) -> None:
    post.set(engine="extractive")
    with pytest.raises(ConfigurationError, match="batch API needs a provider"):
        await post.submit(1)


async def test_an_endpoint_that_lost_its_batches_parks_the_batch_which_can_go_directly(
    post: Post, connection: Connection, tmp_path: Path
) -> None:
    await post.submit(2)
    with Provider(batches=False) as without:
        post.set(base_url=without.base_url)
        seen = await post.run()
        assert (seen.state, seen.awaiting) == ("paused", 2)
        assert "use --api direct" in seen.reason
        assert await batches.requeue(connection, "b", api="direct") == 2
        assert (await post.run()).published == 2
        assert without.answered == ["ok"] * 2


async def test_cancelling_keeps_what_the_provider_has_answered(post: Post) -> None:
    post.provider.desk.courses.append(Course("in_progress", share=0.5))
    await post.submit(4)
    await post.work()
    await post.step()
    assert await batches.cancel(post.connection, "b") == 0
    seen = await post.run()
    assert (seen.cancelled, seen.awaiting, seen.state) == (4, 0, "cancelled")
    assert len(stored_in(FileLedger(post.root / ".rewriter" / "ledger"))) == 2
    assert seen.cost and seen.cost > 0
    await post.submit(4, batch="c", out=post.root / "site", api="direct")
    await post.work()
    assert (await batches.status(post.connection, "c")).published == 4
    assert set(post.payments.values()) == {1}


@pytest.mark.parametrize("sent", [False, True])
async def test_one_that_is_submitted_again_goes_on_after_a_cancellation_alone(
    post: Post, *, sent: bool
) -> None:
    post.provider.desk.courses.append(Course("in_progress", share=0))
    await post.submit(4)
    await post.work()
    if sent:
        await post.step()
    await batches.cancel(post.connection, "b")
    again = Submission("b", out=post.root / "site", api="batch")
    await submit(post.connection, [str(post.root / "raw" / "0000.txt")], again, post.settings)
    if not sent:
        post.provider.desk.courses.clear()
    seen = await post.run()
    assert (seen.published, seen.cancelled, seen.awaiting) == (1, 3, 0)
    assert len(post.payments) == 1


async def test_what_was_not_sent_is_cancelled_without_a_word_to_the_provider(post: Post) -> None:
    await post.submit(2)
    await post.work()
    await batches.cancel(post.connection, "b")
    await post.step()
    assert (await post.status()).cancelled == 2
    assert post.provider.desk.batches == {}


async def test_two_articles_with_one_question_are_one_request(post: Post) -> None:
    await post.submit(1)
    text = (post.root / "raw" / "0000.txt").read_text()
    (post.root / "raw" / "copy.txt").write_text(text)
    await post.submit(1)
    await post.submit(1, batch="c", out=post.root / "other")
    seen = await post.run()
    assert (seen.published, (await batches.status(post.connection, "c")).published) == (2, 2)
    assert post.provider.answered == ["batch"]


async def test_a_stored_answer_needs_no_batch(post: Post) -> None:
    await post.submit(1, batch="c", api="direct")
    await post.work()
    await post.submit(1, out=post.root / "other")
    ends = await post.work()
    assert [one.status for one in ends if isinstance(one, End)] == ["published"]
    assert post.provider.answered == ["ok"]


async def test_a_plan_foretells_what_the_batch_api_costs(post: Post) -> None:
    """After one article, within a tenth for three others; all of them are repaired directly."""
    post.provider.script_batches([{"content": WRONG}] * 4)
    await post.submit(1)
    before = (await post.run()).cost or 0
    one = estimator(post.settings, State(root=post.root), by_batch=True)
    assert one.experience is not None
    assert (one.experience.calls, one.experience.seconds > 0) == (2, True)
    write_articles(post.root, 4)
    told = Estimate()
    for path in ("0001", "0002", "0003"):
        text = clean((post.root / "raw" / f"{path}.txt").read_bytes(), name=path)
        told += one.estimate(prompt_file.load().request(text, "gpt-4.1-mini"))
    await post.submit(4)
    seen = await post.run()

    assert seen.published == 4
    assert told.cost == pytest.approx((seen.cost or 0) - before, rel=0.1)


async def test_a_repair_goes_directly(post: Post) -> None:
    await post.submit(1)
    post.provider.script_batches([{"content": WRONG}])
    seen = await post.run()
    assert seen.published == 1
    assert post.provider.answered == ["batch", "ok"]


async def test_forced_articles_are_done_again_after_their_batch(post: Post) -> None:
    await post.submit(1)
    await post.run()
    written = (post.root / "site" / "0000.md").stat().st_mtime_ns
    for stored in (post.root / ".rewriter" / "ledger").rglob("*.json"):
        stored.unlink()
    await post.submit(1, batch="c", force=True)
    await post.run()
    assert (post.root / "site" / "0000.md").stat().st_mtime_ns > written


async def test_fresh_answers_are_asked_for_and_used_once(post: Post) -> None:
    await post.submit(2, batch="a", api="direct", out=post.root / "other")
    await post.work()
    await post.submit(2, fresh=True)
    seen = await post.run()
    assert seen.published == 2
    assert post.provider.answered == ["ok", "ok", "batch", "batch"]


@pytest.mark.parametrize("api", ["direct", "batch"])
async def test_two_fresh_batches_at_once_pay_once_and_a_later_one_again(
    post: Post, api: str
) -> None:
    await post.submit(2, batch="a", api="direct")
    await post.work()
    for name in ("b", "c"):
        await post.submit(2, batch=name, api=api, fresh=True)
    assert (await post.run()).published == 2
    assert (await batches.status(post.connection, "c")).published == 2
    assert set(post.payments.values()) == {2}, "for a, then for b and c together"

    await post.submit(2, batch="d", api=api, fresh=True)
    await post.run()
    assert (await batches.status(post.connection, "d")).published == 2
    assert set(post.payments.values()) == {3}


# --- money -------------------------------------------------------------------------------------


async def test_a_jobs_highest_cost_is_set_aside_and_corrected(post: Post) -> None:
    await post.submit(2, max_cost=1.0)
    await post.work()
    await post.step()
    home = post.connection.key("batch")
    reserved = int(await post.connection.call("HGET", home, "b/reserved"))
    seen = await post.run()
    names = ("b/reserved", "b/reserved_jobs", "b/spent")
    left = await post.connection.call("HMGET", home, *names)
    assert left[:2] == ["0", "0"]
    assert seen.cost is not None
    assert 0 < int(left[2]) == round(seen.cost * 1_000_000) < reserved
    assert await post.connection.call("HVALS", post.connection.keys.fleet + "reserved_jobs") == [
        "0"
    ]


async def test_a_budget_too_small_for_all_sends_what_it_allows_and_then_pauses(post: Post) -> None:
    await post.submit(4, max_cost=0.004)
    seen = await post.run(turns=60)
    assert seen.state == "paused"
    assert "budget is spent" in seen.reason
    assert 0 < seen.published < 4
    assert seen.cost is not None
    assert seen.cost <= 0.004
    assert conserved(seen)
    await batches.requeue(post.connection, "b", max_cost=1.0)
    assert (await post.run()).published == 4
    assert set(post.payments.values()) == {1}


async def test_a_repair_waits_for_money_that_batches_have_set_aside(post: Post) -> None:
    post.set(batch_requests=1)
    post.provider.script_batches([{"content": WRONG}])
    post.provider.desk.courses.extend([Course(), Course("in_progress")])
    await post.submit(2, max_cost=0.0075)
    await post.work()
    await post.step(times=2)  # both are sent
    await post.step(times=2)  # one is read
    await post.work()
    waiting = await post.status()
    assert (waiting.awaiting, waiting.queued, waiting.running) == (1, 1, 0)
    (second,) = waiting.provider_batches
    post.provider.desk.batches[second.id].course = Course()
    seen = await post.run()
    assert (seen.published, seen.awaiting) == (2, 0)
    assert post.provider.answered == ["batch", "batch", "ok"]


async def test_a_full_provider_is_sent_smaller_batches(post: Post) -> None:
    full = "token_limit_exceeded: Enqueued token limit reached. Limit: 90,000 enqueued tokens."
    post.provider.desk.courses.append(Course("failed", problems=[full]))
    await post.submit(4)
    seen = await post.run()
    assert [len(one) for one in post.provider.desk.requests] == [4, 2, 2]
    assert seen.published == 4


# --- crashes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["upload", "create", "list", "list files", "get", "content"])
async def test_a_failed_call_is_made_again_and_nothing_is_sent_twice(post: Post, kind: str) -> None:
    await post.submit(2)
    post.provider.desk.failing[kind] = deque(["server-error", "reset"])
    seen = await post.run()
    assert seen.published == 2
    assert set(post.payments.values()) == {1}


@pytest.mark.parametrize("kind", ["upload", "create", "get", "content", "delete"])
async def test_a_courier_that_dies_after_any_call_leaves_nothing_to_be_sent_twice(
    post: Post, kind: str
) -> None:
    await post.submit(2)
    await post.work()
    desk = post.provider.desk
    release = desk.hold(kind)
    async with post.courier() as courier:
        while not release.reached.is_set():
            await post.hurry()
            step = asyncio.ensure_future(courier.step())
            while not step.done() and not release.reached.is_set():
                await asyncio.sleep(0.01)
        step.cancel()
        await asyncio.gather(step, return_exceptions=True)
    release.set()
    seen = await post.run()
    assert seen.published == 2
    assert len(desk.batches) == 1
    assert desk.calls.count("upload") == 1
    assert set(post.payments.values()) == {1}
    assert conserved(seen)


async def test_who_has_lost_a_step_changes_nothing_and_cancels_its_second_batch(
    post: Post,
) -> None:
    await post.submit(1)
    await post.work()
    desk = post.provider.desk
    release = desk.hold("create")
    async with post.courier() as slow, post.courier() as heir:
        await post.hurry()
        step = asyncio.ensure_future(slow.step())
        while not release.reached.is_set():
            await asyncio.sleep(0.01)
        first = desk.batches.pop("batch-1")  # not listed yet
        await post.hurry()
        await heir.step()
        desk.batches["batch-1"] = first
        release.set()
        await step
    assert first.status == "cancelling"
    assert (await post.run()).published == 1
    assert set(post.payments.values()) == {1}


async def test_a_step_is_left_to_workers_of_the_root_that_holds_the_questions(post: Post) -> None:
    """Another root would find none of them, and take what is answered for lost."""
    await post.submit(1)
    await post.work()
    await post.hurry()
    async with Connection(post.connection.url, "another") as another:
        assert await Claim.take(another) is None
    assert await Claim.take(post.connection) is not None


async def test_a_step_that_kills_its_process_again_and_again_is_parked(post: Post) -> None:
    await post.submit(1)
    await post.work()
    for _ in range(5):  # claimed, and never heard of again
        await post.hurry()
        assert await Claim.take(post.connection) is not None
    seen = await post.run()
    assert (seen.state, seen.awaiting) == ("paused", 1)
    assert "failed 5 times" in seen.reason
    await batches.requeue(post.connection, "b")
    assert (await post.run()).published == 1


async def test_two_roots_send_the_same_article_in_batches_of_their_own(
    post: Post, tmp_path: Path
) -> None:
    """Neither waits for the other's batch, nor pays for it."""
    (tmp_path / "other").mkdir()
    async with Connection(post.connection.url, "other") as redis:
        other = Post(redis, tmp_path / "other", post.provider)
        for one in (post, other):
            await one.submit(1)
        seen = [await one.run() for one in (post, other)]
    assert [(batch.state, batch.published) for batch in seen] == [("done", 1)] * 2
    assert seen[0].cost == pytest.approx(seen[1].cost)
    assert len(post.provider.desk.requests) == 2
