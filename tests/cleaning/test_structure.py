"""The score of lines, and the run that is the article."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning.lines import LineKind, kinds_of
from rewriter.cleaning.page import Block
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.structure import article_run, covers_article, line_scores, share_of_text
from tests.cleaning.articles import BODY

PROSE = tuple(map(Block, BODY))
MENU = tuple(map(Block, ("Local", "Weather", "Tides", "Jobs")))


def _scores(*blocks: Block) -> list[float]:
    return line_scores(blocks, kinds_of(blocks))


def test_the_run_is_the_prose() -> None:
    assert article_run((*MENU, *PROSE, *MENU)) == (4, 4 + len(PROSE))
    assert article_run(MENU) == (0, 0)


def test_a_subheading_stays_inside_the_run() -> None:
    blocks = (*PROSE, Block("What comes next"), *PROSE)
    assert article_run(blocks) == (0, len(blocks))


def test_prose_alone_between_short_lines_counts_half() -> None:
    alone = _scores(MENU[0], PROSE[0], MENU[1])[1]
    assert alone * 2 == _scores(*PROSE)[0]


def test_comments_that_outweigh_the_article_are_not_taken_for_it() -> None:
    comment = (Block("2 days ago at 08:49 am"), *PROSE[:2])
    blocks = (*MENU, *PROSE, *PROSE, Block("34 responses to this article"), *comment * 9)
    assert article_run(blocks) == (4, 4 + 2 * len(PROSE))


BOX = tuple(map(Block, ("More stories", *["Market hall to close on Mondays"] * 9)))
MORE = tuple(
    map(
        Block,
        (
            "The first of the electric ships will carry passengers from Port Ellery in June.",
            "Oduya said that the Tasker yard would be paid when the crossing is quieter.",
        ),
    )
)
TERMS = tuple(
    map(
        Block,
        (
            "Quotes are delayed by fifteen minutes at least, and nobody says that they are right.",
            "Registered users accept our conditions of use and our policy on personal data.",
        ),
    )
)


def test_a_part_below_a_box_of_headlines_belongs_to_the_article() -> None:
    blocks = (*MENU, *PROSE, *BOX, *MORE, *MENU)
    assert article_run(blocks) == (4, len(blocks) - len(MENU))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Oduya said that the operator had paid the yard before the electric ships were built.", 2),
        ("Market hall traders close their stalls early because nobody buys fish any longer.", 0),
    ],
)
def test_an_update_below_its_time_belongs_to_the_article(text: str, lines: int) -> None:
    """It has the article's words; the paragraph of another article has not."""
    blocks = (*MENU, *PROSE, *MORE, Block("12:00 PM PT"), Block(text), *MENU)
    assert article_run(blocks) == (4, 4 + len(PROSE) + len(MORE) + lines)


def test_terms_of_use_below_the_article_are_no_part_of_it() -> None:
    assert article_run((*MENU, *PROSE, *BOX, *TERMS, *MENU)) == (4, 4 + len(PROSE))


def test_a_copy_of_the_article_below_it_is_no_part_of_it() -> None:
    assert article_run((*MENU, *PROSE, *BOX, *PROSE[:2], *MENU)) == (4, 4 + len(PROSE))


def test_a_part_that_outweighs_what_stands_above_it_belongs_to_a_short_article() -> None:
    names = (Block("Harbour Media"), Block("Ruth Adeyemi"), *BOX[1:5])
    assert article_run((*MENU, *PROSE[:2], *names, *TERMS * 2)) == (4, 6 + len(names) + 4)


def test_a_post_that_the_article_shows_does_not_end_it() -> None:
    post = tuple(map(Block, ("— Calder Lines (@calderlines)", "March 3, 2026")))
    blocks = (*PROSE, *PROSE, *post, *PROSE[:2], *MENU)
    assert article_run(blocks) == (0, len(blocks) - len(MENU))


def test_a_numbered_list_ends_with_its_last_item() -> None:
    items = tuple(
        line
        for n in range(1, 9)
        for line in (Block(f"Pier number {n}", "item", f"{n}. "), Block("calder.example/pier"))
    )
    blocks = (*PROSE, *items, *MENU)
    assert article_run(blocks) == (0, len(PROSE) + len(items) - 1)


def test_a_box_of_headlines_that_was_cut_counts_once() -> None:
    box = [Block("Market hall to close", reason=Reason.RELATED_ARTICLES)] * 9
    assert sum(_scores(*PROSE, *PROSE, *box)[-9:]) > -80


@pytest.mark.parametrize("heading", [(), (Block("Sailings of the season"),)])
def test_a_table_closes_the_article_with_its_heading(heading: tuple[Block, ...]) -> None:
    table = tuple(
        Block(f"June {day} – Holmgate, pier {day} at the lighthouse") for day in (4, 9, 15)
    )
    blocks = (*MENU, *PROSE, *heading, *table)
    assert article_run((*blocks, *MENU)) == article_run(blocks) == (len(MENU), len(blocks))
    assert article_run((*PROSE, *MENU, *table)) == (0, len(PROSE))


