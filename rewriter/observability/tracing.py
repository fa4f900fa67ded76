"""Traces by OpenTelemetry, where the extra `otel` is installed and an endpoint is configured.

`OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; the other `OTEL_` variables of the SDK work too. An
article has one trace, from its submission to its publication: `submitted` begins it, its
`traceparent` travels in the message, and the worker's spans continue it. Calls follow the semantic
conventions for GenAI. No span holds a text of an article or the message of an error.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal

from rewriter.errors import RewriterError
from rewriter.escaping import line
from rewriter.request import Completion, Request

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_log = logging.getLogger(__name__)


def submitted(path: str, batch: str, parent: str = "") -> str:
    """Begin the trace of an article that is put into the queue; its `traceparent`, '' for none.

    `parent` is the `traceparent` of whoever asks for the article.
    """
    with _span("submit article", "PRODUCER", _article(path, batch), parent) as span:
        return _traceparent(span) if span else ""


@contextmanager
def article(path: str, batch: str = "", parent: str = "") -> Iterator[None]:
    """The work on an article, which happens inside; `parent` is its `traceparent`."""
    kind: Literal["CONSUMER", "INTERNAL"] = "CONSUMER" if parent else "INTERNAL"
    with _span("rewrite article", kind, _article(path, batch), parent):
        yield


@contextmanager
def publication() -> Iterator[None]:
    """The writing of an article, which happens inside."""
    with _span("publish article", "INTERNAL", {}):
        yield


@contextmanager
def call(provider: str, request: Request) -> Iterator[Callable[[Completion], None]]:
    """The call to `provider`, which happens inside; yields what notes its answer."""
    host, _, port = provider.rpartition(":")
    attributes: dict[str, Any] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",  # whose protocol it is
        "gen_ai.request.model": request.model,
        "gen_ai.output.type": "json",
        "server.address": host if port.isdecimal() else provider,
        "rewriter.role": request.role,
    }
    if port.isdecimal():
        attributes["server.port"] = int(port)
    with _span(f"chat {request.model}", "CLIENT", attributes) as span:
        yield partial(_answered, span)


def _answered(span: Span | None, completion: Completion) -> None:
    """Note what came back, except for its text."""
    if span:
        span.set_attributes(
            {
                "gen_ai.response.model": completion.model,
                "gen_ai.response.finish_reasons": [completion.finish_reason],
                "gen_ai.usage.input_tokens": completion.usage.input_tokens,
                "gen_ai.usage.output_tokens": completion.usage.output_tokens,
            }
        )


def end() -> None:
    """Send what was not sent yet: a process may end right after its last span."""
    if _provider.cache_info().currsize and (provider := _provider()):
        provider.shutdown()
    _provider.cache_clear()
    _tracer.cache_clear()


def _article(path: str, batch: str) -> dict[str, Any]:
    about = {"rewriter.path": line(path)}  # a name that is not UTF-8 could not be sent
    return about | {"rewriter.batch": batch} if batch else about


@contextmanager
def _span(
    name: str,
    kind: Literal["PRODUCER", "CONSUMER", "CLIENT", "INTERNAL"],
    attributes: Mapping[str, Any],
    parent: str = "",
) -> Iterator[Span | None]:
    tracer = _tracer()
    if tracer is None:
        yield None
        return
    from opentelemetry.trace import SpanKind, StatusCode
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None
    with tracer.start_as_current_span(
        name,
        context,
        SpanKind[kind],
        attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except RewriterError as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(StatusCode.ERROR)
            raise


def _traceparent(span: Span) -> str:
    about = span.get_span_context()
    return f"00-{about.trace_id:032x}-{about.span_id:016x}-{about.trace_flags:02x}"


@cache
def _tracer() -> Tracer | None:
    provider = _provider()
    return provider.get_tracer("rewriter") if provider else None


@cache
def _provider() -> TracerProvider | None:
    """What makes this process's spans, None where no traces are asked for."""
    if not any(map(os.environ.get, _ENDPOINTS)):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        _log.warning("traces need the extra otel: pip install 'rewriter[otel]'")
        return None
    # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES replace this name.
    named = os.environ.get("OTEL_SERVICE_NAME") or "rewriter"
    provider = TracerProvider(resource=Resource.create({"service.name": named}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
