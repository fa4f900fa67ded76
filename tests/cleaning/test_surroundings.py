"""Flattened pages: the run of prose is the article, and what stands around it is cut."""

from __future__ import annotations

import pytest

from tests.cleaning.articles import BODY, TITLE, cleaned, cuts

MENU = ("Log in", "Local", "Weather", "Tides", "Harbour cams", "Jobs", "Puzzles", "Shop", "Archive")
HEADLINES = (
    "Market hall to close on Mondays until spring",
    "Two arrested after break-in at the marina",
    "Why the old lighthouse is white again",
    "Crossword 1,482",
    "School board names a new head",
    "The best chowder on the coast, ranked",
    "Photos: the regatta from above",
    "Your letters",
)
FOOTER = ("Harbour Media", "Careers", "Cookies", "Imprint", "Accessibility", "RSS", "Contact")


def test_menus_headlines_and_footers_around_the_article_are_cut() -> None:
    source = cleaned(*MENU, *HEADLINES, TITLE, "By Ruth Adeyemi", *BODY, *HEADLINES, *FOOTER)
    assert source.title == TITLE
    assert source.author == "Ruth Adeyemi"
    assert source.paragraphs == BODY
    assert all(line in cuts(source)["outside-article"] for line in ("Tides", "Your letters"))


def test_the_title_is_the_headline_above_the_text_that_speaks_of_it() -> None:
    source = cleaned(*MENU, TITLE, *HEADLINES, "Photo: A. Marsh", *BODY, *FOOTER)
    assert source.title == TITLE


@pytest.mark.parametrize("heading", ["Related", "Comments", "Read more"])
def test_no_heading_cuts_the_longest_run_of_prose(heading: str) -> None:
    source = cleaned(TITLE, BODY[0], heading, "Market hall to close", TITLE, *BODY[1:])
    assert set(BODY[1:]) <= set(source.paragraphs)


def test_headlines_of_other_articles_right_below_the_text_are_cut() -> None:
    box = (
        "Los más vistos",
        "El puerto viejo abre de nuevo sus puertas a los vecinos de la ciudad",
        "La alcaldesa promete un mercado con más puestos y menos ruido para todos",
        "Así suena el himno que los remeros cantan cada mañana antes de salir",
    )
    source = cleaned(*MENU, TITLE, *BODY, *box, *FOOTER)
    assert source.paragraphs == BODY


def test_a_list_that_closes_an_article_on_a_page_stays() -> None:
    prices = [
        f"{n} dollars for a ticket to the pier number {n} and the way back home" for n in (4, 5, 6)
    ]
    source = cleaned(*MENU, TITLE, *BODY, *prices, *FOOTER)
    assert source.paragraphs == (*BODY, *prices)


def test_a_list_or_table_of_the_article_s_own_is_left_alone() -> None:
    items = ("- Port Ellery", "- Marrow Point", "- Tasker yard", "- Calder pier", "- Skerry")
    source = cleaned(TITLE, *BODY, "The stops:", *items)
    assert source.paragraphs[-len(items) :] == items
    assert not source.removed


def test_a_title_without_a_page_around_it_is_left_to_the_other_stages() -> None:
    source = cleaned(TITLE, *BODY)
    assert (source.title, source.paragraphs, source.removed) == (TITLE, BODY, ())


def test_a_title_below_a_link_to_it_stands_in_one_place() -> None:
    source = cleaned("By Ruth Adeyemi", TITLE, "Read more", TITLE, BODY[0], "Advertisement")
    assert (source.title, source.paragraphs) == (TITLE, BODY[:1])
    assert "\n\n".join(cuts(source).values()).count(TITLE) == 1


def test_paragraphs_above_a_box_stay_and_the_box_goes() -> None:
    opening = (
        "Rowing boats carried the first islanders, and a bell in the churchyard called the oarsmen "
        "whenever somebody wanted to cross to Marrow Point before supper, in any weather at all.",
        "Steam came later, with a paddle wheel, brass lamps and a captain who sold cider below "
        "deck; the ferry of that time lies in a shed now, where children may climb over it.",
        "Diesel followed, cheaper, louder and dirtier, and its smell hung over every crossing for "
        "half a century, as grandparents tell those who complain about the price of a ticket.",
        "Nobody believed then that a battery might one day push a ship, least of all the engineers "
        "who kept the old pistons alive with wire, patience and a great deal of grease.",
    )
    headlines = [line for line in HEADLINES if line != "Crossword 1,482"]
    box = [part for n, line in enumerate(headlines, 3) for part in (line, f"March {n}, 2026")]
    text = [f"{one} {other}" for one in BODY for other in BODY if one != other]
    source = cleaned(*MENU, *FOOTER, f"# {TITLE}", *opening, "Recommended", *box, *text, *FOOTER)
    assert set(opening) <= set(source.paragraphs)
    assert not any(headline in source.paragraphs for headline in headlines)


def test_a_numbered_series_goes_on_below_a_box_of_links() -> None:
    steps = [f"## {n}. Reason number {n} for the ships\n\n{line}" for n, line in enumerate(BODY, 1)]
    box = ("## Read more", *(f"- {headline}" for headline in HEADLINES[:3]))
    page = cleaned(*MENU, TITLE, *steps[:2], *box, *steps[2:], "## Read more", *HEADLINES, *FOOTER)
    assert set(BODY) <= set(page.paragraphs)
    assert not any(headline in "\n".join(page.paragraphs) for headline in HEADLINES)


def test_a_passage_in_another_script_stays_and_a_fragment_goes() -> None:
    passage = ("أحبب حبيبك هونا ما عسى أن يكون", "بغيضك يوما ما وأبغض بغيضك هونا ما")
    page = cleaned(TITLE, *BODY[:3], *passage, *BODY[3:], "热门话题")
    assert page.paragraphs == (*BODY[:3], *passage, *BODY[3:])
    assert cuts(page)["foreign-script"] == "热门话题"
