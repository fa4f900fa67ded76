"""Traces of this process, at a real OTLP endpoint."""

from __future__ import annotations

from pathlib import Path

import pytest

from rewriter.observability import tracing
from tests.observability.collector import Collector, attributes
from tests.provider import Provider
from tests.queue.conftest import write_articles
from tests.queue.servers import rewriter


def test_without_an_endpoint_there_is_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tracing._ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    tracing.end()
    assert tracing.submitted("raw/a.txt", "b") == ""
    tracing.end()


def test_a_name_that_is_not_utf8_is_sent_escaped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tracing.end()
    with Collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", f"{collector.url}/v1/traces")
        with tracing.article("raw/a\udcff.txt"):
            pass
        tracing.end()
    assert [attributes(span)["rewriter.path"] for span in collector.spans] == ["raw/a\\udcff.txt"]
    assert caplog.records == []


def test_a_run_of_the_command_line_has_a_trace_for_each_article(
    tmp_path: Path,
) -> None:
    """A call that fails has the class of its error, and no message."""
    write_articles(tmp_path, 2)
    with Provider() as provider, Collector() as collector:
        provider.script(["500"])
        settings = {"BASE_URL": provider.base_url, "ENGINE": "openai", "READER": "off"}
        environment = {f"REWRITER_{name}": value for name, value in settings.items()}
        environment |= {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{collector.url}/v1/traces"}
        done = rewriter(environment, tmp_path, "rewrite", "raw", "--out", "site")
    assert done.returncode == 0, done.stderr
    calls = [span for span in collector.spans if span.name == "chat gpt-4.1-mini"]
    assert len({span.trace_id for span in collector.spans}) == 2
    assert sum(span.name == "publish article" for span in collector.spans) == 2
    assert len(calls) == 3
    failed = [told for told in map(attributes, calls) if "error.type" in told]
    assert [told["error.type"] for told in failed] == ["ProviderUnavailableError"]
    assert not any(span.events or span.status.message for span in collector.spans)
