"""Lines of the page are cut with their reason; sentences that mention such things are not."""

from __future__ import annotations

import pytest

from rewriter.cleaning import clean, phrases
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import phrase
from tests.cleaning.articles import BODY, TITLE, cleaned, cuts


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Advertisement", Reason.ADVERTISEMENT),
        ("— ANZEIGE —", Reason.ADVERTISEMENT),
        ("Story continues below", Reason.ADVERTISEMENT),
        ("Share this article", Reason.SHARE),
        ("Share on Facebook", Reason.SHARE),
        ("Copiar enlace", Reason.SHARE),
        ("Share Tweet Email", Reason.SHARE),
        ("Teilen WhatsApp Drucken", Reason.SHARE),
        ("Subscribe", Reason.SUBSCRIBE),
        ("Enter your email address", Reason.SUBSCRIBE),
        ("By signing up you agree to our terms.", Reason.SUBSCRIBE),
        ("Sign up for our newsletter and get the week in your inbox", Reason.SUBSCRIBE),
        ("Follow us on Google News", Reason.SUBSCRIBE),
        ("Suscríbete a nuestro boletín", Reason.SUBSCRIBE),
        ("We use cookies to improve your experience.", Reason.COOKIES),
        ("Accept all cookies", Reason.COOKIES),
        ("Wir verwenden Cookies, um Inhalte zu personalisieren.", Reason.COOKIES),
        ("1,204 views", Reason.COUNTER),
        ("12 comments", Reason.COUNTER),
        ("4 min read", Reason.COUNTER),
        ("Reading time: 5 minutes", Reason.COUNTER),
        ("3 Min. Lesezeit", Reason.COUNTER),
        ("Shares: 1.2K", Reason.COUNTER),
        ("Kommentare (58)", Reason.COUNTER),
        ("12 commenti", Reason.COUNTER),
        ("댓글 58", Reason.COUNTER),
        ("harborwire_api1h ago", Reason.FEED_LINE),
        ("Harbor Wire · 3 hours ago", Reason.FEED_LINE),
        ("vor 2 Stunden", Reason.FEED_LINE),
        (".png)", Reason.IMAGE),
        ("ferry-final_02.jpg", Reason.IMAGE),
        ("![The ship](https://images.example/ship.webp)", Reason.IMAGE),
        ("Photo: Harbor Ledger archive", Reason.IMAGE),
        ("Home | News | Markets | About", Reason.MENU),
        ("Home > Business > Ferries", Reason.MENU),
        ("Home > Ferries > Northern route", Reason.MENU),
        ("Startseite › Fähren", Reason.MENU),
        ("Sport > Rowing", Reason.MENU),
        ("Tags: Ferries, Batteries", Reason.MENU),
        ("The boat left Tarn on Monday. Photo: Ada Brook, Harbor Agency", Reason.IMAGE),
        ("The boat left Tarn on Monday. (Agency Photo/Ada Brook)", Reason.IMAGE),
        ("Das Boot verließ Tarn am Montag. Foto: Ada Brook", Reason.IMAGE),
        ("Ada Brook/Getty Images", Reason.IMAGE),
        ("Ada R. Brook / AP", Reason.IMAGE),
        ("(EPA Foto/Ada Brook, Pool)", Reason.IMAGE),
        ("agency.com/Ada Brook", Reason.IMAGE),
        ("The boat left Tarn on Monday. REUTERS/Ada Brook", Reason.IMAGE),
        ("The boat left Tarn on Monday. Ada De Brook/Pool via REUTERS", Reason.IMAGE),
        ("The boat left Tarn on Monday. Ada Brook/AFP", Reason.IMAGE),
        ("Le bateau a quitté Tarn lundi. Source: Getty Images", Reason.IMAGE),
        ("O barco deixou Tarn na segunda — Foto: Ada Brook/G1", Reason.IMAGE),
        ("Ada van Brook via Unsplash", Reason.IMAGE),
        ("před 2 hodinami", Reason.FEED_LINE),
        ("för 3 timmar sedan", Reason.FEED_LINE),
        ("Oppdatert for 2 timer siden", Reason.FEED_LINE),
        ("Schlagworte: Fähren, Batterien.", Reason.MENU),
        ("Palabras clave: Ferris, Baterías", Reason.MENU),
        ("Trefwoorden: Veerboten, Batterijen", Reason.MENU),
        ("Updated: 2 hours ago", Reason.FEED_LINE),
        ("The post Six ships appeared first on Harbor Ledger.", Reason.FEED_LINE),
        ("© 2026 Harbor Ledger. All rights reserved.", Reason.MENU),
        ("活动图片", Reason.FOREIGN_SCRIPT),
        ("* * *", Reason.MARK),
        ("-----", Reason.MARK),
    ],
)
def test_cuts_lines_of_the_page(line: str, reason: Reason) -> None:
    source = cleaned(TITLE, *BODY[:3], line, *BODY[3:])
    assert source.paragraphs == BODY
    assert cuts(source) == {reason: line}


