"""Lists, tables, questions and subheadings between the paragraphs of a page stay in the article."""

from __future__ import annotations

import pytest

from rewriter.cleaning.formats.html import with_gaps
from rewriter.cleaning.formats.tree import located_blocks, parse
from rewriter.cleaning.page import Block
from tests.cleaning.articles import BODY, TITLE


def _left_in(middle: str) -> list[str]:
    """What is added to an article of which an extractor found the paragraphs alone."""
    paragraphs = [f"<p>{paragraph}</p>" for paragraph in BODY]
    paragraphs.insert(3, middle)
    page = f"<html><body><div><h1>{TITLE}</h1>{''.join(paragraphs)}</div></body></html>"
    found = with_gaps([Block(text) for text in BODY], tuple(located_blocks(parse(page))))
    texts = [block.text for block in found]
    assert [text for text in texts if text in BODY] == list(BODY)
    return texts[3 : len(texts) - len(BODY) + 3]


@pytest.mark.parametrize(
    ("middle", "texts"),
    [
        (
            "<ul><li>Hulls of one yard<p></p></li><li>Old batteries<p></p></li></ul>",
            ["Hulls of one yard", "Old batteries"],
        ),
        (
            "<blockquote><table><tr><th colspan=2>Ships</th></tr><tr><td><table>"
            "<tr><td>Calder I</td><td>412</td></tr></table></td></tr></table></blockquote>",
            ["Ships", "Calder I | 412"],
        ),
        ("<p><b>How long is a crossing?</b></p>", ["How long is a crossing?"]),
        ("<h3>The timetable</h3>", ["The timetable"]),
        (
            "<div class='figure'></div>The hulls are cut in the <i>Tasker</i> yard in May.",
            ["The hulls are cut in the Tasker yard in May."],
        ),
    ],
)
def test_what_stands_between_two_paragraphs_is_left_in(middle: str, texts: list[str]) -> None:
    """Its element is the one that holds the paragraphs."""
    assert _left_in(middle) == texts


@pytest.mark.parametrize(
    "middle",
    [
        "<ul><li><a href='/a'>Harbor dues rise in May</a></li></ul>",
        "<p>Calder Lines / Ada Brook</p>",
        "© Ada Brook The ferry Calder I leaves Port Ellery for Marrow Point in the rain.",
        "Calder Lines / Ada Brook",
        "<ul class='box relatedStories'><li>Harbor dues rise in May</li></ul>",
        "<p class='teaser'>Calder Lines sold two of its oldest ferries to a yard in Turkey.</p>",
        "<ul id='reader-comments'><li>I took the night boat, and it was late.</li></ul>",
        "<h3>Most read</h3><ol class='trending_list'><li>Harbor dues rise in May</li></ol>",
        "<h3>Read more</h3><ul><li><a href='/a'>Harbor dues rise in May</a></li></ul>",
        "<div class='box'><p>Sign up and read the ferry letter each Monday morning.</p></div>",
    ],
)
def test_links_captions_and_boxes_stay_out(middle: str) -> None:
    """Only text of the element that holds the article's paragraphs is taken in."""
    assert _left_in(middle) == []
