from __future__ import annotations

import asyncio
import gc
import json
import logging
import pickle
import socket
import time

import pytest

from rewriter.completion.limits import Limits
from rewriter.errors import (
    AccessDeniedError,
    ProviderError,
    ProviderUnavailableError,
    QuotaExhaustedError,
    RateLimitedError,
    RefusedError,
    RewriterError,
)
from rewriter.prices import PRICES, Price
from tests.completion.conftest import HURRIED, PATIENT, SCHEMA, Connect, request
from tests.provider import Provider
from tests.provider.faults import FAULTS

# Each way to fail for good: the error, words of its message, and the calls it takes (3 attempts).
PERMANENT: list[tuple[str, type[RewriterError], str, int]] = [
    ("bad-request", ProviderError, "400: messages: wrong role; check the model", 1),
    ("too-large", ProviderError, "too large: 500", 1),
    ("too-long", ProviderError, "too long for this model", 1),
    ("filter-400", RefusedError, "content filter declined", 1),
    ("unauthorized", AccessDeniedError, "check OPENAI_API_KEY", 1),
    ("no-credit", QuotaExhaustedError, "top up", 1),
    ("forbidden", AccessDeniedError, "403: Country or region not supported", 1),
    ("not-found", AccessDeniedError, "check --model", 1),
    ("quota", QuotaExhaustedError, "top up", 1),
    ("page", AccessDeniedError, "a web page instead of JSON; check that --base-url", 1),
]
TRANSIENT: list[tuple[str, type[RewriterError], str, int]] = [
    ("request-timeout", ProviderUnavailableError, "408", 3),
    ("conflict", ProviderUnavailableError, "409", 3),
    ("rate-limit", RateLimitedError, "lower --concurrency", 3),
    ("rate-limit-long", RateLimitedError, "429", 1),
    ("server-error", ProviderUnavailableError, "500: The server had an error", 3),
    ("bad-gateway", ProviderUnavailableError, "502: a web page", 3),
    ("unavailable", ProviderUnavailableError, "503: Overloaded", 3),
    ("reset", ProviderUnavailableError, "the connection broke", 3),
    ("cut-body", ProviderUnavailableError, "the connection broke", 3),
    ("hang", ProviderUnavailableError, "did not answer within 1.5 s", 3),
    ("drip", ProviderUnavailableError, "did not answer within 1.5 s", 3),
    ("not-a-completion", ProviderUnavailableError, "not a chat completion", 3),
]


async def test_a_web_page_amid_good_answers_passes(provider: Provider, connect: Connect) -> None:
    provider.script(["ok", "page", "ok"])
    completer = connect(provider.base_url)
    await completer.complete(request())
    await completer.complete(request())
    assert provider.answered == ["ok", "page", "ok"]


async def test_a_good_answer_comes_with_usage_cost_model_and_request_id(
    provider: Provider, connect: Connect
) -> None:
    completion = await connect(provider.base_url).complete(request())

    assert set(json.loads(completion.text)) == {"headline", "bullets"}
    assert completion.finish_reason == "stop"
    assert completion.model == "gpt-4.1-mini"
    assert completion.request_id == "req-1"
    usage = completion.usage
    assert usage.cost == PRICES["gpt-4.1-mini"].cost(usage.input_tokens, usage.output_tokens)


async def test_the_call_carries_the_strict_schema_and_the_cache_key(
    provider: Provider, connect: Connect
) -> None:
    await connect(provider.base_url).complete(request())

    (call,) = provider.calls
    assert call.body["response_format"]["json_schema"] == {
        "name": "answer",
        "strict": True,
        "schema": SCHEMA,
    }
    assert call.body["prompt_cache_key"] == "rewrite-v1-en"
    assert call.body["max_completion_tokens"] == 500
    assert "source" not in call.body


@pytest.mark.parametrize(("fault", "kind", "words", "calls"), PERMANENT + TRANSIENT)
async def test_each_failure_ends_in_the_error_tree_with_advice(
    fault: str,
    kind: type[RewriterError],
    words: str,
    calls: int,
    provider: Provider,
    connect: Connect,
) -> None:
    provider.script([fault] * 10)
    hurried = {"limits": HURRIED} if "1.5 s" in words else {}

    with pytest.raises(RewriterError) as caught:
        await connect(provider.base_url, **hurried).complete(request())

    assert type(caught.value) is kind
    assert words in str(caught.value)
    assert "127.0.0.1" in str(caught.value)
    assert "sk-" not in str(caught.value), "a key never shows"
    assert caught.value.__cause__ is not None, "the vendor's error is kept as the cause"
    assert len(provider.calls) == calls
    revived = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (type(revived), str(revived)) == (kind, str(caught.value))


