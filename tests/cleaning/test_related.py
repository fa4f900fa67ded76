"""Other articles never reach the source; an article that only mentions them loses nothing."""

from __future__ import annotations

import json

import pytest

from rewriter.cleaning import clean
from rewriter.cleaning.page import Block
from rewriter.cleaning.related import is_related_heading
from tests.cleaning.articles import BODY, TITLE, cleaned, cuts

HEADLINES = (
    "Why the lighthouse at Brackwater went dark for a night",
    "Fishermen ask for longer nets in the southern strait",
    "The last rope maker of Saint Orrin retires",
)
TEASERS = (
    "The keeper had gone to a wedding, and the automatic lamp failed at the worst moment of all.",
    "Their nets are shorter than those of their neighbors, and they have counted what it costs.",
    "He learned the craft from his aunt, and he has sold the workshop to a museum in Holmgate.",
)


@pytest.mark.parametrize(
    "heading",
    ["Related Reads", "## Read more", "You may also like", "More from Harbor Ledger", "Lea también",
     "Lesen Sie auch:", "À lire aussi", "Читайте также", "相关阅读", "RELATED ARTICLES"],
)  # fmt: skip
def test_cuts_everything_below_a_heading_over_headlines(heading: str) -> None:
    source = cleaned(TITLE, *BODY, heading, *HEADLINES, name="article.md")
    assert source.paragraphs == BODY
    assert list(cuts(source)) == ["related-articles"]
    assert all(headline in cuts(source)["related-articles"] for headline in HEADLINES)


@pytest.mark.parametrize("heading", [["Related Reads"], ["Hot in the harbor"], []])
def test_cuts_teasers_and_feed_lines_that_outweigh_the_article(heading: list[str]) -> None:
    feed = [
        line
        for headline, teaser in zip(HEADLINES, TEASERS, strict=True)
        for line in (headline, teaser * 5, "wire_api1h ago", headline, "wire_api1h ago")
    ]
    source = cleaned(TITLE, *BODY, *heading, *feed, "Trading", "Spot", "Futures", "活动图片")
    assert source.paragraphs == BODY
    assert not any(word in " ".join(source.paragraphs) for word in ("lighthouse", "nets", "rope"))
    assert list(cuts(source)) == ["related-articles"]


def test_a_heading_below_addresses_of_pictures_alone_cuts_no_text() -> None:
    lines = tuple(f"We came to pier {n} before the rain and stayed for the lamps" for n in range(9))
    url = "https://ledger.example/harbour/piers/on-the-map"
    menu = [f"[![Pier {n}]({url}/{n}.jpg)]({url}/{n})" for n in range(60)]
    source = cleaned(*menu, "Related Reads", TITLE, *lines, name="article.md")
    assert set(lines[1:]) <= set(source.paragraphs)


def test_cuts_headlines_with_one_teaser_each() -> None:
    feed = [line for pair in zip(HEADLINES, TEASERS, strict=True) for line in pair]
    source = cleaned(TITLE, *BODY, "Recommended", *feed)
    assert source.paragraphs == BODY


def test_the_article_goes_on_below_a_box_of_links() -> None:
    source = cleaned(TITLE, *BODY[:3], "Read more", *HEADLINES, *BODY[3:], TEASERS[0])
    assert source.paragraphs == (*BODY, TEASERS[0])
    assert cuts(source)["related-articles"] == "\n\n".join(("Read more", *HEADLINES))
    assert any("goes on" in note for note in source.notes)


@pytest.mark.parametrize(
    "closing",
    [
        [],
        ["Share"],
        ["About the author", "Ruth Adeyemi covers ships and lives in Port Ellery with two cats."],
        ["Disclaimer: This article is not financial advice."],
    ],
)
def test_the_last_paragraph_below_a_box_of_links_is_kept_with_a_note(closing: list[str]) -> None:
    source = cleaned(TITLE, *BODY[:-1], "Read more", HEADLINES[0], BODY[-1], *closing)
    assert source.paragraphs == BODY
    assert cuts(source)["related-articles"] == f"Read more\n\n{HEADLINES[0]}"
    assert any("last paragraph" in note for note in source.notes)


