"""Tables of contents of flattened pages are cut, and the headings in place stay."""

from __future__ import annotations

import pytest

from rewriter.cleaning import clean
from rewriter.cleaning.headings import cut_contents
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from tests.cleaning.articles import cuts
from tests.operations import lines_run

_TEXT = (
    "The island of Tarn has had a ferry to the mainland since the spring of 1911.",
    "The first boat carried forty passengers and the mail, and it ran twice a week.",
)
_SECTIONS = ("Early years", "The second boat", "Timetable")


def _page(contents: list[str]) -> str:
    parts = [
        f"{name}\n\n{name} of the Tarn ferry: the harbor office keeps {n} books of records on it."
        for n, name in enumerate(_SECTIONS, 3)
    ]
    return "\n\n".join(["The Tarn ferry and its boats", *_TEXT, *contents, *parts])


@pytest.mark.parametrize(
    "contents",
    [
        ["Contents", "1 Early years", "2 The second boat", "3 Timetable"],
        ["In this article", "Early years", "The second boat", "Timetable"],
        ["Inhaltsverzeichnis", "[Verbergen]", "1", "Early years", "2", "The second boat", "3",
         "Timetable"],
    ],
)  # fmt: skip
def test_entries_that_are_headings_below_are_cut(contents: list[str]) -> None:
    source = clean(_page(contents).encode(), name="a.txt")
    assert cuts(source)["contents"] == "\n\n".join(contents)
    assert [name for name in _SECTIONS if any(name in p for p in source.paragraphs)] == list(
        _SECTIONS
    )
    assert _TEXT[0] in source.paragraphs


def test_a_table_in_which_the_heading_stands_again_is_cut_once() -> None:
    contents = ["Contents", "1 Early years", "2 The second boat", "Contents", "3 Timetable"]
    source = clean(_page([*contents, "Contents"]).encode(), name="a.txt")
    assert cuts(source)["contents"] == "\n\n".join(contents)


@pytest.mark.parametrize(
    ("more", "reason"),
    [("", None), ("1", None), ("Advertisement", Reason.ADVERTISEMENT)],
    ids=["headings", "without a name", "cut"],
)
def test_many_headings_are_looked_at_in_one_pass(more: str, reason: Reason | None) -> None:
    def work(headings: int) -> int:
        blocks = (Block("Contents"), Block(more, reason=reason)) * headings
        return lines_run(lambda: cut_contents(Page("text", blocks)))

    assert work(400) < 2.5 * work(200)


def test_a_list_that_is_said_once_is_kept() -> None:
    source = clean(_page(["Contents", "Salt", "Rope", "Lamp oil"]).encode(), name="a.txt")
    assert "contents" not in cuts(source)
    assert "Lamp oil" in " ".join(source.paragraphs)
