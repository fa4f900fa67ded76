"""Commands about all batches read the table once, and pass over what belongs to no batch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import redis

from rewriter.queue.batches import ids
from rewriter.queue.connection import Connection
from rewriter.queue.keys import Keys
from tests.queue.servers import RedisServer, root_in
from tests.queue.test_claims import join, put, take
from tests.queue.test_refusals import run


def submit_failing(root: Path, server: RedisServer) -> None:
    for batch in ("one", "two"):
        paths = (str(root / "raw" / "0000.txt"), str(root / "none.txt"))
        run(root, server.url, "submit", *paths, "--out", str(root / "site"), "--batch", batch)


@pytest.mark.parametrize("command", [("dead",), ("status", "--articles")])
def test_ended_articles_of_all_batches_are_listed_by_one_scan(
    server: RedisServer, root: Path, command: tuple[str, ...]
) -> None:
    submit_failing(root, server)
    with redis.Redis(port=server.port) as client:
        client.config_resetstat()
        done = run(root, server.url, *command, "--json")
        scans = client.info("commandstats")["cmdstat_hscan"]["calls"]
    rows = sorted((row["batch"], row["path"]) for row in map(json.loads, done.output.splitlines()))
    assert rows == [("one", "none.txt"), ("two", "none.txt")]
    assert (done.return_value, scans) == (1, 1)


def test_a_name_of_which_nothing_else_is_left_is_not_shown(server: RedisServer, root: Path) -> None:
    submit_failing(root, server)
    with redis.Redis(port=server.port) as client:
        client.zadd(f"{Keys(root_in(server.url), '').root}batches", {"name-only": 1})
    done = run(root, server.url, "status", "--json")
    assert [json.loads(row)["id"] for row in done.output.splitlines()] == ["one", "two"]


async def test_what_an_earlier_version_left_is_never_read(connection: Connection) -> None:
    """A version before kept keys of other types and meanings under the root's prefix alone."""
    before, client = "rewriter:{root}:", connection.client
    await client.zadd(f"{before}batches", {"old": 1})
    await client.hset(f"{before}batch:old", mapping={"submitted": 1})
    await client.hset(f"{before}busy", "one", "old/one")
    await client.sadd(f"{before}jobs", "a set where a hash is now")
    await client.set("rewriter:{fleet:default}:pause", "why")
    await put(connection, "b", "one")
    assert await ids(connection) == ["b"]
    assert await take(await join(connection)) == ["b/one"]