@pytest.mark.parametrize("fault", [fault for fault, *_ in TRANSIENT if fault != "rate-limit-long"])
async def test_a_failure_that_passes_costs_one_more_call(
    fault: str, provider: Provider, connect: Connect
) -> None:
    provider.script([fault])

    completion = await connect(provider.base_url).complete(request())

    assert completion.finish_reason == "stop"
    assert provider.answered == [fault, "ok"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "least"),
    [("rate-limit-ms", 0.7), ("rate-limit-seconds", 1.0), ("rate-limit-date", 1.0)],
)
async def test_retry_after_is_a_floor_under_the_wait(
    fault: str, least: float, provider: Provider, connect: Connect
) -> None:
    provider.script([fault])
    began = time.monotonic()

    await connect(provider.base_url).complete(request())

    assert time.monotonic() - began >= least
    assert provider.calls[1].at - provider.calls[0].at >= least


async def test_a_wait_past_the_deadline_is_not_begun(provider: Provider, connect: Connect) -> None:
    provider.script(["rate-limit-long"])
    began = time.monotonic()

    with pytest.raises(RateLimitedError) as caught:
        await connect(provider.base_url).complete(request())

    assert caught.value.retry_after == 3600
    assert time.monotonic() - began < 10


async def test_all_attempts_together_end_at_the_deadline(
    provider: Provider, connect: Connect
) -> None:
    provider.script(["hang"] * 10)
    limits = Limits(timeout=10.0, deadline=0.5, attempts=10)
    began = time.monotonic()

    with pytest.raises(ProviderUnavailableError, match=r"within 0.5 s.*`deadline`"):
        await connect(provider.base_url, limits=limits).complete(request())

    assert time.monotonic() - began < 8, "one attempt alone would take 10 s"


async def test_a_refused_connection_names_the_address(connect: Connect) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(ProviderUnavailableError, match=f"127.0.0.1:{port} refused the connection"):
        await connect(f"http://127.0.0.1:{port}/v1").complete(request())


async def test_an_unknown_host_is_named(connect: Connect) -> None:
    with pytest.raises(ProviderUnavailableError, match=r"^nowhere.invalid: no such host; check"):
        await connect("http://nowhere.invalid/v1").complete(request())


# --- answers that are paid for and returned as they are ----------------------------------------


@pytest.mark.parametrize(
    ("fault", "finish", "text"),
    [
        ("empty", "stop", ""),
        ("null", "stop", ""),
        ("refusal", "refusal", "I can't help with that."),
        ("content-filter", "content_filter", ""),
        ("page-content", "stop", "<!DOCTYPE html>"),
        ("fenced", "stop", "```json"),
        ("length", "length", "{"),
    ],
)
async def test_a_useless_answer_is_returned_with_its_usage(
    fault: str, finish: str, text: str, provider: Provider, connect: Connect
) -> None:
    provider.script([fault])

    completion = await connect(provider.base_url).complete(request())

    assert completion.finish_reason == finish
    assert completion.text.startswith(text)
    assert completion.usage.output_tokens > 0
    assert len(provider.calls) == 1


async def test_usage_that_nobody_told_costs_an_unknown_amount(
    provider: Provider, connect: Connect
) -> None:
    provider.script(["no-usage"])

    assert (await connect(provider.base_url).complete(request())).usage.cost is None


async def test_an_unknown_model_costs_an_unknown_amount_and_a_configured_one_its_price(
    provider: Provider, connect: Connect
) -> None:
    asked = request(model="house-model")
    price = Price.model_validate({"input": 1, "output": 2, "as_of": "2026-11-20"})

    unknown = await connect(provider.base_url).complete(asked)
    known = await connect(provider.base_url, prices={"house-model": price}).complete(asked)

    assert unknown.usage.cost is None
    assert known.usage.cost == price.cost(known.usage.input_tokens, known.usage.output_tokens)


# --- servers that take less than the whole protocol --------------------------------------------

FALLBACKS = [
    (("bounds",), "schema without bounds", {"type": "json_schema"}),
    (("schema",), "json_object", {"type": "json_object"}),
    (("schema", "json-object"), "plain text", None),
]


