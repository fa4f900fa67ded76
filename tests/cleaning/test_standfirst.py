"""The paragraph between the title and the text of a page is part of the article."""

from __future__ import annotations

import pytest

from rewriter.cleaning import clean

LEAD = (
    "Die Fähre über den Lehrbach fährt ab März stündlich, weil der Rat die Gelder dafür am Abend "
    "gegen vier Stimmen freigegeben hat."
)
BODY = "".join(
    f"<p>Am {day}. März legt das Boot zum ersten Mal um sechs Uhr ab, sagte die Reederei, und die "
    f"Karte kostet {day} Euro für jede Fahrt über den Fluss.</p>"
    for day in range(2, 9)
)


def _page(lead: str, *, description: str = "", below: str = "") -> list[str]:
    head = f"<title>Fähre fährt stündlich</title><meta name='description' content='{description}'>"
    page = (
        f"<!doctype html><html lang='de'><head>{head}</head><body><article>"
        f"<header><h1>Fähre fährt stündlich</h1>{lead}</header><div class='share'>Teilen</div>"
        f"<div class='body'>{BODY}</div></article>{below}</body></html>"
    )
    return list(clean(page.encode(), name="a.html").paragraphs)


@pytest.mark.parametrize(
    ("lead", "description"),
    [
        (f"<p class='x1'>{LEAD}</p>", LEAD),
        (f"<h2>{LEAD}</h2>", LEAD[:90]),
        (f"<div class='article__perex'><p>{LEAD}</p></div>", ""),
        (f"<div class='teaser-text'>{LEAD}</div>", ""),
        (f"<h2 class='subtitle'>{LEAD}</h2>", ""),
        ("".join(f"<div>{n} Uhr</div>" for n in range(9)) + f"<p>{LEAD}</p>", LEAD),
    ],
)
def test_a_standfirst_opens_the_article(lead: str, description: str) -> None:
    """It is told by the page's description, or by its name."""
    paragraphs = _page(lead, description=description)
    assert paragraphs[0] == LEAD
    assert sum(LEAD in text for text in paragraphs) == 1


def test_a_short_line_that_the_page_describes_itself_by_is_a_standfirst() -> None:
    short = "Der Rat gibt am Abend die Gelder dafür frei"
    assert _page(f"<h2>{short}</h2>", description=short)[0] == short


def test_what_is_hidden_is_no_standfirst() -> None:
    """A description that nobody sees on the page is not taken into its text."""
    assert _page(f"<p hidden>{LEAD}</p>", description=LEAD)[0].startswith("Am 2. März")


def test_a_teaser_below_the_article_is_no_standfirst() -> None:
    """Only what stands right below the title may be one."""
    below = f"<section><h3>Mehr vom Fluss</h3><div class='teaser-text'>{LEAD}</div></section>"
    assert LEAD not in _page("<p>Von Anna Winter</p>", below=below)
