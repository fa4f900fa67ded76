"""Articles are worked on under the content root that they were submitted from, or not at all."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rewriter.queue import batches
from rewriter.queue.batches import NO_WORKER
from rewriter.queue.connection import Connection
from rewriter.queue.store import Hold
from tests.provider import Provider
from tests.queue.conftest import write_articles
from tests.queue.servers import RedisServer, Worker, environment_of, rewriter, wait_until
from tests.queue.test_store import die, join, put, take


async def bound(connection: Connection, batch: str, root: str, *paths: str) -> None:
    assert await connection.run("bind", batch, root) == root
    await put(connection, batch, *paths)


async def hold_of(connection: Connection, process: str, root: str) -> Hold:
    hold = Hold(connection, process, root)
    await hold.join()
    return hold


async def test_a_worker_sees_only_articles_of_its_own_root(connection: Connection) -> None:
    await bound(connection, "a", "root-a", "one")
    await bound(connection, "b", "root-b", "two")
    a, b = [await hold_of(connection, f"p-{name}", f"root-{name}") for name in "ab"]
    assert await take(b) == ["b/two"]
    assert await take(b, flying=("b/two",)) == []
    assert await take(a) == ["a/one"]


async def test_what_a_lost_process_held_comes_back_to_its_own_root(connection: Connection) -> None:
    await bound(connection, "a", "root-a", "one", "two")
    assert len(await take(await hold_of(connection, "lost", "root-a"))) == 2
    await die(connection, "lost")
    assert await take(await hold_of(connection, "other", "root-b")) == []
    assert await take(await hold_of(connection, "heir", "root-a")) == ["a/one"]


async def test_an_id_in_the_list_of_another_root_is_put_right(connection: Connection) -> None:
    await bound(connection, "a", "root-a", "one")
    await connection.client.rename("rewriter:ready:normal:root-a", "rewriter:ready:normal")
    assert await take(await hold_of(connection, "other", "root-b")) == []
    assert await take(await hold_of(connection, "p", "root-a")) == ["a/one"]


async def test_a_batch_of_an_older_version_has_no_root_and_is_anybodys(
    connection: Connection,
) -> None:
    await put(connection, "old", "one")
    assert await take(await hold_of(connection, "p", "root-a")) == ["old/one"]


async def test_a_batch_without_a_worker_of_its_root_says_so(connection: Connection) -> None:
    await bound(connection, "a", "root-a", "one")
    await (await hold_of(connection, "other", "root-b")).beat()
    assert (await batches.status(connection, "a")).reason == NO_WORKER
    await (await hold_of(connection, "p", "root-a")).beat()
    assert (await batches.status(connection, "a")).reason == ""
    await put(connection, "old", "one")
    await join(connection, "q")
    assert (await batches.status(connection, "old")).reason == ""


def test_a_worker_of_another_folder_leaves_articles_to_their_own(
    server: RedisServer, tmp_path: Path
) -> None:
    """Both folders hold articles of the same names."""
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    for folder in (right, wrong):
        folder.mkdir()
        write_articles(folder, 3)

    async def published() -> int:
        async with Connection(server.url) as connection:
            return (await batches.status(connection, "b")).published

    with Provider() as provider:
        there, here = (environment_of(server, provider.base_url, one) for one in (wrong, right))
        with Worker("w", tmp_path, there) as stranger:
            wait_until(lambda: "ready." in stranger.log.read_text("utf-8"), 20)
            sent = rewriter(here, right, "submit", "raw", "--out", "site", "--batch", "b")
            assert sent.returncode == 0, sent.stderr
            seen = rewriter(here, right, "status", "b").stdout
            assert NO_WORKER in " ".join(seen.split())
            again = rewriter(there, wrong, "submit", "raw", "--out", "site", "--batch", "b")
            assert again.returncode == 2
            assert "another content root" in again.stderr
            with Worker("x", tmp_path, here):
                wait_until(lambda: asyncio.run(published()) == 3, 20)
    assert len(list((right / "site").glob("*.md"))) == 3
    assert not (wrong / "site").exists()
