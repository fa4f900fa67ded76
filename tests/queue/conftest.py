from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis

from rewriter.queue import batches
from rewriter.queue import connection as module
from rewriter.queue.connection import Connection
from tests.queue.declared import REFUSING
from tests.queue.servers import ROOT, RedisServer


@pytest.fixture(scope="session", autouse=True)
def refused_keys() -> Iterator[None]:
    """No script that this process runs touches a key that its call does not name."""
    plain = module.script_text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "script_text", lambda: REFUSING + plain())
        yield


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One Redis with an append-only file for all tests of this folder."""
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def server(redis_server: RedisServer) -> RedisServer:
    """That Redis, empty."""
    with redis.Redis(port=redis_server.port) as client:
        client.flushall()
    return redis_server


@pytest.fixture
async def connection(server: RedisServer) -> AsyncIterator[Connection]:
    async with Connection(server.url, "root") as connected:
        yield connected


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A content root with three raw articles."""
    write_articles(tmp_path, 3)
    return tmp_path


def write_articles(root: Path, count: int) -> None:
    """Articles that differ in a figure, so that each is a question of its own."""
    text = (ROOT / "examples" / "raw" / "harbor-ferries.txt").read_text(encoding="utf-8")
    (root / "raw").mkdir(exist_ok=True)
    for n in range(count):
        article = text.replace("240 businesses", f"{1000 + n} businesses")
        (root / "raw" / f"{n:04}.txt").write_text(article, encoding="utf-8")


async def buried(connection: Connection, batch: str = "b") -> AsyncIterator[batches.EndedArticle]:
    """The failed and dead articles of a batch."""
    async for one in batches.ended(connection, batch):
        if one.outcome in ("failed", "dead"):
            yield one