def test_a_last_paragraph_that_tells_what_the_headline_says_is_its_teaser() -> None:
    teaser = "The lighthouse at Brackwater went dark because its keeper had gone to a wedding."
    source = cleaned(TITLE, *BODY, "Read more", HEADLINES[0], teaser)
    assert source.paragraphs == BODY
    assert any("looks like teasers" in note for note in source.notes)


@pytest.mark.parametrize(
    "disclaimer",
    [
        ["Disclaimer: The Harbor Ledger carries passengers of Calder Lines on its trips."],
        ["Haftungsausschluss", "Alle Angaben in diesem Beitrag erfolgen ohne jede Gewähr."],
        ["This article is not financial advice."],
    ],
)
def test_a_disclaimer_below_the_links_is_none_of_them(disclaimer: list[str]) -> None:
    source = cleaned(TITLE, *BODY, "Related Reads", *HEADLINES, *disclaimer)
    assert source.paragraphs == BODY
    assert cuts(source) == {
        "related-articles": "\n\n".join(("Related Reads", *HEADLINES)),
        "disclaimer": "\n\n".join(disclaimer),
    }


def test_a_disclaimer_behind_a_wide_colon_is_none_of_them() -> None:
    disclaimer = "免責事項：本記事は投資助言ではありません。"
    source = cleaned(
        "運航会社、電動船六隻を発注",
        "運航会社は月曜日に六隻の電動船を発注し、最初の船は六月に就航すると発表しました。",
        "関連記事",
        "港の灯台、一晩消える",
        disclaimer,
    )
    assert cuts(source) == {
        "related-articles": "関連記事\n\n港の灯台、一晩消える",
        "disclaimer": disclaimer,
    }


def test_a_box_and_the_end_of_the_page_are_both_cut() -> None:
    source = cleaned(
        TITLE, *BODY[:3], "Read more", HEADLINES[0], *BODY[3:], "Read more", *HEADLINES[1:]
    )  # fmt: skip
    assert source.paragraphs == BODY
    assert all(headline in cuts(source)["related-articles"] for headline in HEADLINES)


def test_teasers_of_a_feed_may_have_several_paragraphs() -> None:
    feed = [
        line
        for n, headline in enumerate(HEADLINES)
        for line in (headline, f"{n} {TEASERS[n]}", f"{n} {TEASERS[0]}", headline, "wire_api2h ago")
    ]
    assert cleaned(TITLE, *BODY, "Related Reads", *feed).paragraphs == BODY


@pytest.mark.parametrize(
    "lines",
    [
        ["Updated 2 hours ago"],
        ["Advertisement", TEASERS[0], "Advertisement"],
        ["Read more", HEADLINES[0], TEASERS[0], TEASERS[1]],
    ],
)
def test_marks_far_below_a_box_do_not_cut_the_article_between(lines: list[str]) -> None:
    source = cleaned(TITLE, *BODY[:3], "Read more", HEADLINES[2], *BODY[3:], *lines)
    assert source.paragraphs[: len(BODY)] == BODY


def test_questions_below_the_links_are_kept() -> None:
    pair = ("Who pays for the ships?", "The region does, with a loan that runs for twenty years.")
    source = cleaned(TITLE, *BODY, "Related Reads", *HEADLINES, "FAQ", *pair)
    assert [(qa.question, qa.answer) for qa in source.qa] == [pair]


@pytest.mark.parametrize("place", [0, 1])
def test_a_heading_near_the_top_is_no_evidence(place: int) -> None:
    source = cleaned(TITLE, *BODY[:place], "Trending", HEADLINES[0], *BODY[place:])
    assert all(paragraph in source.paragraphs for paragraph in BODY)
    assert any("Trending" in note for note in source.notes)


def test_a_heading_over_prose_is_kept_with_a_note() -> None:
    source = cleaned(TITLE, *BODY[:3], "Don't miss", *BODY[3:])
    assert source.paragraphs == (*BODY[:3], "## Don't miss", *BODY[3:])
    assert any("Don't miss" in note for note in source.notes)


