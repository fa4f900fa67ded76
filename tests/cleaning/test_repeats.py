"""Abstracts, repeated paragraphs and disclaimers are cut where the evidence is strong."""

from __future__ import annotations

import pytest

from tests.cleaning.articles import BODY, TITLE, cleaned, cuts

ABSTRACT = "Calder Lines buys six electric ships. Islanders fear for their timetable this year."
DISCLAIMER = (
    "This article is provided for informational purposes only and does not constitute advice."
)


@pytest.mark.parametrize("heading", ["Abstract", "TL;DR", "## Summary", "Zusammenfassung:"])
def test_cuts_an_abstract_above_the_article(heading: str) -> None:
    source = cleaned(TITLE, heading, ABSTRACT, *BODY, name="article.md")
    assert source.paragraphs == BODY
    assert cuts(source)["abstract"].endswith(ABSTRACT)


@pytest.mark.parametrize(
    "blocks",
    [
        (*BODY, "Summary", ABSTRACT),  # a section of the article's own
        ("Abstract", ABSTRACT, BODY[0]),  # too little article below it
        ("Summary", "- Ships", "- Harbors", *BODY),  # a list of points
    ],
)
def test_keeps_what_is_not_plainly_an_abstract(blocks: tuple[str, ...]) -> None:
    assert not cleaned(TITLE, *blocks).removed


def test_cuts_the_second_of_two_equal_paragraphs() -> None:
    source = cleaned(TITLE, *BODY, BODY[1])
    assert source.paragraphs == BODY
    assert cuts(source) == {"repeated-text": BODY[1]}


def test_keeps_an_item_that_stands_in_two_lists() -> None:
    item = "- Charges at both ends of the crossing"
    lists = ("## First ship", item, "- Carries cars", "## Second ship", item, "- Carries people")
    assert not cleaned(TITLE, *BODY, *lists, name="article.md").removed


def test_keeps_short_lines_that_are_said_twice() -> None:
    assert not cleaned(TITLE, *BODY[:2], "No comment.", *BODY[2:], "No comment.").removed


@pytest.mark.parametrize(
    "blocks",
    [
        ("Disclaimers:", "Harbor.example is committed to fair and careful reporting at all times."),
        ("Disclaimer", DISCLAIMER, "Always do your own research before you act on anything here."),
        (DISCLAIMER,),
        ("Disclaimer: The Harbor Ledger carries passengers of Calder Lines on its trips.",),
        ("Disclaimer: We may hold shares of companies that are named in our articles.",),
        ("Some of the links on this page are affiliate links; we earn a commission from them.",),
        ("If you buy through a link on this page, we may earn a commission.",),
        ("Alle Angaben ohne Gewähr",),
        ("Haftungsausschluss", "Alle Angaben in diesem Beitrag erfolgen ohne jede Gewähr."),
    ],
)
def test_cuts_disclaimers_at_the_end(blocks: tuple[str, ...]) -> None:
    source = cleaned(TITLE, *BODY, *blocks)
    assert source.paragraphs == BODY
    assert cuts(source) == {"disclaimer": "\n\n".join(blocks)}


def test_cuts_a_note_on_the_author_at_the_end() -> None:
    note = ("About the author", "Ruth Adeyemi covers ships and lives in Port Ellery with two cats.")
    source = cleaned(TITLE, *BODY, *note)
    assert source.paragraphs == BODY
    assert cuts(source) == {"about-author": "\n\n".join(note)}


def test_a_note_on_the_author_and_a_disclaimer_may_both_close_the_page() -> None:
    note = ("About the author", "Ruth Adeyemi covers ships and lives in Port Ellery with two cats.")
    for closing in ((*note, "Disclaimer", DISCLAIMER), (DISCLAIMER, *note)):
        source = cleaned(TITLE, *BODY, *closing)
        assert source.paragraphs == BODY
        assert cuts(source)["about-author"] == "\n\n".join(note)
        assert cuts(source)["disclaimer"].endswith(DISCLAIMER)


def test_a_note_on_the_author_above_other_text_is_kept_with_a_note() -> None:
    source = cleaned(TITLE, *BODY[:1], "About the author", *BODY[1:])
    assert not source.removed
    assert any("About the author" in note for note in source.notes)


@pytest.mark.parametrize("place", [0, 1, 2, 4])
def test_a_sentence_behind_the_word_disclaimer_is_kept_inside_the_article(place: int) -> None:
    line = (
        "Disclaimer: so the captain begins every announcement, says his first officer, Ada Quill."
    )
    source = cleaned(TITLE, *BODY[:place], line, *BODY[place:])
    assert source.paragraphs == (*BODY[:place], line, *BODY[place:])
    assert any("Disclaimer: so the captain" in note for note in source.notes)


def test_a_last_line_that_only_a_label_tells_for_a_disclaimer_is_cut_with_a_note() -> None:
    line = (
        "Disclaimer: so the captain begins every announcement, says his first officer, Ada Quill."
    )
    source = cleaned(TITLE, *BODY, line)
    assert cuts(source) == {"disclaimer": line}
    assert any("was cut" in note for note in source.notes)


@pytest.mark.parametrize(
    "line",
    [
        "The information in the file shows that the yard paid 3 million dollars for legal advice.",
        "“This is not financial advice,” joked the director, “but I would buy a ticket early on.”",
    ],
)
def test_keeps_paragraphs_about_advice(line: str) -> None:
    source = cleaned(TITLE, *BODY, line)
    assert line in source.paragraphs


def test_keeps_a_section_called_disclosure() -> None:
    source = cleaned(TITLE, *BODY[:1], "Disclosure", *BODY[1:])
    assert source.paragraphs == (BODY[0], "## Disclosure", *BODY[1:])


def test_a_plan_whose_lines_stand_in_it_every_day_is_kept() -> None:
    day = ("Eat an hour before the shift begins.", "Drink two cups of water after the shift.")
    source = cleaned(TITLE, BODY[0], *day * 5)
    assert source.paragraphs == (BODY[0], *day * 5)
    assert any("several times" in note for note in source.notes)


def test_an_article_that_stands_on_the_page_twice_is_read_once() -> None:
    assert cleaned(TITLE, *BODY, *BODY).paragraphs == BODY


def test_a_text_that_says_its_only_paragraph_again_is_kept() -> None:
    assert cleaned(TITLE, BODY[0], BODY[0]).paragraphs == (BODY[0], BODY[0])


def test_news_of_commissions_is_no_disclaimer() -> None:
    line = "If you buy a ticket there, a site may earn a commission of 3 percent, Norwell said."
    assert cleaned(TITLE, *BODY, line).paragraphs == (*BODY, line)
