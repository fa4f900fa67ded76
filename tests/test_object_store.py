"""Articles in an S3-like store: a real server on the loopback, and other writers beside us."""

from __future__ import annotations

import json
import socket
import socketserver
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rewriter.cli import group
from rewriter.errors import (
    ConfigurationError,
    FileChangedError,
    FileError,
    StoreUnreachableError,
)
from rewriter.files import atomic, objects, s3
from rewriter.files.places import Content
from rewriter.files.s3 import ObjectPlace
from rewriter.review import decisions
from rewriter.review.articles import ReviewEntry, entries
from rewriter.settings import load
from rewriter.state import State, originals, records
from tests import articles
from tests.provider import Provider
from tests.stores import TEXT, as_user, get, put, reset, stored

if TYPE_CHECKING:
    from moto.server import ThreadedMotoServer
    from mypy_boto3_s3 import S3Client

KEYS = ("raw/a.txt", "raw//two.txt", "raw/naïve ü %2F #1+&.txt", "raw/deep/er/'d\".md")
RESULTS = ("site/a.md", "site//two.md", "site/naïve ü %2F #1+&.md", "site/deep/er/'d\".md")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments, standalone_mode=False)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with Provider() as running:
        monkeypatch.setenv("REWRITER_BASE_URL", running.base_url)
        monkeypatch.setenv("REWRITER_READER", "off")
        yield running


# --- the whole way -------------------------------------------------------------------------------


def test_articles_of_a_bucket_are_rewritten_into_it_and_not_again(
    store: S3Client, provider: Provider
) -> None:
    for n, key in enumerate((*KEYS, "raw/.hidden.txt", "raw/picture.png", "rawer/no.txt")):
        put(store, key, TEXT.replace(b"$27 million", f"${30 + n} million".encode()))
    done = run("rewrite", "s3://news/raw", "--out", "s3://news/site")
    assert done.return_value == 0, done.output
    assert stored(store, "site") == sorted(RESULTS)
    assert b"$32 million" in get(store, RESULTS[2])
    assert store.head_object(Bucket="news", Key=RESULTS[0])["ContentType"].startswith(
        "text/markdown"
    )
    paid = len(provider.calls)
    again = run("rewrite", "s3://news/raw", "--out", "s3://news/site")
    assert (again.return_value, again.stdout.count("current")) == (0, len(KEYS))
    assert len(provider.calls) == paid
    files = [path.name for path in Path(".rewriter/records").rglob("*.json")]
    assert len(files) == len(KEYS)


def test_in_place_keeps_what_the_object_has_and_restore_brings_it_back(
    store: S3Client, provider: Provider
) -> None:
    put(store, "raw/a.txt", Metadata={"desk": "city"}, CacheControl="max-age=60", Tagging="a=b%2Bc")
    assert run("rewrite", "s3://news/raw/a.txt", "--in-place").return_value == 0
    head = store.head_object(Bucket="news", Key="raw/a.txt")
    tags = store.get_object_tagging(Bucket="news", Key="raw/a.txt")["TagSet"]
    assert b"## Overview" in get(store, "raw/a.txt")
    assert (head["Metadata"], head["CacheControl"]) == ({"desk": "city"}, "max-age=60")
    assert tags == [{"Key": "a", "Value": "b+c"}]
    run("restore", "s3://news/raw/a.txt")
    assert get(store, "raw/a.txt") == TEXT


def test_what_an_editor_writes_meanwhile_stays(
    store: S3Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "raw/a.txt", TEXT)
    write = ObjectPlace.replace

    def beaten(place: ObjectPlace, data: bytes, before: Content) -> None:
        put(store, place.key, b"The editor's text")
        write(place, data, before)

    monkeypatch.setattr(ObjectPlace, "replace", beaten)
    done = run("rewrite", "s3://news/raw", "--in-place", "--json")
    result = json.loads(done.stdout)
    assert (result["status"], done.return_value) == ("failed", 4)
    assert "changed since it was read; the new text is in" in result["reason"]
    assert get(store, "raw/a.txt") == b"The editor's text"
    rescued = list(Path(".rewriter/conflicts").iterdir())
    assert b"## Overview" in rescued[0].read_bytes()
    assert records.load(State(Path.cwd()).records, "s3/news/raw/a.txt") is None


