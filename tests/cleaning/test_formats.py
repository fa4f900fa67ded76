"""Each format gives its text and its facts; what cannot be read is refused with a reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from rewriter.cleaning import clean
from rewriter.cleaning.formats import html
from rewriter.cleaning.formats.tree import parse
from rewriter.errors import SourceError
from rewriter.items.parts import split
from tests.cleaning.articles import BODY, TITLE, cuts, text
from tests.operations import lines_run

PUBLISHED = datetime(2026, 1, 29, 9, 15, tzinfo=UTC)


# --- choosing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "name", "kind"),
    [
        ("", "a.txt", "text"),
        ("", "a.TXT", "text"),
        ("", "a.md", "markdown"),
        ("", "", "text"),
        ("", "a.news", "text"),
        ("# Title\n", "", "markdown"),
        ("---\ntitle: x\n---\n", "", "markdown"),
        ("---\n# kept\n\ntitle: x\n---\n", "a.txt", "markdown"),
        ("---\n", "a.txt", "text"),
        ("<!DOCTYPE html><body><p>", "", "html"),
        ("<p>", "a.txt", "text"),
        ("<!DOCTYPE html><body><p>", "a.txt", "html"),
        ("<!-- saved -->\n<html><body><p>", "a.md", "html"),
    ],
)
def test_the_name_tells_the_format_and_else_the_text(start: str, name: str, kind: str) -> None:
    assert clean((start + text(TITLE, *BODY)).encode(), name=name).kind == kind


# --- Markdown ----------------------------------------------------------------------------------

FRONT_MATTER = """---
# kept by hand
title: "Ferries: six go electric"
publishedAt: '2026-01-29T09:15:00.000Z'
source:
  name: Harbor Ledger
author: Ruth Adeyemi
lang: en-GB
---
"""


def test_front_matter_gives_the_facts_and_stays_in_the_file() -> None:
    source = clean((FRONT_MATTER + text(*BODY)).encode(), name="a.md")
    assert source.title == "Ferries: six go electric"
    assert (source.published_at, source.lang) == (PUBLISHED, "en")
    assert (source.publisher, source.author) == ("Harbor Ledger", "Ruth Adeyemi")
    assert source.paragraphs == BODY
    assert source.metadata == {}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-29", datetime(2026, 1, 29, tzinfo=UTC)),
        ("2026-01-29 09:15:00", PUBLISHED),
        ("2026-01-29T10:15:00+01:00", PUBLISHED),
        ("yesterday", None),
        ("[1, 2]", None),
    ],
)
def test_front_matter_dates(value: str, expected: datetime | None) -> None:
    source = clean(f"---\ndate: {value}\n---\n{text(*BODY)}".encode(), name="a.md")
    assert source.published_at == expected


def test_keys_with_unexpected_values_are_passed_over() -> None:
    header = "---\ntitle: [a]\nsource: {name: 3}\nlang: false\nauthor:\n---\n"
    source = clean((header + text(f"# {TITLE}", *BODY)).encode(), name="a.md")
    assert (source.title, source.publisher, source.author, source.lang) == (TITLE, None, None, "en")


def test_the_first_heading_is_the_title_of_markdown_without_front_matter() -> None:
    source = clean(text(f"# {TITLE}", *BODY, "## Outlook", *BODY[:1]).encode(), name="a.md")
    assert source.title == TITLE
    assert source.metadata == {"lang": "en"}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_byte_order_mark_and_line_ends_do_not_hide_front_matter(line_end: str) -> None:
    data = b"\xef\xbb\xbf" + (FRONT_MATTER + text(*BODY)).replace("\n", line_end).encode()
    assert clean(data, name="a.md").publisher == "Harbor Ledger"


@pytest.mark.parametrize("header", ["---\ntitle: x\n", "---\ntitle: [\n---\n"])
def test_broken_front_matter_is_refused_with_its_line(header: str) -> None:
    with pytest.raises(SourceError, match=r"front matter .* line \d"):
        clean((header + text(*BODY)).encode(), name="a.md")


# --- HTML --------------------------------------------------------------------------------------


def _page(article: str, head: str = "") -> bytes:
    return f"""<!doctype html><html lang="en"><head><title>{TITLE} | Harbor Ledger</title>
