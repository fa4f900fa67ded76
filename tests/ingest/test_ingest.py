"""Sources on the loopback and on disk become raw articles, politely and each story once."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from rewriter import frontmatter
from rewriter.cleaning import clean
from rewriter.cli.ingest import command
from rewriter.errors import FileError
from rewriter.files import atomic
from rewriter.ingest.fetching import Politeness
from rewriter.ingest.ingesting import IngestPlan, ingest
from rewriter.ingest.sources import Ingested
from tests.cleaning.articles import BODY, TITLE
from tests.ingest.site import Site, site
from tests.items import feeds, shapes

TRAMS = (
    "The tram company Larn Transit opened the harbour line on Tuesday after two years of work.",
    "The line has nine stops and ends at the old customs house, where a depot is planned.",
    "Mayor Ines Vold said that the fare would stay at 2.40 crowns until the end of the year.",
    "Shopkeepers in Quay Street had asked for a tenth stop, which the council refused in May.",
    "The company counts on 14,000 passengers a day and runs a tram every eight minutes.",
)


def page(title: str, *paragraphs: str, head: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    )


@pytest.fixture
def served() -> Iterator[Site]:
    with site() as one:
        yield one


async def _ingest(out: Path, *sources: str, **options: object) -> list[Ingested]:
    politeness = Politeness(pause=0.0, timeout=5.0, private=True)
    plan = IngestPlan(out, politeness=politeness, **options)  # type: ignore[arg-type] # tests vary some
    return [one async for one in ingest(sources, plan)]


def _statuses(told: list[Ingested]) -> list[str]:
    return [one.status for one in told]


# --- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", feeds.FEEDS)
async def test_a_feed_on_disk_becomes_a_raw_article(kind: str, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(feeds.FEEDS[kind])
    (told,) = await _ingest(tmp_path / "raw", str(tmp_path / "feed.xml"))
    assert told.status == "written"
    data = (tmp_path / "raw" / told.file).read_bytes()
    header = frontmatter.read(data).metadata
    assert header["title"] == TITLE
    assert header["publishedAt"] == "2026-01-29T09:15:00.000Z"
    assert header["source"]["name"] == "Harbor Ledger"
    assert header["lang"] == "en"
    source = clean(data, name=told.file)
    assert source.paragraphs[0] == BODY[0]
    assert (source.author, source.defects) == ("Ruth Adeyemi", ())


async def test_a_folder_gives_each_story_once_and_a_second_run_nothing(tmp_path: Path) -> None:
    content = tmp_path / "in"
    content.mkdir()
    (content / "feed.xml").write_text(feeds.TWO)
    (content / "news.json").write_bytes(shapes.as_json(shapes.WHOLE["guardian"]))
    (content / "trams.txt").write_text("Tram line opens in Larn\n\n" + "\n\n".join(TRAMS))
    told = await _ingest(tmp_path / "raw", str(content))
    assert sorted(_statuses(told)) == ["duplicate", "duplicate", "written", "written"]
    likenesses = [one.likeness for one in told if one.status == "duplicate"]
    assert all(likeness is not None and likeness >= 0.9 for likeness in likenesses)
    again = await _ingest(tmp_path / "raw", str(content))
    assert _statuses(again) == ["known"] * 4
    assert len(list((tmp_path / "raw").glob("*.md"))) == 2


async def test_an_excerpt_and_an_error_are_told_and_not_written(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(shapes.as_json(shapes.EXCERPTS["newsapi"]))
    (tmp_path / "b.json").write_bytes(shapes.as_json(shapes.ERRORS["newsapi"][0]))
    told = await _ingest(tmp_path / "raw", str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert {one.status: one.reason.split(":")[0] for one in told} == {
        "held": "the text is cut off",
        "failed": "the news API answered with an error and no article",
    }
    assert not list((tmp_path / "raw").glob("*.md"))


async def test_of_near_duplicates_the_longer_is_kept(tmp_path: Path) -> None:
    longer = (*BODY, "The yard has built ships since 1911 and employs 800 people in two halls.")
    items = [
        {"id": 1, "title": TITLE, "body": "\n\n".join(BODY), "url": "https://a.example/1"},
        {"id": 2, "title": "Six ships", "body": "\n\n".join(longer), "url": "https://b.example/2"},
        {"id": 3, "title": "Trams", "body": "\n\n".join(TRAMS), "url": "https://b.example/3"},
    ]
    (tmp_path / "news.json").write_text(json.dumps(items))
    told = await _ingest(tmp_path / "raw", str(tmp_path / "news.json"))
    written = {one.title for one in told if one.status == "written"}
    assert written == {"Six ships", "Trams"}
    shutil.rmtree(tmp_path / "raw")
    both = await _ingest(tmp_path / "raw", str(tmp_path / "news.json"), duplicates=True)
    assert _statuses(both) == ["written"] * 3


async def test_where_the_best_version_cannot_be_written_the_next_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    longer = (*BODY, "The yard has built ships since 1911 and employs 800 people in two halls.")
    items = [
        {"id": 1, "title": TITLE, "body": "\n\n".join(BODY), "url": "https://a.example/1"},
        {"id": 2, "title": "Six ships", "body": "\n\n".join(longer), "url": "https://b.example/2"},
    ]
    (tmp_path / "news.json").write_text(json.dumps(items))
    create = atomic.create

    def refusing(path: Path, data: bytes) -> None:
        if path.name.startswith("six-ships"):
            raise FileError(f"{path}: no room")
        create(path, data)

    monkeypatch.setattr(atomic, "create", refusing)
    told = await _ingest(tmp_path / "raw", str(tmp_path / "news.json"))
    assert [(one.title, one.status) for one in told] == [
        (TITLE, "written"),
        ("Six ships", "failed"),
    ]


async def test_a_story_is_compared_with_the_version_that_is_kept(tmp_path: Path) -> None:
    """The second is much like both others, which have a third of their sentences in common."""
    sentences = [
        f"In week {week} the {yard} yard {deed} a ferry for the {line} line, said its director."
        for week, yard, deed, line in (
            *((1, "northern", "launched", "island"), (2, "old", "sold", "coastal")),
            *((3, "new", "repaired", "river"), (4, "eastern", "painted", "harbour")),
            *((5, "great", "scrapped", "lake"), (6, "small", "chartered", "canal")),
        )
    ]
    bodies = [sentences[:4], sentences[1:5], sentences[2:]]
    items = [
        {"id": n, "title": f"Story {n}", "body": "\n\n".join(body), "url": f"https://a.example/{n}"}
        for n, body in enumerate(bodies)
    ]
    (tmp_path / "news.json").write_text(json.dumps(items))
    told = await _ingest(tmp_path / "raw", str(tmp_path / "news.json"))
    assert all(one.likeness >= 0.5 for one in told if one.likeness is not None)
    assert len([one for one in told if one.status == "written"]) == 2


# --- the network -------------------------------------------------------------------------------


async def test_a_feed_of_excerpts_is_completed_from_its_pages(served: Site, tmp_path: Path) -> None:
    served.pages["/feed"] = feeds.EXCERPT.replace(shapes.URL, "{site}/ferries")
    served.pages["/ferries"] = page("Another title", *BODY)
    (told,) = await _ingest(tmp_path, f"{served.url}/feed")
    assert (told.status, told.title) == ("written", TITLE)
    source = clean((tmp_path / told.file).read_bytes(), name="a.md")
    assert source.paragraphs == BODY
    assert source.author == "Ruth Adeyemi"
    assert source.url == f"{served.url}/ferries"


async def test_no_proxy_of_the_environment_is_asked(
    served: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would resolve names by itself, private ones too."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    served.pages["/feed"] = feeds.RSS
    assert _statuses(await _ingest(tmp_path, f"{served.url}/feed")) == ["written"]


async def test_an_unchanged_feed_is_not_sent_again(served: Site, tmp_path: Path) -> None:
    served.pages["/feed"] = feeds.RSS
    await _ingest(tmp_path, f"{served.url}/feed")
    assert await _ingest(tmp_path, f"{served.url}/feed") == []
    assert [bool(condition) for path, condition in served.asked if path == "/feed"] == [False, True]


async def test_what_failed_is_asked_for_again(served: Site, tmp_path: Path) -> None:
    served.pages["/feed"] = feeds.EXCERPT.replace(shapes.URL, "{site}/ferries")
    served.pages["/ferries"] = 503
    assert _statuses(await _ingest(tmp_path, f"{served.url}/feed")) == ["failed"]
    served.pages["/ferries"] = page("Another title", *BODY)
    assert _statuses(await _ingest(tmp_path, f"{served.url}/feed")) == ["written"]


async def test_a_folder_of_raw_articles_is_no_source_of_itself(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(feeds.RSS)
    for statuses in (["written"], ["known"]):
        assert _statuses(await _ingest(tmp_path / "raw", str(tmp_path))) == statuses


async def test_a_line_of_a_list_that_is_no_url_is_refused_by_its_number(
    served: Site, tmp_path: Path
) -> None:
    served.pages["/ferries"] = page(TITLE, *BODY)
    (tmp_path / "list.txt").write_text(f"# today\nharbour pages\n{served.url}/ferries\n")
    told = await _ingest(tmp_path / "raw", str(tmp_path / "list.txt"))
    assert sorted(_statuses(told)) == ["failed", "written"]
    failed = next(one for one in told if one.status == "failed")
    assert failed.place.endswith("list.txt:2")
    assert failed.reason == "not a URL: harbour pages"


async def test_a_page_of_links_is_no_article_and_no_campaign_is_kept(
    served: Site, tmp_path: Path
) -> None:
    places = ("/", "/ferries?utm_source=rss&amp;page=2&amp;fbclid=x")
    entries = "".join(f"<url><loc>{{site}}{place}</loc></url>" for place in places)
    served.pages["/news.xml"] = f"<urlset>{entries}</urlset>"
    served.pages["/"] = page("Bakery", '<a href="/ferries">Ferries</a>')
    served.pages["/ferries?utm_source=rss&page=2&fbclid=x"] = page(TITLE, *BODY)
    told = {one.status: one for one in await _ingest(tmp_path / "a", f"{served.url}/news.xml")}
    assert sorted(told) == ["held", "written"]
    assert told["held"].reason.startswith("no article: ")
    header = frontmatter.read((tmp_path / "a" / told["written"].file).read_bytes()).metadata
    assert header["source"]["url"] == f"{served.url}/ferries?page=2"


async def test_a_sitemap_and_a_list_give_their_pages(served: Site, tmp_path: Path) -> None:
    entry = "<url><loc>{{site}}{}</loc><lastmod>{}</lastmod></url>"
    pages = entry.format("/ferries", "2026-01-29") + entry.format("/trams", "2026-01-30")
    served.pages["/news.xml"] = f"<urlset>{pages}</urlset>"
    index = "<sitemapindex><sitemap><loc>{site}/news.xml</loc></sitemap></sitemapindex>"
    served.pages["/sitemap.xml.gz"] = gzip.compress(index.replace("{site}", served.url).encode())
    served.pages["/ferries"] = page(TITLE, *BODY)
    served.pages["/trams"] = page("Tram line opens", *TRAMS)
    told = await _ingest(tmp_path / "a", f"{served.url}/sitemap.xml.gz")
    assert [one.title for one in told] == ["Tram line opens", TITLE]
    served.pages["/cut.xml"] = f"<urlset>{pages}".replace("{site}", served.url).encode()
    cut, *told = await _ingest(tmp_path / "c", f"{served.url}/cut.xml")
    assert (cut.status, "cut off" in cut.reason, len(told)) == ("failed", True, 2)
    (tmp_path / "cut.rss").write_text("<rss><channel><item><title>A")
    (cut,) = await _ingest(tmp_path / "d", str(tmp_path / "cut.rss"))
    assert cut.status == "failed"
    assert "cut off: the item that begins in line 1 has no end" in cut.reason
    (tmp_path / "list.txt").write_text(f"# today\n{served.url}/ferries\n{served.url}/trams\n")
    told = await _ingest(tmp_path / "b", str(tmp_path / "list.txt"), limit=1)
    assert [one.title for one in told] == [TITLE]


async def test_one_request_at_a_time_goes_to_a_host(served: Site, tmp_path: Path) -> None:
    served.delay = 0.02
    for n in range(6):
        served.pages[f"/{n}"] = page(f"Story {n} of the harbour", *TRAMS[: n % 5 + 1])
    (tmp_path / "list.txt").write_text("".join(f"{served.url}/{n}\n" for n in range(6)))
    await _ingest(tmp_path / "raw", str(tmp_path / "list.txt"))
    assert len(served.paths) == 6
    assert served.busiest == 1


async def test_robots_txt_is_obeyed(served: Site, tmp_path: Path) -> None:
    served.pages["/robots.txt"] = "User-agent: *\nDisallow: /private/*.html\n"
    served.pages["/private/a.html"] = page(TITLE, *BODY)
    (told,) = await _ingest(tmp_path, f"{served.url}/private/a.html")
    assert (told.status, told.reason) == ("failed", "the site's robots.txt forbids it")
    assert served.paths == []


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ({}, "the site answered 404"),
        ({"/a": 503}, "the site answered 503"),
        ({"/robots.txt": 500, "/a": "x"}, "the site answered 500"),
        ({"/a": "->/a"}, "more than 5 redirects"),
        ({"/a": "->ftp://127.0.0.1/x"}, "not a URL of http or https"),
        ({"/a": b"x" * 20_000_001}, "more than 20,000,000 bytes"),
    ],
)
async def test_what_cannot_be_fetched_is_told(
    pages: dict[str, str | bytes | int], reason: str, served: Site, tmp_path: Path
) -> None:
    served.pages.update(pages)
    (told,) = await _ingest(tmp_path, f"{served.url}/a")
    assert told.status == "failed"
    assert reason in told.reason


async def test_a_slow_site_does_not_hold_the_run(served: Site, tmp_path: Path) -> None:
    served.delay = 1.0
    served.pages["/a"] = page(TITLE, *BODY)
    plan = IngestPlan(tmp_path, politeness=Politeness(pause=0.0, timeout=0.3, private=True))
    (told,) = [one async for one in ingest([f"{served.url}/a"], plan)]
    assert "no whole answer within 0.3 s" in told.reason


async def test_a_private_address_is_not_asked(served: Site, tmp_path: Path) -> None:
    plan = IngestPlan(tmp_path, politeness=Politeness(pause=0.0))
    (told,) = [one async for one in ingest([f"{served.url}/a"], plan)]
    assert "not a public address; --private allows" in told.reason
    assert served.asked == []


async def test_no_redirect_leads_to_a_link_local_address(served: Site, tmp_path: Path) -> None:
    served.pages["/a"] = "->http://169.254.169.254/latest/meta-data/"
    (told,) = await _ingest(tmp_path, f"{served.url}/a")
    assert "169.254.169.254 is neither a public address" in told.reason
    assert served.paths == ["/a"]


# --- the command -------------------------------------------------------------------------------


def test_the_command_tells_each_article_and_counts_them(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(feeds.RSS)
    (tmp_path / "cut.json").write_bytes(shapes.as_json(shapes.EXCERPTS["gnews"]))
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "memo.pdf").write_bytes(b"%PDF-1.7")
    sources = [str(tmp_path / name) for name in ("feed.xml", "cut.json", "box")]
    run = CliRunner().invoke(
        command, [*sources, "--out", str(tmp_path / "raw")], standalone_mode=False
    )
    assert run.return_value == 1
    assert f"written    {tmp_path / 'raw' / 'ferry-operator-orders'}" in run.output
    assert "the text is cut off" in run.output
    assert "1 file of other kinds passed over" in run.output
    assert "memo.pdf" in run.output
    assert "1 written, 0 duplicate, 0 known, 1 held, 0 failed" in run.output


async def test_equal_files_are_all_told_and_results_are_no_raw_articles(tmp_path: Path) -> None:
    content = tmp_path / "in"
    content.mkdir()
    for name in ("a", "b", "c"):
        (content / f"{name}.txt").write_text("Tram line opens in Larn\n\n" + "\n\n".join(TRAMS))
    mark = "---\nai:\n  rewritten: false\n  expandedAt: '2026-01-01T00:00:00.000Z'\n---\n"
    (content / "draft.md").write_text(mark + "\n\n".join(BODY))
    told = await _ingest(tmp_path / "raw", str(content))
    assert sorted(_statuses(told)) == ["duplicate", "duplicate", "held", "written"]
    again = await _ingest(tmp_path / "raw", str(content))
    assert sorted(_statuses(again)) == ["held", "known", "known", "known"]


async def test_what_is_no_url_is_told_wherever_it_stands(served: Site, tmp_path: Path) -> None:
    broken = "http://[::1"
    item = {"id": 1, "title": TITLE, "body": "\n\n".join(BODY), "url": f"{broken}/1"}
    served.pages |= {"/a": f"->{broken}", "/news.json": json.dumps([item])}
    sources = [broken, f"{served.url}/a", f"{served.url}/news.json"]
    told = await _ingest(tmp_path / "raw", *sources)
    assert sorted(_statuses(told)) == ["failed", "failed", "written"]


def test_a_name_that_is_not_utf8_is_told_as_json(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("")
    arguments = [str(tmp_path), "--out", str(tmp_path / "raw"), "--json"]
    done = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert json.loads(done.stdout)["place"].endswith("caf\udce9.txt")
