"""An S3-like store on the loopback, and another program that reads and writes in it."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rewriter.files import s3
from tests.queue.servers import ROOT

if TYPE_CHECKING:
    from moto.server import ThreadedMotoServer
    from mypy_boto3_s3 import S3Client

TEXT = (ROOT / "examples" / "raw" / "harbor-ferries.txt").read_bytes()


@pytest.fixture(scope="session")
def moto() -> Iterator[ThreadedMotoServer]:
    from moto.server import ThreadedMotoServer  # late: it takes a second to load

    running = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def store(
    moto: ThreadedMotoServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[S3Client]:
    """An empty bucket called `news`, by a client of another program."""
    import boto3

    _, port = moto.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    as_user(monkeypatch, "test", "test")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REWRITER_ROOT", str(tmp_path))  # a state directory above is not used
    reset(port)
    client: S3Client = boto3.client("s3")
    client.create_bucket(Bucket="news")
    yield client
    s3.client.cache_clear()
    s3.recent_objects.clear()


def reset(port: int, page: str = "reset", data: bytes = b"") -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/moto-api/{page}",
        data,
        {"Content-Type": "text/plain"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        assert answer.status == 200


def as_user(monkeypatch: pytest.MonkeyPatch, key: str, secret: str) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    s3.client.cache_clear()
    s3.recent_objects.clear()


def put(store: S3Client, key: str, data: bytes = TEXT, **more: Any) -> None:
    store.put_object(Bucket="news", Key=key, Body=data, **more)


def get(store: S3Client, key: str) -> bytes:
    return store.get_object(Bucket="news", Key=key)["Body"].read()


def stored(store: S3Client, prefix: str = "") -> list[str]:
    return [
        one["Key"]
        for one in store.list_objects_v2(Bucket="news", Prefix=prefix).get("Contents", [])
    ]
