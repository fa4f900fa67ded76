"""RSS, Atom, RDF, NITF and NewsML are read under any file name, and other XML is named."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rewriter.cleaning import clean
from rewriter.errors import SourceError
from rewriter.items.feeds import read_xml
from rewriter.items.parts import split
from tests.cleaning.articles import BODY, TITLE
from tests.items import feeds
from tests.items.shapes import NEWSAPI, URL, as_json


@pytest.mark.parametrize("name", ["", "feed.xml", "feed.txt", "feed.html", "feed.rss"])
@pytest.mark.parametrize("kind", feeds.FEEDS)
def test_a_feed_of_one_article_gives_it(kind: str, name: str) -> None:
    source = clean(feeds.FEEDS[kind].encode(), name=name)
    assert source.kind == "xml"
    assert source.title == TITLE
    assert (source.paragraphs[0], source.paragraphs[-1]) == (BODY[0], BODY[-1])
    assert source.published_at == datetime(2026, 1, 29, 9, 15, tzinfo=UTC)
    assert source.publisher == "Harbor Ledger"
    assert source.author == "Ruth Adeyemi"
    assert source.url == (None if kind == "nitf" else URL)
    assert source.defects == ()


def test_what_is_around_an_agency_text_is_no_evidence() -> None:
    source = clean(feeds.NITF.encode())
    assert source.paragraphs == BODY
    assert source.metadata["tags"] == ["ferries"]


def test_the_encoding_that_a_feed_declares_is_obeyed() -> None:
    feed = feeds.RSS.replace("UTF-8", "windows-1252").replace("Harbor Ledger", "Küstenblatt")
    assert clean(feed.encode("cp1252")).publisher == "Küstenblatt"


def test_a_description_alone_is_an_excerpt() -> None:
    source = clean(feeds.EXCERPT.encode(), name="feed.xml")
    assert [defect.code for defect in source.defects] == ["S121"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (feeds.TWO, "2 articles.*FILE#ferry-operator"),
        (feeds.RSS[: feeds.RSS.index("<item>")], "the feed (?:cannot be read|has no)"),
        (feeds.NITF.replace("body.content", "body.other"), "no body.content"),
    ],
)
def test_a_feed_that_is_no_article_is_refused(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        clean(text.encode(), name="feed.xml")


@pytest.mark.parametrize(
    ("text", "message"), [(feeds.SITEMAP, "a sitemap"), (feeds.OPML, "unknown kind .<opml>")]
)
@pytest.mark.parametrize("name", ["", "map.xml", "map.txt"])
def test_other_xml_is_refused_by_name(text: str, message: str, name: str) -> None:
    with pytest.raises(SourceError, match=message):
        clean(text.encode(), name=name)


@pytest.mark.parametrize("kind", sorted(feeds.FEEDS))
def test_an_item_whose_xml_is_cut_off_is_refused_with_its_line(kind: str) -> None:
    whole = feeds.FEEDS[kind]
    cut = whole[: whole.index(BODY[-1])]
    with pytest.raises(SourceError, match=r"cut off: the item that begins in line \d+ has no end"):
        clean(cut.encode(), name="feed.xml")


def test_an_item_without_an_end_tag_is_refused() -> None:
    with pytest.raises(SourceError, match="begins in line 2 has no end"):
        clean(b"<rss><channel>\n<item><title>Pier</rss>", name="feed.xml")


def test_the_items_before_a_break_are_kept() -> None:
    first, second = split(feeds.TWO[: feeds.TWO.rindex("</item>")].encode()).values()
    assert clean(first, name="a.json").title == TITLE
    with pytest.raises(SourceError, match="has no end"):
        clean(second, name="b.json")


@pytest.mark.parametrize("kind", sorted(set(feeds.FEEDS) - {"nitf"}))
def test_a_feed_that_is_cut_between_two_items_is_told_and_read(kind: str) -> None:
    whole = feeds.FEEDS[kind]
    last = max(re.finditer("</[^>]*(?:item|entry)>", whole, re.IGNORECASE), key=re.Match.end)
    cut = whole[: last.end()].encode()
    assert clean(whole.encode()).notes == ()
    source = clean(cut)
    assert source.title == TITLE
    assert source.notes[-1].startswith("the XML is cut off behind its last item")
    first, end = split(cut).values()
    assert clean(first, name="a.json").title == TITLE
    with pytest.raises(SourceError, match="cut off behind its last item"):
        clean(end, name="b.json")


def test_a_feed_with_other_faults_and_whole_items_is_read() -> None:
    feed = feeds.RSS.replace(f"<link>{URL}", f"<link>{URL}?a=1&b=2")
    assert clean(feed.encode(), name="feed.xml").title == TITLE


# --- files of several --------------------------------------------------------------------------


def test_a_file_of_several_articles_is_split_under_names_that_stay() -> None:
    parts = split(feeds.TWO.encode())
    assert [name.rpartition("-")[0] for name in parts] == [
        "ferry-operator-orders-six-electric-ships-for-the",
        "tram-line-opens",
    ]
    later = feeds.TWO.replace("<item>", "<item><title>New</title><guid>1</guid></item><item>", 1)
    assert set(parts) < set(split(later.encode()))
    first = next(iter(parts.values()))
    assert clean(first).paragraphs == clean(feeds.RSS.encode()).paragraphs


def test_json_lines_are_one_article_each_and_a_repeated_item_is_one() -> None:
    other = NEWSAPI | {"url": "https://ledger.example/trams", "title": "Tram line opens"}
    lines = b"\n".join(map(as_json, (NEWSAPI, other, NEWSAPI)))
    assert len(split(lines)) == 2
    assert clean(as_json(NEWSAPI) + b"\n" + as_json(NEWSAPI)).title == TITLE


@pytest.mark.parametrize("data", [b"{}", b"[]", b"text", as_json(NEWSAPI), b"\xff{}", b"{nope}"])
def test_a_file_that_is_one_article_or_none_is_not_split(data: bytes) -> None:
    assert split(data) == {}


@example("<:-")
@given(st.text(alphabet="<>/?!-[]{}\"':, \nabitemrssfeed", max_size=60))
def test_any_text_is_split_or_left_alone(text: str) -> None:
    for start in ("<rss><channel><item>", "<feed", "<nitf><body><body.content>", "[", "{"):
        split((start + text).encode())
        try:
            clean((start + text).encode(), name="a.xml")
        except SourceError as error:
            assert str(error)


# --- hostile documents -------------------------------------------------------------------------

_NESTED = "".join(
    f'<!ENTITY {outer} "{f"&{inner};" * 10}">'
    for inner, outer in zip("abcdef", "bcdefg", strict=True)
)
_ITEM = "<item><title>t</title><description>{} six ships sail.</description></item>"


@pytest.mark.parametrize(
    "document",
    [
        f"<rss><channel>{_ITEM}</channel></rss>",
        "<nitf><body><body.content><p>{} six ships sail.</p></body.content></body></nitf>",
    ],
)
@pytest.mark.parametrize(
    ("entities", "used"),
    [
        (f'<!ENTITY a "aaaaaaaaaa">{_NESTED}', "&g;&g;&g;"),
        ('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
    ],
)
def test_entities_bring_nothing_in(document: str, entities: str, used: str) -> None:
    text = f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>{document.format(used)}'
    source = clean(text.encode(), name="a.xml")
    assert source.kind == "xml"
    assert len(source.model_dump_json()) < 5_000
    assert "root:" not in source.model_dump_json()


def test_a_feed_of_tens_of_thousands_of_items_is_refused_at_once() -> None:
    feed = f"<rss><channel>{'<item><title>A</title></item>' * 20_000}</channel></rss>"
    with pytest.raises(SourceError, match="a feed of 20,000 items, at most 5,000 are read"):
        read_xml(feed)


@pytest.mark.parametrize("message", [False, True])
def test_newsml_gives_its_article(message: bool) -> None:
    """NewsML-G2 as one item, and in a message."""
    text = "".join(f"<p>{line}</p>" for line in BODY)
    item = (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:a" xml:lang="en">'
        "<itemMeta><provider><name>Harbor Ledger</name></provider>"
        "<versionCreated>2026-03-05T08:30:00Z</versionCreated></itemMeta>"
        f"<contentMeta><by>By Ruth Adeyemi</by><headline>{TITLE}</headline></contentMeta>"
        "<contentSet><inlineXML><html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title>"
        f"</head><body>{text}</body></html></inlineXML></contentSet></newsItem>"
    )
    if message:
        item = f"<newsMessage><header/><itemSet>{item}</itemSet></newsMessage>"
    source = clean(item.encode(), name="a.xml")
    assert (source.title, source.paragraphs) == (TITLE, BODY)
    assert (source.author, source.publisher) == ("Ruth Adeyemi", "Harbor Ledger")
    assert source.published_at is not None
    canceled = item.replace("</itemMeta>", '<pubStatus qcode="stat:canceled"/></itemMeta>')
    with pytest.raises(SourceError, match="withholds or has canceled"):
        clean(canceled.encode(), name="a.xml")
    with pytest.raises(SourceError, match="no inlineXML"):
        clean(item.replace("inlineXML", "remote").encode(), name="a.xml")


def test_a_feed_of_an_item_with_tens_of_thousands_of_elements_is_refused_at_once() -> None:
    feed = f"<rss><channel><item>{'<category>a</category>' * 90_000}</item></channel></rss>"
    with pytest.raises(SourceError, match="XML of 90,003 elements, at most 80,000 are read"):
        read_xml(feed)


def test_an_agency_text_of_many_pictures_or_nested_items_is_read_in_proportion() -> None:
    pictures = feeds.NITF.replace("</body.content>", "<media/> word" * 20_000 + "</body.content>")
    nested = 100
    package = (
        f"<NewsML>{'<NewsItem><NewsComponent>' * nested}<DataContent>"
        f"{'<p>The pier is open.</p>' * 2_000}</DataContent>"
        f"{'</NewsComponent></NewsItem>' * nested}</NewsML>"
    )
    start = process_time()
    assert read_xml(pictures)[0]["content_html"].count("word") == 20_000
    assert len(read_xml(package)) == 1  # the innermost: those around it are packages
    assert process_time() - start < 2.0  # seconds; was 8


def test_a_sitemap_is_named_whatever_its_size() -> None:
    with pytest.raises(SourceError, match="a sitemap"):
        read_xml(f"<urlset>{'<url/>' * 90_000}</urlset>")
