"""What stands below an article's end."""

from __future__ import annotations

import pytest

from rewriter.cleaning import clean
from tests.cleaning.articles import BODY, TITLE, cleaned

_NOTES = ("Notes to editors", "Pictures are at ledger.example.", "Press office", "+44 20 7946 0123")


@pytest.mark.parametrize(
    "end", ["ENDS", "- ENDS -", "–ends–", "END", "###", "# # #", "-30-", "ENDE"]
)
def test_what_follows_the_end_of_a_press_release_is_cut(end: str) -> None:
    source = cleaned(TITLE, *BODY, end, *_NOTES)
    assert source.paragraphs == BODY
    assert {cut.reason for cut in source.removed} == {"mark", "outside-article"}


@pytest.mark.parametrize("end", ["ENDS", "###", "- ends -"])
def test_a_mark_with_as_much_text_below_it_parts_the_article(end: str) -> None:
    source = cleaned(TITLE, BODY[0], end, *BODY[1:])
    assert [text for text in source.paragraphs if text in BODY] == list(BODY)


def test_marks_between_sections_end_nothing() -> None:
    source = cleaned(TITLE, *BODY, "###", _NOTES[1], "###", _NOTES[0])
    assert _NOTES[1] in source.paragraphs


@pytest.mark.parametrize(
    "line",
    [
        "(Editing by Ana Ruiz)",
        "Additional reporting by Ana Ruiz in Calder",
        "*Reporting by Ana Ruiz and Tom Hall; Editing by Per Holm.*",
        "(Redigiert von Ana Ruiz)",
        "(Editado por Ana Ruiz)",
    ],
)
def test_editors_named_at_the_end_are_cut(line: str) -> None:
    source = cleaned(TITLE, *BODY, line)
    assert source.paragraphs == BODY


def test_editors_named_behind_the_last_sentence_are_cut() -> None:
    credit = "(Reporting by Ana Ruiz in Calder; Editing by Tom Hall)"
    for space in (" ", "  ", " \u00a0 "):
        source = cleaned(TITLE, *BODY[:-1], f"{BODY[-1]}{space}{credit}")
        assert (source.paragraphs, source.removed[-1].text) == (BODY, credit)
    other = f"{BODY[-1]} (Reporting by the Ledger found that both are late)"
    assert cleaned(TITLE, *BODY[:-1], other).paragraphs[-1] == other


@pytest.mark.parametrize(
    "line",
    [
        "Reporting by the Harbor Ledger led to the inquiry.",
        "Editing by hand took Ana Ruiz four years.",
        "Additional reporting by readers is welcome.",
    ],
)
def test_a_sentence_about_reporting_stays(line: str) -> None:
    assert cleaned(TITLE, *BODY, line).paragraphs[-1].endswith(line)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("*The quay after the storm. Credit: Port of Calder*", False),
        ("_The quay at dawn_", False),
        ("The quay at dawn (photo: Ana Ruiz)", False),
        ("*The port wrote this text itself and paid for it.*", True),
        ("The quay at dawn", True),
    ],
)
def test_a_caption_below_an_image_is_no_heading(line: str, kept: bool) -> None:
    page = "\n\n".join((f"# {TITLE}", BODY[0], f"![Quay](quay.jpg)\n{line}", *BODY[1:]))
    source = clean(page.encode(), name="page.md")
    assert any(line in text for text in source.paragraphs) == kept