<meta property="og:site_name" content="Harbor Ledger">
<meta property="article:published_time" content="2026-01-29T10:15:00+01:00">
<meta name="author" content="Ruth Adeyemi">
<meta property="og:image" content="https://ledger.example/ship.jpg">
<link rel="canonical" href="https://ledger.example/ferries">{head}</head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<div id="cookie-consent">We use cookies to count our readers.</div>
<article><h1>{TITLE}</h1>{article}</article>
<aside><h3>Related stories</h3><a href="/1">The lighthouse went dark</a></aside>
<footer>© 2026 Harbor Ledger</footer></body></html>""".encode()


PROSE = "".join(f"<p>{line}</p>" for line in BODY)


def test_html_gives_the_article_and_its_facts() -> None:
    source = clean(_page(PROSE + "<h2>Outlook</h2><ul><li>One ship</li><li>Two ships</li></ul>"))
    assert source.kind == "html"
    assert source.title == TITLE
    assert source.paragraphs == (*BODY, "## Outlook", "- One ship", "- Two ships")
    assert (source.publisher, source.author, source.lang) == ("Harbor Ledger", "Ruth Adeyemi", "en")
    assert (source.published_at, source.url) == (PUBLISHED, "https://ledger.example/ferries")
    assert source.metadata == {
        "publishedAt": "2026-01-29T09:15:00.000Z",
        "lang": "en",
        "source": {"name": "Harbor Ledger"},
    }
    assert source.image == "https://ledger.example/ship.jpg"


def test_html_outside_the_article_is_cut_and_not_lost() -> None:
    outside = cuts(clean(_page(PROSE)))["outside-article"]
    for piece in ("Home News", "We use cookies", "lighthouse went dark", "© 2026 Harbor Ledger"):
        assert piece in outside


def test_html_inline_markup_joins_and_blocks_do_not() -> None:
    article = (
        PROSE + "<p>The <b>first</b>&nbsp;<a href='/x'>hull</a>,<br>he&shy;said, is <i>cut</i>.</p>"
    )
    assert clean(_page(article)).paragraphs[-1] in (
        "The first hull, hesaid, is cut.",
        "hesaid, is cut.",
    )


def test_a_year_in_the_footer_is_no_date() -> None:
    page = f"<html><body><article>{PROSE * 2}</article><footer>© 2024 Ledger</footer></body></html>"
    assert clean(page.encode()).published_at is None


def test_html_too_short_for_the_extractor_keeps_its_text() -> None:
    source = clean(b"<html><body><p>Ships were ordered.</p></body></html>", name="a.html")
    assert "Ships were ordered." in source.paragraphs


@pytest.mark.parametrize("page", ["<html></html>", "<script>x</script>", "<", "<div>" * 500])
def test_html_without_an_article_is_refused(page: str) -> None:
    with pytest.raises(SourceError):
        clean(page.encode(), name="a.html")


# --- news items --------------------------------------------------------------------------------

ITEM: dict[str, Any] = {
    "ID": 58210447,
    "TITLE": "Ferries &amp; harbors: six go electric",
    "BODY": "\n\n".join(BODY),
    "PUBLISHED_ON": 1769678100,
    "UPDATED_ON": None,
    "URL": "https://ledger.example/ferries",
    "IMAGE_URL": "https://ledger.example/ship.jpg",
    "AUTHORS": "Ruth Adeyemi",
    "LANG": "EN",
    "KEYWORDS": "FERRY|Ships|market",
    "SENTIMENT": "POSITIVE",
    "SCORE": 0,
    "SOURCE_DATA": {"NAME": "Harbor Ledger", "SOURCE_KEY": "harborledger", "SOURCE_TYPE": "RSS"},
    "CATEGORY_DATA": [{"NAME": "MARKET", "CATEGORY": "MARKET"}, {"CATEGORY": "FERRY"}],
    "UPVOTES": 3,
}


def _item(**changes: object) -> bytes:
    return json.dumps(ITEM | changes).encode()


@pytest.mark.parametrize("wrap", [_item(), b'{"Data": [' + _item() + b"]}", b"[" + _item() + b"]"])
def test_a_news_item_gives_its_facts_as_front_matter(wrap: bytes) -> None:
    source = clean(wrap, name="item.json")
    assert source.kind == "json"
    assert source.title == "Ferries & harbors: six go electric"
    assert source.paragraphs == BODY
    assert source.published_at == PUBLISHED
    assert source.metadata == {
        "publishedAt": "2026-01-29T09:15:00.000Z",
        "lang": "en",
        "externalId": "58210447",
        "source": {"name": "Harbor Ledger", "key": "harborledger", "type": "RSS"},
        "category": "MARKET",
        "tags": ["MARKET", "FERRY", "Ships"],
        "sentiment": "POSITIVE",
        "score": 0,
        "coverImage": {"raw": "https://ledger.example/ship.jpg"},
    }


def test_a_bare_news_item_says_only_what_it_knows() -> None:
    source = clean(json.dumps({"BODY": "\n".join(BODY)}).encode(), name="item.json")
    assert source.metadata == {"lang": "en"}
    assert source.title_derived


def test_a_news_body_may_be_html_and_is_all_article() -> None:
    body = f"<h2>Outlook</h2><p>{BODY[0]}</p><ul><li>Six &#8220;ships&#8221;</li></ul>"
    assert clean(_item(BODY=body)).paragraphs == ("## Outlook", BODY[0], "- Six “ships”")


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x0c"])
def test_a_line_separator_in_a_news_body_is_a_line_end(separator: str) -> None:
    body = f"The line ordered six ferries.{separator}A yard in Turku builds all of them."
    item = json.dumps({"TITLE": "Ferries ordered", "BODY": body}, ensure_ascii=False)
    assert len(clean(item.encode(), name="a.json").paragraphs) == 2


def test_half_a_surrogate_pair_does_not_survive() -> None:
    source = clean(_item(TITLE="Six \ud83d ships", BODY="\n".join(BODY) + "\udc00\u0000"))
    source.model_dump_json()
    assert source.title == "Six \ufffd ships"


@pytest.mark.parametrize("when", [1769678100000, "1769678100", "Thu, 29 Jan 2026 10:15:00 +0100"])
def test_a_news_item_gives_its_time_in_any_usual_form(when: object) -> None:
    assert clean(_item(PUBLISHED_ON=when)).published_at == PUBLISHED


def test_an_article_that_a_news_api_has_withdrawn_is_held() -> None:
    gone = dict.fromkeys(("title", "description", "content"), "[Removed]")
    gone["url"] = "https://removed.com"
    (defect,) = clean(json.dumps(gone).encode()).defects
    assert defect.message == "the news API has withdrawn the article"
    whole = {"title": "Ferries", "content": "Six ferries are on order.", "url": "https://a.example"}
    answer = {"articles": [gone, whole]}
    assert len(split(json.dumps(answer).encode())) == 2


def test_a_time_that_cannot_be_read_is_noted() -> None:
    source = clean(_item(PUBLISHED_ON="soon"))
    assert source.published_at is None
    assert any("“soon”" in note for note in source.notes)


@pytest.mark.parametrize("body", [None, "", {"a": 3}, "ONLY AVAILABLE IN PAID PLANS"])
def test_a_news_item_without_a_body_is_held(body: object) -> None:
    source = clean(_item(BODY=body))
    assert [defect.code for defect in source.defects] == ["S121"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "line 1, column 2"),
        (b"[]", "empty list"),
        (
            b"[" + _item() + b"," + _item(ID=7) + b"]",
            "2 articles.*FILE#ferries-harbors",
        ),
        (b'{"Data": {}}', "keys .Data.; needed is .*body.*title"),
        (b"3", "no object with an article; needed is"),
        (b'["a"]', "no object with an article; needed is"),
        (b'{"BODY": ' + b"9" * 5000 + b"}", "nested too deeply or holds too long a number"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_news_item_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        clean(data, name="item.json")


@pytest.mark.parametrize(
    "before",
    [
        "",
        "<!-- saved from url=(0014)about:internet -->\n",
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        '\ufeff<?xml version="1.0"?>\n<!-- a template --> <!-- its end -->\n',
    ],
)
@pytest.mark.parametrize("root", ["<!DOCTYPE html><html>", "<html lang='en'>", "<div>"])
def test_a_page_is_known_by_its_content_whatever_stands_before_it(before: str, root: str) -> None:
    text = "<p>The council kept the ferry fare at 2.40 euros, and the boats run as before.</p>"
    source = clean(f"{before}{root}{text}".encode(), name="-")
    assert source.kind == "html"
    assert source.paragraphs == (text[3:-4],)


def test_a_post_that_the_article_shows_is_kept() -> None:
    post = (
        '<div class="social-media-embed"><blockquote class="twitter-tweet"><p>The night boat is '
        'full, and people sleep on deck.</p>— Ada Brook (@adabrook) <a href="https://t.example/1">'
        "29 January 2026</a></blockquote></div>"
    )
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    source = clean(_page(f"<h1>{TITLE}</h1>{paragraphs}{post}{paragraphs}"), name="a.html")
    assert any("people sleep on deck" in paragraph for paragraph in source.paragraphs)


def test_many_posts_in_many_boxes_are_shown_in_one_pass() -> None:
    def work(posts: int) -> int:
        page = "<div>" * posts + '<blockquote class="twitter-tweet"></blockquote>' * posts
        tree = parse(page)
        lines = lines_run(lambda: html._show_posts(tree))
        assert not tree.xpath("//*[@class]")
        return lines

    assert work(400) < 2.5 * work(200)
