"""The score of lines, and the run that is the article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning.page import Block
from rewriter.cleaning.structure import article_run, covers_article, is_row_of_names, line_scores
from tests.cleaning.articles import BODY

PROSE = tuple(map(Block, BODY))
MENU = tuple(map(Block, ("Local", "Weather", "Tides", "Jobs")))


def test_the_run_is_the_prose() -> None:
    assert article_run((*MENU, *PROSE, *MENU)) == (4, 4 + len(PROSE))
    assert article_run(MENU) == (0, 0)


def test_a_subheading_stays_inside_the_run() -> None:
    blocks = (*PROSE, Block("What comes next"), *PROSE)
    assert article_run(blocks) == (0, len(blocks))


def test_prose_alone_between_short_lines_counts_half() -> None:
    alone = line_scores((MENU[0], PROSE[0], MENU[1]))[1]
    assert alone * 2 == line_scores(PROSE)[0]


def test_most_of_the_longest_run_is_covered_or_not() -> None:
    blocks = (*MENU, *PROSE, *MENU)
    assert covers_article(blocks, 4, len(blocks))
    assert not covers_article(blocks, 4 + len(PROSE), len(blocks))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Home Local Weather Tides Jobs Shop Archive Harbour Cams Letters", True),
        ("The ferry operator ordered six ships and Calder Lines paid for them at once", False),
        ("THE FERRY OPERATOR ORDERED SIX SHIPS AND PAID FOR THEM AT ONCE", False),
    ],
)
def test_rows_of_names(text: str, row: bool) -> None:
    assert is_row_of_names(text) is row


@given(st.lists(st.sampled_from([*PROSE, *MENU]), max_size=20))
def test_the_run_lies_inside_and_begins_and_ends_with_prose(blocks: list[Block]) -> None:
    run = article_run(blocks)
    assert 0 <= run.start <= run.end <= len(blocks)
    if run.end:
        assert blocks[run.start] in PROSE
        assert blocks[run.end - 1] in PROSE
