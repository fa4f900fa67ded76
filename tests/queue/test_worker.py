"""Real worker processes: how they start, refuse to, stop, and what they leave behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis

from rewriter.queue import batches
from rewriter.queue.batches import Batch
from rewriter.queue.connection import Connection
from rewriter.queue.fleet_budget import batch_spent
from rewriter.queue.keys import Keys
from tests.provider import Provider
from tests.queue.conftest import write_articles
from tests.queue.servers import (
    START,
    RedisServer,
    Worker,
    celery_worker,
    environment_of,
    rewriter,
    rewriter_process,
    root_in,
    wait_until,
)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(latency=1.0) as running:
        yield running


@pytest.fixture
def environment(server: RedisServer, provider: Provider, tmp_path: Path) -> dict[str, str]:
    return environment_of(server, provider.base_url, tmp_path) | {"REWRITER_IN_FLIGHT": "4"}


def status(server: RedisServer, batch: str = "b") -> Batch:
    async def look() -> Batch:
        async with Connection(server.url, root_in(server.url)) as connection:
            return await batches.status(connection, batch)

    return asyncio.run(look())


def submit(environment: dict[str, str], folder: Path, count: int) -> None:
    write_articles(folder, count)
    done = rewriter(environment, folder, "submit", "raw", "--out", "site", "--batch", "b")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("whole_group", [False, True], ids=["as by docker", "as by systemd"])
def test_sigterm_lets_the_articles_in_flight_end_and_leaves_the_rest(
    server: RedisServer,
    provider: Provider,
    environment: dict[str, str],
    tmp_path: Path,
    whole_group: bool,
) -> None:
    submit(environment, tmp_path, 9)
    with Worker("w", tmp_path, environment) as worker:
        wait_until(lambda: len(provider.calls) == 4, START)
        assert worker.terminate(within=60, whole_group=whole_group) == 0
    seen = status(server)
    assert (seen.published, seen.running, seen.queued) == (4, 0, 5)
    assert len(provider.calls) == 4


def test_sigterm_lets_the_second_reader_be_asked_about_articles_in_flight(
    server: RedisServer, provider: Provider, environment: dict[str, str], tmp_path: Path
) -> None:
    environment |= {"REWRITER_READER": "on"}
    submit(environment, tmp_path, 4)
    with Worker("w", tmp_path, environment) as worker:
        wait_until(lambda: len(provider.calls) == 4, START)
        assert worker.terminate(within=60) == 0
    seen = status(server)
    assert (seen.published, seen.running, seen.queued) == (4, 0, 0)
    assert len(provider.calls) == 8


def test_after_sigterm_no_failed_call_is_tried_again(
    server: RedisServer, provider: Provider, environment: dict[str, str], tmp_path: Path
) -> None:
    environment |= {"REWRITER_TIMEOUT": "3"}
    provider.script(["drip"] * 2)
    submit(environment, tmp_path, 3)
    with Worker("w", tmp_path, environment) as worker:
        wait_until(lambda: len(provider.calls) == 3, START)
        assert worker.terminate(within=60) == 0
    seen = status(server)
    assert (seen.published, seen.running, seen.queued) == (1, 0, 2)
    assert len(provider.calls) == 3


def test_sigterm_does_not_wait_for_articles_that_the_rate_limit_holds_back(
    server: RedisServer, provider: Provider, environment: dict[str, str], tmp_path: Path
) -> None:
    environment |= {"REWRITER_REQUESTS_PER_MINUTE": "1"}
    submit(environment, tmp_path, 3)
    with Worker("w", tmp_path, environment) as worker:
        wait_until(lambda: status(server).published == 1 and status(server).running == 2, START)
        assert worker.terminate(within=60) == 0
    seen = status(server)
    assert (seen.published, seen.running, seen.queued) == (1, 0, 2)
    assert len(provider.calls) == 1


def test_after_the_grace_what_is_in_flight_goes_back(
    server: RedisServer, environment: dict[str, str], tmp_path: Path
) -> None:
    with Provider(latency=60) as slow:
        environment |= {"REWRITER_BASE_URL": slow.base_url, "REWRITER_SHUTDOWN_GRACE": "0.5"}
        submit(environment, tmp_path, 3)
        with Worker("w", tmp_path, environment) as worker:
            wait_until(lambda: status(server).running == 3, START)
            assert worker.terminate(within=60) == 0
    seen = status(server)
    assert (seen.running, seen.queued) == (0, 3)


def test_articles_of_a_killed_process_and_of_a_killed_worker_come_back_before_the_lease_ends(
    server: RedisServer, environment: dict[str, str], tmp_path: Path
) -> None:
    """The first is replaced by its worker; another worker takes over from the second."""
    environment |= {"LEASE_SECONDS": "3600"}
    submit(environment, tmp_path, 3)
    with Worker("w", tmp_path, environment, module="tests.queue.deadly_worker") as worker:
        wait_until(lambda: status(server).running == 3, START)
        for child in worker.children():
            os.kill(child, signal.SIGKILL)
        wait_until(lambda: status(server).published == 3, START)
        submit(environment, tmp_path, 6)
        wait_until(lambda: status(server).running == 3, START)
    with Worker("w", tmp_path, environment, module="tests.queue.deadly_worker") as worker:
        wait_until(lambda: status(server).published == 6, START)
    # What workers ask each other at the start takes a second, and tells nothing that is used.
    assert "mingle" not in worker.log.read_text("utf-8")
    assert "HTTP Request" not in worker.log.read_text("utf-8"), "a line for each call"


def test_an_article_that_kills_its_worker_is_dead_after_three_deaths_alone(
    server: RedisServer, environment: dict[str, str], tmp_path: Path
) -> None:
    write_articles(tmp_path, 12)
    (tmp_path / "raw" / "0002.txt").rename(tmp_path / "raw" / "0002-poison.txt")
    environment |= {"LEASE_SECONDS": "3600"}
    sent = rewriter(environment, tmp_path, "submit", "raw", "--out", "site", "--batch", "b")
    assert sent.returncode == 0
    with ExitStack() as stack:
        quick = stack.enter_context(Provider(latency=0.1))
        environment |= {"REWRITER_BASE_URL": quick.base_url}
        for name in ("v", "w"):
            worker = Worker(name, tmp_path, environment, module="tests.queue.deadly_worker")
            stack.enter_context(worker)
        wait_until(lambda: status(server).published + status(server).dead == 12, 3 * START)
    seen = status(server)
    assert (seen.published, seen.dead) == (11, 1)
    assert (
        "0002-poison.txt: its worker died 3 times" in rewriter(environment, tmp_path, "dead").stdout
    )
    first, *alone = (tmp_path / "deaths.log").read_text().split()
    assert int(first) > 1
    assert alone == ["1", "1", "1"]


def test_the_celery_command_is_the_same_and_refuses_the_same(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with RedisServer(tmp_path / "redis", "--appendonly", "no") as forgetful:
        environment |= {"REWRITER_REDIS_URL": forgetful.url}
        done = celery_worker(environment, "worker", seconds=30)
    assert done.returncode == 2
    assert "set appendonly yes" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_commands_speak_json_and_say_what_ended_badly(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "empty.txt").write_bytes(b"\0\0")
    (tmp_path / "raw" / "gone.txt").symlink_to(tmp_path / "nowhere")
    sent = rewriter(
        environment, tmp_path, "submit", "raw", "--out", "site", "--batch", "b", "--json"
    )
    assert sent.stdout == '{"batch":"b","queued":1,"skipped":0,"failed":1}\n'
    dead = rewriter(environment, tmp_path, "dead", "b")
    assert dead.stdout.startswith("failed    b raw/gone.txt: ")
    assert dead.returncode == 1
    listed = rewriter(environment, tmp_path, "status", "b", "--articles", "--json")
    (article,) = map(json.loads, listed.stdout.splitlines())
    assert (article["path"], article["outcome"], listed.returncode) == ("raw/gone.txt", "failed", 1)
    shown = rewriter(environment, tmp_path, "status", "--articles")
    assert shown.stdout.startswith("failed    b raw/gone.txt: ")
    assert '"requeued":0' in rewriter(environment, tmp_path, "requeue", "b", "--json").stdout
    assert '"cancelled":1' in rewriter(environment, tmp_path, "cancel", "b", "--json").stdout
    assert '"state":"cancelled"' in rewriter(environment, tmp_path, "status", "--json").stdout
    assert "at work" in rewriter(environment, tmp_path, "status", "b", "--watch").stdout


def test_cancelling_says_what_is_in_flight_and_a_watch_waits_for_it(
    server: RedisServer, environment: dict[str, str], tmp_path: Path
) -> None:
    with Provider(latency=3) as slow:
        environment |= {"REWRITER_BASE_URL": slow.base_url}
        submit(environment, tmp_path, 6)
        with Worker("w", tmp_path, environment):
            wait_until(lambda: len(slow.calls) == status(server).running == 4, START)
            told = rewriter(environment, tmp_path, "cancel", "b", "--json")
            assert told.stdout == '{"batch":"b","cancelled":2,"running":4,"awaiting":0}\n'
            assert "4 are in progress" in told.stderr
            watched = rewriter(environment, tmp_path, "status", "b", "--watch").stdout
    first, *_, last = [line for line in watched.splitlines() if line.startswith("b: ")]
    assert "4 running" in first
    assert last.startswith("b: cancelled; 4 published, 2 cancelled, ")


def test_requeueing_says_that_cancelled_articles_are_to_be_submitted_again(
    environment: dict[str, str], tmp_path: Path
) -> None:
    submit(environment, tmp_path, 2)
    rewriter(environment, tmp_path, "cancel", "b")
    requeued = rewriter(environment, tmp_path, "requeue", "b")
    assert requeued.stdout == "0 put back\n"
    assert "2 were cancelled and are not put back; submit them again" in requeued.stderr
    assert '"state":"cancelled"' in rewriter(environment, tmp_path, "status", "b", "--json").stdout
    submit(environment, tmp_path, 2)
    assert '"queued":2' in rewriter(environment, tmp_path, "status", "b", "--json").stdout


def test_requeueing_says_that_what_was_never_queued_is_to_be_submitted_again(
    environment: dict[str, str], tmp_path: Path
) -> None:
    write_articles(tmp_path, 1)
    (tmp_path / "raw" / "empty.md").write_text("---\nai: {rewritten: true}\n---\nText.\n")
    done = rewriter(environment, tmp_path, "submit", "raw", "--out", "site", "--batch", "b")
    assert done.returncode == 4, done.stderr
    requeued = rewriter(environment, tmp_path, "requeue", "b")
    assert requeued.stdout == "0 put back\n"
    assert "1 failed when they were submitted and are not put back" in requeued.stderr
    assert rewriter(environment, tmp_path, "dead", "b").stdout.startswith("failed ")


def test_requeueing_says_that_it_ends_a_pause_of_all_work(
    server: RedisServer, environment: dict[str, str], tmp_path: Path
) -> None:
    submit(environment, tmp_path, 1)
    assert "pause" not in rewriter(environment, tmp_path, "requeue", "b").stderr
    with redis.Redis(port=server.port) as client:
        client.set(f"{Keys('', 'default').fleet}pause", "the key is refused", px=60_000)
    told = rewriter(environment, tmp_path, "requeue", "b").stderr
    assert "the pause of all work is ended (the key is refused); one article tries" in told
    assert "pause" not in rewriter(environment, tmp_path, "requeue", "b").stderr


def test_a_watch_of_a_paused_batch_says_so_at_once_and_goes_on(
    server: RedisServer, environment: dict[str, str], tmp_path: Path
) -> None:
    submit(environment, tmp_path, 2)
    with redis.Redis(port=server.port) as client:
        client.hset(
            f"{Keys(root_in(server.url), '').root}batch",
            mapping={"b/paused": batch_spent("b"), "b/budget": 2_500_000},
        )
    command = [sys.executable, "-m", "rewriter", "status", "b", "--watch"]
    with subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    ) as watching:
        assert watching.stdout is not None
        assert "at work" in watching.stdout.readline()
        line = watching.stdout.readline()
        assert watching.poll() is None
        assert line.startswith("b: paused: the batch's budget is spent")
        assert "2 queued" in line
        requeued = rewriter(environment, tmp_path, "requeue", "b")
        assert "the batch's budget of $2.50 is spent" in requeued.stderr
        assert "--max-cost" in requeued.stderr
        rewriter(environment, tmp_path, "cancel", "b")
        assert watching.wait(START) == 0
        assert "2 cancelled" in watching.stdout.read()
    raised = rewriter(environment, tmp_path, "requeue", "b", "--max-cost", "9")
    assert "is spent" not in raised.stderr


def test_celerys_own_command_works_on_the_queue(
    server: RedisServer, environment: dict[str, str], tmp_path: Path
) -> None:
    submit(environment, tmp_path, 2)
    with Worker("w", tmp_path, environment, app="worker") as worker:
        wait_until(lambda: status(server).published == 2, START)
        assert worker.terminate(within=60) == 0


def test_a_wrong_setting_is_one_message_from_celerys_own_command(
    environment: dict[str, str], tmp_path: Path
) -> None:
    environment |= {"REWRITER_PROCESSES": "many"}
    with Worker("w", tmp_path, environment, app="worker") as worker:
        assert worker.process.wait(START) == 2
    told = worker.log.read_text(encoding="utf-8")
    assert told.startswith("rewriter: environment variable REWRITER_PROCESSES: processes: ")
    assert "Traceback" not in told


def test_an_unreachable_redis_is_one_message_and_exit_code_3(
    environment: dict[str, str], tmp_path: Path
) -> None:
    environment |= {"REWRITER_REDIS_URL": "redis://127.0.0.1:1/0"}
    for run, command in ((rewriter, "status"), (rewriter, "dead"), (rewriter_process, "worker")):
        done = run(environment, tmp_path, command)
        assert done.returncode == 3
        assert "127.0.0.1:1" in done.stderr
        assert "Traceback" not in done.stderr
