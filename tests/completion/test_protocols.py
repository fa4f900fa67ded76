"""Answers and errors in the shapes of many vendors: each line of the tables is one of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rewriter.completion.answer import read_rewrite
from rewriter.completion.capabilities import Capabilities, encode, known
from rewriter.completion.decoding import Timing, decode
from rewriter.completion.failures import from_report
from rewriter.completion.reported import Reported, reported
from rewriter.errors import (
    AccessDeniedError,
    ProviderError,
    ProviderUnavailableError,
    QuotaExhaustedError,
    RateLimitedError,
    RefusedError,
)
from tests import articles
from tests.completion.conftest import PATIENT, Connect, request
from tests.provider import Provider

_HERE = Path(__file__).parent
_TEXT = articles.rewrite().model_dump_json()
_HALF = len(_TEXT) // 2
_PIECES = {"ANSWER": _TEXT, "FIRST": _TEXT[:_HALF], "SECOND": _TEXT[_HALF:]}
_KINDS = {
    "refused": RefusedError,
    "request": ProviderError,
    "long": ProviderError,
    "quota": QuotaExhaustedError,
    "rate": RateLimitedError,
    "access": AccessDeniedError,
    "unavailable": ProviderUnavailableError,
}
_SENT = {
    "model": "m",
    "response_format": {"type": "json_schema"},
    "temperature": 0.3,
    "max_completion_tokens": 3000,
}


def _rows(name: str) -> list[Any]:
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return [pytest.param(row, id=row["name"]) for row in map(json.loads, lines)]


def _with_answer(body: object) -> bytes:
    """A body with the answer's text and its halves in their places."""
    raw = body if isinstance(body, str) else json.dumps(body)
    raw = raw.replace('"[[OBJECT]]"', _TEXT)
    for mark, text in _PIECES.items():
        raw = raw.replace(f"[[{mark}]]", json.dumps(text)[1:-1])
    return raw.encode()


@pytest.mark.parametrize("row", _rows("vendor_answers.jsonl"))
def test_an_answer_is_read_in_the_shape_of_its_vendor(row: dict[str, Any]) -> None:
    found = decode(_with_answer(row["body"]), "m", Timing(None, 1.0), {})
    if isinstance(found, Reported):
        assert row["finish"] in ("error", found.status)
        return
    assert found.finish_reason == row["finish"]
    if "input_tokens" in row:
        assert read_rewrite(found.text) == articles.rewrite()
        assert found.usage.input_tokens == row["input_tokens"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_an_answer_is_read_in_any_encoding_of_json(encoding: str) -> None:
    body = {"choices": [{"message": {"content": _TEXT}, "finish_reason": "stop"}]}
    wrapped = json.dumps({"statusCode": 200, "body": json.dumps(body)})
    for text in (json.dumps(body), json.dumps(json.dumps(body)), wrapped):
        found = decode(text.encode(encoding), "m", Timing(None, 1.0), {})
        assert not isinstance(found, Reported)
        assert read_rewrite(found.text) == articles.rewrite()


@pytest.mark.parametrize("row", _rows("vendor_errors.jsonl"))
def test_an_error_is_told_for_what_it_is(row: dict[str, Any]) -> None:
    body = row["body"] if isinstance(row["body"], str) else json.dumps(row["body"])
    if row["status"] == 200:
        found = decode(body.encode(), "m", Timing(None, 1.0), {})
        assert isinstance(found, Reported)
    else:
        found = reported(body.encode(), {}, row["status"])
    other_way = Capabilities().fallback(found, _SENT | {"max_tokens": 1})
    assert (other_way is not None) == (row["kind"] == "other way")
    if other_way is None:
        error = from_report(found, "host")
        assert type(error) in [_KINDS[kind] for kind in row["kind"].split(" or ")], str(error)
        assert ("too long" in str(error)) == (row["kind"] == "long")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://localhost:11434/v1", "max_tokens"),
        ("http://192.168.0.7:1234/v1", "max_tokens"),
        ("https://ollama.com/v1", "max_tokens"),
        ("http://localhost:8000/v1", "max_completion_tokens"),
        ("https://api.openai.com/v1", "max_completion_tokens"),
    ],
)
def test_a_server_gets_the_token_limit_under_the_name_that_it_knows(url: str, name: str) -> None:
    asked = request().model_copy(update={"parameters": {"max_completion_tokens": 9}})
    assert encode(asked, known(url))[name] == 9


async def test_a_server_that_passes_the_limit_gets_it_under_its_other_name(
    connect: Connect,
) -> None:
    asked = request().model_copy(update={"parameters": {"max_completion_tokens": 9}})
    with Provider() as provider:
        completer = connect(provider.base_url, limits=PATIENT)
        for _ in range(3):
            await completer.complete(asked)
        names = [
            next(name for name in call.body if name.startswith("max_")) for call in provider.calls
        ]
    assert names == ["max_completion_tokens", "max_tokens", "max_tokens"]
