"""Lines that were broken at inline tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning.fragments import joined_fragments
from tests.cleaning.articles import BODY, TITLE, cleaned

BROKEN = (
    *("The ferry operator", "Calder Lines", "ordered six electric ships on Monday."),
    *("They will sail to", "Marrow Point", ", a crossing that takes 22 minutes today."),
    *("Director Maren Oduya said in", "The Tasker Times", "that the hull would be cut in May."),
    *("The first of them is named “", "Skerry", "” after the rock."),
)
WHOLE = (
    "The ferry operator Calder Lines ordered six electric ships on Monday.",
    "They will sail to Marrow Point, a crossing that takes 22 minutes today.",
    "Director Maren Oduya said in The Tasker Times that the hull would be cut in May.",
    "The first of them is named “Skerry” after the rock.",
)


def test_sentences_broken_at_links_are_joined() -> None:
    assert cleaned(TITLE, *BROKEN).paragraphs == WHOLE


def test_references_and_shares_are_joined_to_their_sentence() -> None:
    shares = ("Most passengers live in Port Ellery", "(41 %), Marrow Point", "(22 %).", "[n 3]")
    joined = joined_fragments([*BROKEN, *shares, "The rest", "[12]", "come in summer."])
    assert joined[-2:] == [
        "Most passengers live in Port Ellery (41 %), Marrow Point (22 %). [n 3]",
        "The rest [12] come in summer.",
    ]


def test_a_name_in_small_letters_below_a_headline_opens_its_own_line() -> None:
    lines = [TITLE, "adidas opens a shop in the harbor on Monday.", *BODY[:2]]
    assert joined_fragments(lines) == lines


def test_a_heading_of_markdown_does_not_go_on() -> None:
    heading = "## What the ferry operator of the northern islands wants"
    lines = [TITLE, heading, "six ships and a new pier in the harbor.", BODY[1]]
    assert joined_fragments(lines) == lines
    in_link = ["[", "#### Old ferries", "Read more", "](/ferries/)[", "Insights", "](/all/)"]
    assert "#### Old ferries Read more](/ferries/)[Insights](/all/)" in "".join(
        joined_fragments([*BROKEN, *in_link])
    )


def test_a_name_that_ends_in_a_capital_is_no_word_within_a_sentence() -> None:
    lines = [*BROKEN, "The director of the harbor of Marrow del Sur", BODY[1]]
    assert joined_fragments(lines)[-2:] == lines[-2:]


def test_a_stop_on_a_line_of_its_own_ends_the_sentence_above() -> None:
    stops = ("The hull will be cut in the Tasker yard", ".", "[4]")
    joined = joined_fragments([*BROKEN, *stops, WHOLE[0]])
    assert joined[-2:] == ["The hull will be cut in the Tasker yard. [4]", WHOLE[0]]


def test_lines_that_are_whole_stay_apart() -> None:
    lines = [TITLE, *BODY, "eBay", "wire_api", "harbor post", "- an item", "- another item."]
    assert joined_fragments(lines) == lines


@pytest.mark.parametrize("byline", [("by", "Ruth Adeyemi"), ("by Ruth Adeyemi",)])
def test_a_byline_is_no_part_of_the_title_above_it(byline: tuple[str, ...]) -> None:
    source = cleaned(TITLE, *byline, "March 3, 2026", *BROKEN)
    assert (source.title, source.author) == (TITLE, "Ruth Adeyemi")


@pytest.mark.parametrize("label", ["Supported by", "A"])
def test_a_label_above_a_title_is_no_part_of_it(label: str) -> None:
    """In a sentence the word that opens it goes on below the next line, or ends with it."""
    assert joined_fragments([*BROKEN, label, TITLE, "Transport"])[-3:] == [
        label,
        TITLE,
        "Transport",
    ]
    assert joined_fragments([*BROKEN, "The", "Skerry", "sails."])[-1] == "The Skerry sails."


def test_a_name_in_a_sentence_is_no_byline() -> None:
    words = ("The song was sung at the harbor", "by", "Ruth Adeyemi", ", who lives there.")
    assert joined_fragments([*BROKEN, *words])[-1] == (
        "The song was sung at the harbor by Ruth Adeyemi, who lives there."
    )


def test_two_fragments_are_no_evidence() -> None:
    lines = [*BODY, "The rest is left", ", they say, to the crew."]
    assert joined_fragments(lines) == lines


@given(st.lists(st.sampled_from([*BROKEN, *BODY, "Menu", "", ", and", "- item"]), max_size=30))
def test_every_word_stays_in_its_place(lines: list[str]) -> None:
    joined = joined_fragments(lines)
    assert "".join("".join(joined).split()) == "".join("".join(lines).split())
