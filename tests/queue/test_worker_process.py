"""A worker's process by itself: the thread that sends it its articles as tasks."""

from __future__ import annotations

from pathlib import Path

import pytest
import redis
from pydantic import SecretStr

from rewriter import tasks
from rewriter.queue.claims import Delivery
from rewriter.queue.worker_process import WorkerProcess
from rewriter.settings import Settings
from tests.queue.servers import RedisServer, wait_until


@pytest.mark.slow
def test_a_process_sends_on_after_redis_was_away(tmp_path: Path) -> None:
    """A pipeline that fails raises another error than a connection that cannot be made."""
    with RedisServer(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        settings = Settings(redis_url=SecretStr(server.url), root=tmp_path)
        process = WorkerProcess(tasks.build(settings), settings, loaded=True)
        process._list = "own-list"
        process._sender.start()

        def send(article: str) -> None:
            process._send([Delivery(article, "1", "{}")])

        send("b/one")
        wait_until(lambda: client.llen("own-list") == 1, 10)
        server.kill()
        for lost in ("b/two", "b/three"):
            send(lost)
            wait_until(process._outbox.empty, 10)
        server.start()
        client.delete("own-list")  # what the append-only file has kept
        send("b/four")
        wait_until(lambda: client.llen("own-list") > 0, 10)


def test_a_caller_to_be_told_is_sent_again_where_sending_failed(
    server: RedisServer, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An article that is claimed is not: the dispatcher sees that it does not come."""
    settings = Settings(redis_url=SecretStr(server.url), root=root)
    process = WorkerProcess(tasks.build(settings), settings, loaded=True)
    tried = list[str]()

    def send_one(delivery: Delivery, _: object) -> None:
        tried.append(delivery.id)
        if len(tried) == 2:
            raise ConnectionError("Redis is away")

    monkeypatch.setattr(process, "_send_one", send_one)
    process._send([Delivery("b/claimed", "1", "{}"), Delivery("b/ended//c", "", "", call="{}")])
    process._sender.start()
    wait_until(lambda: len(tried) > 2, 10)
    assert tried == ["b/claimed", "b/ended//c", "b/ended//c"]
