"""A story is known again by its id, its address and its text, also in a later run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.errors import FileError
from rewriter.ingest import journal as journals
from rewriter.ingest.addresses import canonical, host_of, resolved, untracked
from rewriter.ingest.journal import Story, keys_of, likeness, signature
from tests.cleaning.articles import BODY

TEXT = " ".join(BODY)


def test_what_is_saved_is_known_later_and_a_torn_line_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / ".rewriter" / "ingested.jsonl"
    journal = journals.load(path)
    journal.add(
        Story(
            file="a.md",
            title="A",
            id="x 1",
            url="https://a.example/1?utm_source=b",
            signature=signature(TEXT),
        )
    )
    journal.visit("https://a.example/feed", {"etag": "1"})
    journal.save()
    path.write_text(path.read_text() + '{"file": "b.md", "ti')
    later = journals.load(path)
    assert later.feeds == {"https://a.example/feed": {"etag": "1"}}
    assert later.known(keys_of("", "http://www.a.example/1/")) is not None
    assert later.known(keys_of("x 1", "")) is not None
    assert later.known(keys_of("x 2", "https://a.example/2")) is None
    found = later.alike(signature(TEXT + " One more sentence stands here."))
    assert found is not None
    assert found.file == "a.md"


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (TEXT.upper(), True),
        (TEXT.replace("412 million", "415 million"), True),
        (" ".join(BODY[1:]) + " " + BODY[0], True),
        (
            "The ferry operator Calder Lines sold two of its six electric ships on Friday. " * 2,
            False,
        ),
        (
            "渡轮公司星期一宣布订购六艘电动船，首艘将于九月开工，合同价值为四亿一千二百万美元。"
            * 2,
            False,
        ),
    ],
)
def test_versions_of_a_text_are_alike_and_other_reports_are_not(other: str, alike: bool) -> None:
    assert (likeness(signature(TEXT), signature(other)) >= journals.LIKENESS) is alike


def test_a_short_text_is_like_nothing() -> None:
    assert signature("Six ships sail.") == ""
    assert likeness("", "") == 0.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.a.example/x/", "http://a.example/x"),
        ("https://a.example/x?utm_source=rss&utm_medium=b", "https://a.example/x#top"),
        ("https://a.example/x?b=1&a=2", "https://A.example/x?a=2&b=1"),
    ],
)
def test_addresses_of_one_page_are_one(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


def test_a_published_address_loses_its_campaign_only() -> None:
    told = "https://a.example/x?utm_source=rss&ID=%C3%A9+1&gclid=2&ref=b#part"
    assert untracked(told) == "https://a.example/x?ID=%C3%A9+1&ref=b#part"
    assert untracked("https://a.example/?utm_medium=feed") == "https://a.example/"


def test_a_parameter_that_chooses_the_page_tells_pages_apart() -> None:
    assert canonical("https://a.example/?p=1") != canonical("https://a.example/?p=2")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://A.example/1", "a.example:443"),
        ("HTTP://a.example/", "a.example:80"),
        ("https://a.example:8080/", "a.example:8080"),
        ("https://me@a.example/", None),
        ("https://:pw@a.example/", None),
        ("ftp://a.example/", None),
        ("https:///1", None),
        ("https://a.example:port/", None),
    ],
)
def test_a_url_that_is_fetched_has_a_host_and_no_password(url: str, host: str | None) -> None:
    if host:
        assert host_of(url) == host
        return
    with pytest.raises(FileError, match=r"not a URL|a URL with a user name or password"):
        host_of(url)


@given(st.text(max_size=60))
def test_any_address_is_compared_or_refused(text: str) -> None:
    canonical(f"https://{text}")
    try:
        host_of(f"https://{text}")
    except FileError as error:
        assert str(error)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "100.64.1.1", "[::1]", "[::ffff:127.0.0.1]",
     "[fd12::1]", "[64:ff9b::10.0.0.1]", "localhost", "2130706433", "0177.0.0.1"],
)  # fmt: skip
async def test_no_private_address_is_asked_unless_allowed(host: str) -> None:
    with pytest.raises(FileError, match="not a public address; --private allows"):
        await resolved(f"http://{host}/", private=False)
    assert await resolved(f"http://{host}/", private=True)


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "169.254.1.1", "2852039166", "0251.0376.0251.0376", "0xa9fea9fe",
     "169.254.43518", "[::ffff:169.254.169.254]", "[::169.254.169.254]", "[2002:a9fe:a9fe::1]",
     "[64:ff9b::169.254.169.254]", "[64:ff9b:1::a9fe:a9fe]", "[fe80::1]", "[fe80::1%25lo]",
     "[fec0::1]", "[fd00:ec2::254]", "[fd20:ce::254]", "100.100.100.200", "192.0.0.192",
     "168.63.129.16", "0.0.0.1", "[::]", "224.0.0.1", "[ff02::1]", "255.255.255.255"],
)  # fmt: skip
@pytest.mark.parametrize("private", [False, True])
async def test_no_option_allows_what_is_neither_public_nor_private(
    host: str, private: bool
) -> None:
    with pytest.raises(FileError, match=r"never asked|not found"):
        await resolved(f"http://{host}/", private=private)


async def test_a_public_address_is_given_back() -> None:
    assert await resolved("http://8.8.8.8/a", private=False) == "8.8.8.8"
