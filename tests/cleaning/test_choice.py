"""Which extraction of an HTML page is its article."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.cleaning import clean
from rewriter.cleaning.formats import choice
from rewriter.cleaning.formats.choice import article_of
from rewriter.cleaning.formats.tree import parse, seen_part, visible_blocks
from rewriter.cleaning.page import Block
from tests.cleaning.articles import BODY, TITLE

TEXT = tuple(f"{line} So it was in the year {1990 + n}." for n in range(4) for line in BODY)
MENU = ("Local", "Weather", "Tides", "Jobs")


def _paragraphs(lines: tuple[str, ...]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def _article(*parts: str) -> list[str]:
    menu = "".join(f"<li><a href='/{n}'>{name}</a></li>" for n, name in enumerate(MENU))
    tree = seen_part(parse(f"<html><body><ul>{menu}</ul>{''.join(parts)}</body></html>")).tree
    return [block.text for block in article_of(tree, tuple(visible_blocks(tree)))]


def test_an_article_is_found_without_the_menu_around_it() -> None:
    found = _article(f"<article><h1>{TITLE}</h1>{_paragraphs(TEXT)}</article>")
    assert [line for line in found if line != TITLE] == list(TEXT)


def test_a_piece_of_the_article_is_made_whole() -> None:
    """The first part alone is marked as the article's text."""
    first = f"<div itemprop='articleBody'>{_paragraphs(TEXT[:3])}</div>"
    rest = "".join(
        f"<div class='part'>{_paragraphs(TEXT[n : n + 4])}</div>" for n in range(3, 20, 4)
    )
    found = _article(f"<div class='story'><h1>{TITLE}</h1>{first}{rest}</div>")
    assert all(line in found for line in TEXT)


def test_teasers_that_one_extractor_of_two_takes_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link inside of the text stays, and so does one that both of them take."""
    kept = "The board published its full plan for the harbour on Friday."
    gone = "Fishing boats must leave the old harbour by the first of May."
    links = "".join(f"<p><a href='/1'>{line}</a></p>" for line in (kept, "More", gone))
    first = choice._Extraction.of(Block(line) for line in (*TEXT, kept, "More", gone, gone))
    other = choice._Extraction((*TEXT[:16], kept))
    monkeypatch.setattr(choice, "_by_trafilatura", lambda tree, *, fast: first)
    monkeypatch.setattr(choice, "_by_resiliparse", lambda tree: other)
    found = _article(f"<article><h1>{TITLE}</h1>{_paragraphs(TEXT)}{links}</article>")
    assert found == [*TEXT, kept, "More"]


def test_a_page_without_an_article_is_read_whole() -> None:
    source = clean(
        b"<html><body><div>Ships were ordered on Monday.</div></body></html>", name="a.html"
    )
    assert "Ships were ordered on Monday." in source.paragraphs


PARTS = st.sampled_from(
    [f"<p>{TEXT[0]}</p>", f"<div>{TEXT[1]}", "</div>", "<ul><li>One", "</ul>", f"<h2>{TITLE}</h2>",
     "<table><tr><td>4", "</table>", f"<article>{TEXT[2]}", "</article>", "<section>", "plain"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=12))
@settings(max_examples=50)
def test_it_takes_text_of_the_page_only(parts: list[str]) -> None:
    tree = seen_part(parse("<html><body>" + "".join(parts) + "</body></html>")).tree
    seen = tuple(visible_blocks(tree))
    letters = "".join("".join(block.text.split()) for block in seen)
    for block in article_of(tree, seen):
        assert isinstance(block, Block)
        for part in block.text.split():
            assert part.strip("|") in letters
