"""Checks of the queue: Redis, and the workers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from redis import Redis
from redis.exceptions import NoPermissionError, RedisError

from rewriter.doctor.check import Check, failed, judged, ok, warning
from rewriter.errors import RewriterError
from rewriter.escaping import counted
from rewriter.queue import batches, safety
from rewriter.queue.connection import connect
from rewriter.queue.embedded import running
from rewriter.queue.refusals import failure
from rewriter.settings import Settings
from rewriter.state import State

_TIMEOUT_SECONDS = 5.0
_OLDEST = 7  # major version; Valkey reports 7.2 here, with which it is compatible
_FULL = 0.9


async def checks(settings: Settings, state: State) -> list[Check]:
    """The state of the queue; nothing where no Redis is configured and no embedded one runs."""
    settings = running(settings, state)
    if "redis_url" not in settings.model_fields_set:
        return []
    about_redis = list(_redis(settings))
    failed_checks = {check.name for check in about_redis if check.status == "error"}
    if failed_checks & {"Redis", "Redis permissions"}:
        return about_redis
    return [*about_redis, *await _workers(settings, state)]


def _redis(settings: Settings) -> Iterator[Check]:
    url = settings.redis_url.get_secret_value()
    try:
        with Redis.from_url(
            url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
        ) as client:
            yield from _asked(client, url, settings.queue)
    except RedisError as error:
        barred = isinstance(error, NoPermissionError) or "ACL failure" in str(error)
        yield failed("Redis permissions" if barred else "Redis", failure(url, error))


def _asked(client: Redis, url: str, queue: str) -> Iterator[Check]:
    info: Mapping[str, Any] = client.info()
    if problem := safety.mode_problem(url, info):
        yield failed("Redis", problem)
        return
    yield _version(info)
    for name, problem, well in (
        ("Redis persistence", safety.persistence_problem(url, info), "an append-only file"),
        ("Redis eviction", safety.eviction_problem(url, info), "noeviction"),
    ):
        yield failed(name, problem) if problem else ok(name, well)
    yield from _memory(info)
    safety.try_permissions(client, queue)
    yield ok("Redis permissions", "what the scripts and Celery's transport write")


def _version(info: Mapping[str, Any]) -> Check:
    version = str(info.get("redis_version", "0"))
    kind = "Valkey" if info.get("server_name") == "valkey" else "Redis"
    shown = info.get("valkey_version", version)
    message = f"{kind} {shown}, standalone"
    problem = "" if int(version.partition(".")[0]) >= _OLDEST else f"{kind} {shown} is too old"
    return judged("Redis", problem, f"install Redis {_OLDEST} or newer, or Valkey", message)


def _memory(info: Mapping[str, Any]) -> Iterator[Check]:
    used, most = int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    if most and used > _FULL * most:
        yield warning(
            "Redis memory",
            f"{used / 1e6:.0f} MB of {most / 1e6:.0f} MB (maxmemory) are used",
            "raise maxmemory, or let batches end before you submit more",
        )


async def _workers(settings: Settings, state: State) -> list[Check]:
    """Whether workers of the content root are at work."""
    if settings.root and not os.path.exists(state.identity):
        return []  # nothing was ever queued, and looking would create the state directory
    try:
        async with connect(settings) as redis:
            health = await batches.health(redis)
    except RewriterError as error:
        return [failed("workers", error)]
    waiting = counted(health.waiting, "article")
    message = f"{counted(health.processes, 'process')} at work, {waiting} waiting"
    if health.healthy:
        return [ok("workers", message)]
    return [_trouble(problem) for problem in health.problems]


def _trouble(problem: str) -> Check:
    message, _, advice = problem.partition("; ")
    advice = advice or "start one with 'rewriter worker'"
    return warning("workers", message, advice)
