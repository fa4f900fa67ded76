"""Workers take articles of an object store, below the address that the settings name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from rewriter.completion.limits import NoRateLimit
from rewriter.errors import ConfigurationError, MessageError
from rewriter.files import s3
from rewriter.files.objects import is_below
from rewriter.queue.claims import Delivery, End, Return
from rewriter.queue.connection import Connection
from rewriter.queue.handler import ArticleHandler
from rewriter.queue.message import parse
from rewriter.queue.submitting import Submission, Tally, submit
from rewriter.settings import Settings
from tests.provider import Provider
from tests.stores import TEXT, get, put, stored

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ITEMS = [
    {"TITLE": f"Ferries {n}", "BODY": TEXT.decode().replace("240", f"{300 + n}")} for n in (1, 2)
]


def configured(provider: Provider, **changes: object) -> Settings:
    given = {
        "root": Path.cwd(),
        "base_url": provider.base_url,
        "max_attempts": 1,
        "reader": "off",
        "object_store": "s3://news",
        **changes,
    }
    return Settings(api_key=SecretStr("k"), **given)  # type: ignore[arg-type]


async def queued(
    connection: Connection, settings: Settings, out: str | None = "s3://news/site"
) -> Tally:
    submission = Submission("b", out=out, in_place=out is None)
    return await submit(connection, ["s3://news/raw"], submission, settings)


async def worked(connection: Connection, settings: Settings) -> dict[str, End | Return]:
    """What one process makes of all messages of the batch."""
    messages = await connection.client.hgetall(connection.key("messages"))
    for name in messages:
        await connection.call("HSET", connection.key("holds"), str(name), "1|p")
    handler = ArticleHandler(settings, connection, NoRateLimit(), "p")
    try:
        return {
            name.removeprefix("b/"): await handler.work(Delivery(name, "1", text))
            for name, text in ((str(name), str(text)) for name, text in messages.items())
        }
    finally:
        await handler.aclose()


async def test_articles_of_a_bucket_are_queued_worked_on_and_then_current(
    connection: Connection, store: S3Client
) -> None:
    put(store, "raw//a b.txt", TEXT)
    put(store, "raw/two.json", json.dumps(ITEMS).encode())
    with Provider() as provider:
        settings = configured(provider)
        assert await queued(connection, settings) == Tally(queued=3)
        ended = await worked(connection, settings)
        again = await queued(connection, settings)
    assert [one.status for one in ended.values() if isinstance(one, End)] == ["published"] * 3
    assert [name.partition("#ferries-")[0] for name in sorted(ended)] == [
        "s3/news/raw/%/a b.txt",
        "s3/news/raw/two.json",
        "s3/news/raw/two.json",
    ]
    assert [key.partition("-")[0] for key in stored(store, "site")] == [
        "site//a b.md",
        "site/two/ferries",
        "site/two/ferries",
    ]
    assert again == Tally(skipped=3)


async def test_what_an_editor_changed_meanwhile_is_read_anew_and_never_overwritten(
    connection: Connection, store: S3Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "raw/a.md", TEXT)
    replace = s3.ObjectPlace.replace

    def late(place: s3.ObjectPlace, *args: object) -> None:
        put(store, "raw/a.md", TEXT + b"\nMore.\n")
        replace(place, *args)  # type: ignore[arg-type]

    with Provider() as provider:
        settings = configured(provider)
        await queued(connection, settings, out=None)
        monkeypatch.setattr(s3.ObjectPlace, "replace", late)
        [(_, ended)] = (await worked(connection, settings)).items()
        monkeypatch.undo()
        assert isinstance(ended, Return)
        assert (ended.where, get(store, "raw/a.md")) == ("delayed", TEXT + b"\nMore.\n")


async def test_an_article_waits_while_its_store_is_away(
    connection: Connection, store: S3Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "raw/a.txt", TEXT)
    with Provider() as provider:
        settings = configured(provider)
        await queued(connection, settings)
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        s3.client.cache_clear()
        [(_, ended)] = (await worked(connection, settings)).items()
    assert isinstance(ended, Return)
    assert (ended.where, "AWS_ENDPOINT_URL" in ended.reason) == ("delayed", True)


@pytest.mark.parametrize("setting", [None, "s3://news/other", "s3://new", "s3://news/ra"])
async def test_what_lies_outside_of_the_setting_is_neither_queued_nor_worked_on(
    connection: Connection, store: S3Client, setting: str | None
) -> None:
    put(store, "raw/a.txt", TEXT)
    with Provider() as provider:
        strict = configured(provider, object_store=setting)
        with pytest.raises(ConfigurationError, match="the setting object_store"):
            await queued(connection, strict)
        await queued(connection, configured(provider))
        [(_, ended)] = (await worked(connection, strict)).items()
        assert isinstance(ended, End)
        assert (ended.status, provider.calls) == ("dead", [])
    assert "the setting object_store" in ended.reason


GOOD = {
    "batch": "b",
    "path": "s3/news/a.txt",
    "target": "s3/news/a.md",
    "prompt": "rewrite",
    "prompt_version": 1,
    "stored": {"source": "s3://news/a.txt", "result": "s3://news/a.md"},
}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"stored": {"source": "s3://news/a.txt"}}, "result: is missing"),
        ({"stored": GOOD["stored"] | {"result": "/etc/passwd"}}, "not an address"),  # type: ignore[operator]
        ({"stored": GOOD["stored"] | {"result": "s3://new\ns/a"}}, "not an address"),  # type: ignore[operator]
        ({"stored": GOOD["stored"] | {"result": "s3://.."}}, "not an address"),  # type: ignore[operator]
        ({"stored": GOOD["stored"] | {"result": "s3://news/b.md"}}, "not the names"),  # type: ignore[operator]
        ({"stored": GOOD["stored"] | {"part": "x"}}, "not the names"),  # type: ignore[operator]
        ({"stored": None, "path": "s3://news/a.txt"}, "only `rewriter submit`"),
    ],
)
def test_a_message_whose_names_are_not_those_of_its_addresses_is_refused(
    change: dict[str, object], reason: str
) -> None:
    assert parse(json.dumps(GOOD), "b/s3/news/a.txt").stored
    with pytest.raises(MessageError, match="refused") as refused:
        parse(json.dumps(GOOD | change), "b/s3/news/a.txt")
    assert reason in str(refused.value)


def test_a_folder_of_a_store_has_what_is_below_it_and_nothing_else() -> None:
    assert is_below("s3://news/raw/a", "s3://news/raw")
    assert is_below("s3://news/raw", "s3://news/raw/")
    assert is_below("s3://news/a", "s3://news")
    assert not is_below("s3://news/rawer/a", "s3://news/raw")
    assert not is_below("s3://other/raw/a", "s3://news/raw")
