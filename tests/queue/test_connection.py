"""A Redis that cannot be used is told with what to do, and waited for only where that helps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
import redis

from rewriter.errors import QueueError
from rewriter.queue import safety
from rewriter.queue.connection import Connection
from rewriter.queue.refusals import failure
from tests.queue.servers import RedisServer


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis with the password `right`."""
    with RedisServer(tmp_path_factory.mktemp("guarded"), "--requirepass", "right") as server:
        yield server


REFUSALS = [
    ("redis://127.0.0.1:{port}/0", "wants a password; put it into REWRITER_REDIS_URL"),
    ("redis://:wrong@127.0.0.1:{port}/0", r"refused user or password \(.*[a-z]\); correct them"),
    ("redis://:right@127.0.0.1:{port}/99", "no database of that number"),
]


@pytest.mark.parametrize(("address", "told"), REFUSALS)
async def test_what_waiting_does_not_mend_is_refused_at_once(
    guarded: RedisServer, address: str, told: str
) -> None:
    begun = time.monotonic()
    async with Connection(address.format(port=guarded.port), "root", patience=30) as connection:
        with pytest.raises(QueueError, match=told) as refused:
            await connection.call("PING")
    assert time.monotonic() - begun < 5
    assert "start it" not in str(refused.value)
    assert "wrong" not in str(refused.value), "no password in a message"


def test_a_sentinel_is_told_from_its_refusal_of_scripts() -> None:
    refusal = redis.ResponseError("unknown command 'EVALSHA', with args beginning with: 'a1' '3'")
    told = failure("redis://:secret@sentinel.example:26379/0", refusal)
    assert str(told) == (
        "Redis at sentinel.example:26379 runs no scripts, so it may be a Sentinel; set "
        "REWRITER_REDIS_URL to the primary"
    )


@pytest.mark.parametrize(("address", "told"), REFUSALS)
def test_a_worker_and_the_doctor_are_told_the_same(
    guarded: RedisServer, address: str, told: str
) -> None:
    with pytest.raises(QueueError, match=told):
        list(safety.redis_problems(address.format(port=guarded.port), "rewriter"))


async def test_whoever_waits_for_ever_outlasts_a_changed_password(guarded: RedisServer) -> None:
    async with Connection(guarded.url, "root", patience=float("inf")) as connection:
        ping = asyncio.ensure_future(connection.call("PING"))
        await asyncio.sleep(0.3)
        assert not ping.done()
        with redis.Redis.from_url(f"redis://:right@127.0.0.1:{guarded.port}") as owner:
            owner.config_set("requirepass", "")
            try:
                assert await asyncio.wait_for(ping, 5)
            finally:
                owner.config_set("requirepass", "right")


async def test_waiting_is_told_once_with_its_length() -> None:
    told: list[str] = []
    async with Connection(
        "redis://127.0.0.1:1/0", "root", patience=0.6, on_wait=told.append
    ) as connection:
        with pytest.raises(QueueError, match="cannot reach Redis"):
            await connection.call("PING")
    (line,) = told
    assert line.endswith("; trying again for 0.6 s")


async def test_a_hash_of_any_size_is_gone_through_whole(connection: Connection) -> None:
    whole = {str(number): "x" for number in range(5_000)}
    await connection.client.hset("large", items=[part for pair in whole.items() for part in pair])
    assert {field: value async for field, value in connection.scan("large")} == whole
    assert [one async for one in connection.scan("none")] == []


async def test_half_a_character_and_bytes_that_are_no_utf_8_are_given_to_a_command(
    connection: Connection,
) -> None:
    """An item of a news API may have the first, a file's name the second."""
    await connection.run("pause", "a \ud83d, a \udcff and a \0", 60_000)
    kept = await connection.call("GET", connection.keys.fleet + "pause")
    assert kept == "a \ufffd, a \udcff and a \0"