@pytest.mark.parametrize(
    "line",
    [
        "The advertisement campaign for the new route starts on Saturday in four regions.",
        "The related reads on the company's site explain which ships are included in the order.",
        "Subscribe to nothing, trust nobody, said the captain when he was asked about the yard.",
        "Share prices",
        "By signing up 300 sailors in a single month the operator has filled all of its crews.",
        "Ferries > trains",
        "Share prices of both yards fell by four percent within an hour of the announcement.",
        "We used cookies as bait, the port police explained to the surprised reporters later.",
        "Copyright law changed in 2019, which lets the yard reuse the drawings of the old ships.",
        "Why the harbour sued Getty Images",
        "Judge rules for Getty Images",
        "Port Ellery/USA",
        "Ana Ruiz / PSOE",
        "SPD/Die Linke",
        "The motion was refused on Monday by a wide margin, they said. CDU/Freie Wähler",
        "Steel, copper and/or zinc",
        "Judge Rules for Getty Images",
        "Ferry pictures are sold via Shutterstock",
        "The photo ferry.jpg was taken by a passenger and went around the world within hours.",
        "Some 12 comments were handed in by residents, and the council read every one of them.",
        "Read more than one report before you judge this order, the auditor told the council.",
        "This article of the port law is 40 years old, and nobody remembers why it was passed.",
        "Prices rose 2 hours ago, the port office said, and they will stay at that level today.",
        "Jailed for 10 years",
        "Banned for 3 games",
    ],
)
def test_keeps_sentences_that_mention_such_things(line: str) -> None:
    source = cleaned(TITLE, *BODY[:3], line, *BODY[3:])
    assert any(line in paragraph for paragraph in source.paragraphs)
    assert not source.removed


def test_a_line_that_shows_the_way_is_not_the_title() -> None:
    source = cleaned("Home > Ferries > Northern route", TITLE, "29 January 2026", *BODY)
    assert source.title == TITLE
    assert source.paragraphs == BODY


def test_cuts_the_ending_of_a_feed_off_a_paragraph() -> None:
    ending = "The post Six ships, one yard appeared first on Harbor Ledger."
    source = cleaned(TITLE, *BODY[:-1], f"{BODY[-1]} {ending}")
    assert source.paragraphs == BODY
    assert cuts(source) == {"feed-line": ending}


def test_cuts_a_menu_above_the_title() -> None:
    source = cleaned("Home", "News", "Our harbor", "Markets", TITLE, *BODY)
    assert source.title == TITLE
    assert source.paragraphs == BODY
    assert cuts(source)["menu"] == "Home\n\nNews\n\nOur harbor\n\nMarkets"


@pytest.mark.parametrize("names", [["Facebook", "Twitter"], ["Diesel", "Steel", "Copper"]])
def test_keeps_short_lines_that_may_belong_to_the_article(names: list[str]) -> None:
    source = cleaned(TITLE, *BODY, *names)
    assert not source.removed


def test_keeps_another_script_inside_a_paragraph_and_says_so() -> None:
    line = "The contract avoids the抵押借贷 that made the last order of the yard so expensive."
    source = cleaned(TITLE, *BODY, line)
    assert line in source.paragraphs
    assert any("抵押借贷" in note for note in source.notes)


def test_keeps_tickers_in_an_article_of_another_script() -> None:
    source = cleaned(
        "Оператор паромов заказал шесть электрических судов",
        "Оператор паромов Calder Lines заказал в понедельник шесть электрических судов.",
        "BTC",
        "Первое судно выйдет на линию в марте, сообщила пресс-служба компании в среду.",
    )
    assert not source.removed
    assert source.lang == "ru"


@pytest.mark.parametrize("table", sorted(phrases._TABLES))
def test_phrases_are_spelled_as_lines_are_compared(table: str) -> None:
    """An entry with a capital or a full stop would never match."""
    openings = {"openings", "objects", "phrases", "credits", "attributions", "subjects", "lines"}
    for entry in phrases._openings(table):
        if table.split("_")[-1] in openings:
            assert entry == entry.casefold()
        else:
            assert entry == phrase(entry)


def test_a_caption_without_a_stop_above_its_credit_is_cut() -> None:
    caption = "Passengers wait for the first electric boat on the pier of Marrow Point"
    source = cleaned(TITLE, BODY[0], caption, "(AFP Photo/Ada Brook)", *BODY[1:])
    assert source.paragraphs == BODY


def test_a_row_of_tags_below_its_heading_is_cut() -> None:
    text = "\n\n".join((*BODY, "Tags", "tarn ferry, harbor board, timetable of boats"))
    source = clean(text.encode(), name="a.txt")
    assert source.paragraphs == BODY
    assert cuts(source)["menu"] == "Tags\n\ntarn ferry, harbor board, timetable of boats"


@pytest.mark.parametrize(
    "line",
    [
        "Voters must show a card with a picture. Photo identification is asked for, too.",
        "She kept what was left. (Photos were lost in the fire of 1911.)",
        "Cookies with oats bake for 12 minutes at 180 degrees, the baker says.",
        "JavaScript runs in each tab, and the new engine starts it twice as fast.",
    ],
)
def test_text_about_pictures_cookies_or_scripts_is_kept(line: str) -> None:
    text = "\n\n".join((TITLE, *BODY, line, *BODY[:1]))
    assert line in clean(text.encode(), name="a.txt").paragraphs


def test_the_label_that_a_template_writes_over_each_paragraph_is_cut() -> None:
    """It stands twice in a row, twice or more often; a speaker's name does so once, by mistake."""
    body = [*BODY, *(f"{line} So it was in the year before." for line in BODY)]
    labelled = [line for text in body for line in ("Story text", text)]
    source = cleaned(TITLE, "Story text", *labelled, "Story text", "Story text")
    assert source.paragraphs == tuple(body)
    for speaker in ("Oduya", "Mr Oduya", "The judge"):
        spoken = [line for text in body for line in (speaker, text)]
        assert cleaned(TITLE, *spoken).paragraphs.count(f"## {speaker}") == len(body)
        doubled = cleaned(TITLE, speaker, *spoken)
        assert "mark" not in {cut.reason for cut in doubled.removed}
