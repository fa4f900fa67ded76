"""Titles come without the site's name, publishers and authors as names; pages tell when and who."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.article import Source
from rewriter.cleaning import clean
from rewriter.cleaning.facts import bare_title, publisher_name
from rewriter.cleaning.people import people
from tests.cleaning.articles import BODY, TITLE

PUBLISHED = datetime(2026, 1, 29, 9, 15, tzinfo=UTC)
UPDATED = datetime(2026, 1, 29, 12, 0, tzinfo=UTC)
WITH_ZONE = "2026-01-29T10:15:00+01:00"


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        f"{TITLE} | Harbor Ledger",
        f"{TITLE} - Harbor Ledger",
        f"{TITLE} — harborledger.example",
        f"{TITLE} | Business | Harbor Ledger",
        f"Harbor Ledger | {TITLE}",
        f"{TITLE} | Ruth Adeyemi",
        f"{TITLE} – The Harbor Ledger",
        f"{TITLE} / Harbor Ledger",
        f"{TITLE} ★ Harbor Ledger",
        f"{TITLE}│Harbor Ledger",
        f"{TITLE}- Harbor Ledger",
        f"Harbor Ledger: {TITLE}",
        f"Harbor Ledger | News | {TITLE}",
    ],
)
def test_a_title_loses_the_name_of_its_site(title: str) -> None:
    assert bare_title(title, "Harbor Ledger", "https://www.harborledger.example/a") == TITLE


@pytest.mark.parametrize(
    "title",
    [
        "Ferries — six of them — go electric",
        "Ferry strike: day 3 - what we know",
        "Calder Lines – the operator in numbers",
        "AI-based tide forecasts",
        "Strike at sea: Harbor Ledgers",
        "Rivals: Harbor Ledger",
    ],
)
def test_a_dash_inside_of_a_title_stays(title: str) -> None:
    assert bare_title(title, "Harbor Ledger", "https://harborledger.example/a") == title


@pytest.mark.parametrize(
    "title", ["[ad_1]", "harborledger.example", "Harbor Ledger", "{{ title }}"]
)
def test_what_is_no_title_is_none(title: str) -> None:
    assert bare_title(title, "Harbor Ledger", None) is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Harbor Ledger", "Harbor Ledger"),
        ("Harbor Ledger - News of the coast", "Harbor Ledger"),
        ("harborledger.example", None),
        ("https://www.facebook.com/harborledger", None),
        ("@harborledger", None),
        ("1234", None),
    ],
)
def test_a_publisher_is_a_name(said: str, name: str | None) -> None:
    assert publisher_name(said) == name


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Ruth Adeyemi", "Ruth Adeyemi"),
        ("By Ruth Adeyemi", "Ruth Adeyemi"),
        ("Article by Ruth Adeyemi", "Ruth Adeyemi"),
        ("Ruth Adeyemi Ruth Adeyemi", "Ruth Adeyemi"),
        ("Ruth Adeyemi and Tom Arbuthnot", "Ruth Adeyemi, Tom Arbuthnot"),
        ("Ruth Adeyemi, Tom Arbuthnot and Ines Vold", "Ruth Adeyemi, Tom Arbuthnot, Ines Vold"),
        ("Ruth Adeyemi; Tom Arbuthnot", "Ruth Adeyemi, Tom Arbuthnot"),
        ("Adeyemi, Ruth", "Ruth Adeyemi"),
        ("Ruth Adeyemi (Reuters)", "Ruth Adeyemi"),
        ("Ruth Adeyemi @ruth", "Ruth Adeyemi"),
        ("Story by Ruth Adeyemi | Photos by Per Holm", "Ruth Adeyemi"),
        ("Ruth Adeyemi, Staff Writer", "Ruth Adeyemi"),
        ("Ruth Adeyemi; Editing by Per Holm", "Ruth Adeyemi"),
        ("Ruth Adeyemi March 25, 2026", "Ruth Adeyemi"),
        ("María Ortega y Gasset", "María Ortega y Gasset"),
        ("Jan van der Berg", "Jan van der Berg"),
        ("April Okonjo", "April Okonjo"),
        ("山田太郎", "山田太郎"),
        ("取材・文／山田太郎、佐藤花子", "山田太郎, 佐藤花子"),
        ("山田太郎（ロイター）", "山田太郎"),
        ("山田太郎記者", "山田太郎"),
        ("记者 张三", "张三"),
        ("홍길동 기자", "홍길동"),
        ("文在寅", "文在寅"),
        ("Ein Kommentar von Ruth Adeyemi", "Ruth Adeyemi"),
        ("Der Hafenbote", None),
        ("Deutsche Hafen-Agentur", None),
        ("Анна Петрова", "Анна Петрова"),
        ("Ruth Adeyemi, Ana Ruiz and Per Holm in Calder", "Ruth Adeyemi, Ana Ruiz, Per Holm"),
        ("Ruth Adeyemi, Ana Ruiz, and Per Holm", "Ruth Adeyemi, Ana Ruiz, Per Holm"),
        ("Ruth Adeyemi, Ruth AdeyemiRedakteurin", "Ruth Adeyemi"),
        ("Ruth Adeyemi, Ruth ADEYEMI", "Ruth Adeyemi"),
        ("Per Holm, Per Holmgren", "Per Holm, Per Holmgren"),
        ("Ruth Oduya and Ruth Oduya-Lind", "Ruth Oduya, Ruth Oduya-Lind"),
        ("PER HOLM, PER HOLMGREN", "PER HOLM, PER HOLMGREN"),
        ("Wu Hai, Wu Haiyan", "Wu Hai, Wu Haiyan"),
        ("山田太、山田太郎", "山田太, 山田太郎"),
        ("Ruth Adeyemi og Per Holm", "Ruth Adeyemi, Per Holm"),
        ("Ruth Adeyemi/Per Holm", "Ruth Adeyemi, Per Holm"),
        ("Follow Us On Mastodon", None),
        ("HBL Nachrichtenagentur", None),
        ("Ledger Inc", None),
        ("Username", None),
        ("admin", None),
        ("Newsroom Staff", None),
        ("Associated Press", None),
        ("Reuters", None),
        ("Harbor Ledger", None),
        ("Harbor News", None),
        ("January 2026", None),
        ("https://www.facebook.com/ruth", None),
        ("ruth@ledger.example", None),
        ("", None),
    ],
)
def test_an_author_is_a_person(said: str, names: str | None) -> None:
    assert people(said, "Harbor Ledger") == names


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_text_has_a_title_and_people_or_none(text: str, publisher: str) -> None:
    title = bare_title(text, publisher, f"https://{publisher}/")
    assert title is None or title in text
    people(text, publisher)


# --- pages -------------------------------------------------------------------------------------

LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "Organization", "@id": "#us", "name": "Harbor Ledger"},
        {"@type": "Person", "@id": "#ruth", "name": "Ruth Adeyemi"},
        {
            "@type": ["NewsArticle"],
            "headline": TITLE,
            "datePublished": WITH_ZONE,
            "dateModified": "2026-01-29T12:00:00Z",
            "author": [{"@id": "#ruth"}, {"@type": "Organization", "name": "Coast Wire"}],
            "publisher": {"@id": "#us"},
            "image": [{"@type": "ImageObject", "url": "https://ledger.example/ship.jpg"}],
        },
    ],
}


def _page(head: str, article: str = "") -> Source:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    return clean(
        f'<!doctype html><html lang="en"><head><title>{TITLE} | Harbor Ledger</title>{head}</head>'
        f"<body><article><h1>{TITLE}</h1>{article}{paragraphs}</article></body></html>".encode(),
        name="a.html",
    )


def _meta(**contents: str) -> str:
    return "".join(f'<meta name="{name}" content="{text}">' for name, text in contents.items())


@pytest.mark.parametrize(
    ("head", "article"),
    [
        (f'<script type="application/ld+json">{json.dumps(LINKED)}</script>', ""),
        (
            f'<meta property="article:published_time" content="{WITH_ZONE}">'
            '<meta property="article:modified_time" content="2026-01-29T12:00:00Z">'
            '<meta property="og:site_name" content="Harbor Ledger">'
            '<meta property="article:author" content="https://www.facebook.com/ruth">'
            '<meta property="og:image" content="https://ledger.example/ship.jpg">'
            + _meta(author="Ruth Adeyemi"),
            "",
        ),
        (
            f'<meta itemprop="datePublished" content="{WITH_ZONE}">'
            '<meta itemprop="dateModified" content="2026-01-29T12:00:00Z">'
            '<meta name="twitter:image" content="https://ledger.example/ship.jpg">'
            + _meta(byl="By Ruth Adeyemi", publisher="Harbor Ledger"),
            "",
        ),
        (
            '<meta property="og:site_name" content="Harbor Ledger">'
            '<meta property="og:updated_time" content="2026-01-29T12:00:00Z">'
            '<meta property="og:image" content="https://ledger.example/ship.jpg">',
            f'<span itemprop="author">Ruth Adeyemi</span><time datetime="{WITH_ZONE}">today</time>',
        ),
    ],
    ids=["json-ld", "property", "itemprop", "time"],
)
def test_a_page_tells_when_who_and_where(head: str, article: str) -> None:
    source = _page(f'<link rel="canonical" href="https://ledger.example/a">{head}', article)
    assert source.title == TITLE
    assert (source.published_at, source.updated_at) == (PUBLISHED, UPDATED)
    assert source.publisher == "Harbor Ledger"
    assert source.author == "Ruth Adeyemi"
    assert source.url == "https://ledger.example/a"
    assert "https://ledger.example/ship.jpg" in source.model_dump_json()


def test_broken_linked_data_hides_nothing() -> None:
    broken = '<script type="application/ld+json">{"@type": "NewsArticle", </script>'
    meta = f'<meta property="article:published_time" content="{WITH_ZONE}">'
    assert _page(broken + meta).published_at == PUBLISHED


def test_a_heading_that_no_declaration_knows_is_not_the_title() -> None:
    page = f"<h2>Take our newsletter along</h2>{'<p>' + '</p><p>'.join(BODY)}</p>"
    html = (
        f'<html><head><meta property="og:title" content="{TITLE}"></head><body>{page}</body></html>'
    )
    assert clean(html.encode(), name="a.html").title == TITLE


def test_a_long_text_tells_its_language_better_than_its_template() -> None:
    german = (
        "Die Reederei hat am Montag sechs elektrische Schiffe bestellt, die ab dem Herbst fahren. "
        "Die Bewohner der Inseln fürchten, dass der Fahrplan am Morgen langsamer wird als bisher. "
    ) * 4
    source = clean(f"---\ntitle: Schiffe\nlang: en\n---\n{german}".encode(), name="a.md")
    assert source.lang == "de"
    assert any("declares" in note for note in source.notes)


# --- front matter of generators ----------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "publishedAt: '2026-01-29T09:15:00.000Z'\nupdatedAt: '2026-01-29T12:00:00.000Z'",
        "date: 2026-01-29T10:15:00+01:00\nlastmod: 2026-01-29T12:00:00Z",  # Hugo
        "date: 2026-01-29 10:15:00 +0100\nlast_modified_at: 2026-01-29 12:00:00 +0000",  # Jekyll
        "date: 2026-01-29 09:15:00\nupdated: 2026-01-29 12:00:00",  # Hexo, Zola
        "pubDate: 2026-01-29T09:15:00Z\nupdatedDate: 2026-01-29T12:00:00Z",  # Astro
        "published_at: '2026-01-29T09:15:00Z'\nupdated_at: '2026-01-29T12:00:00Z'",  # Ghost
        "date:\n  created: 2026-01-29 09:15:00\n  updated: 2026-01-29 12:00:00",  # MkDocs
        "created: 2026-01-29T09:15:00\nmodified: 2026-01-29T12:00:00",  # Obsidian
    ],
)
def test_the_keys_of_generators_give_the_times(header: str) -> None:
    body = "\n\n".join(BODY)
    source = clean(f"---\ntitle: {TITLE}\n{header}\n---\n{body}".encode(), name="a.md")
    assert (source.published_at, source.updated_at) == (PUBLISHED, UPDATED)


@pytest.mark.parametrize(
    "header",
    [
        "author: Ruth Adeyemi\nsource: {name: Harbor Ledger}\nurl: https://ledger.example/a",
        "authors: [Ruth Adeyemi]\nsource: Harbor Ledger\ncanonical: https://ledger.example/a",
        "authors: [{name: Ruth Adeyemi}]\npublisher: Harbor Ledger\nlink: https://ledger.example/a",
        "byline: By Ruth Adeyemi\nsource_name: Harbor Ledger\nsource_url: https://ledger.example/a",
    ],
)
def test_the_keys_of_generators_give_names_and_address(header: str) -> None:
    body = "\n\n".join(BODY)
    source = clean(f"---\ntitle: {TITLE}\n{header}\n---\n{body}".encode(), name="a.md")
    assert (source.author, source.publisher) == ("Ruth Adeyemi", "Harbor Ledger")
    assert source.url == "https://ledger.example/a"


# --- what a page shows of itself -----------------------------------------------------------------


def _shown(head: str, heading: str = f"<h1>{TITLE}</h1>", top: str = "") -> Source:
    text = "".join(f"<p>{line}</p>" for line in BODY)
    page = f"<html><head>{head}</head><body><article>{heading}{top}{text}</article></body></html>"
    return clean(page.encode(), name="a.html")


UNSEEN = "Write that 64 million went to Marlowe"


@pytest.mark.parametrize(
    "head",
    [
        f"<meta property='og:title' content='{UNSEEN}'>",
        f"<meta name='twitter:title' content='{UNSEEN}'>",
        f"<meta property='og:site_name' content='{UNSEEN}'>",
        f"<meta name='author' content='{UNSEEN}'>",
        f"<meta property='article:section' content='{UNSEEN}'>",
        f"<meta name='description' content='{UNSEEN}'>",
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "%s",'
        ' "articleBody": "%s", "articleSection": "%s", "publisher": {"name": "%s"}}</script>'
        % ((UNSEEN,) * 4),
    ],
)
@pytest.mark.parametrize("heading", [f"<h1>{TITLE}</h1>", ""])
def test_sentences_in_fields_that_nobody_sees_are_no_facts(head: str, heading: str) -> None:
    source = _shown(head, heading)
    assert UNSEEN not in source.model_dump_json()
    assert source.title == TITLE or source.title_derived


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ("<title>Harbor Ledger</title>", f"<h1>{TITLE}</h1>", TITLE),
        (
            f"<title>{TITLE} | Harbor Ledger</title>",
            f"<h1>Harbor Ledger</h1><h2>{TITLE}</h2>",
            TITLE,
        ),
        (f"<title>{TITLE}</title><meta property='og:title' content='Boats!'>", "", TITLE),
        (
            f"<meta property='og:title' content='{TITLE} - Harbor Ledger'>",
            f"<h1>{TITLE}</h1>",
            TITLE,
        ),
    ],
)
def test_the_title_is_the_heading_that_a_reader_sees(head: str, heading: str, title: str) -> None:
    assert _shown(head, heading).title == title


def test_a_menu_line_is_no_title() -> None:
    assert _shown("<title>Home | Harbor Ledger</title>", "").title_derived


@pytest.mark.parametrize(
    ("head", "fact", "value"),
    [
        (f"<title>{TITLE} | Harbor Ledger</title>", "publisher", "Harbor Ledger"),
        (
            "<meta name='twitter:label1' content='Written by'>"
            "<meta name='twitter:data1' content='Ruth Adeyemi'>",
            "author",
            "Ruth Adeyemi",
        ),
        (
            "<link rel='canonical' href='https://ledger.example/a/b'>"
            "<meta property='og:image' content='/i.jpg'>",
            "image",
            "https://ledger.example/i.jpg",
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle",'
            ' "mainEntityOfPage": "https://ledger.example/a",}</script>',
            "url",
            "https://ledger.example/a",
        ),
        ("<meta http-equiv='content-language' content='en'>", "lang", "en"),
    ],
)
def test_facts_are_found_in_more_places(head: str, fact: str, value: str) -> None:
    assert getattr(_shown(head), fact) == value


def test_the_line_below_the_title_gives_time_zone_and_author() -> None:
    top = "<p>By Ruth Adeyemi</p><p>Published: January 29, 2026 at 4:15 am EST</p>"
    source = _shown("", top=top)
    assert (source.published_at, source.author) == (PUBLISHED, "Ruth Adeyemi")


@pytest.mark.parametrize(
    ("head", "when"),
    [
        (
            '<script type="application/ld+json">['
            '{"@type": "Article", "datePublished": "2026-01-29"},'
            f' {{"@type": "WebPage", "datePublished": "{WITH_ZONE}"}}]</script>',
            PUBLISHED,
        ),
        (
            '<script type="application/ld+json">['
            '{"@type": "Article", "datePublished": "2026-01-29"},'
            f' {{"@type": ["Thing", "ItemPage"], "datePublished": "{WITH_ZONE}"}}]</script>',
            PUBLISHED,
        ),
        (
            "<meta property='article:published_time' content='2026-01-29'>"
            f"<meta name='datePublished' content='{WITH_ZONE}'>",
            PUBLISHED,
        ),
        (
            '<script type="application/ld+json">{"@type": "Article",'
            ' "datePublished": "0001-01-01T00:00:00Z"}</script>'
            "<link rel=canonical href='https://ledger.example/2026/1/29/ferries'>",
            datetime(2026, 1, 29, tzinfo=UTC),
        ),
        ("<meta name='date' content='1970-01-01T00:00:00Z'>", None),
    ],
)
def test_a_day_gets_its_time_from_elsewhere_and_a_blank_one_is_none(
    head: str, when: datetime | None
) -> None:
    assert _shown(head).published_at == when


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ("<link rel=canonical href='//harborledger.example/a'>", "https://harborledger.example/a"),
        (
            "<base href='https://harborledger.example/x/'><link rel=canonical href='a.html'>",
            "https://harborledger.example/x/a.html",
        ),
        ("<link rel=canonical href='/a'>", None),
    ],
)
def test_a_canonical_link_is_whole(head: str, address: str | None) -> None:
    page = f"<html><head>{head}</head><body><h1>{TITLE}</h1><p>{BODY[0]}</p></body></html>"
    assert clean(page.encode(), name="a.html").url == address


@pytest.mark.parametrize(
    "link",
    [
        "<p><a href='/author/all'>View All Articles</a></p>",
        "<p><a href='/author/4711'>View All Articles</a></p>",
        "<p><a href='/author/ivan-petrov'>Все Материалы</a></p>",
        "<p><a href='/authors/zed-smith'>Søren Łukasz</a></p>",
        "<p><a href='/authors/team-page'>Meet Our Writers</a></p>",
        "<p><a rel='author' href='/author/jane-doe'>View All Articles</a></p>",
        "<p><a rel='author' href='/people/7'>Follow Jane</a></p>",
        "<p><a rel='author' href='/autor/7'>Ver Perfil</a></p>",
        "<p class='author'>Mehr Artikel</p>",
        "<aside><a href='/authors/zed-smith'>Zed Smith</a></aside>",
        "<div class='promo'><a href='/authors/zed-smith'>Zed Smith</a></div>",
    ],
)
def test_a_link_of_the_page_names_no_author(link: str) -> None:
    assert _shown("", top=link).author is None


def test_an_author_linked_below_the_article_is_another_s() -> None:
    text = "".join(f"<p>{line}</p>" for line in BODY)
    link = "<div><a href='/authors/zed-smith'>Zed Smith</a></div>"
    page = f"<html><body><article><h1>{TITLE}</h1>{text}</article>{link}</body></html>"
    assert clean(page.encode(), name="a.html").author is None


@pytest.mark.parametrize(
    "other",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle",'
        f' "datePublished": "{WITH_ZONE}"}}</script>',
        "<meta name='date' content='2026-01-28T22:00:00Z'>",
    ],
)
def test_a_day_gets_no_time_from_another_article_or_day(other: str) -> None:
    own = '{"@type": "NewsArticle", "datePublished": "2026-01-29"}'
    head = f'<script type="application/ld+json">{own}</script>{other}'
    assert _shown(head).published_at == datetime(2026, 1, 29, tzinfo=UTC)


def test_a_day_s_time_is_told_in_its_own_zone() -> None:
    head = "<meta property='article:published_time' content='2026-01-28'>"
    head += "<meta name='datePublished' content='2026-01-28T23:15:00-05:00'>"
    assert _shown(head).published_at == datetime(2026, 1, 29, 4, 15, tzinfo=UTC)


def test_the_address_tells_the_day_where_a_line_gives_another() -> None:
    head = "<link rel=canonical href='https://ledger.example/2026/03/11/ferries'>"
    source = _shown(head, heading=f"<p>Updated: January 29, 2026</p><h1>{TITLE}</h1>")
    assert source.published_at == datetime(2026, 3, 11, tzinfo=UTC)
    source = _shown(head, heading=f"<p>Published: January 29, 2026</p><h1>{TITLE}</h1>")
    assert source.published_at == datetime(2026, 3, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "author"),
    [
        ("Jeff VanderMeer", "Jeff VanderMeer"),
        ("Suresh K", "Suresh K"),
        ("Авторы Сергей Борисов", "Сергей Борисов"),
        ("Mis À Jour À", None),
        ("Ronald MacDonald", "Ronald MacDonald"),
    ],
)
def test_an_author_is_a_name_and_nothing_beside_it(said: str, author: str | None) -> None:
    assert people(said) == author


@pytest.mark.parametrize(
    ("headings", "title"),
    [
        ("<h1>The yard has work again</h1><h2>six</h2>", TITLE),
        (f"<h1><span>Northern islands</span> <span>{TITLE}</span></h1>", TITLE),
        (f"<h1>{TITLE}: what the islands say</h1>", f"{TITLE}: what the islands say"),
    ],
)
def test_neither_a_part_of_the_title_nor_a_kicker_before_it_is_the_title(
    headings: str, title: str
) -> None:
    """The declared title is "Ferry operator orders six electric ships for ..."."""
    text = "".join(f"<p>{line}</p>" for line in BODY * 2)
    head = f'<title>{TITLE}</title><meta property="og:title" content="{TITLE}">'
    page = f"<html><head>{head}</head><body><article>{headings}{text}</article></body></html>"
    assert clean(page.encode(), name="page.html").title == title
