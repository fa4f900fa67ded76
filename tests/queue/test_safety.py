"""A worker does not start with settings that lose or duplicate work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import redis
from celery import Celery, chord
from pydantic import SecretStr

from rewriter.errors import ConfigurationError, QueueError
from rewriter.queue import safety
from rewriter.settings import Settings
from tests.queue.servers import ROOT, RedisServer


def settings(url: str, folder: Path, **changes: object) -> Settings:
    given = {"redis_url": SecretStr(url), "root": folder, "engine": "extractive"} | changes
    return Settings.model_validate(given)


def test_our_own_settings_are_safe(server: RedisServer, root: Path) -> None:
    safety.ensure(settings(server.url, root), pool="thread")


def test_another_pool_is_refused_with_what_to_change(root: Path) -> None:
    configured = settings("redis://localhost", root)
    (problem,) = safety.worker_problems(configured, "prefork")
    assert "--pool threads" in problem


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"root": None}, "REWRITER_ROOT"),
        ({"root": "missing"}, "is no folder"),
        ({"engine": "openai"}, "OPENAI_API_KEY"),
        (
            {"engine": "openai", "api_key": "k", "model": "mystery", "daily_budget": 5},
            "needs a price for the model mystery",
        ),
    ],
)
def test_a_worker_that_could_not_work_is_told_why(
    root: Path, changes: Mapping[str, object], told: str
) -> None:
    configured = settings("redis://localhost", root, **changes)
    (problem,) = safety.worker_problems(configured)
    assert told in str(problem)


def test_a_redis_that_forgets_is_refused(tmp_path: Path, root: Path) -> None:
    options = ("--appendonly", "no", "--maxmemory-policy", "allkeys-lru")
    with RedisServer(tmp_path / "redis", *options) as forgetful:
        configured = settings(forgetful.url, root)
        with pytest.raises(ConfigurationError, match="lose or duplicate work") as refused:
            safety.ensure(configured, pool="thread")
    assert "appendonly yes" in str(refused.value)
    assert "maxmemory-policy noeviction" in str(refused.value)


def test_a_worker_refuses_a_root_that_it_cannot_write_into(root: Path) -> None:
    (root / ".rewriter").write_text("a file, where the state directory should be")
    (problem,) = safety.worker_problems(settings("redis://localhost", root))
    assert "cannot write" in str(problem)


@pytest.mark.parametrize(
    ("rule", "told"),
    [("-brpop", "'brpop'"), ("-publish", "'publish'"), ("resetchannels", "channel")],
)
def test_a_permission_that_celerys_transport_lacks_is_named(
    server: RedisServer, rule: str, told: str
) -> None:
    with redis.Redis(port=server.port) as client:
        client.execute_command("ACL", "SETUSER", "w", "reset", "on", ">pw", "~*", "&*", "+@all")
        url = f"redis://w:pw@127.0.0.1:{server.port}/0"
        assert list(safety.redis_problems(url, "rewriter")) == []
        client.execute_command("ACL", "SETUSER", "w", rule)
        with pytest.raises(QueueError, match=f"too few permissions .*{told}"):
            list(safety.redis_problems(url, "rewriter"))
        assert client.keys() == []


def test_an_app_with_the_permissions_of_the_page_sends_a_chord(server: RedisServer) -> None:
    page = (ROOT / "docs" / "how-to" / "beside-your-own-celery.md").read_text("utf-8")
    said = page.partition("An app that calls and gets results needs")[2].partition(" To revoke")[0]
    with redis.Redis(port=server.port) as client:
        rules = [rule for part in re.findall("`([^`]+)`", said) for rule in part.split()]
        client.execute_command("ACL", "SETUSER", "news", "reset", "on", ">pw", *rules)
    url = f"redis://news:pw@127.0.0.1:{server.port}/0"
    with Celery("newsroom", broker=url, backend=url) as app:
        one = app.signature("rewriter.rewrite", args=({"path": "a.txt", "out": "site"},))
        one.set(queue="rewriter")
        chord([one, one], one, app=app).apply_async()
        app.backend.result_consumer.stop()
        app.backend.client.connection_pool.disconnect()
    with redis.Redis(port=server.port) as client:
        assert client.llen("rewriter") == 2


def test_a_redis_that_is_away_is_named_without_its_password() -> None:
    with pytest.raises(QueueError) as away:
        list(safety.redis_problems("redis://:secret@127.0.0.1:1/0", "rewriter"))
    assert "127.0.0.1:1" in str(away.value)
    assert "secret" not in str(away.value)