@pytest.mark.parametrize("heading", ["More on this story", "Mehr zum Thema", "À lire aussi"])
def test_subheadings_of_a_short_article_below_such_a_heading_are_kept(heading: str) -> None:
    parts = (
        "What islanders say",
        "Islanders want the ferry at six in the morning, and ask Calder Lines for a timetable.",
        "How the ships are charged",
        "The operator builds masts with chargers in Port Ellery and at Marrow Point by autumn, and "
        "a ship takes its power there for eight minutes before it sails. It expects costs of 9 "
        "million dollars, of which the state pays a half.",
    )
    source = cleaned(TITLE, *BODY, heading, *parts)
    assert all(part in "\n".join(source.paragraphs) for part in (*BODY, *parts))
    assert any(heading in note for note in source.notes)


@pytest.mark.parametrize(
    "opening",
    ["Read more", "ALSO READ", "Related", "Lesen Sie auch", "Previous article", "Article suivant"],
)
def test_cuts_a_line_that_links_to_one_article(opening: str) -> None:
    line = f"{opening}: {HEADLINES[0]}"
    source = cleaned(TITLE, *BODY[:2], line, *BODY[2:])
    assert source.paragraphs == BODY
    assert cuts(source) == {"related-link": line}


def _linked(tag: str, headline: str) -> str:
    return f"<{tag}><a href='/news/{len(headline)}'>{headline}</a></{tag}>"


@pytest.mark.parametrize(
    "links",
    [
        _linked("p", HEADLINES[0]),
        f"<p><strong>{_linked('span', HEADLINES[1])}</strong></p>",
        f"<ul>{_linked('li', HEADLINES[0])}{_linked('li', HEADLINES[2])}</ul>",
        _linked("h3", HEADLINES[0]) + _linked("h3", HEADLINES[1]),
    ],
)
def test_a_line_of_html_that_is_nothing_but_a_link_is_cut(links: str) -> None:
    paragraphs = [f"<p>{line}</p>" for line in BODY]
    markup = "".join((*paragraphs[:3], links, *paragraphs[3:]))
    page = f"<html><body><article><h1>{TITLE}</h1>{markup}</article></body></html>"
    for source in (
        clean(page.encode(), name="a.html"),
        clean(json.dumps({"title": TITLE, "content": markup}).encode(), name="a.json"),
    ):
        assert source.paragraphs == BODY
        told = " ".join(cut.text for cut in source.removed)
        assert [line in told for line in HEADLINES] == [line in links for line in HEADLINES]


@pytest.mark.parametrize(
    "own",
    [
        f"<p>{HEADLINES[0]}: that is what <a href='/a'>the keeper of the light</a> asked.</p>",
        "<p><a href='/a'>Nobody was hurt, and the lamp burns again.</a></p>",
        f"<h2><a href='/a'>{HEADLINES[0]}</a></h2><p>{TEASERS[0]}</p>",
        f"<h2><a href='#light'>{HEADLINES[0]}</a></h2>",
        f"<ul><li><a href='/a'>{HEADLINES[0]}</a></li><li>No answer came for an hour.</li></ul>",
    ],
)
def test_links_that_belong_to_the_text_stay(own: str) -> None:
    paragraphs = [f"<p>{line}</p>" for line in BODY]
    markup = "".join((*paragraphs[:3], own, *paragraphs[3:]))
    source = clean(json.dumps({"title": TITLE, "content": markup}).encode(), name="a.json")
    assert "related-link" not in cuts(source)
    assert len(source.paragraphs) > len(BODY)


@pytest.mark.parametrize(
    "heading",
    ["Other Opinion Columns", "More harbor news", "Weitere Meldungen aus Tarn", "Otras noticias"],
)
def test_headings_over_other_articles_are_known_by_their_form(heading: str) -> None:
    assert is_related_heading(Block(heading))
    assert not is_related_heading(Block(f"{heading} were lost when the mast fell"))
