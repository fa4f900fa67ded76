"""The task `rewriter.rewrite`, as an app calls it that knows only its name and its queue."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery, chain, chord, group
from celery.exceptions import TaskRevokedError

from rewriter.queue.keys import Keys
from tests.provider import Provider
from tests.queue.conftest import write_articles
from tests.queue.servers import START, RedisServer, Worker, environment_of, rewriter, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider(latency=0.3) as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A content root with raw articles."""
    root = tmp_path_factory.mktemp("root")
    write_articles(root, 60)
    return root


@pytest.fixture(scope="module")
def environment(redis_server: RedisServer, provider: Provider, folder: Path) -> dict[str, str]:
    with redis.Redis(port=redis_server.port) as client:
        client.flushall()
    return environment_of(redis_server, provider.base_url, folder)


@pytest.fixture(scope="module")
def worker(environment: dict[str, str], folder: Path) -> Iterator[Worker]:
    """A worker of rewriter, with one process."""
    with Worker("w", folder, environment) as running:
        wait_until(lambda: "ready." in running.log.read_text("utf-8"), START)
        yield running


@pytest.fixture(scope="module")
def app(worker: Worker, redis_server: RedisServer) -> Celery:
    """Somebody's own app: it has a broker, results and a default queue, and no task of ours."""
    own = Celery("newsroom", broker=redis_server.url, backend=redis_server.url)
    own.conf.update(task_default_queue="rewriter", task_serializer="json")
    return own


def asked(number: int, **more: object) -> dict[str, Any]:
    """A reference to an article."""
    return {"path": f"raw/{number:04}.txt", "target": f"site/{number:04}.md", **more}


def rewrite(app: Celery, number: int, **more: object) -> Any:
    """The signature of the task for an article."""
    return app.signature("rewriter.rewrite", args=(asked(number, **more),))


def test_a_call_returns_how_its_article_ended(app: Celery, folder: Path) -> None:
    result = app.send_task("rewriter.rewrite", [asked(0)]).get(timeout=START)
    assert (result["outcome"], result["target"]) == ("published", "site/0000.md")
    assert result["path"] == "raw/0000.txt"
    assert result["input_tokens"] > 0
    assert result["cost"] > 0
    assert result["codes"] == []
    assert (folder / "site" / "0000.md").is_file()
    again = app.send_task("rewriter.rewrite", [asked(0)]).get(timeout=START)
    assert (again["outcome"], again["reason"]) == ("skipped", "current")


def test_a_folder_or_the_article_itself_can_be_where_to_write(app: Celery, folder: Path) -> None:
    out = app.send_task("rewriter.rewrite", [{"path": "raw/0001.txt", "out": "other"}])
    assert out.get(timeout=START)["target"] == "other/0001.md"
    (folder / "own.md").write_bytes((folder / "other" / "0001.md").read_bytes())
    raw = (folder / "raw" / "0002.txt").read_text("utf-8")
    (folder / "own.md").write_text(f"---\ntitle: Own\n---\n\n{raw}", encoding="utf-8")
    there = app.send_task("rewriter.rewrite", [{"path": "own.md", "in_place": True}])
    assert there.get(timeout=START)["target"] == "own.md"


def test_a_chain_a_group_and_a_chord_of_articles(app: Celery) -> None:
    second = app.signature("rewriter.rewrite", args=(asked(4),), immutable=True)
    result = chain(rewrite(app, 3), second, app=app).apply_async()
    assert result.get(timeout=START)["path"] == "raw/0004.txt"
    assert result.parent.get(timeout=5)["path"] == "raw/0003.txt"
    several = group([rewrite(app, n) for n in range(5, 15)], app=app).apply_async()
    assert {one["outcome"] for one in several.get(timeout=START)} == {"published"}
    last = app.signature("rewriter.rewrite", args=(asked(20),), immutable=True)
    joined = chord([rewrite(app, n) for n in range(15, 20)], last, app=app).apply_async()
    assert joined.get(timeout=START)["path"] == "raw/0020.txt"


