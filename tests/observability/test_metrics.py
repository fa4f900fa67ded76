"""What is counted when articles are rewritten, and how it is named."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families as parsed

from rewriter.cli import group
from rewriter.errors import FileError
from rewriter.observability import metrics
from rewriter.queue.exporter import of_queue
from tests.observability.names import METRICS
from tests.provider import Provider
from tests.queue.conftest import write_articles

# Prometheus, "Metric and label naming": base units as a suffix.
_UNITS = ("_seconds", "_usd", "_articles", "_tokens", "_up", "_processes", "_in_flight", "_paused")


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing was counted before, nor is it after."""
    monkeypatch.delenv(metrics.SHARED_FOLDER, raising=False)
    monkeypatch.setattr(metrics, "_started", None)
    yield


@pytest.mark.parametrize("name", sorted(METRICS))
def test_names_follow_the_conventions(name: str) -> None:
    assert re.fullmatch(r"rewriter_[a-z_]+[a-z]", name)
    kind = METRICS[name]
    assert name.endswith("_total") == (kind == "counter")
    assert kind == "counter" or name.endswith(_UNITS)


def test_the_queue_of_an_absent_redis_has_no_numbers() -> None:
    assert [one.name for one in of_queue(None)] == ["rewriter_redis_up"]


def test_a_run_writes_its_log_and_its_metrics_to_files(
    counting: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(tmp_path, 2)
    monkeypatch.chdir(tmp_path)
    with Provider() as provider:
        provider.script(["500"])
        settings = {"BASE_URL": provider.base_url, "LOG_FORMAT": "json", "ENGINE": "openai"}
        settings |= {"LOG_FILE": "run.log", "METRICS_FILE": "run.prom", "READER": "on"}
        for name, value in settings.items():
            monkeypatch.setenv(f"REWRITER_{name}", value)
        arguments = ["rewrite", "raw", "--out", "site", "--concurrency", "1"]
        assert CliRunner().invoke(group, arguments, standalone_mode=False).return_value == 0
    told = [json.loads(line) for line in Path("run.log").read_text("utf-8").splitlines()]
    outcomes = [one["outcome"] for one in told if one["event"] == "article ended"]
    assert outcomes == ["published", "published"]
    assert [one["status"] for one in told if one["event"] == "call failed"] == [500]
    seen = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in parsed(Path("run.prom").read_text("utf-8"))
        for sample in family.samples
    }
    host = provider.base_url.split("/")[2]
    model = "gpt-4.1-mini"
    assert seen["rewriter_articles_total", "published"] == 2
    assert seen["rewriter_articles_total", "failed"] == 0
    error = "ProviderUnavailableError"
    assert seen["rewriter_provider_errors_total", *sorted([host, error, model])] == 1
    assert seen["rewriter_provider_call_seconds_count", *sorted([host, model])] == 4
    assert seen["rewriter_provider_calls_in_flight", host] == 0
    assert seen["rewriter_tokens_total", *sorted(["direct", "input", model, "writer"])] > 1_000
    assert seen["rewriter_cost_usd_total", *sorted(["direct", model, "reader"])] > 0
    assert seen["rewriter_article_seconds_count",] == 2
    assert seen["rewriter_run_completed_timestamp_seconds",] > 1e9


def test_a_file_that_cannot_be_written_is_named(
    counting: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(tmp_path, 1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REWRITER_LOG_FILE", "nowhere/run.log")
    ran = CliRunner().invoke(group, ["rewrite", "raw", "--engine", "extractive"])
    assert isinstance(ran.exception, FileError)
    assert "log_file: cannot write nowhere/run.log" in str(ran.exception)


@pytest.mark.parametrize("file", ["nowhere/run.prom", "raw"])
def test_metrics_that_could_not_be_written_are_told_before_anything_is_paid(
    counting: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    write_articles(tmp_path, 1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REWRITER_METRICS_FILE", file)
    arguments = ["rewrite", "raw", "--engine", "extractive", "--out", "site"]
    ran = CliRunner().invoke(group, arguments)
    assert isinstance(ran.exception, FileError)
    assert f"metrics_file: cannot write {file}" in str(ran.exception)
    assert not Path("site").exists()


def test_a_process_that_begins_or_was_killed_then_spoils_nobodys_metrics(
    counting: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has made its file and put nothing into it."""
    (tmp_path / "counter_1.db").touch()
    monkeypatch.setenv(metrics.SHARED_FOLDER, str(tmp_path))
    assert list(metrics.collected()) == []


def test_gauges_of_processes_that_have_ended_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metrics.SHARED_FOLDER, str(tmp_path))
    own, ended = (tmp_path / f"gauge_livesum_{pid}.db" for pid in (os.getpid(), 2**22 + 1))
    for file in (own, ended):
        file.touch()
    assert list(metrics.collected()) == []
    assert list(tmp_path.iterdir()) == [own]
