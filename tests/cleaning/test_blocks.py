"""Lines become blocks; a mark finds its item again, and no letter is lost."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning.blocks import split_blocks
from rewriter.cleaning.shapes import key
from rewriter.errors import SourceError
from tests.cleaning.articles import BODY, TITLE, cleaned


def _rendered(text: str) -> list[str]:
    return [block.render() for block in split_blocks(text) if block.kept]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("-\nSteel rises\n-\nCopper falls", ["- Steel rises", "- Copper falls"]),
        ("•\nSteel rises", ["- Steel rises"]),
        ("1.\nSteel rises\n2.\nCopper falls", ["1. Steel rises", "2. Copper falls"]),
        ("  • Steel rises\n  • Copper falls", ["- Steel rises", "- Copper falls"]),
        ("* Steel\n+ Copper", ["- Steel", "- Copper"]),
        ("1. Steel\n2) Copper\n(3) Tin", ["1. Steel", "2. Copper", "3. Tin"]),
        ("1、Steel\n2、Copper", ["1. Steel", "2. Copper"]),
        ("### Steel ###", ["### Steel"]),
        ("-\n-\nSteel", ["- Steel"]),
        ("Steel\n-", ["Steel"]),
        ("-5 degrees", ["-5 degrees"]),
        ("— Hola, dijo.", ["— Hola, dijo."]),
        ("3. März 2026 war kalt.", ["3. März 2026 war kalt."]),
        ("1. FC Brackwater won.", ["1. FC Brackwater won."]),
        ("2026. A year.", ["2026. A year."]),
        ("#hashtag", ["#hashtag"]),
    ],
)
def test_marks(text: str, blocks: list[str]) -> None:
    assert _rendered(text) == blocks


@pytest.mark.parametrize("mark", ["{n}、 ", "{n}. "])
def test_numbered_lines_over_paragraphs_are_headings(mark: str) -> None:
    heads = ("Costs fall as the fleet goes electric", "Islanders fear for their timetable")
    lines = [
        x
        for n, (h, p) in enumerate(zip(heads, BODY, strict=False), 1)
        for x in (mark.format(n=n) + h, p)
    ]
    assert _rendered("\n".join(lines)) == [
        f"## 1. {heads[0]}", BODY[0], f"## 2. {heads[1]}", BODY[1]
    ]  # fmt: skip


@pytest.mark.parametrize("width", [60, 72, 80])
def test_joins_hard_wrapped_paragraphs(width: int) -> None:
    text = "\n\n".join(textwrap.fill(f"{a} {b}", width) for a in BODY for b in BODY[:1])
    assert _rendered(text) == [f"{a} {BODY[0]}" for a in BODY]


def test_does_not_join_short_lines() -> None:
    lines = ["Steel 412", "Copper 88", "Tin 7", "Zinc 12", "Lead 4"]
    assert _rendered("\n".join(lines)) == lines


def test_short_lines_alone_between_paragraphs_are_headings() -> None:
    source = cleaned(
        TITLE, BODY[0], "Where the money comes from", *BODY[1:3], "What next", *BODY[3:]
    )
    assert [p for p in source.paragraphs if p.startswith("## ")] == [
        "## Where the money comes from",
        "## What next",
    ]
    assert [s.text for s in source.sentences if s.place == "heading"][1] == "What next"


@pytest.mark.parametrize(
    "lines",
    [
        ["Steel 412", "Copper 88"],
        ["Source: harbor office"],
        ["and then nothing happened"],
        ["18:16 (CET)"],
        ["A post by Ada Brook (@adabrook)"],
        ["+"],
    ],
)
def test_other_short_lines_are_not(lines: list[str]) -> None:
    source = cleaned(TITLE, *BODY[:2], *lines, *BODY[2:])
    assert source.paragraphs == (*BODY[:2], *lines, *BODY[2:])


def test_refuses_more_text_than_an_article_has() -> None:
    with pytest.raises(SourceError, match="split the file"):
        split_blocks("word " * 100_001)


@given(st.text(alphabet="ab1.)-–•#、*= \n", max_size=80))
def test_keeps_every_letter_and_digit_in_order(text: str) -> None:
    blocks = "".join(block.render() for block in split_blocks(text))
    assert key(text) == key(blocks)


def test_a_table_of_figures_is_no_article() -> None:
    """Each figure costs as much as several words, and no article has so many."""
    with pytest.raises(SourceError, match=r"20,001 figures are too many for one article"):
        split_blocks("1,234 " * 20_001)
    assert split_blocks("1,234 " * 20_000)
    with pytest.raises(SourceError, match=r"30,001 sentences are too many for one article"):
        split_blocks("Go on. " * 30_001)
    assert split_blocks("Go on. " * 30_000)


def test_a_character_that_is_half_a_word_counts_as_three() -> None:
    with pytest.raises(SourceError, match=r"600,000 characters, of which each Chinese"):
        split_blocks("市" * 200_000)
    assert split_blocks("a" * 200_000)


@pytest.mark.parametrize("heading", ["Background", "Ingredients", "Ana Ruiz, mayor"])
def test_the_only_heading_of_its_level_stays(heading: str) -> None:
    text = "".join(f"<p>{line}</p>" for line in BODY * 2)
    head = f"<title>{TITLE}</title><body><article><h1>{TITLE}</h1><h2>{heading}</h2>"
    source = cleaned(f"<html>{head}{text}</article></body></html>", name="page.html")
    assert f"## {heading}" in source.paragraphs


def test_a_heading_of_signs_alone_is_cut() -> None:
    source = cleaned(f"# {TITLE}", *BODY[:3], "## ___", *BODY[3:], name="article.md")
    assert source.paragraphs == BODY