@pytest.mark.parametrize(("refused", "level", "sent"), FALLBACKS)
async def test_structure_falls_back_step_by_step_says_so_once_and_is_remembered(
    refused: tuple[str, ...],
    level: str,
    sent: dict[str, str] | None,
    connect: Connect,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Provider(refuse=refused) as provider, caplog.at_level(logging.WARNING):
        completer = connect(provider.base_url)
        first = await completer.complete(request())
        calls = len(provider.calls)
        second = await completer.complete(request())
        last = provider.calls[-1].body

    assert set(json.loads(first.text)) == {"headline", "bullets"}
    assert second.text == first.text
    assert len(provider.calls) == calls + 1, "the level that worked is remembered"
    assert (last.get("response_format") or {}).get("type") == (sent or {}).get("type")
    assert "maxLength" not in json.dumps(last.get("response_format"))
    assert completer.capabilities("gpt-4.1-mini").structure == level
    told = [r.getMessage() for r in caplog.records if level in r.getMessage()]
    assert len(told) == 1


async def test_without_a_schema_in_the_protocol_the_system_message_tells_it(
    connect: Connect,
) -> None:
    with Provider(refuse=("schema",)) as provider:
        await connect(provider.base_url).complete(request())
        system, user = provider.calls[-1].body["messages"]

    assert system["content"].startswith("You rewrite.")
    assert json.dumps(SCHEMA) in system["content"]
    assert "JSON schema" not in user["content"]


@pytest.mark.parametrize(
    ("parameters", "refused", "sent"),
    [
        ({"max_completion_tokens": 9}, "max_completion_tokens", {"max_tokens": 9}),
        ({"max_tokens": 9}, "max_tokens", {"max_completion_tokens": 9}),
        ({"temperature": 0.3, "max_tokens": 9}, "temperature", {"max_tokens": 9}),
        ({"max_tokens": 9}, "prompt_cache_key", {"max_tokens": 9}),
    ],
)
async def test_a_refused_parameter_is_renamed_or_left_out(
    parameters: dict[str, float], refused: str, sent: dict[str, float], connect: Connect
) -> None:
    with Provider(refuse=(refused,)) as provider:
        await connect(provider.base_url).complete(request(parameters=parameters))
        last = provider.calls[-1].body

    known = {"max_completion_tokens", "max_tokens", "temperature"}
    assert {name: last[name] for name in known & set(last)} == sent
    assert refused not in last
    assert len(provider.calls) == 2


async def test_a_value_that_is_refused_is_an_error_and_not_a_reason_to_rename(
    provider: Provider, connect: Connect
) -> None:
    provider.script(["too-large"])
    completer = connect(provider.base_url)

    with pytest.raises(ProviderError, match="max_completion_tokens is too large"):
        await completer.complete(request())
    await completer.complete(request())

    assert provider.answered == ["too-large", "ok"]
    assert provider.calls[-1].body["max_completion_tokens"] == 500


async def test_many_calls_at_once_find_the_level_together(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    with Provider(refuse=("bounds",), latency=0.02) as provider:
        completer = connect(provider.base_url, limits=PATIENT)
        answers = await asyncio.gather(*(completer.complete(request()) for _ in range(20)))

    assert len({answer.text for answer in answers}) == 1
    assert len(provider.calls) <= 40, "each call is refused once at most"
    assert len([r for r in caplog.records if "refused" in r.getMessage()]) == 1


async def test_a_server_that_refuses_everything_ends_in_an_error(connect: Connect) -> None:
    refuse = ("schema", "json-object", "temperature", "max_tokens", "max_completion_tokens")

    with Provider(refuse=refuse) as provider, pytest.raises(ProviderError, match="Unsupported"):
        await connect(provider.base_url).complete(request())

    assert len(provider.calls) < 8


# --- promises about the whole ------------------------------------------------------------------


def test_every_fault_of_the_provider_is_tried_here() -> None:
    """A new fault needs a test of its outcome."""
    tried = {fault for fault, *_ in PERMANENT + TRANSIENT} | {
        *("rate-limit-ms", "rate-limit-seconds", "rate-limit-date", "no-usage"),
        *("empty", "null", "refusal", "content-filter", "page-content", "fenced", "length"),
        *("cut-json", "cut-short", "prose-around", "violation"),  # in test_asking
    }
    assert tried == set(FAULTS)


async def test_no_connection_is_left_open(provider: Provider, connect: Connect) -> None:
    """Warnings are errors: an unclosed transport would fail here."""
    provider.script(["cut-body", "ok"])
    completer = connect(provider.base_url)
    await completer.complete(request())
    await completer.aclose()
    gc.collect()

    again = await completer.complete(request())

    assert again.finish_reason == "stop"
