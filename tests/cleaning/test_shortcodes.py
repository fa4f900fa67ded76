"""Shortcodes that nobody expanded."""

from __future__ import annotations

import pytest

from rewriter.cleaning import clean
from tests.cleaning.articles import BODY, TITLE, cleaned, cuts

CODES = [
    "[ad_1]",
    "[gallery ids=\"4,5\" size='large']",
    "[embed]",
    "[vc_row full_width=1]",
    "[/et_pb_section]",
    '[newsletter_form id="7"]',
    '{{< figure src="a.jpg" >}}',
    '{{< figure src="a.jpg" title="{{ .Title }}" >}}',
    "{% include ad.html %}",
]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_shortcodes_are_cut_from_lines_and_sentences(code: str, name: str) -> None:
    source = cleaned(TITLE, f"{code} {BODY[0]}", code, *BODY[1:], name=name)
    assert source.paragraphs[-len(BODY) :] == BODY
    assert code in cuts(source)["shortcode"]


def test_shortcodes_in_html_are_cut() -> None:
    text = "".join(f"<p>{line}</p>" for line in (*BODY[:2], "[ad_2]", *BODY[2:]))
    source = clean(f"<html><body><article>{text}</article></body></html>".encode(), name="a.html")
    assert source.paragraphs == BODY


def test_the_marks_of_forums_go_and_their_words_stay() -> None:
    link = "[url=https://ledger.example]" + BODY[0][:9] + "[/url]" + BODY[0][9:]
    source = cleaned(f"[b]{TITLE}[/b]", f"[i]{link}[/i]", *BODY[1:])
    assert (source.title, source.paragraphs) == (TITLE, BODY)
    assert "[url=https://ledger.example]" in cuts(source)["shortcode"]


def test_a_caption_goes_with_its_text() -> None:
    caption = '[caption id="a" width="300"] The yard in Port Ellery [/caption]'
    source = cleaned(TITLE, f"{caption} {BODY[0]}", *BODY[1:])
    assert source.paragraphs == BODY
    assert cuts(source)["image"] == caption


@pytest.mark.parametrize(
    "text",
    [
        "“It [the ferry] was late again,” said the director on Monday [sic].",
        "The marks [b] and [i] stand beside the names, the operator says.",
        "The figures [1] are those of the yard, the operator [2] says.",
        "He pays {name} dollars to [video](https://harbor.example/v) each month.",
        "[Editor's note: the first version named another yard.]",
    ],
)
def test_brackets_of_the_text_stay(text: str) -> None:
    assert cleaned(TITLE, *BODY, text).paragraphs == (*BODY, text)
