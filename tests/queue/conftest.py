from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis

from rewriter.queue.connection import Connection
from tests.queue.servers import RedisServer


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
    async with Connection(server.url) as connected:
        yield connected


ARTICLE = """Harbour Freight Lines orders six electric ferries

Harbour Freight Lines said on Monday that it will spend $420 million on six electric ferries.
The company carried 3.1 million passengers last year and expects fuel costs to fall by 18%.

Chief executive Mara Lindqvist called the order a turning point for coastal transport. The first
two vessels are due in March 2027, and the yard in Turku will build all of them for article {n}.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A content root with three raw articles."""
    write_articles(tmp_path, 3)
    return tmp_path


def write_articles(root: Path, count: int) -> None:
    (root / "raw").mkdir(exist_ok=True)
    for n in range(count):
        (root / "raw" / f"{n:04}.txt").write_text(ARTICLE.format(n=n), encoding="utf-8")
