"""The events: the one place from which the log, the metrics and the traces get them.

Nothing here takes a text of an article or the message of an error, so neither can be logged.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rewriter.article import Finding, OutcomeStatus, Usage
from rewriter.errors import RewriterError
from rewriter.escaping import shortened
from rewriter.observability import logs, metrics, tracing
from rewriter.request import Completion, Request


def article_ended(
    path: str,
    outcome: OutcomeStatus,
    *,
    batch: str = "",
    seconds: float,
    cost: float | None,
    codes: Sequence[str] = (),
    error: str = "",
) -> None:
    """An article ended; `cost` is in US dollars, `error` the class of what ended it."""
    about: dict[str, object] = {"batch": batch} if batch else {}
    about |= {
        "path": shortened(path),
        "outcome": outcome,
        "seconds": round(seconds, 3),
        "cost": cost and round(cost, 6),
    }
    about |= {"codes": list(codes)} if codes else {}
    about |= {"error": error} if error else {}
    logs.log_event("article ended", **about)
    if counted := metrics.started():
        counted.articles.labels(outcome).inc()
        counted.article_seconds.observe(seconds)
        if error:
            counted.article_errors.labels(error).inc()


def article_returned(path: str, to: str, *, batch: str, error: str = "") -> None:
    """An article went back to the queue; `to` is what it waits for, `error` the class of why."""
    why = {"error": error} if error else {}
    logs.log_event("article returned", batch=batch, path=shortened(path), to=to, **why)
    if counted := metrics.started():
        counted.article_returns.labels(to, error).inc()


def found(left: Sequence[Finding], repaired: Sequence[Finding], kinds: Mapping[str, str]) -> None:
    """A rewrite was checked and repaired; `kinds` has the second reader's kind of its codes."""
    counted = metrics.started()
    if counted is None:
        return
    for state, findings in (("left", left), ("repaired", repaired)):
        for one in findings:
            counted.findings.labels(one.code, one.severity, state).inc()
            if kind := kinds.get(one.code):
                counted.reader_findings.labels(kind, one.severity, state).inc()


def paid(request: Request, usage: Usage, api: str = "direct") -> None:
    """An answer to `request` was paid for now."""
    counted = metrics.started()
    if counted is None:
        return
    # What is kept of a question of the batch API does not say who asked.
    what = (request.model, request.role if api == "direct" else "any", api)
    counted.tokens.labels(*what, "input").inc(usage.input_tokens)
    counted.tokens.labels(*what, "output").inc(usage.output_tokens)
    if usage.cost is None:
        counted.unpriced.labels(*what).inc()
    else:
        counted.cost.labels(*what).inc(usage.cost)


def reused(request: Request) -> None:
    """The answer to `request` was stored before."""
    if counted := metrics.started():
        counted.ledger_hits.labels(request.model, request.role).inc()


# What is counted for a call that the provider refused for its form.
ANOTHER_FORM = "another_form"


class ProviderCall:
    """A call to a provider; `completion` is its answer, once there is one."""

    completion: Completion | None = None


@contextmanager
def call(provider: str, request: Request, waited: float) -> Iterator[ProviderCall]:
    """The call made inside, to the host `provider`, after `waited` seconds for the rate limit.

    A call that ends without a completion and without an error is repeated in another form.
    """
    this, counted = ProviderCall(), metrics.started()
    in_flight = counted and counted.calls_in_flight.labels(provider)
    if counted and in_flight:
        counted.limit_wait.observe(waited)
        in_flight.inc()
    began = time.monotonic()
    try:
        with tracing.call(provider, request) as note_answer:
            yield this
            if this.completion:
                note_answer(this.completion)
        _answered(provider, request, this, time.monotonic() - began)
    except RewriterError as error:
        _failed(provider, request, error)
        raise
    finally:
        if in_flight:
            in_flight.dec()


def _answered(provider: str, request: Request, answered: ProviderCall, seconds: float) -> None:
    counted = metrics.started()
    if counted is None:
        return
    if answered.completion:
        counted.call_seconds.labels(provider, request.model).observe(seconds)
    else:
        counted.call_errors.labels(provider, request.model, ANOTHER_FORM).inc()


def _failed(provider: str, request: Request, error: RewriterError) -> None:
    logs.log_event("call failed", provider=provider, model=request.model, **_about(error))
    if counted := metrics.started():
        counted.call_errors.labels(provider, request.model, type(error).__name__).inc()


def job_failed(job: str, error: RewriterError) -> None:
    """A step of a job of the batch API failed; `rewriter status` shows the reason."""
    logs.log_event("batch job failed", job=job, **_about(error))


def _about(error: RewriterError) -> dict[str, object]:
    about: dict[str, object] = {"error": type(error).__name__}
    about |= {"status": error.status} if error.status else {}
    return about | ({"cause": type(_first_cause(error)).__name__} if error.__cause__ else {})


def _first_cause(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error