def test_a_paragraph_that_breaks_off_below_text_is_the_article_s() -> None:
    broken = Block(" ".join((*BODY[0].split()[:13], *BODY[1].split()[:13])) + "...")
    assert article_run((*PROSE, broken, *MENU)) == (0, len(PROSE) + 1)
    assert kinds_of((MENU[0], broken))[1] is LineKind.CUT_OFF


def test_a_cut_that_holds_much_of_the_article_is_told() -> None:
    blocks = (*MENU, *PROSE, *MENU)
    assert covers_article(blocks, 4, len(blocks))
    assert not covers_article(blocks, 4 + len(PROSE), len(blocks))


@given(st.lists(st.sampled_from([*PROSE, *MENU]), max_size=20))
def test_the_run_lies_inside_and_begins_and_ends_with_prose(blocks: list[Block]) -> None:
    run = article_run(blocks)
    assert 0 <= run.start <= run.end <= len(blocks)
    if run.end:
        assert blocks[run.start] in PROSE
        assert blocks[run.end - 1] in PROSE


_PICTURE = (
    Block("![Lamp](https://ledger.example/lamp.jpg)", reason=Reason.IMAGE),
    Block("The lamp (Ada Brook)"),
)
_LINK = Block("(https://ledger.example/tower)", reason=Reason.LINK)


def test_steps_with_pictures_belong_to_the_article_to_the_last() -> None:
    text = Block("Turn the lamp by a quarter and wipe the lens.")
    step = (text, *_PICTURE)
    steps = [b for n in range(1, 7) for b in (Block(f"Step {n}", "heading", "## "), *step)]
    run = article_run((*PROSE, *steps, *MENU))
    assert run.end in range(len(PROSE) + len(steps) - len(_PICTURE), len(PROSE) + len(steps) + 1)


def test_a_numbered_list_of_other_articles_is_not_the_series_of_this_one() -> None:
    read = [Block(f"Story {n}", "item", f"{n}. ") for n in range(2, 5)]
    first = (*PROSE, Block("Turn the lamp by a quarter and wipe the lens.", "item", "1. "))
    assert article_run((*first, Block("Most read"), *read)).end == len(first)


def test_dates_below_a_link_are_the_articles_table() -> None:
    dates = [Block(f"June {n} -- Harbor Hall, Port {n}") for n in range(2, 8)]
    assert article_run((*PROSE, _LINK, *dates, *MENU)).end == len(PROSE) + 1 + len(dates)
    linked = [block for n in range(2, 8) for block in (Block(f"April {n}, 2026"), _LINK)]
    assert article_run((*PROSE, *MORE, *linked, *PROSE, *MENU)).end > len(PROSE) + len(linked)


def test_an_image_costs_more_where_it_links_to_a_page() -> None:
    image = _PICTURE[0]
    alone, linked = _scores(*PROSE, image), _scores(*PROSE, image, _LINK)
    assert sum(linked[len(PROSE) :]) < sum(alone[len(PROSE) :])
    full_size = replace(_LINK, text="(https://ledger.example/lamp-full.jpg)")
    assert _scores(*PROSE, image, full_size)[-2:] == [alone[-1], 0.0]


def test_lines_without_a_stop_are_the_text_where_nothing_else_is() -> None:
    lines = [Block(f"We came to pier {n} before the rain and stayed for the lamps") for n in "abcd"]
    notice = Block("This blog is about piers, lamps and rain.")
    assert article_run((notice, *MENU * 2, *lines, *MENU)) == (9, 13)
    assert kinds_of((*PROSE, *lines)).count(LineKind.LONG) == len(lines)


def test_a_paragraph_above_a_small_table_belongs_to_the_article() -> None:
    opening = Block(
        "Shares of Calder Lines rose after the operator said that it ordered new ships."
    )
    quotes = tuple(map(Block, ("TickerLastChange", "CLDR 225.86 -1.99", "TSKR 113.40 -1.62")))
    notice = Block(
        "Quotes are delayed by fifteen minutes at least, and nobody says they are right."
    )
    blocks = (notice, *MENU * 3, opening, *quotes, *PROSE, *MENU)
    assert article_run(blocks).start == blocks.index(opening)


def test_a_paragraph_below_a_box_that_goes_on_in_mid_sentence_is_the_article_s() -> None:
    box = tuple(map(Block, ("Thanks for watching!", "Visit the website", "ATTEND", "Harbor Hall")))
    rest = "a lecture of two days by rope maker Maud Brackwater and her guests, who come by land."
    blocks = (*MENU, *PROSE, *box, Block(rest), *MENU)
    assert article_run(blocks) == (4, len(blocks) - len(MENU))
    other = (*blocks[:-5], Block(rest.capitalize()), *MENU)
    assert article_run(other) == (4, 4 + len(PROSE))


def test_a_short_article_stands_above_long_comments() -> None:
    article = (*PROSE[:2], *MENU[:1])
    comment = (Block("Ada Brook on March 3, 2026 at 4:47 pm said:"), *PROSE[2:], *PROSE[2:])
    blocks = (*MENU, *article, Block("Comments"), *comment * 3)
    run = article_run(blocks)
    assert run == (4, 6)
    assert share_of_text(blocks, run) > 0.1


def test_paragraphs_with_links_stand_beside_each_other() -> None:
    assert _scores(PROSE[0], _LINK, PROSE[1])[0] == _scores(PROSE[0], PROSE[1])[0]
