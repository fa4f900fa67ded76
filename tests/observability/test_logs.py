"""One event a line, as JSON or for a console, without keys, articles' texts and control marks."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from celery.app.trace import trace_task
from hypothesis import given
from hypothesis import strategies as st

from rewriter import escaping
from rewriter.escaping import MARK, remember
from rewriter.observability import events, logs
from rewriter.observability.logs import LogFormat
from rewriter.observability.runs import observed
from rewriter.settings import Settings

KEY = "sk-planted-0123456789"
PLANTED = "The mayor's planted sentence"


@pytest.fixture(autouse=True)
def own_records() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    escaping.install()
    yield
    logging.setLogRecordFactory(before)


class Log:
    """What is logged to `rewriter` inside, a line each."""

    def __init__(self, form: LogFormat) -> None:
        self._text = io.StringIO()
        self._handler = logging.StreamHandler(self._text)
        self._handler.setFormatter(logs.formatter(form))
        self._logger = logging.getLogger("rewriter")

    def __enter__(self) -> Log:
        self._before = self._logger.level
        self._logger.addHandler(self._handler)
        self._logger.setLevel(logging.DEBUG)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self._handler)
        self._logger.setLevel(self._before)

    @property
    def lines(self) -> list[str]:
        return self._text.getvalue().splitlines()

    def only(self) -> dict[str, object]:
        (line,) = self.lines
        told: dict[str, object] = json.loads(line)
        return told


def ended(path: str = "raw/a.txt") -> None:
    events.article_ended(
        path, "held", batch="b", seconds=1.23456, cost=None, codes=["G101"], error="X"
    )


def test_a_cost_is_logged_in_whole_microdollars() -> None:
    with Log("json") as log:
        events.article_ended("raw/a.txt", "published", seconds=1.0, cost=0.0017684000000000003)
    assert log.only()["cost"] == 0.001768


def test_an_event_is_an_object_with_batch_path_outcome_seconds_and_cost() -> None:
    with Log("json") as log:
        ended()
    told = log.only()
    assert told.pop("timestamp")
    assert told == {
        "event": "article ended", "level": "info", "logger": "rewriter.events", "batch": "b",
        "path": "raw/a.txt", "outcome": "held", "seconds": 1.235, "cost": None,
        "codes": ["G101"], "error": "X",
    }  # fmt: skip


def test_a_console_shows_the_same_on_one_line() -> None:
    with Log("console") as log:
        ended()
    (line,) = log.lines
    for part in ("article ended", "batch=b", "path=raw/a.txt", "outcome=held", "seconds=1.235"):
        assert part in line


def test_records_of_others_are_objects_too() -> None:
    with Log("json") as log:
        logging.getLogger("rewriter.queue.somewhere").warning("%d\nlines", 2)
    assert log.only()["event"] == "2\\nlines"


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_unexpected_error_tells_its_kind_and_places_and_not_its_message(form: LogFormat) -> None:
    with Log(form) as log:
        try:
            dict[str, str]()[PLANTED]
        except KeyError:
            logging.getLogger("rewriter.x").exception("unexpected error on %s", "b/raw/a.txt")
    (line,) = log.lines
    assert PLANTED not in line
    assert "KeyError" in line
    assert "test_logs.py:" in line
    assert "b/raw/a.txt" in line


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_key_is_logged(form: LogFormat) -> None:
    remember(KEY)
    with Log(form) as log:
        ended(f"raw/{KEY}.txt")
        logging.getLogger("rewriter.x").info("the key is %s", KEY)
    assert len(log.lines) == 2
    assert all(KEY not in line and MARK in line for line in log.lines)


@given(st.text())
def test_any_path_is_one_line_of_valid_json(path: str) -> None:
    with Log("json") as log:
        ended(path)
    assert log.only()["path"] == escaping.line(path)


def test_without_a_log_nothing_is_made_of_an_event(capfd: pytest.CaptureFixture[str]) -> None:
    ended()
    assert capfd.readouterr() == ("", "")


def test_the_file_of_a_run_is_utf8_in_every_locale(tmp_path: Path) -> None:
    with observed(Settings(log_file=tmp_path / "run.log")):
        (handler,) = logging.getLogger().handlers
        assert isinstance(handler, logging.FileHandler)
        assert handler.encoding == "utf-8"
        ended("raw/Zürich.txt")
    assert "raw/Zürich.txt" in (tmp_path / "run.log").read_text("utf-8")


def test_no_library_logs_the_message_of_an_unexpected_error(tmp_path: Path) -> None:
    """Celery logs that of a task, asyncio that of an error that nobody has got."""
    app = Celery(broker="memory://", backend="disabled://", set_as_current=False)

    def fails() -> None:
        raise ValueError(PLANTED)

    async def forget() -> None:
        failed = asyncio.get_running_loop().create_future()
        failed.set_exception(ValueError(PLANTED))
        del failed
        gc.collect()

    with observed(Settings(log_file=tmp_path / "run.log", log_format="json")):
        trace_task(app.task(fails, name="fails"), "1", (), {}, {"id": "1"}, app=app)
        asyncio.run(forget())
    log = (tmp_path / "run.log").read_text("utf-8")
    loggers = [json.loads(line)["logger"] for line in log.splitlines()]
    assert {"celery.app.trace", "asyncio"} <= set(loggers)
    assert log.count("ValueError") >= 2
    assert PLANTED not in log


def test_the_path_of_a_message_from_a_stranger_does_not_fill_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    logs.configure("json", "INFO", log)
    events.article_ended("y" * 1_000_000, "dead", seconds=0.0, cost=0.0)
    events.article_returned("y" * 1_000_000, "delayed", batch="b")
    assert 2_000 < log.stat().st_size < 4_000
