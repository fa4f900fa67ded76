"""The title is found, cut where it stands again, and derived where there is none."""

from __future__ import annotations

import pytest

from rewriter.cleaning import clean
from tests.cleaning.articles import BODY, TITLE, cleaned, cuts


def test_the_title_is_cut_wherever_it_stands_again() -> None:
    source = cleaned(TITLE, *BODY[:2], TITLE, *BODY[2:], f"{TITLE.upper()} | Harbor Ledger")
    assert source.title == TITLE
    assert source.paragraphs == BODY
    assert set(cuts(source)) == {"repeated-title"}


def test_a_sentence_that_opens_with_the_title_stays() -> None:
    line = (
        f"{TITLE} - and the islands along the coast will pay a part of the bill for it until 2031."
    )
    assert line in cleaned(TITLE, *BODY, line).paragraphs


def test_a_title_ending_with_a_question_mark_is_a_title() -> None:
    assert cleaned("Six electric ships for the north: who pays?", *BODY).title.endswith("who pays?")


def test_without_a_title_line_nothing_is_cut_and_the_first_sentence_makes_one() -> None:
    source = cleaned(*BODY)
    assert source.paragraphs == BODY
    assert not source.removed
    assert source.title_derived
    assert source.title == BODY[0].removesuffix(".")
    assert any("no title" in note for note in source.notes)


def test_a_long_first_sentence_is_cut_at_a_word() -> None:
    source = cleaned(" ".join(["shipyards"] * 40) + ".", *BODY)
    assert source.title.endswith("shipyards…")
    assert len(source.title) <= 111


def test_a_title_may_hold_a_date() -> None:
    title = "Ferry Prices Today: January 29, 2026"
    source = cleaned(title, *BODY)
    assert (source.title, source.published_at) == (title, None)


def test_words_in_capitals_above_a_title_are_not_the_title() -> None:
    source = cleaned("FERRY NEWS", TITLE, "29 January 2026", *BODY)
    assert source.publisher is None
    assert source.title == TITLE
    assert source.paragraphs == BODY


def test_a_section_above_the_title_is_not_the_title() -> None:
    source = cleaned("Markets", TITLE, "29 January 2026", *BODY)
    assert source.title == TITLE
    assert source.metadata["category"] == "Markets"
    assert source.paragraphs == BODY


@pytest.mark.parametrize("label", ["Title: ", "HEADLINE: ", "Titel : ", "标题："])
def test_a_label_in_front_of_the_title_goes(label: str) -> None:
    text = "\n\n".join((f"{label}{TITLE}", *BODY))
    assert clean(text.encode(), name="a.txt").title == TITLE


def test_toml_front_matter_is_read_in_a_text_file_too() -> None:
    text = f'+++\ntitle = "{TITLE}"\n+++\n\n' + "\n\n".join(BODY)
    source = clean(text.encode(), name="a.txt")
    assert (source.title, source.paragraphs) == (TITLE, BODY)
