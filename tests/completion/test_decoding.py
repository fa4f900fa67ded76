"""An answer is kept whatever its bill looks like: it was paid for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.article import Usage
from rewriter.completion import Completion
from rewriter.completion.decoding import Timing, decode
from rewriter.completion.reported import Reported, reported
from rewriter.prices import PRICES

MODEL = "gpt-4.1-mini"


def _decoded(usage: object) -> Usage:
    body = {"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}], "usage": usage}
    completion = decode(json.dumps(body).encode(), MODEL, Timing(None, 1.0), PRICES)
    assert isinstance(completion, Completion)
    assert completion.text == "{}"
    return completion.usage


@pytest.mark.parametrize(
    "usage",
    [None, {}, {"total_tokens": 5}, {"prompt_tokens": None}, {"prompt_tokens": -1}, [], "5"],
)
def test_a_bill_that_cannot_be_read_is_an_unknown_cost(usage: object) -> None:
    assert _decoded(usage) == Usage(cost=None)


def test_cached_tokens_are_cheaper() -> None:
    bill = {"prompt_tokens": 1_000_000, "completion_tokens": 0}
    cached = bill | {"prompt_tokens_details": {"cached_tokens": 1_000_000}}
    assert (_decoded(bill).cost, _decoded(cached).cost) == (0.4, 0.1)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>", "a web page instead of JSON"),
        (b"", "an empty body"),
        (b'{"status": "fine"}', "not a chat completion"),
        (b'{"choices": []}', "not a chat completion"),
    ],
)
def test_what_is_no_answer_says_what_it_is(body: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        decode(body, MODEL, Timing(None, 1.0), PRICES)


def _completion(body: object) -> Completion | Reported:
    return decode(json.dumps(body).encode(), MODEL, Timing(None, 1.0), PRICES)


USAGE = {"prompt_tokens": 10, "completion_tokens": 5}


@pytest.mark.parametrize(
    ("usage", "cached"),
    [
        ({"prompt_tokens": 1000, "prompt_tokens_details": {"cached_tokens": 400}}, 400),
        ({"prompt_tokens": 1000, "prompt_cache_hit_tokens": 400}, 400),
        ({"input_tokens": 1000, "input_tokens_details": {"cached_tokens": 400}}, 400),
        ({"promptTokenCount": 1000, "cachedContentTokenCount": 400}, 400),
        ({"prompt_tokens": 1000, "prompt_tokens_details": None}, 0),
        ({"prompt_tokens": 1000, "prompt_tokens_details": {"cached_tokens": 9000}}, 1000),
    ],
)
def test_usage_is_read_under_the_names_of_several_vendors(
    usage: dict[str, object], cached: int
) -> None:
    found = _decoded(usage)
    assert (found.input_tokens, found.cached_tokens) == (1000, cached)


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 10**30, "completion_tokens": 5},
        {"prompt_tokens": 10, "completion_tokens": 10**9},
        {"prompt_tokens": 10, "completion_tokens": -5},
        {"prompt_tokens": 10, "prompt_tokens_details": {"cached_tokens": -1}},
        {"prompt_tokens": float("inf")},
        {"prompt_tokens": float("nan")},
        {"prompt_tokens": 10.5},
        {"prompt_tokens": True},
    ],
)
def test_usage_that_makes_no_sense_is_unknown(usage: dict[str, object]) -> None:
    assert _decoded(usage) == Usage(cost=None)


@pytest.mark.parametrize(
    "choice",
    [
        {"message": {"content": "{}"}},
        {"message": {"content": [{"type": "text", "text": "{"}, {"type": "text", "text": "}"}]}},
        {"message": {"content": [{"type": "output_text", "text": "{}"}]}},
        {"message": {"content": ["{", "}"]}},
        {"message": {"content": {"text": "{}"}}},
        {"message": {"content": None, "reasoning_content": "{}"}},
        {"message": {"content": " \n", "reasoning": "{}"}},
        {"message": {"content": None, "reasoning_details": [{"text": "{}"}]}},
        {"message": {"content": None, "thinking": "{}"}},
        {"message": {"content": None, "tool_calls": [{"function": {"arguments": "{}"}}]}},
        {"message": {"content": None, "tool_calls": [{"name": "a", "arguments": "{}"}]}},
        {"message": {"content": None, "function_call": {"arguments": "{}"}}},
        {"text": "{}"},
        {"delta": {"content": "{}"}},
    ],
)
def test_the_text_is_found_wherever_it_stands(choice: dict[str, object]) -> None:
    found = _completion({"choices": [choice], "usage": USAGE})
    assert isinstance(found, Completion)
    assert (found.text, found.finish_reason, found.usage.input_tokens) == ("{}", "stop", 10)


@pytest.mark.parametrize(
    "body",
    [
        {"message": {"role": "assistant", "content": "{}"}, "done_reason": "stop"},
        {"content": [{"type": "text", "text": "{}"}], "stop_reason": "end_turn"},
        {"candidates": [{"content": {"parts": [{"text": "{}"}]}, "finishReason": "STOP"}]},
        {"output": [{"type": "reasoning"}, {"content": [{"type": "output_text", "text": "{}"}]}]},
        {"output_text": "{}"},
        {"response": "{}"},
        {"result": {"response": "{}"}, "errors": []},
        [{"choices": [{"message": {"content": "{}"}}]}],
    ],
)
def test_the_text_is_found_in_other_protocols(body: object) -> None:
    found = _completion(body)
    assert isinstance(found, Completion)
    assert found.text == "{}"


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        *((reason, "stop") for reason in ("stop", "end_turn", "eos", "STOP", "tool_calls", None)),
        *((reason, "stop") for reason in ("a_new_word", "FINISH_REASON_STOP", "complete")),
        *((r, "length") for r in ("length", "max_tokens", "MAX_TOKENS", "max_output_tokens")),
        *((r, "length") for r in ("model_length", "token_limit", "truncated")),
        *((r, "content_filter") for r in ("content_filter", "SAFETY", "sensitive", "RECITATION")),
        *((r, "content_filter") for r in ("PROHIBITED_CONTENT", "BLOCKLIST", "SPII")),
        ("guardrail_intervened", "content_filter"),
        ("refusal", "refusal"),
    ],
)
def test_reasons_to_finish_are_known_in_the_words_of_all_vendors(
    reason: str | None, finish: str
) -> None:
    choice = {"message": {"content": "{}"}, "finish_reason": reason}
    found = _completion({"choices": [choice], "usage": USAGE})
    assert isinstance(found, Completion)
    assert found.finish_reason == finish


@pytest.mark.parametrize(
    "reason",
    [
        *("insufficient_system_resource", "abort", "aborted", "network_error", "error"),
        *("cancelled", "timeout", "server_overloaded", "engine_unavailable", "interrupted"),
    ],
)
def test_an_answer_that_was_broken_off_is_an_error_with_its_usage(reason: str) -> None:
    choice = {"message": {"content": "{}"}, "finish_reason": reason}
    found = _completion({"choices": [choice], "usage": USAGE})
    assert isinstance(found, Reported)
    assert (found.status, found.usage.input_tokens) == (503, 10)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "choices",
                    "message",
                    "content",
                    "usage",
                    "error",
                    "tool_calls",
                    "function",
                    "finish_reason",
                    "text",
                    "delta",
                    "arguments",
                    "type",
                    "prompt_tokens",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=16,
)


@given(JSON)
@settings(max_examples=120)
def test_any_body_is_an_answer_an_error_or_neither(body: object) -> None:
    try:
        found = _completion(body)
    except ValueError as error:
        assert str(error)
    else:
        assert isinstance(found, Completion | Reported)


def test_half_a_surrogate_pair_is_left_out_of_all_that_is_stored() -> None:
    body = (
        b'{"model": "m\\ud83d", "id": "\\udc00", "choices":'
        b' [{"message": {"content": "a\\ud83db"}}],'
        b' "usage": {"prompt_tokens": 1, "completion_tokens": 1}}'
    )
    completion = decode(body, "m", Timing(None, 0.0), {})
    assert isinstance(completion, Completion)
    assert (completion.text, completion.model, completion.request_id) == ("ab", "m", None)
    assert reported(b'{"error": {"message": "a\\ud83db"}}', {}, 400).message == "ab"
