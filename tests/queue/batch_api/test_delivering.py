"""What becomes of an article whose question came back from the provider."""

from __future__ import annotations

from rewriter.article import Usage
from rewriter.queue import batches
from rewriter.queue.batch_api.sorting import Fate
from rewriter.queue.connection import Connection
from tests.queue.batch_api.test_provider_batches import claim, defer, sure_claim
from tests.queue.conftest import buried
from tests.queue.test_claims import join, take


async def _deliver(connection: Connection, fate: Fate) -> None:
    """A batch of the provider comes to its end."""
    held = await sure_claim(connection)
    await held.deliver([fate], most=1, delay=0)
    await held.finish()


async def test_a_refused_question_is_a_failed_article(connection: Connection) -> None:
    await defer(connection, "1")
    await _deliver(connection, Fate("1", "failed", "the article is too long"))
    (failed,) = [one async for one in buried(connection)]
    assert (failed.outcome, failed.reason) == ("failed", "the article is too long")


async def test_a_question_without_an_answer_is_sent_three_times_in_all(
    connection: Connection,
) -> None:
    await defer(connection, "1", most=1)
    for _ in range(2):
        await _deliver(connection, Fate("1", "again", "try later"))
        assert (await batches.status(connection, "b")).awaiting == 1
    await _deliver(connection, Fate("1", "again", "try later"))
    (dead,) = [one async for one in buried(connection)]
    assert dead.outcome == "dead"
    assert dead.reason.startswith("no answer in 3 batches of the provider: try later; `rewriter")


async def test_what_comes_back_for_a_reason_of_others_is_sent_without_end(
    connection: Connection,
) -> None:
    await defer(connection, "1", most=1)
    for _ in range(4):
        await _deliver(connection, Fate("1", "back"))
        assert (await batches.status(connection, "b")).awaiting == 1


async def test_an_article_whose_question_is_lost_begins_anew(connection: Connection) -> None:
    await defer(connection, "1")
    await _deliver(connection, Fate("1", "lost"))
    assert await take(await join(connection)) == ["b/1"]


async def test_an_answer_without_a_price_makes_the_cost_of_its_batch_unknown(
    connection: Connection,
) -> None:
    await defer(connection, "1", "2", most=1)
    used = Usage(input_tokens=7, output_tokens=3, cost=0.0)
    await _deliver(connection, Fate("1", "answered", usage=used))
    seen = await batches.status(connection, "b")
    assert (seen.input_tokens, seen.output_tokens, seen.cost) == (7, 3, 0.0)
    used = used.model_copy(update={"cost": None})
    await _deliver(connection, Fate("2", "answered", usage=used))
    assert (await batches.status(connection, "b")).cost is None


async def test_an_article_that_was_cancelled_meanwhile_takes_no_answer(
    connection: Connection,
) -> None:
    await defer(connection, "1")
    held = await sure_claim(connection)
    assert await batches.cancel(connection, "b") == 0, "it ends with its batch of the provider"
    await held.deliver([Fate("1", "answered")], most=1, delay=0)
    seen = await batches.status(connection, "b")
    assert (seen.cancelled, seen.awaiting) == (1, 0)


async def test_while_a_batch_is_paused_no_other_of_its_jobs_is_sent(
    connection: Connection,
) -> None:
    await defer(connection, "1", "2", most=1)
    await (await sure_claim(connection)).park("no money")
    assert await claim(connection) is None
    assert await batches.requeue(connection, "b") == 2
    assert {(await sure_claim(connection)).job.batch for _ in range(2)} == {"b"}
