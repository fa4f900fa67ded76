"""The second opinion on where an article is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning.formats.choice import second_opinion
from rewriter.cleaning.page import Block
from tests.cleaning.articles import BODY, TITLE

TEXT = tuple(Block(f"{line} So it was in year {n}.") for n in range(3) for line in BODY)
TEASERS = (Block("The market hall closes on Mondays until spring"),) * 90
MENU = tuple(map(Block, ("Local", "Weather", "Tides", "Jobs")))
SEEN = (*MENU, Block(TITLE), *TEXT, *TEASERS)


def _html(menu: tuple[Block, ...], text: tuple[Block, ...]) -> str:
    links = "".join(f"<li><a href='/{n}'>{block.text}</a></li>" for n, block in enumerate(menu))
    body = "".join(f"<p>{block.text}</p>" for block in text)
    return f"<html><body><nav><ul>{links}</ul></nav><article>{body}</article></body></html>"


PAGE = _html((*MENU, *TEASERS), TEXT)


def test_a_piece_of_the_article_is_made_whole() -> None:
    assert second_opinion(TEXT[:3], SEEN, PAGE) == [Block(TITLE), *TEXT]


def test_an_article_among_teasers_is_taken_alone() -> None:
    assert second_opinion(SEEN, SEEN, PAGE) == [Block(TITLE), *TEXT]


def test_an_extraction_that_is_right_is_not_doubted() -> None:
    assert second_opinion(TEXT, SEEN, PAGE) is None
    assert second_opinion(TEXT[:12], SEEN, PAGE) is None


def test_two_that_do_not_agree_change_nothing() -> None:
    assert second_opinion(TEXT[:3], SEEN, _html(MENU, TEXT[:3])) is None


@given(st.lists(st.sampled_from(SEEN), max_size=20), st.lists(st.sampled_from(SEEN), max_size=40))
def test_it_takes_blocks_of_the_page_only(found: list[Block], seen: list[Block]) -> None:
    chosen = second_opinion(found, seen, PAGE)
    assert chosen is None or set(chosen) <= set(seen)
