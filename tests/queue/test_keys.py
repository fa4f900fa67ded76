"""Scripts touch no key that their call does not name, and lose nothing when they need more.

`conftest` puts `declared.REFUSING` before every script that the tests of this folder run.
"""

from __future__ import annotations

import re

import pytest
import redis

from rewriter.queue import batches
from rewriter.queue.batches import standing
from rewriter.queue.claims import End
from rewriter.queue.connection import Connection
from rewriter.queue.keys import Keys
from tests.queue.declared import REFUSING
from tests.queue.servers import ROOT, RedisServer
from tests.queue.test_claims import die, join, put, take

# More batches than a connection names in each call.
_MANY = 60


def test_a_key_that_is_not_named_is_refused_here(server: RedisServer) -> None:
    with redis.Redis(port=server.port) as client:
        assert client.eval(REFUSING + "return redis.call('GET', KEYS[1])", 1, "named") is None
        with pytest.raises(redis.exceptions.ResponseError, match="undeclared key: other"):
            client.eval(REFUSING + "return redis.call('DEL', KEYS[1], 'other')", 1, "named")


@pytest.mark.parametrize(
    "page", ["CHANGELOG.md", "docs/how-to/install.md", "docs/explanation/scale.md"]
)
def test_pages_name_the_version_of_the_table(page: str) -> None:
    """By one of them old keys are deleted."""
    text = (ROOT / page).read_text("utf-8")
    named = set(re.findall(r"rewriter:\{(?:ROOT|\[\^\}\]\*)\}(:[0-9]+:)", text))
    assert named == {Keys("", "").root.removeprefix("rewriter:{}")}


async def test_articles_of_many_batches_are_claimed_lost_and_claimed_again(
    connection: Connection, server: RedisServer
) -> None:
    """The process and its heir know none of the batches before."""
    for n in range(_MANY):
        await put(connection, str(n), f"one-{n}", f"two-{n}")
    ids = {f"{n}/{path}-{n}" for n in range(_MANY) for path in ("one", "two")}
    async with Connection(server.url, "root") as stranger:
        consumer = await join(stranger, "lost")
        claimed: list[str] = []
        while taken := await take(consumer, room=len(ids)):
            claimed += taken
        assert sorted(claimed) == sorted(ids)
        await die(stranger, "lost")
    async with Connection(server.url, "root") as heir:
        assert (await standing(heir)).suspect == len(ids)
        consumer, ended = await join(heir, "heir"), 0
        while deliveries := (await consumer.exchange([], (), 5)).deliveries:
            await consumer.exchange([End(one, "published") for one in deliveries], (), 0)
            ended += len(deliveries)
        assert ended == len(ids)
    assert [(await batches.status(connection, str(n))).state for n in range(_MANY)] == (
        ["done"] * _MANY
    )
