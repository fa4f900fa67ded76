"""The title of a flattened page is the headline above the text, not a menu line or a caption."""

from __future__ import annotations

import pytest

from tests.cleaning.articles import BODY, TITLE, cleaned, cuts
from tests.cleaning.test_surroundings import FOOTER, HEADLINES, MENU

BYLINE = "By Ruth Adeyemi"
SHARED = ("Share on Facebook", "Share on Twitter", "Share via Email", "More", "Print")
STANDFIRST = "The operator said that the six ships cost 240 million euros and sail in spring."
PLAYED = "Calder Lines operator shows the first electric hull"
CASED = "Calder Lines Orders Six Electric Ships: How the Northern Ferry Route Goes Quiet"


@pytest.mark.parametrize(
    "head",
    [
        (TITLE, *SHARED, BYLINE, "March 3, 2026", PLAYED),
        (TITLE, "Islanders fear that the crossing will take much longer than today", BYLINE),
        (TITLE, "Harbour Media", "— Calder Lines (@calderlines)", "March 3, 2026"),
        (PLAYED, "Market hall to close on Mondays until spring", TITLE, BYLINE),
        ("Why the old lighthouse is white again", "March 3, 2026", TITLE, BYLINE),
        ("Six electric ships from above (Harbour Media/Ruth Adeyemi)", TITLE, BYLINE),
        ("Photo of the electric ships by the ferry operator", TITLE, BYLINE),
        ("Islanders: ferry operator on Facebook", TITLE, "Posted by R. Adeyemi, 3.3.2026, 18:40"),
        (TITLE, BYLINE, *HEADLINES * 4),
        ("Home > Northern route > Ferry operator Calder Lines", TITLE, BYLINE),
        (TITLE, "Calder Lines Ferry/The Electric Ships Operator"),
        ("There is no new ferry operator today", "Video", "Sport", TITLE, STANDFIRST, BYLINE),
        (TITLE, BYLINE, *(f"Button {word}" for word in SHARED * 14)),
    ],
    ids=[
        *("share buttons", "standfirst", "shown post", "other headlines", "date of another"),
        *("credit", "photo", "network", "far above", "path", "credit with slash"),
        *("standfirst in the text", "very far above"),
    ],
)
def test_the_title_stands_above_the_byline(head: tuple[str, ...]) -> None:
    assert cleaned(*MENU, *HEADLINES, *head, *BODY, *FOOTER).title == TITLE


def test_a_title_may_play_on_words_where_a_byline_stands_below_it() -> None:
    title = "Silence on the water, and ships without noise"
    head = (title, BYLINE.replace("By ", "By"), "March 3, 2026")
    source = cleaned(*MENU, *HEADLINES, *head, *BODY, *FOOTER)
    assert (source.title, source.author) == (title, "Ruth Adeyemi")


def test_a_headline_with_capitals_is_no_row_of_links() -> None:
    source = cleaned(*MENU, f"Local | {CASED}", "Supported by", CASED, BYLINE, *BODY, *FOOTER)
    assert source.title == CASED


def test_markdown_says_which_line_is_the_title() -> None:
    contents = (f"[Part {n}](#part-{n})" for n in range(40))
    source = cleaned(*MENU, "# " + TITLE, *contents, *BODY, name="page.md")
    assert source.title == TITLE


def test_a_short_menu_above_the_title_is_no_title() -> None:
    source = cleaned(*MENU, TITLE, BYLINE, *BODY)
    assert (source.title, source.paragraphs) == (TITLE, BODY)


@pytest.mark.parametrize(
    "first",
    [
        "Skip to main content",
        "Welcome to our new reading room",
        "Welcome to our new reading room until September",
    ],
)
def test_what_the_page_says_to_its_readers_is_no_title(first: str) -> None:
    assert cleaned(first, TITLE, BYLINE, *BODY).title == TITLE


def test_headlines_and_captions_below_the_title_go_and_the_standfirst_stays() -> None:
    standfirst = "Quiet boats will sail to Marrow Point by 2028."
    caption = "A gull watches visitors at last summer's regatta near the old lighthouse."
    head = (TITLE, standfirst, BYLINE, *HEADLINES[:3], caption, *SHARED)
    source = cleaned(*MENU, *HEADLINES, *head, *BODY, *FOOTER)
    assert source.paragraphs == (standfirst, *BODY)
    assert caption in cuts(source)["outside-article"]
