"""A client goes to the address that was given, and reads no more than it may."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from rewriter.completion.connection import _certificates, _Gunzip, connect
from rewriter.errors import (
    AccessDeniedError,
    ConfigurationError,
    ProviderError,
    ProviderUnavailableError,
)
from rewriter.settings import load
from tests.completion.conftest import Connect, request
from tests.provider import Provider


@pytest.mark.parametrize(
    ("given", "query"),
    [
        ("", ""),
        ("/", ""),
        ("?api-version=preview", "api-version=preview"),
        ("/?api-version=preview", "api-version=preview"),
        ("/chat/completions", ""),
        ("/chat/completions?api-version=2024-10-21", "api-version=2024-10-21"),
        ("?a=1&b=x%20y", "a=1&b=x y"),
    ],
)
async def test_an_address_is_put_together_with_its_query(
    given: str, query: str, provider: Provider, connect: Connect
) -> None:
    completer = connect(provider.base_url + given)
    await completer.complete(request())
    (call,) = provider.calls
    assert call.query == query
    assert completer.host == provider.base_url.removeprefix("http://").removesuffix("/v1")


@pytest.mark.parametrize("address", ["https://example.org/v1#top", "example.org", "ftp://x/v1"])
def test_what_is_no_address_of_an_api_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="--base-url"):
        load({"base_url": address}, env={})


@pytest.mark.parametrize(
    ("address", "carried"),
    [
        ("https://house.openai.azure.com/openai/v1/", True),
        ("https://house.services.ai.azure.com/openai/v1", True),
        ("https://gateway.azure-api.net/v1", True),
        ("https://api.example.org/v1", False),
        ("https://azure.com.example.org/v1", False),
    ],
)
async def test_only_azure_gets_its_own_header_with_the_key(address: str, carried: bool) -> None:
    client = connect(address, "sk-secret-0123456789")
    assert ("api-key" in client.default_headers) == carried
    await client.close()


@pytest.mark.parametrize("fault", ["huge", "gzip-bomb"])
async def test_a_bound_may_be_set(fault: str, provider: Provider, connect: Connect) -> None:
    provider.script([fault])
    with pytest.raises(ProviderError, match=r"more than 0\.05 MB"):
        await connect(provider.base_url, most_bytes=50_000).complete(request())
    assert len(provider.calls) == 1


async def test_a_redirect_to_another_origin_takes_nothing_there(
    provider: Provider, connect: Connect
) -> None:
    provider.script(["redirect"])
    with pytest.raises(AccessDeniedError, match=r"redirects to localhost:\d+, which is not"):
        await connect(provider.base_url).complete(request())
    assert provider.answered == ["redirect"]


async def test_a_redirect_in_a_circle_is_not_tried_again(connect: Connect) -> None:
    async def circle(call: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect(call.path)

    app = web.Application()
    app.router.add_post("/v1/chat/completions", circle)
    async with TestServer(app) as server:
        with pytest.raises(AccessDeniedError, match=r"redirects in a circle; set --base-url"):
            await connect(str(server.make_url("/v1"))).complete(request())


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_certificates_that_cannot_be_read_are_a_wrong_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    path = tmp_path / "own.pem"
    if text:
        path.write_text(text)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    _certificates.cache_clear()
    with pytest.raises(ConfigurationError, match=r"own\.pem cannot be read: .*SSL_CERT_FILE"):
        connect("https://own.example/v1", None)


_TEXT = b'{"a": "' + b"ferry " * 500 + b'"}'


@pytest.mark.parametrize(
    "sent",
    [
        gzip.compress(_TEXT),
        gzip.compress(_TEXT[:300]) + gzip.compress(_TEXT[300:]),
        gzip.compress(_TEXT) + b"\0" * 64,
    ],
    ids=["whole", "parts", "padded"],
)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_compressed_answer_is_read_in_each_form(sent: bytes, size: int) -> None:
    decoder = _Gunzip("host")
    chunks = (sent[at : at + size] for at in range(0, len(sent), size))
    assert b"".join(decoder.decoded(chunk, 10_000) for chunk in chunks) == _TEXT


def test_a_damaged_compressed_answer_is_tried_again() -> None:
    with pytest.raises(ProviderUnavailableError, match="compressed answer that is damaged"):
        _Gunzip("host").decoded(b"no gzip", 100)


def test_no_more_is_decompressed_than_may_be_read() -> None:
    parts = gzip.compress(b"a" * 5_000) * 3
    assert len(_Gunzip("host").decoded(parts, 12_000)) == 12_000
