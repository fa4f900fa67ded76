"""Settings that lose or duplicate work: a worker does not start with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from rewriter.completion import choosing
from rewriter.errors import ConfigurationError, QueueError, RewriterError
from rewriter.escaping import several
from rewriter.prices import price_of
from rewriter.prompting import prompt_file
from rewriter.queue.connection import NO_ROOT, Connection, script_call, script_text
from rewriter.queue.keys import Keys
from rewriter.queue.refusals import NO_CLUSTER, failure, place
from rewriter.settings import Settings
from rewriter.state import State, unwritable

_TIMEOUT_SECONDS = 5.0


def ensure(settings: Settings, *, pool: str) -> None:
    """Raise `ConfigurationError` with all problems, where there are any.

    `pool` is the name of the worker's pool. Raises `QueueError` when Redis cannot be reached.
    """
    found = [*worker_problems(settings, pool)]
    found += redis_problems(settings.redis_url.get_secret_value(), settings.queue)
    if found:
        listed = (f"  - {problem}" for problem in found)
        raise ConfigurationError(several(("this worker could lose or duplicate work:", *listed)))


def redis_problems(url: str, queue: str) -> list[str]:
    """What is wrong with the Redis at `url` for a worker of Celery's `queue`.

    Raises `QueueError` where it cannot serve at all.
    """
    try:
        with Redis.from_url(
            url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
        ) as client:
            info = client.info()
            if problem := mode_problem(url, info):
                raise QueueError(problem)
            try_permissions(client, queue)
    except RedisError as error:
        raise failure(url, error) from error
    return lasting_problems(url, info)


def try_permissions(client: Redis, queue: str) -> None:
    """Do what the scripts and Celery's transport do, and leave nothing behind.

    Raises `RedisError` with the name of what the user of `client` may not do.
    """
    (answer,) = client.register_script(script_text())(
        *script_call(Keys("probe", "probe"), ["probe"])
    )
    if isinstance(answer, RedisError):
        raise answer
    client.lrem(queue, 0, "probe")
    client.brpop([f"{queue}.probe"], timeout=0.01)
    client.srem(f"_kombu.binding.{queue}", "probe")
    client.zrem("unacked_index", "probe")
    client.hdel("unacked", "probe")
    client.delete("celery-task-meta-probe")
    # Events and remote control: without them a worker of Celery ends. Nobody listens here.
    channel = f"/{client.connection_pool.connection_kwargs.get('db', 0)}.celery.probe"
    client.publish(channel, "probe")
    with client.pubsub() as listener:  # type: ignore[no-untyped-call]
        listener.psubscribe(channel)
        listener.get_message(timeout=_TIMEOUT_SECONDS)


async def ensure_serving(connection: Connection) -> None:
    """Raise `QueueError` for a Redis that answers and cannot take articles, saying why."""
    if problem := mode_problem(connection.url, await connection.call("INFO")):
        raise QueueError(problem)
    await connection.run("probe")


def mode_problem(url: str, info: Mapping[str, Any]) -> str:
    """Why a Redis cannot serve: a Sentinel, a Cluster or a replica; "" where it can.

    `info` is what INFO told.
    """
    at = f"Redis at {place(url)}"
    mode = info.get("redis_mode", "standalone")
    if mode == "sentinel":
        return f"{at} is a Sentinel; set REWRITER_REDIS_URL to the primary"
    if mode != "standalone" or info.get("cluster_enabled"):
        return f"{at} is a Cluster; {NO_CLUSTER}"
    if info.get("role", "master") != "master":
        return f"{at} is a read-only replica; set REWRITER_REDIS_URL to the primary"
    return ""


def lasting_problems(url: str, info: Mapping[str, Any]) -> list[str]:
    """Whether a restart of Redis loses the queue, or a lack of memory parts of it."""
    return [*filter(None, (persistence_problem(url, info), eviction_problem(url, info)))]


def persistence_problem(url: str, info: Mapping[str, Any]) -> str:
    """Whether a restart of Redis loses the queue; "" where it does not."""
    at = f"Redis at {place(url)}"
    told = f"{at} keeps no append-only file, so that a restart loses the queue; set appendonly yes"
    return "" if info.get("aof_enabled") else told


def eviction_problem(url: str, info: Mapping[str, Any]) -> str:
    """Whether Redis removes parts of the queue when memory is short; "" where it does not."""
    policy = info.get("maxmemory_policy", "noeviction")
    at = f"Redis at {place(url)} throws keys away when memory is short ({policy})"
    return "" if policy == "noeviction" else f"{at}; set maxmemory-policy noeviction"


def worker_problems(settings: Settings, pool: str = "thread") -> Iterator[str]:
    """What keeps a worker with these settings and this pool from working at all."""
    if pool != "thread":
        yield (
            f"the pool {pool} cannot wait for the event loop that articles share; start the "
            "worker with --pool threads"
        )
    if settings.root is None:
        yield f"there is no content root; {NO_ROOT}"
    elif problem := unwritable(State(root=settings.root)):
        yield f"{problem}; create or mount it, writable for this user"
    try:
        choosing.build(settings, prompt_file.load(settings.prompt, settings.prompts_dir).rules)
        choosing.reader(settings)
    except RewriterError as error:
        yield f"this worker has nobody to answer; {error}"
        return
    if settings.daily_budget is None or choosing.engine(settings) != "openai":
        return
    for model in choosing.paid_models(settings):
        if not price_of(model, settings.price_list):
            yield (
                f"daily_budget needs a price for the model {model}; set "
                f'[prices."{model}"] in rewriter.toml'
            )