def test_link_and_link_error_are_called_once_the_article_has_ended(
    app: Celery, redis_server: RedisServer
) -> None:
    """They go to their queue, and otherwise to Celery's default one."""
    app.send_task(
        "rewriter.rewrite",
        [asked(21)],
        link=app.signature("newsroom.done"),
        link_error=app.signature("newsroom.failed", queue="newsroom"),
    ).get(timeout=START)
    failing = app.send_task(
        "rewriter.rewrite",
        [{"path": "raw/none.txt", "out": "site"}],
        link=app.signature("newsroom.done", queue="newsroom"),
        link_error=app.signature("newsroom.failed", queue="newsroom"),
    )
    with pytest.raises(Exception, match="cannot read it") as failed:
        failing.get(timeout=START)
    assert type(failed.value).__name__ == "ArticleError"
    with redis.Redis(port=redis_server.port) as client:
        lists = ("celery", "newsroom")
        wait_until(lambda: all(client.llen(name) for name in lists), START)
        time.sleep(0.5)
        called = [
            [json.loads(one)["headers"]["task"] for one in client.lrange(name, 0, -1)]
            for name in lists
        ]
    assert called == [["newsroom.done"], ["newsroom.failed"]]


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("raw/0000.txt", "refused"),
        ({"path": "raw/0000.txt"}, "say where to write"),
        ({"path": "../x.txt", "out": "site"}, "a path with '..'"),
        ({"path": "raw/0000.txt", "out": "site", "text": "x"}, "text: no such field"),
        ({"path": "raw/0000.txt", "out": "site", "prompt": "none"}, "none"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_an_error_that_says_why(
    app: Celery, worker: Worker, reference: object, told: str
) -> None:
    """The worker's log says it, too."""
    call = app.send_task("rewriter.rewrite", [reference])
    with pytest.raises(Exception, match=told):
        call.get(timeout=START)
    (logged,) = [
        one for one in worker.log.read_text("utf-8").splitlines() if f"{call.id} fails:" in one
    ]
    assert told in logged


@pytest.mark.parametrize(
    ("more", "options"),
    [((asked(1),), {}), ((), {"claim": ["b/raw/0001.txt", "1"]}), ((), {"claim": 7})],
    ids=["as in a chain", "a claim that is none", "nonsense"],
)
def test_more_than_a_reference_is_refused(
    app: Celery, more: tuple[object, ...], options: dict[str, object]
) -> None:
    """A chain gives its tasks the result of the one before, unless they are immutable."""
    call = app.send_task("rewriter.rewrite", [asked(0), *more], options)
    with pytest.raises(Exception, match="takes one reference"):
        call.get(timeout=START)


def test_a_revoked_call_is_not_worked_on(app: Celery, worker: Worker, provider: Provider) -> None:
    with redis.Redis.from_url(app.conf.broker_url) as client:
        fleet = Keys("", "default").fleet
        client.set(f"{fleet}pause", "a pause of the test", px=60_000)
        result = app.send_task("rewriter.rewrite", [asked(30)])
        wait_until(lambda: client.llen("rewriter") == 0, START)
        result.revoke()
        time.sleep(0.5)
        client.delete(f"{fleet}pause")
    with pytest.raises(TaskRevokedError):
        result.get(timeout=START)
    assert not any("1030 businesses" in str(call.body) for call in provider.calls)


def test_a_call_that_expires_in_the_queue_is_not_worked_on(
    app: Celery, environment: dict[str, str], folder: Path
) -> None:
    with redis.Redis.from_url(app.conf.broker_url) as client:
        client.set(f"{Keys('', 'default').fleet}pause", "a pause of the test", px=3_000)
        result = app.send_task("rewriter.rewrite", [asked(35, batch="expired")], expires=2)
    with pytest.raises(TaskRevokedError, match="expired"):
        result.get(timeout=START)

    def listed() -> str:  # the caller is told before Redis
        return rewriter(environment, folder, "status", "expired", "--articles", "--json").stdout

    wait_until(lambda: '"outcome":"cancelled"' in listed(), START)
    assert "its task had expired" in listed()


def test_calls_are_counted_in_the_batch_of_the_day_or_in_their_own(
    app: Celery, environment: dict[str, str], folder: Path
) -> None:
    calls = [
        app.send_task("rewriter.rewrite", [asked(31)], priority=0),
        app.send_task("rewriter.rewrite", [asked(32)], priority=6),
        app.send_task("rewriter.rewrite", [asked(33, batch="mine")]),
    ]
    assert {one.get(timeout=START)["outcome"] for one in calls} == {"published"}
    shown = rewriter(environment, folder, "status", "--json").stdout.splitlines()
    batches = {one["id"]: one for one in map(json.loads, shown)}
    assert batches["mine"]["published"] == 1
    day = next(name for name in batches if name.startswith("tasks-") and "urgent" not in name)
    assert batches[day]["priority"] == "normal"
    assert batches[f"{day}-urgent"]["priority"] == "high"


def test_the_articles_that_have_ended_are_listed_with_their_targets(
    app: Celery, environment: dict[str, str], folder: Path
) -> None:
    call = app.send_task("rewriter.rewrite", [asked(34, batch="listed")])
    call.get(timeout=START)
    listed = rewriter(environment, folder, "status", "listed", "--articles", "--json")
    (article,) = map(json.loads, listed.stdout.splitlines())
    assert (article["call"], article["path"]) == (call.id, "raw/0034.txt")
    assert (article["outcome"], article["target"]) == ("published", "site/0034.md")
    assert article["cost"] > 0


def test_a_call_survives_the_process_that_works_on_it(
    app: Celery, worker: Worker, provider: Provider, redis_server: RedisServer
) -> None:
    before = len(provider.calls)
    results = [app.send_task("rewriter.rewrite", [asked(number)]) for number in range(40, 60)]
    with redis.Redis(port=redis_server.port) as client:  # what is not in the table comes later
        wait_until(lambda: not client.exists("rewriter", "rewriter3", "unacked"), START)
    wait_until(lambda: len(provider.calls) > before + 3, START)
    for child in worker.children():
        os.kill(child, signal.SIGKILL)
    assert {one.get(timeout=START)["outcome"] for one in results} <= {"published", "skipped"}