@pytest.mark.slow
def test_a_run_that_loses_its_store_loses_no_answer(
    store: S3Client, provider: Provider, moto: ThreadedMotoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "raw/a.txt", TEXT)
    write = ObjectPlace.create

    def cut(place: ObjectPlace, data: bytes) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        s3.client.cache_clear()
        write(place, data)

    with monkeypatch.context() as away:
        away.setattr(ObjectPlace, "create", cut)
        done = run("rewrite", "s3://news/raw", "--out", "s3://news/site")
    assert done.return_value == FileError.exit_code
    assert "look at the network and AWS_ENDPOINT_URL" in done.output
    assert stored(store, "site") == []
    paid = len(provider.calls)
    monkeypatch.setenv("AWS_ENDPOINT_URL", store.meta.endpoint_url)
    s3.client.cache_clear()
    assert run("rewrite", "s3://news/raw", "--out", "s3://news/site").return_value == 0
    assert (stored(store, "site"), len(provider.calls)) == (["site/a.md"], paid)


@pytest.mark.parametrize("by_page", [False, True])
def test_a_held_rewrite_is_published_into_the_bucket_once_a_person_has_decided(
    store: S3Client, provider: Provider, *, by_page: bool
) -> None:
    put(store, "raw/a.txt", articles.RAW.encode())
    good = articles.rewrite()
    wrong = articles.rewrite(from_author=(good.overview,)).model_dump_json()
    provider.script([{"content": wrong}] * 9)
    held = run("rewrite", "s3://news/raw", "--out", "s3://news/site")
    assert held.return_value == 1, held.output
    assert stored(store, "site") == []
    listed = run("held", "s3://news/raw")
    assert "held s3://news/raw/a.txt" in listed.stdout
    assert "rewriter publish s3://news/raw/a.txt" in listed.stdout
    assert "nothing is held" in run("held", "s3://news/other").stderr
    page = run("review", ".", "--out", "page.html")
    assert "s3/news/raw/a.txt" in Path("page.html").read_text("utf-8"), page.output
    if by_page:
        (entry,) = entries(["."], load({}))
        decisions.publish(entry, atomic.digest(entry.path.read_bytes()), "read", load({}))
        record = records.load(State(Path.cwd()).records, entry.record.name)
        assert record is not None
        with pytest.raises(FileError, match="the page changes files only"):
            decisions.undo(ReviewEntry(record, entry.state), record.output_digest or "")
    else:
        done = run("publish", "s3://news/raw/a.txt", "--reason", "read")
        assert "published s3://news/raw/a.txt -> s3://news/site/a.md" in done.output
    assert stored(store, "site") == ["site/a.md"]
    assert originals.latest(State(Path.cwd()), "s3/news/raw/a.txt") == articles.RAW.encode()


def test_the_articles_of_one_object_have_a_result_each(store: S3Client, provider: Provider) -> None:
    text = TEXT.decode()
    items = [{"title": f"Ferries {n}", "body": f"{text} Ticket {n}."} for n in (1, 2)]
    put(store, "raw/feed.json", json.dumps({"articles": items}).encode())
    done = run("rewrite", "s3://news/raw", "--out", "s3://news/site")
    assert done.return_value == 0, done.output
    assert len(stored(store, "site/feed/")) == 2
    in_place = run("rewrite", "s3://news/raw", "--in-place").exception
    assert isinstance(in_place, ConfigurationError)
    part = objects.place_at(
        f"s3://news/raw/feed.json#{next(iter(s3.parts('news', 'raw/feed.json')))}"
    )
    before = get(store, "raw/feed.json")
    with pytest.raises(FileError, match="no part is written"):
        part.replace(b"one of two", part.read())
    assert get(store, "raw/feed.json") == before


# --- conditional writes --------------------------------------------------------------------------


@pytest.mark.slow
def test_of_many_that_create_an_object_one_wins_and_it_is_whole(store: S3Client) -> None:
    place, texts = ObjectPlace("news", "a.md"), [bytes([n]) * 200_000 for n in range(8)]
    start = threading.Barrier(len(texts))

    def create(data: bytes) -> bool:
        start.wait()
        try:
            place.create(data)
        except FileChangedError:
            return False
        return True

    with ThreadPoolExecutor(len(texts)) as pool:
        won = [
            data for data, has_won in zip(texts, pool.map(create, texts), strict=True) if has_won
        ]
    assert len(won) == 1
    assert place.read().data == won[0]


