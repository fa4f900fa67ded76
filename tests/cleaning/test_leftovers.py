"""HTML that was left in plain text is read, and HTML that the text speaks of stays."""

from __future__ import annotations

import pytest

from rewriter.cleaning.formats.leftovers import without_html
from tests.cleaning.articles import BODY, TITLE, cleaned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&quot;It&#39;s late,&quot; he said.", '"It\'s late," he said.'),
        ("late.<br><br>They want&nbsp;more.", "late.\n\nThey want more."),
        ("late. <br /> They want more.", "late.\n They want more."),
        ("a <b>quiet</b> <a href='x.html'><em>boat</em></a>", "a quiet boat"),
        ("<p>Late.</p><p>Later.</p>", "\nLate.\n\nLater.\n"),
        ("R&amp;D", "R&D"),
    ],
)
def test_reads_marks_that_are_used(text: str, expected: str) -> None:
    assert without_html(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "The <br> tag breaks a line, and <b> makes it bold.",
        "R&D at AT&T; the copy &copy 2026 is &bogus; here.",
        "3 < 4 & 5 > 4",
        "a <ship@harbor.example> address",
    ],
)
def test_keeps_marks_that_are_mentioned(text: str) -> None:
    assert without_html(text).text == text


@pytest.mark.parametrize("name", ["article.txt", "article.md"])
def test_paragraphs_divided_by_tags_are_paragraphs(name: str) -> None:
    source = cleaned(TITLE, "<br><br>".join(BODY), name=name)
    assert source.paragraphs == BODY
