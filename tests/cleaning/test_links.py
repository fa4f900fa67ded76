"""Markdown that was made of a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.cleaning.links import without_links
from rewriter.cleaning.page import Block
from tests.cleaning.articles import BODY, TITLE, cleaned, cuts

MENU = tuple(f"[{name}](https://harbor.example/{name.lower()})" for name in "ABCDEFGHIJ")
LINKED = BODY[0].replace("Calder Lines", "[Calder Lines](https://calder.example/a_(b))")
PHOTO = "![The yard](https://harbor.example/yard.jpg)"


@pytest.mark.parametrize("name", ["page.txt", "page.md"])
def test_the_links_of_a_page_give_way_to_their_text(name: str) -> None:
    source = cleaned(*MENU, "# " + TITLE, PHOTO, LINKED, *BODY[1:], *MENU, name=name)
    assert source.title == TITLE
    assert source.paragraphs == BODY
    assert "calder.example/a_(b)" in cuts(source)["link"]
    assert PHOTO in cuts(source)["image"]


def test_the_links_of_an_article_in_markdown_stay() -> None:
    source = cleaned("# " + TITLE, LINKED, *BODY[1:], "## Sources", *MENU[:3], name="article.md")
    assert source.paragraphs == (LINKED, *BODY[1:], "## Sources", *MENU[:3])


def test_a_link_of_several_lines_is_a_teaser() -> None:
    teaser = ("[", "## Market hall", "It closes on Mondays](/hall)", "")
    source = cleaned("\n".join(MENU), "# " + TITLE, *BODY, "\n".join(teaser * 8), name="page.txt")
    assert source.paragraphs == BODY


def test_a_caption_that_repeats_its_image_s_text_is_cut() -> None:
    caption = "Workers at the Tasker yard cut the first hull of the ferry"
    photo = f"![{caption}](yard.jpg)"
    source = cleaned(*MENU, "# " + TITLE, BODY[0], photo, caption, *BODY[1:], name="page.txt")
    assert source.paragraphs == BODY


def test_images_and_linked_headings_do_not_split_an_article() -> None:
    long = tuple(" ".join((line, BODY[n - 1])) for n, line in enumerate(BODY))
    parts = (
        line
        for n, text in enumerate(long)
        for line in (f"### [Part {n}: {TITLE}](/part/{n})", PHOTO, PHOTO, text)
    )
    source = cleaned("# " + TITLE, *parts, *MENU, name="page.txt")
    assert set(long) <= set(source.paragraphs)


@given(
    st.lists(
        st.sampled_from([*MENU, *BODY, PHOTO, LINKED, "[", "](", "[a](b", "b](c)", ""]), max_size=40
    )
)
def test_nothing_is_lost(lines: list[str]) -> None:
    def letters(blocks: tuple[Block, ...]) -> list[str]:
        return sorted(c for block in blocks for c in block.text if c not in "[]* ")

    blocks = tuple(map(Block, lines))
    assert letters(without_links(blocks)) == letters(blocks)
