"""A Redis that answers and cannot serve: it is refused before anything is queued, or waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import redis

from tests.provider import Provider
from tests.queue.servers import (
    START,
    RedisServer,
    Worker,
    celery_worker,
    environment_of,
    free_port,
    rewriter,
    rewriter_process,
    wait_until,
)
from tests.queue.test_worker import status, submit

Trouble = Callable[[RedisServer], AbstractContextManager[None]]
DURABLE = ("--appendonly", "yes", "--maxmemory-policy", "noeviction")


@contextmanager
def full(server: RedisServer) -> Iterator[None]:
    """No room for anything more."""
    with redis.Redis(port=server.port) as client:
        client.config_set("maxmemory", "1")
        yield
        client.config_set("maxmemory", "0")


@contextmanager
def replica(server: RedisServer) -> Iterator[None]:
    """Read-only, as after a failover."""
    with redis.Redis(port=server.port) as client:
        client.replicaof("127.0.0.1", "1")
        yield
        client.replicaof("NO", "ONE")


@contextmanager
def barred(server: RedisServer) -> Iterator[None]:
    """A user who may not use hashes."""
    with redis.Redis(port=server.port) as client:
        client.execute_command("ACL", "SETUSER", "default", "-hset")
        yield
        client.execute_command("ACL", "SETUSER", "default", "+hset")


TROUBLES = {
    full: "is full; raise its maxmemory",
    replica: "is a read-only replica; set REWRITER_REDIS_URL",
    barred: "gives its user too few permissions",
}


@pytest.mark.parametrize(("trouble", "told"), TROUBLES.items())
def test_it_is_refused_before_anything_is_queued(
    server: RedisServer, root: Path, trouble: Trouble, told: str
) -> None:
    environment = environment_of(server, "http://127.0.0.1:1/v1", root)
    with trouble(server):
        sent = rewriter(environment, root, "submit", "raw", "--out", "site")
        worker = rewriter_process(environment, root, "worker")
    for done in (sent, worker):
        assert done.returncode == 3, done.stderr
        assert told in done.stderr
        assert "Traceback" not in done.stderr
    with redis.Redis(port=server.port) as client:
        assert list(client.scan_iter("rewriter:*")) == []


@pytest.mark.parametrize("app", ["rewriter.worker"])
def test_celerys_own_command_refuses_it_with_its_exit_code(
    server: RedisServer, root: Path, app: str
) -> None:
    environment = environment_of(server, "http://127.0.0.1:1/v1", root)
    with replica(server):
        done = celery_worker(environment, app)
    assert done.returncode == 3
    assert "is a read-only replica" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_cluster_and_a_sentinel_are_refused_by_name(tmp_path: Path, root: Path) -> None:
    # Its own second port would be 10,000 above the first, which may be above 65,535.
    bus = ("--cluster-port", str(free_port()))
    with RedisServer(tmp_path / "redis", *DURABLE, "--cluster-enabled", "yes", *bus) as cluster:
        environment = environment_of(cluster, "http://127.0.0.1:1/v1", root)
        done = rewriter(environment, root, "submit", "raw", "--out", "site")
        assert done.returncode == 3
        assert "is a Cluster; use a single Redis" in done.stderr
        environment["REWRITER_REDIS_URL"] = "sentinel://127.0.0.1:26379/0"
        done = rewriter(environment, root, "submit", "raw", "--out", "site")
        assert done.returncode == 2
        assert "Sentinel" in done.stderr


def test_a_worker_waits_for_it_says_why_and_goes_on(server: RedisServer, tmp_path: Path) -> None:
    with Provider(latency=1.0) as provider:
        environment = environment_of(server, provider.base_url, tmp_path)
        with Worker("w", tmp_path, environment) as worker:
            for trouble, told in TROUBLES.items():
                outlast(trouble, told, worker, provider, server, environment)
            assert worker.terminate(within=START) == 0
    assert len({str(call.body) for call in provider.calls}) == len(provider.calls)


def outlast(
    trouble: Trouble,
    told: str,
    worker: Worker,
    provider: Provider,
    server: RedisServer,
    environment: dict[str, str],
) -> None:
    """Two more articles than before end well, with a trouble while they are asked about."""
    folder = Path(environment["REWRITER_ROOT"])
    articles = len(provider.calls) + 2
    submit(environment, folder, articles)
    wait_until(lambda: len(provider.calls) == articles, START)
    with trouble(server):
        wait_until(lambda: told in worker.log.read_text("utf-8"), START)
        assert worker.process.poll() is None
    wait_until(lambda: status(server).published == articles, START)
