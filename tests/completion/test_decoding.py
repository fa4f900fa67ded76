"""An answer is kept whatever its bill looks like: it was paid for."""

from __future__ import annotations

import json

import pytest

from rewriter.article import Usage
from rewriter.completion import Completion
from rewriter.completion.decoding import Timing, decode
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
