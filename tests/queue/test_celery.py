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
from rewriter.queue.purse import FleetBudgetSpentError
from rewriter.queue.shift import SHIFT_SECONDS
from rewriter.queue.transport import SHIFT, App
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


def test_the_visibility_timeout_is_set_wherever_celery_reads_it(app: Celery) -> None:
    """Where it is shorter than a task, kombu gives the task to a second process."""
    given = {
        app.conf.visibility_timeout,
        app.conf.broker_transport_options["visibility_timeout"],
        app.conf.result_backend_transport_options["visibility_timeout"],
    }
    assert given == {7_500}
    assert min(given) > SHIFT_SECONDS + Settings().shutdown_grace


def test_a_worker_reserves_no_more_shifts_than_it_has_processes(app: Celery) -> None:
    """The default reserves four a process, which then wait behind shifts of an hour."""
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_acks_late


def test_a_shift_is_an_ordinary_function_without_result_and_limits(app: Celery) -> None:
    """Coroutines fail to serialize, a rate limit is each worker's own, results stay for a day."""
    shift = app.tasks[SHIFT]
    assert not inspect.iscoroutinefunction(shift.run)
    assert shift.ignore_result
    assert app.conf.result_backend is None
    assert shift.rate_limit is None


def test_a_killed_process_does_not_bring_its_shift_back(app: Celery) -> None:
    """`task_reject_on_worker_lost` loops without bound; articles come back by their leases."""
    assert not app.conf.task_reject_on_worker_lost


@pytest.mark.parametrize("scheme", ["redis", "rediss"])
def test_a_transport_that_drops_strange_entries_leaves_tls_as_the_url_says(scheme: str) -> None:
    url = f"{scheme}://localhost:6379/0"
    ours, plain = (kind(broker=url).connection_for_read() for kind in (App, Celery))
    assert ours.get_transport_cls() is not plain.get_transport_cls()
    assert issubclass(ours.get_transport_cls(), plain.get_transport_cls())
    assert (ours.ssl, ours.as_uri()) == (plain.ssl, plain.as_uri())


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
