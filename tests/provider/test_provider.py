"""The provider keeps what other tests rely on."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from rewriter.checks import check_rewrite
from rewriter.completion.answer import to_rewrite
from rewriter.completion.capabilities import Capabilities, encode
from rewriter.prompting.prompt_file import load
from tests import articles
from tests.provider import Provider
from tests.provider.answers import answer_to, schema_of

BODY = encode(articles.request(), Capabilities())


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether `value` fits the keywords that answers are bounded by."""
    match schema["type"]:
        case "object":
            parts = schema["properties"]
            return set(value) == set(parts) and all(fits(value[k], parts[k]) for k in parts)
        case "array":
            enough = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**6)
            return enough and all(fits(item, schema["items"]) for item in value)
        case "string":
            bounded = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**6)
            return bounded and value in schema.get("enum", [value])
        case _:
            return False


async def post(url: str, body: object) -> Any:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return await answer.json()


async def get(url: str) -> Any:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.json()


def test_an_answer_fits_the_requests_own_schema_and_passes_the_checks() -> None:
    value = json.loads(answer_to(BODY))

    assert fits(value, schema_of(BODY))
    found = check_rewrite(to_rewrite(value), articles.source(), articles.rules())
    assert [finding for finding in found if finding.severity == "error"] == []


@pytest.mark.parametrize("size", [1, 12, 60])
def test_an_answer_fits_a_schema_of_small_bounds(size: int) -> None:
    text = {"type": "string", "minLength": 1, "maxLength": size}
    small = {
        "type": "object",
        "properties": {
            "overview": text,
            "bullets": {"type": "array", "items": text, "minItems": 3, "maxItems": 3},
            "mood": {"type": "string", "enum": ["GOOD", "BAD"]},
        },
    }
    body = encode(articles.request().model_copy(update={"json_schema": small}), Capabilities())

    assert fits(json.loads(answer_to(body)), small)


@pytest.mark.parametrize("structure", ["strict schema", "json_object", "plain text"])
def test_the_same_request_gets_the_same_answer_however_the_schema_is_told(
    structure: str,
) -> None:
    body = encode(articles.request(), Capabilities.model_validate({"structure": structure}))

    assert answer_to(body) == answer_to(BODY)


def test_a_repair_gets_other_sentences_for_its_sections_only() -> None:
    first = to_rewrite(json.loads(answer_to(BODY)))
    finding = next(
        iter(check_rewrite(articles.rewrite(overview=""), articles.source(), articles.rules()))
    )
    asked = load().repair_request(articles.source(), "m", first, [finding])

    repaired = json.loads(answer_to(encode(asked, Capabilities())))

    assert set(repaired) == {"overview"}
    assert repaired["overview"] != first.overview


async def test_what_was_asked_and_how_often_can_be_read_over_http() -> None:
    with Provider() as provider:
        root = provider.base_url.removesuffix("/v1")
        await post(f"{root}/_script", ["server-error", {"content": "just this"}])
        refused = await post(f"{provider.base_url}/chat/completions", BODY)
        answered = await post(f"{provider.base_url}/chat/completions", BODY)
        stats, calls = await get(f"{root}/_stats"), await get(f"{root}/_calls")

    assert refused["error"]["message"] == "The server had an error"
    assert answered["choices"][0]["message"]["content"] == "just this"
    assert (stats["calls"], stats["most_requests_a_minute"]) == (2, 2)
    assert stats["tokens_a_minute"] == answered["usage"]["total_tokens"]
    assert [call["answered"] for call in calls] == ["server-error", "scripted"]
    assert calls[0]["body"] == BODY


async def test_above_its_limit_it_refuses_and_says_when_to_come_back() -> None:
    with Provider(rpm=2) as provider:
        url = f"{provider.base_url}/chat/completions"
        async with aiohttp.ClientSession() as session:
            statuses = []
            for _ in range(3):
                async with session.post(url, json=BODY) as answer:
                    statuses.append(answer.status)
                    pause = answer.headers.get("retry-after-ms")

    assert statuses == [200, 200, 429]
    assert pause is not None
    assert 50_000 < int(pause) <= 60_000


@pytest.mark.slow
async def test_it_holds_a_thousand_requests_in_flight() -> None:
    connector = aiohttp.TCPConnector(limit=0)
    with Provider(latency=2.0, keep=1) as provider:
        url = f"{provider.base_url}/chat/completions"
        async with aiohttp.ClientSession(connector=connector) as session:

            async def ask() -> int:
                async with session.post(url, json=BODY) as answer:
                    await answer.read()
                    return answer.status

            statuses = await asyncio.gather(*(ask() for _ in range(1000)))
        most = provider.stats()["most_in_flight"]

    assert statuses == [200] * 1000
    assert most == 1000


def test_the_command_prints_its_address_and_plays_a_script() -> None:
    command = [sys.executable, "-m", "tests.provider", "--script", "unauthorized"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        first = asyncio.run(post(f"{url}/chat/completions", BODY))
        second = asyncio.run(post(f"{url}/chat/completions", BODY))
        process.terminate()

    assert first["error"]["code"] == "invalid_key"
    assert second["choices"][0]["finish_reason"] == "stop"
