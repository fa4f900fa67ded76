"""Players and galleries in the middle of an article go; the article around them stays whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.players import cut_players
from tests.cleaning.articles import BODY, TITLE, cleaned, cuts

PLAYER = (
    *("Play Video", "Mute", "Current Time 0:00", "/", "Duration Time 2:14", "Loaded: 0%", "Red"),
    *("captions settings, opens captions settings dialog", "Font Size", "50%", "Fullscreen"),
    "This is a modal window. This modal can be closed by pressing the Escape key.",
)
CAPTION = "A crane lifts the bow of another ship into the dock of a yard in the south of the bay."
MORE = tuple(f"{line[:-1]}, as the harbour office of pier {n} confirms." for n, line in
             enumerate(BODY))  # fmt: skip
LONG = (*BODY, *MORE)


@pytest.mark.parametrize("at", [1, 3])
def test_a_player_does_not_split_the_article(at: int) -> None:
    source = cleaned(TITLE, *BODY[:at], *PLAYER, *BODY[at:])
    assert source.paragraphs == BODY
    assert "Duration Time 2:14" in cuts(source)["player"]


def test_a_few_such_words_are_no_player() -> None:
    lines = ("Play", "Pause", "Quality")
    assert set(lines) <= set(cleaned(TITLE, *BODY[:2], *lines, *BODY[2:]).paragraphs)


def _gallery(*, heading: str = "", word: str = "") -> list[str]:
    slides = [
        (f"{word}{n}/9", heading and f"{heading} {n}", f"{CAPTION[:-1]} {n}.", "Harbour Pictures")
        for n in range(1, 10)
    ]
    return [line for slide in slides for line in slide if line]


@pytest.mark.parametrize("word", ["", "Image ", "Bild "])
def test_the_captions_of_a_gallery_in_an_article_go(word: str) -> None:
    source = cleaned(TITLE, *LONG[:4], *_gallery(word=word), *LONG[4:])
    assert source.paragraphs == LONG
    assert CAPTION[:-1] in cuts(source)["image"]


def test_slides_with_headings_are_the_article() -> None:
    lines = (TITLE, *LONG, *_gallery(heading="Pier"))
    page = Page("text", tuple(map(Block, lines)))
    assert all(block.kept for block in cut_players(page).blocks)


def test_a_gallery_with_headings_in_the_middle_of_an_article_goes() -> None:
    slides = (
        line
        for n in range(1, 5)
        for line in (
            Block(f"{n}/4 Pier {n} reopens", "heading", "## "),
            Block(f"{CAPTION[:-1]} {n}.", "item", "- "),
        )
    )
    article = tuple(map(Block, LONG))
    above, below = (*article[:3], Block("The bay in pictures", "heading", "## ")), article[3:]
    page = cut_players(Page("html", (*above, *slides, *below)))
    assert tuple(block for block in page.blocks if block.kept) == article


def test_a_page_that_is_a_gallery_is_left_alone() -> None:
    assert f"{CAPTION[:-1]} 9." in cleaned(TITLE, BODY[0], *_gallery()).paragraphs


@given(st.lists(st.sampled_from([*PLAYER, *BODY, "1/9", "2/9", "3/9", "4/9", "Pier"]), max_size=40))
def test_no_paragraph_of_the_article_goes_with_a_player(lines: list[str]) -> None:
    page = Page("text", tuple(map(Block, lines)))
    cut = [block for block in cut_players(page).blocks if block.reason == "player"]
    assert not {block.text for block in cut} & set(BODY)
