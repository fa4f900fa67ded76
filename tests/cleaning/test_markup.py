"""Meaning that stands in tags alone."""

from __future__ import annotations

import pytest

from rewriter.article import Source
from rewriter.cleaning import clean
from tests.cleaning.articles import BODY, TITLE, cuts


def _cleaned(*parts: str) -> Source:
    text = "".join((*parts, *(f"<p>{line}</p>" for line in BODY)))
    head = f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>"
    return clean(f"{head}{text}</article></body></html>".encode(), name="a.html")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "The plant makes 10<sup>6</sup> cells a day in Port Ellery.",
            "The plant makes 10⁶ cells a day in Port Ellery.",
        ),
        (
            "Each holds 10<sup>-3</sup> grams of the new salt.",
            "Each holds 10⁻³ grams of the new salt.",
        ),
        (
            "The park covers 40 km<sup>2</sup> of marsh and dunes.",
            "The park covers 40 km² of marsh and dunes.",
        ),
        (
            "It emits 12 tons of CO<sub>2</sub> on each crossing.",
            "It emits 12 tons of CO₂ on each crossing.",
        ),
        (
            "The hull is 3<sup>1</sup>/<sub>2</sub> inches thick all round.",
            "The hull is 3 1/2 inches thick all round.",
        ),
        (
            "The hull is 3 <sup>1</sup>⁄<sub>2</sub> inches thick all round.",
            "The hull is 3 1⁄2 inches thick all round.",
        ),
        (
            "The hull is 3<span class='frac'><sup>1</sup>⁄<sub>2</sub></span> inches thick.",
            "The hull is 3 1⁄2 inches thick.",
        ),
        (
            "They meet on the 4<sup>th</sup> of May in the old town hall.",
            "They meet on the 4th of May in the old town hall.",
        ),
        (
            "He takes <math><mfrac><mn>2</mn><mn>3</mn></mfrac></math> of the profit this year.",
            "He takes 2/3 of the profit this year.",
        ),
        (
            "It cost <del>40</del> <ins>44</ins> million dollars, the yard said.",
            "It cost 44 million dollars, the yard said.",
        ),
        (
            "It cost <s>40</s> 44 million dollars, the yard said.",
            "It cost 44 million dollars, the yard said.",
        ),
        (
            "She said <q>we are not late</q> and left the hall at once.",
            "She said “we are not late” and left the hall at once.",
        ),
        (
            "The flag <code>--fast</code> was on in all six of the ships.",
            "The flag --fast was on in all six of the ships.",
        ),
        (
            "It carried 6.3 million people<sup><a href='#fn1'>1</a></sup> last year.",
            "It carried 6.3 million people last year.",
        ),
        (
            "It carried 6.3 million people<sup class='reference'>[2]</sup> last year.",
            "It carried 6.3 million people last year.",
        ),
    ],
)
def test_tags_with_a_meaning(markup: str, text: str) -> None:
    assert _cleaned(f"<p>{markup}</p>").paragraphs[0] == text


def test_what_was_struck_out_and_marks_of_footnotes_are_told() -> None:
    source = _cleaned(
        "<p>It cost <del>40 million</del> 44 million<sup><a href='#n'>7</a></sup>, they say.</p>"
    )
    assert cuts(source)["deleted"] == "40 million"
    assert "7" in cuts(source)["mark"]


def test_captions_are_cut_as_images() -> None:
    caption = "The yard in Port Ellery, where 400 people work in two shifts."
    source = _cleaned(f"<figure><img src='a.jpg'><figcaption>{caption}</figcaption></figure>")
    assert source.paragraphs == BODY
    assert caption in cuts(source)["image"]


@pytest.mark.parametrize(
    "contents",
    [
        "<div id='toc'><p>Contents</p><ul>{}</ul></div>",
        "<nav class='table-of-contents'><ol>{}</ol></nav>",
        "<ul>{}</ul>",
    ],
)
def test_a_table_of_contents_is_cut_and_the_headings_stay(contents: str) -> None:
    names = ("The order", "The yard", "The islanders")
    links = "".join(f"<li><a href='#s{n}'>{name}</a></li>" for n, name in enumerate(names))
    parts = [f"<h2 id='s{n}'>{name}</h2><p>{BODY[n]} Again.</p>" for n, name in enumerate(names)]
    source = _cleaned(contents.format(links), *parts)
    assert [p for p in source.paragraphs if p.startswith("## ")] == [f"## {name}" for name in names]
    assert "The yard" in cuts(source)["contents"]


def test_a_list_of_links_to_other_pages_is_no_table_of_contents() -> None:
    links = "".join(
        f"<li>The <a href='/ship/{n}'>ship number {n}</a> sails in May</li>" for n in range(4)
    )
    assert "contents" not in cuts(_cleaned(f"<ul>{links}</ul>"))


def test_code_of_several_lines_stays_a_block() -> None:
    source = _cleaned("<pre><code>ship = 1\nsail(ship)</code></pre>")
    assert any("sail(ship)" in paragraph for paragraph in source.paragraphs)
