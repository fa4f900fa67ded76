"""Files and batches of a provider, and what its errors mean."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rewriter.completion import batch_endpoint
from rewriter.completion.batch_endpoint import BatchEndpoint
from rewriter.completion.capabilities import Capabilities, encode
from rewriter.errors import (
    AccessDeniedError,
    NoBatchEndpointError,
    ProviderUnavailableError,
    QuotaExhaustedError,
    RateLimitedError,
    RewriterError,
)
from tests import articles
from tests.provider import Course, Provider

LINE = json.dumps({"custom_id": "a", "body": encode(articles.request(), Capabilities())}).encode()


@pytest.fixture
async def endpoint(provider: Provider) -> AsyncIterator[BatchEndpoint]:
    one = BatchEndpoint(provider.base_url, "key")
    yield one
    await one.aclose()


async def test_a_file_becomes_a_batch_and_a_file_of_answers(
    endpoint: BatchEndpoint, tmp_path: Path
) -> None:
    await endpoint.check()
    file = await endpoint.upload("in.jsonl", LINE)
    made = await endpoint.create(file, "tag")
    assert not made.ended
    done = await endpoint.get(made.id)
    assert (done.status, done.ended, done.completed) == ("completed", True, 1)
    assert done.output_file is not None
    await endpoint.download(done.output_file, tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text())["custom_id"] == "a"
    await endpoint.delete(file)
    assert await endpoint.find_file("in.jsonl") is None


async def test_a_file_is_read_up_to_what_a_batch_can_bring_back(
    endpoint: BatchEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_endpoint, "_MOST_RESULT_BYTES", 100)
    file = await endpoint.upload("in.jsonl", LINE * 10)
    await endpoint.download(file, tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == LINE[:100]


async def test_a_batch_is_found_by_its_tag_behind_a_page_of_others(
    endpoint: BatchEndpoint,
) -> None:
    file = await endpoint.upload("in.jsonl", LINE)
    made = await endpoint.create(file, "wanted")
    for n in range(101):
        await endpoint.create(file, f"other-{n}")
    assert await endpoint.find("wanted", since=0) == made
    assert await endpoint.find("none", since=0) is None
    assert await endpoint.find("wanted", since=2e10) is None
    assert await endpoint.find_file("in.jsonl") == file


async def test_why_a_batch_failed_is_told(endpoint: BatchEndpoint, provider: Provider) -> None:
    provider.desk.courses.append(Course("failed", problems=["token_limit_exceeded: full"]))
    made = await endpoint.create(await endpoint.upload("in.jsonl", LINE), "tag")
    (problem,) = (await endpoint.get(made.id)).problems
    assert problem.startswith("token_limit_exceeded: ")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("unauthorized", AccessDeniedError),
        ("forbidden", AccessDeniedError),
        ("not-found", NoBatchEndpointError),
        ("quota", QuotaExhaustedError),
        ("rate-limit", RateLimitedError),
        ("server-error", ProviderUnavailableError),
        ("bad-gateway", ProviderUnavailableError),
        ("reset", ProviderUnavailableError),
    ],
)
async def test_errors_are_ours(
    endpoint: BatchEndpoint, provider: Provider, fault: str, kind: type[RewriterError]
) -> None:
    provider.desk.failing["get"] = deque([fault] * 2)  # aiohttp asks twice
    with pytest.raises(kind, match=r"127\.0\.0\.1"):
        await endpoint.get("batch-1")


@pytest.mark.parametrize("fault", ["page", "not-a-completion"])
async def test_an_answer_that_is_no_batch_is_no_traceback(
    endpoint: BatchEndpoint, provider: Provider, fault: str
) -> None:
    provider.desk.failing["create"] = deque([fault])
    with pytest.raises(ProviderUnavailableError, match=r"127\.0\.0\.1"):
        await endpoint.create("file-1", "tag")


async def test_a_provider_that_is_down_is_unavailable(endpoint: BatchEndpoint) -> None:
    nobody = BatchEndpoint("http://127.0.0.1:1/v1", None)
    with pytest.raises(ProviderUnavailableError, match="refused the connection"):
        await nobody.check()
    await nobody.aclose()
