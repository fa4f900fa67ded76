"""One trace of an article, from its submission to its publication, at a real OTLP endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from celery import Celery

from rewriter.observability import tracing
from tests.observability.collector import Collector, attributes
from tests.provider import Provider
from tests.queue.conftest import write_articles
from tests.queue.servers import RedisServer, Worker, environment_of, rewriter, wait_until

PLANTED = "A sentence that was planted in every article"


def test_an_article_has_one_trace_from_its_submission_to_its_publication(
    server: RedisServer, tmp_path: Path
) -> None:
    """The call of another app continues the app's own trace."""
    tracing.end()  # a command of an earlier test may have found no endpoint, in this process
    write_articles(tmp_path, 2)
    for path in (tmp_path / "raw").iterdir():
        path.write_text(f"{path.read_text('utf-8')}\n\n{PLANTED}.\n", "utf-8")
    with Provider() as provider, Collector() as collector:
        environment = environment_of(server, provider.base_url, tmp_path)
        environment |= {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "REWRITER_READER": "on"}
        environment |= {"OTEL_BSP_SCHEDULE_DELAY": "200", "OPENAI_API_KEY": "sk-planted-123456789"}
        told = rewriter(
            environment, tmp_path, "submit", "raw/0000.txt", "--out", "site", "--batch", "b"
        )
        assert told.returncode == 0, told.stderr
        caller = Celery(broker=server.url, backend=server.url)
        reference = {"path": "raw/0001.txt", "target": "site/0001.md"}
        traceparent = f"00-{'ab' * 16}-{'cd' * 8}-01"
        with Worker("w", tmp_path, environment) as worker:
            called = caller.send_task(
                "rewriter.rewrite",
                args=(reference,),
                queue="rewriter",
                headers={"traceparent": traceparent},
            )
            assert called.get(timeout=40)["outcome"] == "published"
            wait_until(lambda: sum(s.name == "publish article" for s in collector.spans) == 2, 20)
            assert worker.terminate(within=20) == 0
    traces: dict[str, list[Any]] = {}
    for span in collector.spans:
        traces.setdefault(span.trace_id.hex(), []).append(span)
    assert len(traces) == 2
    assert "ab" * 16 in traces
    for spans in traces.values():
        model = "chat gpt-4.1-mini"
        names = sorted(span.name for span in spans)
        assert names == [model, model, "publish article", "rewrite article", "submit article"]
        by_name = {span.name: span for span in spans}
        work = by_name["rewrite article"]
        assert work.parent_span_id == by_name["submit article"].span_id
        assert by_name["publish article"].parent_span_id == work.span_id
        calls = [span for span in spans if span.name == model]
        assert all(span.parent_span_id == work.span_id for span in calls)
        told_of_it = attributes(calls[0])
        assert told_of_it["gen_ai.operation.name"] == "chat"
        assert told_of_it["gen_ai.request.model"] == "gpt-4.1-mini"
        assert told_of_it["gen_ai.usage.input_tokens"] > 0
        assert told_of_it["server.address"] == "127.0.0.1"
    assert all(b"planted" not in body for body in collector.received)