def test_a_stale_version_loses_and_the_same_write_twice_does_not(store: S3Client) -> None:
    place = ObjectPlace("news", "a.md")
    place.create(b"one")
    first = place.read()
    place.replace(b"two", first)
    place.replace(b"two", first)  # as after an answer that got lost
    place.create(b"two")
    with pytest.raises(FileChangedError, match=r"s3://news/a.md: the object changed since"):
        place.replace(b"three", first)
    with pytest.raises(FileChangedError, match="there is such an object by now"):
        place.create(b"three")
    store.delete_object(Bucket="news", Key="a.md")
    with pytest.raises(FileChangedError, match="has vanished"):
        place.replace(b"three", first)
    assert stored(store) == []


class _Cutting(socketserver.BaseRequestHandler):
    """A connection that breaks after the first part of what is sent."""

    def handle(self) -> None:
        assert isinstance(self.server, _CuttingServer)
        with socket.create_connection(("127.0.0.1", self.server.behind)) as onward:
            left = 50_000
            while left > 0 and (part := self.request.recv(left)):
                onward.sendall(part)
                left -= len(part)
            self.server.cut += 1


class _CuttingServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    behind = cut = 0


@pytest.mark.slow
def test_a_write_that_is_cut_in_the_middle_leaves_no_object(
    store: S3Client, moto: ThreadedMotoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _CuttingServer(("127.0.0.1", 0), _Cutting) as between:
        _, between.behind = moto.get_host_and_port()
        thread = threading.Thread(target=between.serve_forever)
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{between.server_address[1]}")
        s3.client.cache_clear()
        with pytest.raises(
            StoreUnreachableError, match=r"s3://news/a\.md: .*; look at the network"
        ):
            ObjectPlace("news", "a.md").create(b"x" * 200_000)
        between.shutdown()
        thread.join()
    assert between.cut == 4, "each attempt was cut"
    assert stored(store) == []


# --- what a person must mend ---------------------------------------------------------------------


def test_credentials_that_may_not_write_are_told_before_anything_is_paid(
    store: S3Client, provider: Provider, moto: ThreadedMotoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import boto3

    put(store, "raw/a.txt", TEXT)
    allowed = [{"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}]
    iam = boto3.client("iam")
    iam.create_user(UserName="reader")
    policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=policy)
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    _, port = moto.get_host_and_port()
    reset(port, "reset-auth", b"0")
    try:
        as_user(monkeypatch, key["AccessKeyId"], key["SecretAccessKey"])
        refused = run("rewrite", "s3://news/raw", "--out", "s3://news/site").exception
        planned = run("plan", "s3://news/raw", "--out", "s3://news/site")
        as_user(monkeypatch, "AKIANOBODY", "x")
        unknown = run("rewrite", "s3://news/raw", "--out", "s3://news/site").exception
    finally:
        reset(port, "reset-auth", b"inf")
    assert isinstance(refused, FileError)
    assert "allow s3:ListBucket, s3:GetObject and s3:PutObject" in str(refused)
    assert planned.return_value == 0, "a plan writes nothing"
    assert "correct AWS_ACCESS_KEY_ID" in str(unknown)
    assert provider.calls == []


def test_a_wrong_bucket_address_or_mixture_is_told(
    store: S3Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = ("--out", "s3://news/site")
    assert "create it" in str(run("rewrite", "s3://nobody/raw", *out).exception)
    assert "names no bucket" in str(run("rewrite", "s3:///raw", *out).exception)
    assert "do not mix" in str(run("rewrite", "raw", *out).exception)
    assert "no articles found" in str(run("rewrite", "s3://news/raw", *out).exception)
    assert "takes files" in str(run("check", "s3://news/raw").exception)
    put(store, "raw/a.txt", TEXT)
    put(store, "raw/a.html", TEXT)
    twice = run("rewrite", "s3://news/raw", *out).exception
    assert "would both be written to s3://news/site/a.md" in str(twice)
    store.create_bucket(Bucket="own")
    store.put_object(Bucket="own", Key="a.md", Body=TEXT)
    over = run("rewrite", "s3://own", "--out", "s3://own", "--force").exception
    assert "s3://own/a.md: --out would write over the input s3://own/a.md" in str(over)
    assert "names no object" in str(run("restore", "s3://news").exception)
    monkeypatch.setitem(sys.modules, "boto3", None)
    s3.client.cache_clear()
    assert "pip install 'rewriter[s3]'" in str(run("rewrite", "s3://news/raw", *out).exception)


class _Careless(BaseHTTPRequestHandler):
    """A store that takes each write, whatever its conditions say."""

    deleted: list[str] = []  # noqa: RUF012

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._done(200)

    def do_DELETE(self) -> None:
        self.deleted.append(self.path)
        self._done(204)

    def _done(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_store_that_ignores_conditions_is_refused(
    store: S3Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HTTPServer(("127.0.0.1", 0), _Careless) as careless:
        thread = threading.Thread(target=careless.serve_forever)
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{careless.server_port}")
        s3.client.cache_clear()
        with pytest.raises(FileError, match="the store ignores conditions"):
            s3.refuse_unwritable("news", "site")
        careless.shutdown()
        thread.join()
    assert [path.startswith("/news/site/.rewriter-") for path in _Careless.deleted] == [True]


def test_what_is_no_article_is_told_with_its_address(store: S3Client) -> None:
    put(store, "packed.txt", b"x", ContentEncoding="gzip")
    with pytest.raises(FileError, match=r"s3://news/packed.txt: is stored as gzip"):
        ObjectPlace("news", "packed.txt").read()
    with pytest.raises(FileError, match=r"s3://news/gone.txt: there is no such object"):
        ObjectPlace("news", "gone.txt").read()


def test_an_object_that_was_listed_is_sent_once(store: S3Client, provider: Provider) -> None:
    """A listing reads it to see whether it holds several articles."""
    for n in range(3):
        item = {"TITLE": f"Ferries {n}", "BODY": TEXT.decode()}
        put(store, f"raw/{n}.json", json.dumps(item).encode())
    sent: list[int] = []
    s3.client().meta.events.register(
        "after-call.s3.GetObject",
        lambda http_response, **_: sent.append(http_response.status_code),
    )
    assert run("plan", "s3://news/raw", "--out", "s3://news/site").return_value == 0
    assert (sent.count(200), sent.count(304)) == (3, 3)
    put(store, "raw/0.json", b'{"TITLE": "New", "BODY": "Another."}')
    assert ObjectPlace("news", "raw/0.json").read().data.endswith(b'"Another."}')
    assert sent.count(200) == 4


# --- names ---------------------------------------------------------------------------------------


def test_a_record_of_somebody_else_sends_nothing_into_a_bucket(
    store: S3Client, provider: Provider, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(store, "raw/a.txt", articles.RAW.encode())
    wrong = articles.rewrite(from_author=(articles.rewrite().overview,)).model_dump_json()
    provider.script([{"content": wrong}] * 9)
    run("rewrite", "s3://news/raw", "--out", "s3://news/site")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another user"))
    refused = run("publish", "s3://news/raw/a.txt", "--reason", "read").exception
    assert "no run of yours on this machine has named it" in str(refused)
    assert stored(store, "site") == []


@settings(max_examples=50)
@example(["a", "a#"])
@given(st.lists(st.text(min_size=1, max_size=80), min_size=2, max_size=2, unique=True))
def test_each_key_has_a_name_of_its_own_that_leads_nowhere_else(keys: list[str]) -> None:
    first, second = (objects.name_of(ObjectPlace("news", key)) for key in keys)
    assert first != second
    assert first.startswith("s3/news/")
    assert not {"", ".", ".."} & set(first.split("/"))
    assert first.isprintable() or not any(ord(one) < 32 for one in first)


def test_an_address_names_the_same_place_again(store: S3Client) -> None:
    for key in (*KEYS, "a?b=c", "s3://x"):
        place = ObjectPlace("news", key)
        put(store, key, TEXT)
        assert objects.place_at(place.address) == place
