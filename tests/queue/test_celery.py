"""What the queue relies on in Celery and kombu, pinned: each of these once lost or doubled work."""

from __future__ import annotations

import importlib
import inspect
import tomllib
from collections.abc import Iterator

import pytest
from celery import Celery
from celery.backends.base import Backend

from rewriter import errors, tasks
from rewriter.errors import RewriterError
from rewriter.queue.fleet_budget import FleetBudgetSpentError
from rewriter.queue.worker_process import TASK
from rewriter.runs.concurrency import MOST_AT_WORK
from rewriter.settings import Settings
from tests.queue.servers import ROOT


@pytest.fixture(scope="module")
def app() -> Celery:
    return tasks.build(Settings())


def test_celery_is_installed_with_what_its_redis_transport_imports() -> None:
    """Celery with redis beside it fails on a missing `packaging`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert any(need.startswith("celery[redis]") for need in project["dependencies"])
    importlib.import_module("kombu.transport.redis")


def test_a_worker_has_a_thread_for_each_article_that_it_may_claim_and_for_calls(
    app: Celery,
) -> None:
    """With fewer, claimed articles would wait for a thread, and calls of other apps for them."""
    assert app.conf.worker_pool == "threads"
    assert app.conf.worker_concurrency > MOST_AT_WORK * Settings().in_flight
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_acks_late


def test_messages_are_json_alone_which_carries_no_code(app: Celery) -> None:
    """Celery's own default, with which no setting of ours interferes."""
    assert list(app.conf.accept_content) == ["json"]
    assert {app.conf.task_serializer, app.conf.result_serializer} == {"json"}


def test_the_task_is_an_ordinary_function_without_limits(app: Celery) -> None:
    """Coroutines fail to serialize, and a rate limit is each worker's own."""
    task = app.tasks[TASK]
    assert not inspect.iscoroutinefunction(task.run)
    assert task.rate_limit is None
    assert task.name == "rewriter.rewrite"


def test_a_killed_process_does_not_bring_its_tasks_back(app: Celery) -> None:
    """`task_reject_on_worker_lost` loops without bound; articles come back by their leases."""
    assert not app.conf.task_reject_on_worker_lost


def _errors() -> Iterator[RewriterError]:
    yield errors.FrontMatterError("torn", 3, "a.md")
    yield FleetBudgetSpentError("the day's budget is spent", "day")
    for _, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, errors.Transient):
            yield kind("try later", 1.5)
        elif issubclass(kind, RewriterError) and kind is not errors.FrontMatterError:
            yield kind("it failed")


@pytest.mark.parametrize("error", tuple(_errors()), ids=lambda error: type(error).__name__)
def test_an_error_comes_back_whole_from_celerys_json(app: Celery, error: RewriterError) -> None:
    backend = Backend(app=app)
    prepared = backend.decode(backend.encode(backend.prepare_exception(error, "json")))
    revived = backend.exception_to_python(prepared)
    assert type(revived) is type(error)
    assert (str(revived), vars(revived)) == (str(error), vars(error))
